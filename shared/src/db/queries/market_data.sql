--: CandleRow()

--! upsert_candles : ()
-- One statement a page. A row that is the same is not written again, so that a second run of a
-- collector changes nothing. What a candle said before it was changed is kept with the time at which
-- that became known; a new mark alone is no change of the candle. Written keys are compared with the
-- statement's own snapshot, because partitioned tables do not tell inserts from updates.
WITH given AS (
    SELECT open_time, open::numeric(20, 8), high::numeric(20, 8), low::numeric(20, 8), close::numeric(20, 8),
           volume::numeric(20, 8), is_anomaly
    FROM unnest(
        :open_times::timestamptz[], :opens::numeric[], :highs::numeric[], :lows::numeric[],
        :closes::numeric[], :volumes::numeric[], :anomalies::boolean[]
    ) AS given (open_time, open, high, low, close, volume, is_anomaly)
), known AS (
    SELECT open_time, available_at, open, high, low, close, volume, source
    FROM market_data
    WHERE asset = :asset AND timeframe = :timeframe AND open_time = ANY (:open_times)
), replaced AS (
    INSERT INTO market_data_revisions
        (asset, timeframe, open_time, available_at, open, high, low, close, volume, source, replaced_at)
    SELECT :asset, :timeframe, open_time, known.available_at, known.open, known.high, known.low, known.close,
           known.volume, known.source, :now
    FROM known JOIN given USING (open_time)
    WHERE (known.open, known.high, known.low, known.close, known.volume)
        IS DISTINCT FROM (given.open, given.high, given.low, given.close, given.volume)
    ON CONFLICT DO NOTHING
    RETURNING open_time
), written AS (
    INSERT INTO market_data AS stored
        (asset, timeframe, open_time, open, high, low, close, volume, is_anomaly, source, available_at, updated_at)
    SELECT :asset, :timeframe, open_time, open, high, low, close, volume, is_anomaly, :source, :now, :now
    FROM given
    ON CONFLICT (asset, timeframe, open_time) DO UPDATE
    SET open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close,
        volume = excluded.volume, is_anomaly = excluded.is_anomaly, source = excluded.source,
        updated_at = excluded.updated_at,
        available_at = CASE
            WHEN (stored.open, stored.high, stored.low, stored.close, stored.volume)
                IS DISTINCT FROM (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume)
            THEN excluded.available_at ELSE stored.available_at
        END
    WHERE (stored.open, stored.high, stored.low, stored.close, stored.volume, stored.is_anomaly, stored.source)
        IS DISTINCT FROM
        (excluded.open, excluded.high, excluded.low, excluded.close, excluded.volume, excluded.is_anomaly,
         excluded.source)
    RETURNING open_time
)
SELECT
    count(*) FILTER (WHERE known.open_time IS NULL) AS inserted,
    count(*) FILTER (WHERE known.open_time IS NOT NULL) AS updated,
    (SELECT count(*) FROM replaced) AS revised
FROM written LEFT JOIN known USING (open_time);

--! newest_candle : CandleRow
-- The newest stored candle that opened at or before a time, as it was known at `as_of`: the version
-- that was replaced first after that.
SELECT stored.open_time, coalesce(earlier.open, stored.open) AS open, coalesce(earlier.high, stored.high) AS high,
       coalesce(earlier.low, stored.low) AS low, coalesce(earlier.close, stored.close) AS close,
       coalesce(earlier.volume, stored.volume) AS volume, stored.is_anomaly, stored.source
FROM market_data AS stored
LEFT JOIN LATERAL (
    SELECT open, high, low, close, volume
    FROM market_data_revisions
    WHERE asset = stored.asset AND timeframe = stored.timeframe AND open_time = stored.open_time
      AND replaced_at > :as_of
    ORDER BY replaced_at
    LIMIT 1
) AS earlier ON true
WHERE stored.asset = :asset AND stored.timeframe = :timeframe AND stored.open_time <= :opened_by
ORDER BY stored.open_time DESC
LIMIT 1;

--! candles_until : CandleRow
-- All of a series as it was known at `as_of`, oldest first: indicators run over everything there is.
-- Few candles are ever changed, so the versions are joined as a whole and not looked up one by one.
WITH earlier AS (
    SELECT DISTINCT ON (open_time) open_time, open, high, low, close, volume
    FROM market_data_revisions
    WHERE asset = :asset AND timeframe = :timeframe AND open_time <= :opened_by AND replaced_at > :as_of
    ORDER BY open_time, replaced_at
)
SELECT open_time, coalesce(earlier.open, stored.open) AS open, coalesce(earlier.high, stored.high) AS high,
       coalesce(earlier.low, stored.low) AS low, coalesce(earlier.close, stored.close) AS close,
       coalesce(earlier.volume, stored.volume) AS volume, stored.is_anomaly, stored.source
FROM market_data AS stored LEFT JOIN earlier USING (open_time)
WHERE stored.asset = :asset AND stored.timeframe = :timeframe AND open_time <= :opened_by
ORDER BY open_time;

--! close_before : ()
-- The close that an anomaly is judged against.
SELECT close
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe AND open_time < :open_time
ORDER BY open_time DESC
LIMIT 1;

