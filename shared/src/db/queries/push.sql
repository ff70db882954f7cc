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

--! append_for_followers
-- The same events for all who follow a strategy, paused ones too.
-- cold: once an execution; whoever has a live stream mostly follows something, so reading them all is no waste.
WITH given AS (
    SELECT event, data, place
    FROM unnest(:events::text[], :data::jsonb[]) WITH ORDINALITY AS given (event, data, place)
), counted AS (
    SELECT count(*) AS events FROM given
), locked AS (
    SELECT stream.user_id
    FROM push_streams AS stream
    WHERE stream.expires_at > :now AND EXISTS (
        SELECT 1 FROM subscriptions AS subscription
        WHERE subscription.user_id = stream.user_id AND subscription.strategy_id = :strategy_id
          AND subscription.status <> 'stopped'
    )
    ORDER BY stream.user_id
    FOR UPDATE OF stream
), moved AS (
    UPDATE push_streams AS stream
    SET last_seq = stream.last_seq + counted.events
    FROM locked, counted
    WHERE stream.user_id = locked.user_id
    RETURNING stream.user_id, stream.last_seq - counted.events AS before
)
INSERT INTO push_outbox (user_id, seq, event, data, created_at)
SELECT moved.user_id, moved.before + given.place, given.event, given.data, :now
FROM moved CROSS JOIN given;

--! append_for_everyone
-- cold: everybody is told, rarely.
WITH locked AS (
    SELECT stream.user_id FROM push_streams AS stream
    WHERE stream.expires_at > :now
    ORDER BY stream.user_id
    FOR UPDATE OF stream
), moved AS (
    UPDATE push_streams AS stream
    SET last_seq = stream.last_seq + 1
    FROM locked
    WHERE stream.user_id = locked.user_id
    RETURNING stream.user_id, stream.last_seq
)
INSERT INTO push_outbox (user_id, seq, event, data, created_at)
SELECT moved.user_id, moved.last_seq, :event, :data, :now FROM moved;

--! renew_stream
-- A user who was away so long that events were not written misses a number: whoever counts notices. Nothing comes back
-- for a user who is gone.
INSERT INTO push_streams AS stream (user_id, last_seq, expires_at, delivered_seq)
SELECT id, 0, :expires_at, 0 FROM users WHERE id = :user_id
ON CONFLICT (user_id) DO UPDATE SET
    expires_at = excluded.expires_at,
    last_seq = stream.last_seq + CASE WHEN stream.expires_at <= :now THEN 1 ELSE 0 END
RETURNING last_seq;

--! open_connection
-- It is sent what comes after the events of now. None for a session that has ended since its ticket was given.
INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
SELECT :id, :user_id, :session_id, :now, :now, :expires_at, :sent_seq
WHERE NOT EXISTS (SELECT 1 FROM sessions WHERE id = :session_id AND ended_at IS NOT NULL);

--! close_surplus
-- All but the newest :most of a user; the caller holds the stream.
DELETE FROM push_connections WHERE id IN (
    SELECT id FROM push_connections WHERE user_id = :user_id
    ORDER BY connected_at DESC, id DESC OFFSET :most
)
RETURNING id;

--! touch_connection
-- With the number up to which it was told of everything.
UPDATE push_connections SET last_seen_at = :now WHERE id = :id RETURNING user_id, sent_seq;

--! forget_connections
-- Locked in the order of their ids, as where they are settled: two that meet wait and never deadlock.
WITH locked AS (
    SELECT id FROM push_connections WHERE id = ANY(:ids::text[]) ORDER BY id FOR UPDATE
)
DELETE FROM push_connections AS connection USING locked WHERE connection.id = locked.id;

