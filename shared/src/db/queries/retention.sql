-- Rows whose time is over, by domain::retention. Each statement deletes at most :most, and leaves what somebody has
-- locked to the next run: nobody waits for them, and they wait for nobody. A new kind has its row in that table too.

--! delete_agent_logs
-- The sums by day stay.
WITH old AS (
    SELECT id FROM agent_execution_logs WHERE created_at < :before
    ORDER BY created_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM agent_execution_logs AS log USING old WHERE log.id = old.id;

--! delete_model_answers
-- cold: once a day, over a few dozen rows for each day that is kept.
WITH old AS (
    SELECT id FROM model_answers WHERE created_at < :before LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM model_answers AS answer USING old WHERE answer.id = old.id;

--! delete_executions
-- cold: once a day, over a few rows for each day that is kept; their documents lie beside the table.
WITH old AS (
    SELECT id FROM strategy_executions WHERE as_of < :before LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM strategy_executions AS execution USING old WHERE execution.id = old.id;

--! delete_decisions
-- Those by other weights than the strategy's own that nobody traded. The strategy's own are prices of the equity curves;
-- a subscription shows its last decision, whatever came of it.
-- cold: once a day; what is old was written first and is met first.
WITH old AS (
    SELECT decision.id
    FROM decisions AS decision
    WHERE decision.as_of < :before AND NOT decision.is_own AND decision.status <> 'pending'
      AND NOT EXISTS (SELECT 1 FROM trades WHERE trades.decision_id = decision.id)
      AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriptions.last_decision_id = decision.id)
    LIMIT :most
    FOR UPDATE OF decision SKIP LOCKED
)
DELETE FROM decisions AS decision USING old WHERE decision.id = old.id;

--! delete_collection_logs
-- The sums by day stay.
WITH old AS (
    SELECT id FROM data_collection_logs WHERE created_at < :before
    ORDER BY created_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM data_collection_logs AS log USING old WHERE log.id = old.id;

--! delete_cost_reports
-- cold: one row for each day that is kept.
WITH old AS (
    SELECT day FROM cost_reports WHERE day < :before ORDER BY day LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM cost_reports AS report USING old WHERE report.day = old.day;

--! delete_maintenance_reports
-- cold: one row for each day that is kept.
WITH old AS (
    SELECT scheduled_at FROM maintenance_reports WHERE scheduled_at < :before
    ORDER BY scheduled_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM maintenance_reports AS report USING old WHERE report.scheduled_at = old.scheduled_at;

--! delete_rejected_rows
WITH old AS (
    SELECT series, data_source, reason, payload FROM rejected_observations WHERE last_seen_at < :before
    ORDER BY last_seen_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM rejected_observations AS rejected USING old
WHERE (rejected.series, rejected.data_source, rejected.reason, rejected.payload)
    = (old.series, old.data_source, old.reason, old.payload);

--! delete_settled_reservations
-- The day's sum stays.
-- cold: once a day, over a few dozen rows for each day that is kept.
WITH old AS (
    SELECT id FROM model_reservations WHERE settled_at < :before LIMIT :most FOR UPDATE SKIP LOCKED
)
DELETE FROM model_reservations AS reservation USING old WHERE reservation.id = old.id;

--! delete_unsettled_reservations
-- The day's sum stays.
-- cold: once a day, over a few dozen rows for each day that is kept.
WITH old AS (
    SELECT id FROM model_reservations WHERE settled_at IS NULL AND created_at < :before
    LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM model_reservations AS reservation USING old WHERE reservation.id = old.id;

--! delete_job_runs
-- One that may still be at work stays.
WITH old AS (
    SELECT job, scheduled_at FROM job_runs
    WHERE started_at < :before AND (status <> 'running' OR lease_until < :before)
    ORDER BY started_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM job_runs AS run USING old WHERE (run.job, run.scheduled_at) = (old.job, old.scheduled_at);

--! delete_refresh_tokens
-- Of sessions that are over. A session may have thousands; they go first, so that its own row takes none along. A session
-- that is over by :before began before that, so its latest end lies before :latest.
WITH old AS (
    SELECT token.hash
    FROM sessions AS session JOIN refresh_tokens AS token ON token.session_id = session.id
    WHERE session.expires_at < :latest
      AND (session.expires_at < :before OR session.last_used_at < :used_before OR session.ended_at < :before)
    LIMIT :most
    FOR UPDATE OF token SKIP LOCKED
)
DELETE FROM refresh_tokens AS token USING old WHERE token.hash = old.hash;

--! delete_sessions
-- Those that have no tokens any more.
-- cold: once a day. The sessions are found by their end; which have no tokens may be looked up in the whole index.
WITH old AS (
    SELECT session.id
    FROM sessions AS session
    WHERE session.expires_at < :latest
      AND (session.expires_at < :before OR session.last_used_at < :used_before OR session.ended_at < :before)
      AND NOT EXISTS (SELECT 1 FROM refresh_tokens WHERE refresh_tokens.session_id = session.id)
    ORDER BY session.expires_at
    LIMIT :most
    FOR UPDATE OF session SKIP LOCKED
)
DELETE FROM sessions AS session USING old WHERE session.id = old.id;

--! end_dead_runs
-- Their lease ran out so long ago that no delivery will take them over.
-- cold: once a day, over the rows of a quarter.
UPDATE job_runs
SET status = 'failed', finished_at = :now, error = 'its lease ran out, and nobody took it over'
WHERE status = 'running' AND lease_until < :before;

--! save_maintenance_report
-- A run that is repeated replaces its report.
INSERT INTO maintenance_reports (scheduled_at, created_at, document)
VALUES (:scheduled_at, :created_at, :document)
ON CONFLICT (scheduled_at) DO UPDATE SET created_at = excluded.created_at, document = excluded.document;

--! maintenance_reports_since : ()
SELECT scheduled_at, document FROM maintenance_reports WHERE scheduled_at >= :since ORDER BY scheduled_at DESC;
