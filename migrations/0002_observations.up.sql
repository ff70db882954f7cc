-- Dated values that are not candles: on-chain metrics, rates, indices, sentiment.
CREATE TABLE indicator_observations (
    metric          text           NOT NULL,
    observed_at     timestamptz    NOT NULL,
    value           numeric(28, 8) NOT NULL,
    source          text           NOT NULL,
    -- When it became known. A decision as of T reads only what was available at T.
    available_at    timestamptz    NOT NULL,
    -- FRED's vintage: the date from which this was the published value.
    realtime_start  date,
    is_interpolated boolean        NOT NULL,
    updated_at      timestamptz    NOT NULL,
    CONSTRAINT indicator_observations_pkey PRIMARY KEY (metric, observed_at)
);

-- One row for each call to an outside service.
CREATE TABLE data_collection_logs (
    id          uuid        NOT NULL,
    data_source text        NOT NULL,
    endpoint    text        NOT NULL,
    status      text        NOT NULL,
    http_status integer,
    latency_ms  bigint      NOT NULL,
    items       bigint      NOT NULL,
    error       text,
    created_at  timestamptz NOT NULL,
    CONSTRAINT data_collection_logs_pkey PRIMARY KEY (id),
    CONSTRAINT data_collection_logs_latency_not_negative CHECK (latency_ms >= 0),
    CONSTRAINT data_collection_logs_items_not_negative CHECK (items >= 0)
);

CREATE INDEX data_collection_logs_by_source ON data_collection_logs (data_source, created_at);
CREATE INDEX data_collection_logs_by_time ON data_collection_logs (created_at);
