-- Drops the record of job runs and the flags. Runs of the last day may then be repeated; every
-- write they make is idempotent. Take a backup of system_flags first.
DROP TABLE system_flags;
DROP TABLE job_runs;
