--! upsert_observations (realtime_starts[?]) : ()
-- As with candles: only rows that differ are written. What a changed row said before is kept with the
-- time at which that became known; the new value is known since it was fetched, never since before.
WITH given AS (
    SELECT *
    FROM unnest(
        :metrics::text[], :observed_ats::timestamptz[], :values::numeric[], :sources::text[],
        :available_ats::timestamptz[], :realtime_starts::date[], :interpolated::boolean[]
    ) AS given (metric, observed_at, value, source, available_at, realtime_start, is_interpolated)
), known AS (
    SELECT metric, observed_at FROM indicator_observations JOIN given USING (metric, observed_at)
), replaced AS (
    INSERT INTO observation_revisions
        (metric, observed_at, available_at, value, source, realtime_start, is_interpolated, replaced_at)
    SELECT stored.metric, stored.observed_at, stored.available_at, stored.value, stored.source,
           stored.realtime_start, stored.is_interpolated, :now
    FROM indicator_observations AS stored JOIN given USING (metric, observed_at)
    WHERE (stored.value, stored.source, stored.is_interpolated)
        IS DISTINCT FROM (given.value::numeric(28, 8), given.source, given.is_interpolated)
    ON CONFLICT DO NOTHING
), written AS (
    INSERT INTO indicator_observations AS stored
        (metric, observed_at, value, source, available_at, realtime_start, is_interpolated, updated_at)
    SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated, :now
    FROM given
    ON CONFLICT (metric, observed_at) DO UPDATE
    SET value = excluded.value, source = excluded.source, available_at = :now,
        realtime_start = excluded.realtime_start, is_interpolated = excluded.is_interpolated,
        updated_at = excluded.updated_at
    WHERE (stored.value, stored.source, stored.is_interpolated)
        IS DISTINCT FROM (excluded.value, excluded.source, excluded.is_interpolated)
    RETURNING metric, observed_at
)
SELECT
    count(*) FILTER (WHERE known.metric IS NULL) AS inserted,
    count(*) FILTER (WHERE known.metric IS NOT NULL) AS updated
FROM written LEFT JOIN known USING (metric, observed_at);

--! newest_observed_at : ()
SELECT observed_at FROM indicator_observations WHERE metric = :metric ORDER BY observed_at DESC LIMIT 1;

--! newest_observations : ()
SELECT wanted.metric, newest.observed_at, newest.available_at, newest.source
FROM unnest(:metrics::text[]) AS wanted (metric), LATERAL (
    SELECT observed_at, available_at, source
    FROM indicator_observations
    WHERE indicator_observations.metric = wanted.metric
    ORDER BY observed_at DESC
    LIMIT 1
) AS newest;

--! observation_revisions : ()
-- Changes of the given values, each with what it replaced and what it put in place.
WITH wanted AS (
    SELECT DISTINCT metric, observed_at
    FROM unnest(:metrics::text[], :observed_ats::timestamptz[]) AS given (metric, observed_at)
), versions AS (
    SELECT metric, observed_at, available_at, value, replaced_at
    FROM observation_revisions JOIN wanted USING (metric, observed_at)
    UNION ALL
    SELECT metric, observed_at, available_at, value, NULL
    FROM indicator_observations JOIN wanted USING (metric, observed_at)
), changes AS (
    SELECT metric, observed_at, replaced_at, value, lead(value) OVER following AS new_value
    FROM versions
    WINDOW following AS (PARTITION BY metric, observed_at ORDER BY available_at, replaced_at)
)
SELECT metric, observed_at, replaced_at, value, new_value
FROM changes
WHERE replaced_at IS NOT NULL AND new_value IS NOT NULL
ORDER BY metric, observed_at, replaced_at;

--! observations_known_at : (realtime_start?)
-- What could be read at a time: dated and known by then. Of a value that was changed since, what it said.
SELECT DISTINCT ON (metric, observed_at)
       metric, observed_at, value, source, available_at, realtime_start, is_interpolated
FROM (
    SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated
    FROM indicator_observations
    WHERE metric = ANY (:metrics) AND observed_at >= :since AND observed_at <= :as_of AND available_at <= :as_of
    UNION ALL
    SELECT metric, observed_at, value, source, available_at, realtime_start, is_interpolated
    FROM observation_revisions
    WHERE metric = ANY (:metrics) AND observed_at >= :since AND observed_at <= :as_of AND available_at <= :as_of
) AS known
ORDER BY metric, observed_at, available_at DESC;

--! record_calls (http_statuses[?], errors[?])
INSERT INTO data_collection_logs
    (id, data_source, endpoint, status, http_status, latency_ms, items, error, created_at)
SELECT *
FROM unnest(
    :ids::uuid[], :data_sources::text[], :endpoints::text[], :statuses::text[], :http_statuses::integer[],
    :latencies_ms::bigint[], :items::bigint[], :errors::text[], :created_ats::timestamptz[]
);
