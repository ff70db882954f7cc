--! record_rejected (dateds[?])
-- A row that is sent again is counted again, not stored again.
INSERT INTO rejected_observations AS stored
    (data_source, series, reason, payload, dated, times, first_seen_at, last_seen_at)
SELECT :data_source, :series, reason, payload, min(dated), count(*), :now, :now
FROM unnest(:reasons::text[], :payloads::text[], :dateds::timestamptz[]) AS given (reason, payload, dated)
GROUP BY reason, payload
ON CONFLICT (series, data_source, reason, payload) DO UPDATE
SET times = stored.times + excluded.times, last_seen_at = excluded.last_seen_at;

--! rejected_of_series : ()
SELECT series, sum(times)::bigint AS times, max(last_seen_at) AS last_seen_at
FROM rejected_observations
WHERE series = ANY (:series)
GROUP BY series;
