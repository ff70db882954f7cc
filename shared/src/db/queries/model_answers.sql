--! record_answer
-- The first stays: a repeated run must not change what a decision has read. An answer to another text is
-- another one: it takes the place of what nobody will use again.
INSERT INTO model_answers AS stored
    (id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider,
     model, prompt_version, execution_id, created_at)
VALUES
    (:id, :agent_type, :scope, :as_of, :rule_score, :freshness, :prices, :score, :model_score, :reasoning, :raw,
     :provider, :model, :prompt_version, :execution_id, :created_at)
ON CONFLICT (agent_type, scope, as_of) DO UPDATE
SET id = excluded.id, rule_score = excluded.rule_score, freshness = excluded.freshness, prices = excluded.prices,
    score = excluded.score, model_score = excluded.model_score, reasoning = excluded.reasoning, raw = excluded.raw,
    provider = excluded.provider, model = excluded.model, prompt_version = excluded.prompt_version,
    execution_id = excluded.execution_id, created_at = excluded.created_at
WHERE stored.prompt_version <> excluded.prompt_version;

--! newest_answer_until : ()
SELECT id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider,
       model, prompt_version, execution_id, created_at
FROM model_answers
WHERE agent_type = :agent_type AND scope = :scope AND as_of <= :as_of
ORDER BY as_of DESC
LIMIT 1;
