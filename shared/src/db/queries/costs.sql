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

--! release
WITH released AS (
    UPDATE model_reservations SET settled_at = :now
    WHERE id = :reservation_id AND settled_at IS NULL
    RETURNING day, amount
)
UPDATE model_spend_days AS stored
SET reserved = stored.reserved - released.amount
FROM released
WHERE stored.day = released.day;

--! spent : ()
SELECT settled, reserved FROM model_spend_days WHERE day = :day;
