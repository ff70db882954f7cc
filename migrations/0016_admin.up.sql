-- What administrators page through, newest first.

CREATE INDEX job_runs_by_schedule ON job_runs (scheduled_at DESC, job DESC);
CREATE INDEX locks_by_time ON locks (since DESC, reason DESC);
