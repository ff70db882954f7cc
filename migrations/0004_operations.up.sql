-- One row for each run of a scheduled job: schedules deliver at least once, a run counts once.
CREATE TABLE job_runs (
    job          text        NOT NULL,
    scheduled_at timestamptz NOT NULL,
    status       text        NOT NULL,
    -- Until when the invocation at work may be believed to be alive.
    lease_until  timestamptz NOT NULL,
    attempts     integer     NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    result       jsonb,
    error        text,
    CONSTRAINT job_runs_pkey PRIMARY KEY (job, scheduled_at),
    CONSTRAINT job_runs_status_known CHECK (status IN ('running', 'done', 'failed')),
    CONSTRAINT job_runs_attempts_positive CHECK (attempts > 0),
    CONSTRAINT job_runs_done_has_result CHECK ((status = 'done') = (result IS NOT NULL))
);

CREATE INDEX job_runs_by_time ON job_runs (started_at);

-- What the whole platform has to know: modes, the market feed of a local database.
CREATE TABLE system_flags (
    key        text        NOT NULL,
    value      jsonb       NOT NULL,
    notice     text,
    expires_at timestamptz,
    updated_at timestamptz NOT NULL,
    updated_by text        NOT NULL,
    CONSTRAINT system_flags_pkey PRIMARY KEY (key)
);
