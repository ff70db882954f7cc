--! record_answer
-- The first stays: a repeated run must not change what a decision has read.
INSERT INTO model_answers
    (id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider,
     model, prompt_version, execution_id, created_at)
VALUES
    (:id, :agent_type, :scope, :as_of, :rule_score, :freshness, :prices, :score, :model_score, :reasoning, :raw,
     :provider, :model, :prompt_version, :execution_id, :created_at)
ON CONFLICT (agent_type, scope, as_of) DO NOTHING;

--! newest_answer_until : ()
SELECT id, agent_type, scope, as_of, rule_score, freshness, prices, score, model_score, reasoning, raw, provider,
       model, prompt_version, execution_id, created_at
FROM model_answers
WHERE agent_type = :agent_type AND scope = :scope AND as_of <= :as_of
ORDER BY as_of DESC
LIMIT 1;
