--: AttemptRow(error?, prompt_version?)

--! record_attempts (errors[?], prompt_versions[?])
-- The sums by day are kept by the table's trigger, in this statement.
INSERT INTO agent_execution_logs
    (id, execution_id, strategy_id, agent_type, provider, model, prompt_version, status, input_tokens,
     cache_write_tokens, cached_tokens, output_tokens, tokens_used, cost, latency_ms, cache_hit, error, created_at)
SELECT id, :execution_id, :strategy_id, agent_type, provider, model, prompt_version, status, input_tokens,
       cache_write_tokens, cached_tokens, output_tokens,
       input_tokens + cache_write_tokens + cached_tokens + output_tokens, cost, latency_ms, cache_hit, error,
       :created_at
FROM unnest(
    :ids::uuid[], :agent_types::text[], :providers::text[], :models::text[], :prompt_versions::text[],
    :statuses::text[], :input_tokens::bigint[], :cache_write_tokens::bigint[], :cached_tokens::bigint[],
    :output_tokens::bigint[], :costs::numeric[], :latencies_ms::bigint[], :cache_hits::boolean[], :errors::text[]
) AS attempt (id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens,
              cached_tokens, output_tokens, cost, latency_ms, cache_hit, error);

--! attempts_of : AttemptRow
SELECT id, agent_type, provider, model, prompt_version, status, input_tokens, cache_write_tokens, cached_tokens,
       output_tokens, cost, latency_ms, cache_hit, error
FROM agent_execution_logs
WHERE execution_id = :execution_id
ORDER BY created_at, id;

--! reserve
-- One statement: the day's row is locked, compared with the cap and raised in one go, so that no two
-- calls can both take what is left for one. Nothing is written when it is not enough.
WITH granted AS (
    INSERT INTO model_spend_days AS stored (day, settled, reserved)
    SELECT :day, 0, :amount WHERE :amount::numeric <= :cap
    ON CONFLICT (day) DO UPDATE SET reserved = stored.reserved + excluded.reserved
    WHERE stored.settled + stored.reserved + excluded.reserved <= :cap
    RETURNING day
)
INSERT INTO model_reservations (id, day, amount, created_at)
SELECT :id, day, :amount, :now FROM granted;

--! settle (error?, prompt_version?)
-- What was reserved becomes what was spent, and the attempt is written down, in one statement. A
-- reservation that is settled, or an attempt that is known, changes nothing.
WITH reservation AS (
    SELECT day, amount, created_at
    FROM model_reservations
    WHERE id = :reservation_id AND settled_at IS NULL
    FOR UPDATE
), attempt AS (
    INSERT INTO agent_execution_logs
        (id, execution_id, strategy_id, agent_type, provider, model, prompt_version, status, input_tokens,
         cache_write_tokens, cached_tokens, output_tokens, tokens_used, cost, latency_ms, cache_hit, error, created_at)
    SELECT :attempt_id, :execution_id, :strategy_id, :agent_type, :provider, :model, :prompt_version, :status,
           :input_tokens, :cache_write_tokens, :cached_tokens, :output_tokens,
           :input_tokens::bigint + :cache_write_tokens::bigint + :cached_tokens::bigint + :output_tokens::bigint, :cost, :latency_ms, :cache_hit,
           :error, reservation.created_at
    FROM reservation
    ON CONFLICT (id) DO NOTHING
    RETURNING cost
), settled AS (
    UPDATE model_reservations SET settled_at = :now
    FROM attempt
    WHERE id = :reservation_id
    RETURNING day, amount, attempt.cost
)
UPDATE model_spend_days AS stored
SET settled = stored.settled + settled.cost, reserved = stored.reserved - settled.amount
FROM settled
WHERE stored.day = settled.day;

--! spent : ()
SELECT settled, reserved FROM model_spend_days WHERE day = :day;

--! cost_sums : (agent_type?, provider?, model?, strategy_id?, day?)
-- One pass over the sums of a span: each row is a sum of the one thing that it names.
SELECT agent_type, provider, model, strategy_id, day, sum(attempts)::bigint AS attempts,
       sum(failures)::bigint AS failures, sum(cache_hits)::bigint AS cache_hits,
       sum(CASE WHEN provider = 'rules' THEN 0 ELSE attempts - failures END)::bigint AS model_answers,
       sum(input_tokens)::bigint AS input_tokens, sum(cache_write_tokens)::bigint AS cache_write_tokens,
       sum(cached_tokens)::bigint AS cached_tokens, sum(output_tokens)::bigint AS output_tokens, sum(cost) AS cost
FROM agent_cost_days
WHERE day BETWEEN :first AND :last
GROUP BY GROUPING SETS ((agent_type), (provider, model), (strategy_id), (day))
ORDER BY agent_type, provider, model, strategy_id, day;

--! execution_sums : (agent_type?, strategy_id?, day?)
SELECT agent_type, strategy_id, day, sum(executions)::bigint AS executions
FROM agent_execution_days
WHERE day BETWEEN :first AND :last
GROUP BY GROUPING SETS ((agent_type), (strategy_id), (day));

--! source_sums : ()
SELECT data_source, sum(calls)::bigint AS calls, sum(failures)::bigint AS failures
FROM source_call_days
WHERE day BETWEEN :first AND :last
GROUP BY data_source
ORDER BY data_source;

--! spend_days : ()
-- The running day too, also where the span ends before it.
SELECT day, settled, reserved
FROM model_spend_days
WHERE day BETWEEN :first AND :last OR day = :today
ORDER BY day;

--! save_report
-- A report that is made again replaces the one of its day: a late settlement may have changed it.
INSERT INTO cost_reports (day, created_at, document)
VALUES (:day, :created_at, :document)
ON CONFLICT (day) DO UPDATE SET created_at = excluded.created_at, document = excluded.document;

--! find_report : ()
SELECT document FROM cost_reports WHERE day = :day;
