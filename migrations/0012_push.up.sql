-- Events on their way to open WebSockets.

-- Whoever asked for a ticket lately is told of events; a user's events are counted here. A row stays for as long as its
-- user, so that a number is never given twice.
CREATE TABLE push_streams (
    user_id       uuid        NOT NULL,
    last_seq      bigint      NOT NULL,
    -- Nothing is written for a user whose last ticket or connection is longer ago.
    expires_at    timestamptz NOT NULL,
    -- Up to here every connection was dealt with.
    delivered_seq bigint      NOT NULL,
    -- Somebody delivers to this user until then at the latest.
    held_until    timestamptz NOT NULL DEFAULT '-infinity',
    CONSTRAINT push_streams_pkey PRIMARY KEY (user_id),
    CONSTRAINT push_streams_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT push_streams_seq_in_order CHECK (0 <= delivered_seq AND delivered_seq <= last_seq)
);

CREATE INDEX push_streams_by_expiry ON push_streams (expires_at);
CREATE INDEX push_streams_waiting ON push_streams (held_until) WHERE delivered_seq < last_seq;

-- Written in the transaction of what they tell of, delivered after it, kept a while for those who missed them.
CREATE TABLE push_outbox (
    user_id    uuid        NOT NULL,
    seq        bigint      NOT NULL,
    event      text        NOT NULL,
    data       jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT push_outbox_pkey PRIMARY KEY (user_id, seq),
    CONSTRAINT push_outbox_stream FOREIGN KEY (user_id) REFERENCES push_streams (user_id) ON DELETE CASCADE,
    CONSTRAINT push_outbox_event_known CHECK (
        event IN ('agent:scores', 'decision:made', 'trade:executed', 'portfolio:update', 'system:notice')
    )
);

CREATE INDEX push_outbox_by_time ON push_outbox (created_at);

-- Open WebSockets, by the gateway's name of them.
CREATE TABLE push_connections (
    id            text        NOT NULL,
    user_id       uuid        NOT NULL,
    -- Whose ticket opened it. No reference: it ends with its session, but later.
    session_id    uuid        NOT NULL,
    connected_at  timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    -- The gateway closes it then at the latest.
    expires_at    timestamptz NOT NULL,
    -- The last event that was posted to it.
    sent_seq      bigint      NOT NULL,
    -- A post failed; not before then again.
    retry_at      timestamptz,
    -- When posts to it began to fail, without one that did not.
    failing_since timestamptz,
    CONSTRAINT push_connections_pkey PRIMARY KEY (id),
    CONSTRAINT push_connections_user FOREIGN KEY (user_id) REFERENCES push_streams (user_id) ON DELETE CASCADE
);

CREATE INDEX push_connections_by_user ON push_connections (user_id, connected_at);
CREATE INDEX push_connections_by_last_seen ON push_connections (last_seen_at);
CREATE INDEX push_connections_by_expiry ON push_connections (expires_at);
CREATE INDEX push_connections_to_retry ON push_connections (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX push_connections_failing ON push_connections (failing_since) WHERE failing_since IS NOT NULL;