--! forget_overdue
-- The gateway has ended them long ago, whether it says so or not. One that somebody has locked is forgotten the next
-- time.
WITH locked AS (
    SELECT id FROM push_connections
    WHERE expires_at < :before
    ORDER BY expires_at
    LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM push_connections AS connection USING locked WHERE connection.id = locked.id;

--! kept_events : (data)
SELECT seq, event, data, created_at FROM push_outbox
WHERE user_id = :user_id AND seq > :after AND seq <= :up_to
ORDER BY seq DESC
LIMIT :most;

--! claim_streams
-- Those with events that were not dealt with, and those with a connection to be tried again; neither what somebody
-- else delivers to nor what a writer has locked, because that one delivers itself.
WITH waiting AS (
    (SELECT user_id FROM push_streams WHERE delivered_seq < last_seq AND held_until <= :now ORDER BY held_until LIMIT :most)
    UNION
    (SELECT user_id FROM push_connections WHERE retry_at <= :now ORDER BY retry_at LIMIT :most)
), claimed AS (
    SELECT stream.user_id FROM push_streams AS stream JOIN waiting ON waiting.user_id = stream.user_id
    WHERE stream.held_until <= :now
    FOR UPDATE OF stream SKIP LOCKED
)
UPDATE push_streams AS stream SET held_until = :held_until
FROM claimed WHERE stream.user_id = claimed.user_id
RETURNING stream.user_id, stream.last_seq;

--! events_to_post : (seq?, event?, data?, created_at?)
-- For each connection what it was not sent yet, oldest first; one that lacks nothing has a row too.
SELECT connection.id, connection.user_id, connection.connected_at, waiting.seq, waiting.event, waiting.data, waiting.created_at
FROM unnest(:users::uuid[], :last_seqs::bigint[]) AS given (user_id, last_seq)
JOIN push_connections AS connection ON connection.user_id = given.user_id
LEFT JOIN LATERAL (
    SELECT event.seq, event.event, event.data, event.created_at
    FROM push_outbox AS event
    WHERE event.user_id = connection.user_id AND event.seq > connection.sent_seq AND event.seq <= given.last_seq
    ORDER BY event.seq
    LIMIT :most
) AS waiting ON true
WHERE connection.retry_at IS NULL OR connection.retry_at <= :now
ORDER BY connection.user_id, connection.id, waiting.seq;

--! settle_connections
-- Locked in the order of their ids, as where they are forgotten.
WITH given AS (
    SELECT id, sent_seq, outcome
    FROM unnest(:ids::text[], :sent_seqs::bigint[], :outcomes::text[]) AS given (id, sent_seq, outcome)
), locked AS (
    SELECT connection.id, given.sent_seq, given.outcome
    FROM push_connections AS connection JOIN given ON given.id = connection.id
    ORDER BY connection.id
    FOR UPDATE OF connection
)
UPDATE push_connections AS connection SET
    sent_seq = greatest(connection.sent_seq, locked.sent_seq),
    retry_at = CASE WHEN locked.outcome = 'sent' THEN NULL ELSE :retry_at::timestamptz END,
    failing_since = CASE locked.outcome
        WHEN 'failed' THEN coalesce(connection.failing_since, :now::timestamptz)
        WHEN 'waits' THEN connection.failing_since
    END
FROM locked
WHERE connection.id = locked.id;

--! settle_streams
-- And lets go of them, unless they were held too long and somebody else has them now. Locked in the order of their
-- users, as those do who write events.
WITH given AS (
    SELECT user_id, delivered_seq, held_until
    FROM unnest(:users::uuid[], :delivered_seqs::bigint[], :held_until::timestamptz[])
        AS given (user_id, delivered_seq, held_until)
), locked AS (
    SELECT stream.user_id, given.delivered_seq, given.held_until
    FROM push_streams AS stream JOIN given ON given.user_id = stream.user_id
    ORDER BY stream.user_id
    FOR UPDATE OF stream
)
UPDATE push_streams AS stream SET
    delivered_seq = greatest(stream.delivered_seq, locked.delivered_seq),
    held_until = CASE WHEN stream.held_until = locked.held_until THEN '-infinity' ELSE stream.held_until END
FROM locked
WHERE stream.user_id = locked.user_id;

--! prune_streams
-- Of these users no more than the last :keep events, of those that were dealt with. What is locked, somebody else
-- deletes: so nobody waits.
WITH surplus AS (
    SELECT event.user_id, event.seq
    FROM push_streams AS stream JOIN push_outbox AS event ON event.user_id = stream.user_id
    WHERE stream.user_id = ANY(:users::uuid[])
      AND event.seq <= least(stream.last_seq - :keep, stream.delivered_seq)
    FOR UPDATE OF event SKIP LOCKED
)
DELETE FROM push_outbox AS event USING surplus
WHERE event.user_id = surplus.user_id AND event.seq = surplus.seq;

--! prune_old_events
-- The oldest first, at most :most. What is locked, somebody else deletes.
WITH old AS (
    SELECT user_id, seq FROM push_outbox WHERE created_at < :before
    ORDER BY created_at LIMIT :most
    FOR UPDATE SKIP LOCKED
)
DELETE FROM push_outbox AS event USING old WHERE event.user_id = old.user_id AND event.seq = old.seq;

--! connections_to_close
-- Idle ones, those at the end of their time, and those to which nothing can be posted.
(SELECT id FROM push_connections WHERE last_seen_at < :idle_since ORDER BY last_seen_at LIMIT :most)
UNION
(SELECT id FROM push_connections WHERE expires_at <= :now ORDER BY expires_at LIMIT :most)
UNION
(SELECT id FROM push_connections WHERE failing_since < :failing_since ORDER BY failing_since LIMIT :most);

--! connections_without_right
-- Their session has ended or run out, or their user is no more.
-- cold: once a minute over the open connections, of which there are far fewer than sessions.
SELECT connection.id
FROM push_connections AS connection
LEFT JOIN sessions AS session ON session.id = connection.session_id
LEFT JOIN users ON users.id = connection.user_id
WHERE session.ended_at IS NOT NULL OR session.expires_at <= :now OR users.id IS NULL
ORDER BY connection.id
LIMIT :most;
