--: RunRow(finished_at?, result?, error?)

--! job_run_page : RunRow
-- Newest first. (time, job) is unique; a run keeps its place however often it is tried.
SELECT job, scheduled_at, status, attempts, lease_until, started_at, finished_at, result, error
FROM job_runs
WHERE (scheduled_at, job) < (:before, :before_job) AND status = ANY(:statuses)
ORDER BY scheduled_at DESC, job DESC
LIMIT :limit;

--! job_run_page_of_job : RunRow
-- The same of one job, whose times are unique.
SELECT job, scheduled_at, status, attempts, lease_until, started_at, finished_at, result, error
FROM job_runs
WHERE job = :job AND scheduled_at < :before AND status = ANY(:statuses)
ORDER BY scheduled_at DESC
LIMIT :limit;

--! past_locks
-- Those that have ended, newest first.
SELECT reason, since, until, detail
FROM locks
WHERE (since, reason) < (:before, :before_reason) AND until <= :now
ORDER BY since DESC, reason DESC
LIMIT :limit;

--! lock_operators_lock : ()
-- cold: reads no table. Whoever changes the operator's lock does it alone, so that what is recorded of
-- it is what happened. Held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('locks/operator', 0))::text AS held;

--! operators_lock : (until?)
SELECT since, until, detail
FROM locks
WHERE reason = 'operator' AND coalesce(until, 'infinity'::timestamptz) > :now
ORDER BY since DESC
LIMIT 1;

--! end_operators_lock
UPDATE locks SET until = greatest(:now, since) WHERE reason = 'operator' AND (until IS NULL OR until > :now);

--! begin_operators_lock (until?)
-- One that began and ended at this very moment is the same one.
INSERT INTO locks (reason, since, until, detail)
VALUES ('operator', :now, :until, :detail)
ON CONFLICT (reason, since) DO UPDATE SET until = excluded.until, detail = excluded.detail;
