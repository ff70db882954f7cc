-- Who uses the platform, how they are signed in, and what was done to their accounts.

CREATE TABLE users (
    id           uuid        NOT NULL,
    -- Google's name of the account: e-mail addresses change hands, this does not.
    google_sub   text        NOT NULL,
    email        text        NOT NULL,
    name         text,
    role         text        NOT NULL DEFAULT 'user',
    tier         text        NOT NULL DEFAULT 'free',
    created_at   timestamptz NOT NULL,
    signed_in_at timestamptz NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_google_sub UNIQUE (google_sub),
    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin')),
    CONSTRAINT users_tier_known CHECK (tier IN ('free', 'basic', 'pro', 'enterprise'))
);

CREATE INDEX users_by_email ON users (lower(email));

-- A signed-in browser or program: one family of refresh tokens.
CREATE TABLE sessions (
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    -- How its refresh token travels: in a cookie or in the body.
    transport    text        NOT NULL,
    -- What the client called itself, for the list that its user sees.
    user_agent   text,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    -- The latest end, however often it is used.
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    end_reason   text,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_transport_known CHECK (transport IN ('cookie', 'body')),
    CONSTRAINT sessions_end_reason_known CHECK (end_reason IN ('logout', 'revoked', 'reuse', 'erased', 'operator')),
    CONSTRAINT sessions_end_is_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Refresh tokens by their SHA-256: the tokens themselves are nowhere.
CREATE TABLE refresh_tokens (
    hash        bytea       NOT NULL,
    session_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    replaced_at timestamptz,
    -- With the replaced token itself this gives its successor, so that tabs which refresh side by
    -- side all get the same one. Alone it gives nothing.
    nonce       bytea,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_tokens_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_hash_length CHECK (length(hash) = 32),
    CONSTRAINT refresh_tokens_replacement_is_whole CHECK ((replaced_at IS NULL) = (nonce IS NULL))
);

-- A session has one current token.
CREATE UNIQUE INDEX refresh_tokens_current ON refresh_tokens (session_id) WHERE replaced_at IS NULL;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- What happened to accounts and sessions. Only ever added to. It outlives an erased account: its
-- ids say nothing about a person then.
CREATE TABLE auth_events (
    id         uuid        NOT NULL,
    user_id    uuid,
    session_id uuid,
    kind       text        NOT NULL,
    -- Who did it: 'user', 'system', or 'operator: <name>'.
    actor      text        NOT NULL,
    detail     jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT auth_events_pkey PRIMARY KEY (id)
);

CREATE INDEX auth_events_by_user ON auth_events (user_id, created_at DESC);

CREATE FUNCTION auth_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'auth_events is only added to';
END
$$;

CREATE TRIGGER auth_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON auth_events
    FOR EACH STATEMENT EXECUTE FUNCTION auth_events_append_only();
