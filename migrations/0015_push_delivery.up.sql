-- Who was sent what, and who delivers to whom. Nothing has written to these tables before.

-- A stream's row stays for as long as its user, so that a number is never given twice.
ALTER TABLE push_streams
    -- Up to here every connection was dealt with.
    ADD COLUMN delivered_seq bigint NOT NULL DEFAULT 0,
    -- Somebody delivers to this user until then at the latest.
    ADD COLUMN held_until timestamptz NOT NULL DEFAULT '-infinity',
    DROP CONSTRAINT push_streams_seq_not_negative,
    ADD CONSTRAINT push_streams_seq_in_order CHECK (0 <= delivered_seq AND delivered_seq <= last_seq);

CREATE INDEX push_streams_waiting ON push_streams (held_until) WHERE delivered_seq < last_seq;

-- What is delivered is known by the stream; the events are kept a while for those who missed them.
DROP INDEX push_outbox_waiting;
ALTER TABLE push_outbox DROP COLUMN delivered_at;

ALTER TABLE push_connections
    -- Whose ticket opened it. No reference: it ends with its session, but later.
    ADD COLUMN session_id uuid NOT NULL,
    -- The last event that was posted to it.
    ADD COLUMN sent_seq bigint NOT NULL,
    -- A post failed; not before then again.
    ADD COLUMN retry_at timestamptz,
    -- When posts to it began to fail, without one that did not.
    ADD COLUMN failing_since timestamptz,
    -- A connection stays on the list when its user is erased, until it is closed.
    DROP CONSTRAINT push_connections_user;

CREATE INDEX push_connections_by_expiry ON push_connections (expires_at);
CREATE INDEX push_connections_to_retry ON push_connections (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX push_connections_failing ON push_connections (failing_since) WHERE failing_since IS NOT NULL;