--! places : ()
SELECT open_time, is_anomaly
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe AND open_time >= :since
ORDER BY open_time;

--! candle_revisions : ()
-- Candles of a series that opened before a time and were changed, each change with what it replaced
-- and what it put in place, oldest first.
WITH changed AS (
    SELECT DISTINCT open_time
    FROM market_data_revisions
    WHERE asset = :asset AND timeframe = :timeframe AND open_time <= :opened_by
), versions AS (
    SELECT open_time, available_at, open, high, low, close, volume, replaced_at
    FROM market_data_revisions JOIN changed USING (open_time)
    WHERE asset = :asset AND timeframe = :timeframe
    UNION ALL
    SELECT open_time, available_at, open, high, low, close, volume, NULL
    FROM market_data JOIN changed USING (open_time)
    WHERE asset = :asset AND timeframe = :timeframe
), changes AS (
    SELECT open_time, replaced_at, open, high, low, close, volume,
           lead(open) OVER following AS new_open, lead(high) OVER following AS new_high,
           lead(low) OVER following AS new_low, lead(close) OVER following AS new_close,
           lead(volume) OVER following AS new_volume
    FROM versions
    WINDOW following AS (PARTITION BY open_time ORDER BY available_at, replaced_at)
)
SELECT open_time, replaced_at, open, high, low, close, volume, new_open, new_high, new_low, new_close, new_volume
FROM changes
WHERE replaced_at IS NOT NULL AND new_open IS NOT NULL
ORDER BY open_time, replaced_at;

--! count_revisions : ()
SELECT count(*) AS revisions FROM market_data_revisions WHERE asset = :asset AND timeframe = :timeframe;

--! candle_page : CandleRow
-- Newest first. Keyset: the bound is the open time of the last candle already shown.
SELECT open_time, open, high, low, close, volume, is_anomaly, source
FROM market_data
WHERE asset = :asset AND timeframe = :timeframe
  AND open_time >= :from AND open_time <= :to AND open_time < :before
ORDER BY open_time DESC
LIMIT :limit;

--! record_gaps
-- One that is known was looked for again: it is not asked for until its next turn.
INSERT INTO market_gaps (asset, timeframe, open_time, checked_at)
SELECT :asset, :timeframe, open_time, :now FROM unnest(:open_times::timestamptz[]) AS missing (open_time)
ON CONFLICT (asset, timeframe, open_time) DO UPDATE SET checked_at = excluded.checked_at;

--! forget_gaps
-- The exchange has mended them: they are stored now.
DELETE FROM market_gaps WHERE asset = :asset AND timeframe = :timeframe AND open_time = ANY (:open_times);

--! gaps : ()
SELECT open_time, checked_at
FROM market_gaps
WHERE asset = :asset AND timeframe = :timeframe AND open_time >= :since
ORDER BY open_time;

--! find_audit : ()
SELECT asked_since, first_open_time, settled_until, began_at
FROM market_audits
WHERE asset = :asset AND timeframe = :timeframe;

--! save_audit
INSERT INTO market_audits (asset, timeframe, asked_since, first_open_time, settled_until, began_at)
VALUES (:asset, :timeframe, :asked_since, :first_open_time, :settled_until, :began_at)
ON CONFLICT (asset, timeframe) DO UPDATE
SET asked_since = excluded.asked_since, first_open_time = excluded.first_open_time,
    settled_until = excluded.settled_until, began_at = excluded.began_at;

--! upsert_live_price (change_24h_pct?)
-- An older price never replaces a newer one: two collectors may overlap.
INSERT INTO live_prices AS stored (asset, service, price, change_24h_pct, source, observed_at)
VALUES (:asset, :service, :price, :change_24h_pct, :source, :observed_at)
ON CONFLICT (asset, service) DO UPDATE
SET price = excluded.price, change_24h_pct = excluded.change_24h_pct, source = excluded.source,
    observed_at = excluded.observed_at
WHERE excluded.observed_at > stored.observed_at
   OR (excluded.observed_at = stored.observed_at
       AND (stored.price, stored.change_24h_pct, stored.source)
           IS DISTINCT FROM (excluded.price, excluded.change_24h_pct, excluded.source));

--! live_prices : (change_24h_pct?)
SELECT service, price, change_24h_pct, source, observed_at FROM live_prices WHERE asset = :asset;

--! find_comparison : ()
SELECT compared_at, exchange_price, reference_price, difference_pct, apart_in_a_row
FROM price_comparisons
WHERE asset = :asset;

--! save_comparison
-- An older comparison never replaces a newer one.
INSERT INTO price_comparisons AS stored
    (asset, compared_at, exchange_price, reference_price, difference_pct, apart_in_a_row)
VALUES (:asset, :compared_at, :exchange_price, :reference_price, :difference_pct, :apart_in_a_row)
ON CONFLICT (asset) DO UPDATE
SET compared_at = excluded.compared_at, exchange_price = excluded.exchange_price,
    reference_price = excluded.reference_price, difference_pct = excluded.difference_pct,
    apart_in_a_row = excluded.apart_in_a_row
WHERE excluded.compared_at > stored.compared_at;
