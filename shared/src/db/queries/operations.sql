--! begin_job_run : ()
-- A run that failed or whose lease ran out is taken over; one that is done or at work is not.
INSERT INTO job_runs AS stored (job, scheduled_at, status, lease_until, attempts, started_at)
VALUES (:job, :scheduled_at, 'running', :lease_until, 1, :now)
ON CONFLICT (job, scheduled_at) DO UPDATE
SET status = 'running', lease_until = excluded.lease_until, attempts = stored.attempts + 1,
    started_at = excluded.started_at, finished_at = NULL, error = NULL
WHERE stored.status = 'failed' OR (stored.status = 'running' AND stored.lease_until < :now)
RETURNING attempts;

--! lock_job : ()
-- cold: reads no table. Held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(:job, 0))::text AS held;

--! runs_at_work : ()
-- Other runs of a job that may still be working.
SELECT scheduled_at, lease_until
FROM job_runs
WHERE job = :job AND scheduled_at <> :scheduled_at AND status = 'running' AND lease_until >= :now
ORDER BY scheduled_at;

--! job_run : (finished_at?, result?, error?)
SELECT status, attempts, lease_until, started_at, finished_at, result, error
FROM job_runs
WHERE job = :job AND scheduled_at = :scheduled_at;

--! finish_job_run
-- Only the attempt that holds the lease may finish: one that was taken over is too late.
UPDATE job_runs
SET status = 'done', finished_at = :now, result = :result, error = NULL
WHERE job = :job AND scheduled_at = :scheduled_at AND status = 'running' AND attempts = :attempt;

--! fail_job_run
UPDATE job_runs
SET status = 'failed', finished_at = :now, error = :error
WHERE job = :job AND scheduled_at = :scheduled_at AND status = 'running' AND attempts = :attempt;

--! flag : (notice?, expires_at?)
SELECT value, notice, expires_at, updated_at, updated_by FROM system_flags WHERE key = :key;

--! set_flag (notice?, expires_at?)
INSERT INTO system_flags (key, value, notice, expires_at, updated_at, updated_by)
VALUES (:key, :value, :notice, :expires_at, :now, :updated_by)
ON CONFLICT (key) DO UPDATE
SET value = excluded.value, notice = excluded.notice, expires_at = excluded.expires_at,
    updated_at = excluded.updated_at, updated_by = excluded.updated_by;

--! set_lock (until?)
-- A reason that locks already goes on as it began. Two that set it at the same moment meet in the key first.
INSERT INTO locks (reason, since, until, detail)
SELECT :reason::text, :since::timestamptz, :until::timestamptz, :detail::text
WHERE NOT EXISTS (SELECT FROM locks WHERE reason = :reason AND (until IS NULL OR until > :since))
ON CONFLICT DO NOTHING;

--! lift_lock
UPDATE locks SET until = greatest(:now, since) WHERE reason = :reason AND (until IS NULL OR until > :now);

--! locks_at : (until?)
-- What locked at a time.
SELECT reason, since, until, detail
FROM locks
WHERE since <= :at AND coalesce(until, 'infinity'::timestamptz) > :at
ORDER BY reason, since;

--! ping : ()
-- cold: reads no table.
SELECT 1 AS answer;
