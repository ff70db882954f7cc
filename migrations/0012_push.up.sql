-- Events on their way to open WebSockets.

-- Whoever asked for a ticket lately is told of events; a user's events are counted here.
CREATE TABLE push_streams (
    user_id    uuid        NOT NULL,
    last_seq   bigint      NOT NULL,
    -- Nothing is written for a user whose last connection is longer ago.
    expires_at timestamptz NOT NULL,
    CONSTRAINT push_streams_pkey PRIMARY KEY (user_id),
    CONSTRAINT push_streams_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT push_streams_seq_not_negative CHECK (last_seq >= 0)
);

CREATE INDEX push_streams_by_expiry ON push_streams (expires_at);

-- Written in the transaction of what they tell of, delivered after it.
CREATE TABLE push_outbox (
    user_id      uuid        NOT NULL,
    seq          bigint      NOT NULL,
    event        text        NOT NULL,
    data         jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Null until it was posted to every connection that its user had.
    delivered_at timestamptz,
    CONSTRAINT push_outbox_pkey PRIMARY KEY (user_id, seq),
    CONSTRAINT push_outbox_stream FOREIGN KEY (user_id) REFERENCES push_streams (user_id) ON DELETE CASCADE,
    CONSTRAINT push_outbox_event_known CHECK (
        event IN ('agent:scores', 'decision:made', 'trade:executed', 'portfolio:update', 'system:notice')
    )
);

CREATE INDEX push_outbox_waiting ON push_outbox (created_at) WHERE delivered_at IS NULL;
CREATE INDEX push_outbox_by_time ON push_outbox (created_at);

-- Open WebSockets, by the gateway's name of them.
CREATE TABLE push_connections (
    id           text        NOT NULL,
    user_id      uuid        NOT NULL,
    connected_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    -- The gateway closes it then at the latest.
    expires_at   timestamptz NOT NULL,
    CONSTRAINT push_connections_pkey PRIMARY KEY (id),
    CONSTRAINT push_connections_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX push_connections_by_user ON push_connections (user_id, connected_at);
CREATE INDEX push_connections_by_last_seen ON push_connections (last_seen_at);
