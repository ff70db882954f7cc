DROP INDEX push_connections_failing;
DROP INDEX push_connections_to_retry;
DROP INDEX push_connections_by_expiry;

DELETE FROM push_connections AS connection
WHERE NOT EXISTS (SELECT 1 FROM users WHERE users.id = connection.user_id);
ALTER TABLE push_connections
    ADD CONSTRAINT push_connections_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    DROP COLUMN failing_since,
    DROP COLUMN retry_at,
    DROP COLUMN sent_seq,
    DROP COLUMN session_id;

ALTER TABLE push_outbox ADD COLUMN delivered_at timestamptz;
CREATE INDEX push_outbox_waiting ON push_outbox (created_at) WHERE delivered_at IS NULL;

DROP INDEX push_streams_waiting;
ALTER TABLE push_streams
    DROP CONSTRAINT push_streams_seq_in_order,
    ADD CONSTRAINT push_streams_seq_not_negative CHECK (last_seq >= 0),
    DROP COLUMN held_until,
    DROP COLUMN delivered_seq;
