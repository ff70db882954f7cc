DROP INDEX locks_by_time;
DROP INDEX job_runs_by_schedule;
