--! append_events
-- Numbers each user's events in the order given. The streams are locked in the order of their users, and after
-- everything else of the transaction, so that two that tell the same users wait and never deadlock.
WITH given AS (
    SELECT user_id, event, data, place
    FROM unnest(:users::uuid[], :events::text[], :data::jsonb[]) WITH ORDINALITY AS given (user_id, event, data, place)
), counted AS (
    SELECT user_id, count(*) AS events FROM given GROUP BY user_id
), locked AS (
    SELECT stream.user_id, counted.events
    FROM push_streams AS stream JOIN counted ON counted.user_id = stream.user_id
    WHERE stream.expires_at > :now
    ORDER BY stream.user_id
    FOR UPDATE OF stream
), moved AS (
    UPDATE push_streams AS stream
    SET last_seq = stream.last_seq + locked.events
    FROM locked
    WHERE stream.user_id = locked.user_id
    RETURNING stream.user_id, stream.last_seq - locked.events AS before
)
INSERT INTO push_outbox (user_id, seq, event, data, created_at)
SELECT given.user_id, moved.before + row_number() OVER (PARTITION BY given.user_id ORDER BY given.place),
       given.event, given.data, :now
FROM given JOIN moved ON moved.user_id = given.user_id;
