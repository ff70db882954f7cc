-- How far each series of candles has been compared with its grid: where the next run goes on.
CREATE TABLE market_audits (
    asset           text        NOT NULL,
    timeframe       text        NOT NULL,
    -- From when on candles were asked for, and the first one that the exchange has from there on.
    asked_since     timestamptz NOT NULL,
    first_open_time timestamptz NOT NULL,
    -- Every place of the grid before this one is stored, or a hole of the exchange's own.
    settled_until   timestamptz NOT NULL,
    -- When the comparison last began at the beginning.
    began_at        timestamptz NOT NULL,
    CONSTRAINT market_audits_pkey PRIMARY KEY (asset, timeframe),
    CONSTRAINT market_audits_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_audits_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d')),
    CONSTRAINT market_audits_in_order CHECK (asked_since <= first_open_time AND first_open_time <= settled_until)
);

-- What a closed candle said before the exchange changed it. A decision as of T reads the one of T.
CREATE TABLE market_data_revisions (
    asset        text           NOT NULL,
    timeframe    text           NOT NULL,
    open_time    timestamptz    NOT NULL,
    available_at timestamptz    NOT NULL,
    open         numeric(20, 8) NOT NULL,
    high         numeric(20, 8) NOT NULL,
    low          numeric(20, 8) NOT NULL,
    close        numeric(20, 8) NOT NULL,
    volume       numeric(20, 8) NOT NULL,
    source       text           NOT NULL,
    replaced_at  timestamptz    NOT NULL,
    CONSTRAINT market_data_revisions_pkey PRIMARY KEY (asset, timeframe, open_time, available_at)
);
