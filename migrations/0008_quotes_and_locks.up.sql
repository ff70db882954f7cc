-- One price a service: the exchange's own, and the aggregate that it is compared with and that stands in for it.
ALTER TABLE live_prices ADD COLUMN service text NOT NULL DEFAULT 'binance';
ALTER TABLE live_prices ALTER COLUMN service DROP DEFAULT;
ALTER TABLE live_prices DROP CONSTRAINT live_prices_pkey;
ALTER TABLE live_prices ADD CONSTRAINT live_prices_pkey PRIMARY KEY (asset, service);
ALTER TABLE live_prices ALTER COLUMN change_24h_pct DROP NOT NULL;

-- How far apart the two prices of an asset were when they were last compared.
CREATE TABLE price_comparisons (
    asset           text           NOT NULL,
    compared_at     timestamptz    NOT NULL,
    exchange_price  numeric(20, 8) NOT NULL,
    reference_price numeric(20, 8) NOT NULL,
    difference_pct  numeric(12, 4) NOT NULL,
    -- Comparisons in a row in which they were too far apart.
    apart_in_a_row  integer        NOT NULL,
    CONSTRAINT price_comparisons_pkey PRIMARY KEY (asset),
    CONSTRAINT price_comparisons_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT price_comparisons_count_not_negative CHECK (apart_in_a_row >= 0)
);

-- What stops scheduled orders, and what stopped them: rows stay when a lock is lifted.
CREATE TABLE locks (
    reason text        NOT NULL,
    since  timestamptz NOT NULL,
    -- Null as long as nobody knows when it ends.
    until  timestamptz,
    detail text        NOT NULL,
    CONSTRAINT locks_pkey PRIMARY KEY (reason, since),
    CONSTRAINT locks_reason_known CHECK (
        reason IN ('models_down', 'budget', 'stale_market', 'sources_disagree', 'breaker_pause', 'operator')
    ),
    CONSTRAINT locks_in_order CHECK (until >= since)
);

-- A reason locks once at a time.
CREATE UNIQUE INDEX locks_open ON locks (reason) WHERE until IS NULL;
CREATE INDEX locks_by_end ON locks (coalesce(until, 'infinity'::timestamptz));
