-- Candles of every asset and timeframe. Listed by timeframe, because the three are kept for
-- different times, then by time, so that old months can be dropped and not deleted.
-- The leaves (hours by month, the others by year) are made by the collector as it needs them.
CREATE TABLE market_data (
    asset        text           NOT NULL,
    timeframe    text           NOT NULL,
    open_time    timestamptz    NOT NULL,
    open         numeric(20, 8) NOT NULL,
    high         numeric(20, 8) NOT NULL,
    low          numeric(20, 8) NOT NULL,
    close        numeric(20, 8) NOT NULL,
    volume       numeric(20, 8) NOT NULL,
    is_anomaly   boolean        NOT NULL,
    source       text           NOT NULL,
    available_at timestamptz    NOT NULL,
    updated_at   timestamptz    NOT NULL,
    CONSTRAINT market_data_pkey PRIMARY KEY (asset, timeframe, open_time),
    CONSTRAINT market_data_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_data_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d')),
    CONSTRAINT market_data_prices_positive CHECK (open > 0 AND high > 0 AND low > 0 AND close > 0),
    CONSTRAINT market_data_range_encloses
        CHECK (high >= open AND high >= close AND low <= open AND low <= close),
    CONSTRAINT market_data_volume_not_negative CHECK (volume >= 0)
) PARTITION BY LIST (timeframe);

CREATE TABLE market_data_1h PARTITION OF market_data FOR VALUES IN ('1h') PARTITION BY RANGE (open_time);
CREATE TABLE market_data_4h PARTITION OF market_data FOR VALUES IN ('4h') PARTITION BY RANGE (open_time);
CREATE TABLE market_data_1d PARTITION OF market_data FOR VALUES IN ('1d') PARTITION BY RANGE (open_time);

-- Places on the grid for which the exchange itself has no candle; they are not asked for again.
CREATE TABLE market_gaps (
    asset      text        NOT NULL,
    timeframe  text        NOT NULL,
    open_time  timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    CONSTRAINT market_gaps_pkey PRIMARY KEY (asset, timeframe, open_time),
    CONSTRAINT market_gaps_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_gaps_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d'))
);

-- The last price an exchange told, one row an asset. Never part of a candle series.
CREATE TABLE live_prices (
    asset          text           NOT NULL,
    price          numeric(20, 8) NOT NULL,
    change_24h_pct numeric(12, 4) NOT NULL,
    source         text           NOT NULL,
    observed_at    timestamptz    NOT NULL,
    CONSTRAINT live_prices_pkey PRIMARY KEY (asset),
    CONSTRAINT live_prices_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT live_prices_price_positive CHECK (price > 0)
);
