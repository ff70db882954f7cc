--: CandleRow()

--! upsert_candles : ()
-- One statement a page. A row that is the same is not written again, so that a second run of a
-- collector changes nothing; what became known at first keeps its time. Written keys are compared
-- with the statement's own snapshot, because partitioned tables do not tell inserts from updates.
WITH given AS (
    SELECT *
    FROM unnest(
        :open_times::timestamptz[], :opens::numeric[], :highs::numeric[], :lows::numeric[],
        :closes::numeric[], :volumes::numeric[], :anomalies::boolean[]
    ) AS given (open_time, open, high, low, close, volume, is_anomaly)
), known AS (
    SELECT open_time FROM market_data
    WHERE asset = :asset AND timeframe = :timeframe AND open_time = ANY (:open_times)
), written AS (
    INSERT INTO market_data AS stored
        (asset, timeframe, open_time, open, high, low, close, volume, is_anomaly, source, available_at, updated_at)
    SELECT :asset, :timeframe, open_time, open, high, low, close, volume, is_anomaly, :source, :now, :now
    FROM given
    ON CONFLICT (asset, timeframe, open_time) DO UPDATE
    SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume = excluded.volume, is_anomaly = excluded.is_anomaly, source = excluded.source,
        updated_at = excluded.updated_at
    WHERE (stored.open, stored.high, stored.low, stored.close, stored.volume, stored.is_anomaly, stored.source)
        IS DISTINCT FROM
        (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.is_anomaly,
         excluded.source)
    RETURNING open_time
)
SELECT
    count(*) FILTER (WHERE known.open_time IS NULL) AS inserted,
    count(*) FILTER (WHERE known.open_time IS NOT NULL) AS updated
FROM written LEFT JOIN known USING (open_time);

--! newest_candle : CandleRow
-- The newest stored candle that opened at or before a time.
SELECT open_time, open, high, low, close, volume, is_anomaly, source
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe AND open_time <= :opened_by
ORDER BY open_time DESC
LIMIT 1;

--! candles_until : CandleRow
-- All of a series, oldest first: indicators run over everything there is.
SELECT open_time, open, high, low, close, volume, is_anomaly, source
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe AND open_time <= :opened_by
ORDER BY open_time;

--! open_times : ()
SELECT open_time
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe
ORDER BY open_time;

--! candle_page : CandleRow
-- Newest first. Keyset: the bound is the open time of the last candle already shown.
SELECT open_time, open, high, low, close, volume, is_anomaly, source
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe
  AND open_time >= :from AND open_time <= :to AND open_time < :before
ORDER BY open_time DESC
LIMIT :limit;

--! record_gaps
INSERT INTO market_gaps (asset, timeframe, open_time, checked_at)
SELECT :asset, :timeframe, open_time, :now FROM unnest(:open_times::timestamptz[]) AS missing (open_time)
ON CONFLICT (asset, timeframe, open_time) DO NOTHING;

--! gaps : ()
SELECT open_time FROM market_gaps WHERE asset = :asset AND timeframe = :timeframe ORDER BY open_time;

--! upsert_live_price
-- An older price never replaces a newer one: two collectors may overlap.
INSERT INTO live_prices AS stored (asset, price, change_24h_pct, source, observed_at)
VALUES (:asset, :price, :change_24h_pct, :source, :observed_at)
ON CONFLICT (asset) DO UPDATE
SET price = excluded.price, change_24h_pct = excluded.change_24h_pct, source = excluded.source,
    observed_at = excluded.observed_at
WHERE excluded.observed_at > stored.observed_at
   OR (excluded.observed_at = stored.observed_at
       AND (stored.price, stored.change_24h_pct, stored.source)
           IS DISTINCT FROM (excluded.price, excluded.change_24h_pct, excluded.source));

--! live_price : ()
SELECT price, change_24h_pct, source, observed_at FROM live_prices WHERE asset = :asset;
