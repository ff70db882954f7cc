-- What the daily maintenance did and found: one row a run.
CREATE TABLE maintenance_reports (
    -- When the schedule says the run is for.
    scheduled_at timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    document     jsonb       NOT NULL,
    CONSTRAINT maintenance_reports_pkey PRIMARY KEY (scheduled_at)
);
