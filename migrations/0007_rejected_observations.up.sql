-- Rows of an outside service that could not be stored, as they came. One row each, however often it is sent.
CREATE TABLE rejected_observations (
    data_source   text        NOT NULL,
    -- Which series: `BTC 4h`, `BTC live price`, `money_supply`.
    series        text        NOT NULL,
    reason        text        NOT NULL,
    -- The beginning of the row.
    payload       text        NOT NULL,
    -- The time that the row says it is of, where it says one.
    dated         timestamptz,
    times         bigint      NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    CONSTRAINT rejected_observations_pkey PRIMARY KEY (series, data_source, reason, payload),
    CONSTRAINT rejected_observations_payload_short CHECK (length(payload) <= 300),
    CONSTRAINT rejected_observations_times_positive CHECK (times > 0)
);

CREATE INDEX rejected_observations_by_time ON rejected_observations (last_seen_at);
