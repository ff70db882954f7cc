-- What an observation said before its source changed it. A decision as of T reads what was known at T,
-- also when it is made or explained after the change.
CREATE TABLE observation_revisions (
    metric          text           NOT NULL,
    observed_at     timestamptz    NOT NULL,
    available_at    timestamptz    NOT NULL,
    value           numeric(28, 8) NOT NULL,
    source          text           NOT NULL,
    realtime_start  date,
    is_interpolated boolean        NOT NULL,
    replaced_at     timestamptz    NOT NULL,
    CONSTRAINT observation_revisions_pkey PRIMARY KEY (metric, observed_at, available_at)
);
