--: SessionRow(user_agent?)

--: LockedRow(name?, end_reason?)

--! insert_session (user_agent?)
INSERT INTO sessions (id, user_id, transport, user_agent, created_at, last_used_at, expires_at)
VALUES (:id, :user_id, :transport, :user_agent, :now, :now, :expires_at);

--! insert_refresh_token
INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES (:hash, :session_id, :now);

--! lock_session_of_token : LockedRow
-- One refresh of a session at a time. The tokens are read by a statement of its own afterwards: only that one
-- sees what the refresh before wrote.
SELECT session.id, session.user_id, session.transport, session.last_used_at, session.expires_at, session.end_reason,
       account.email, account.name, account.role, account.tier, account.created_at, account.signed_in_at
FROM sessions AS session JOIN users AS account ON account.id = session.user_id
WHERE session.id = (SELECT token.session_id FROM refresh_tokens AS token WHERE token.hash = :hash)
FOR UPDATE OF session;

--! session_of_token : LockedRow
-- The same without a lock, for a database that takes no writes: it refuses locks too.
SELECT session.id, session.user_id, session.transport, session.last_used_at, session.expires_at, session.end_reason,
       account.email, account.name, account.role, account.tier, account.created_at, account.signed_in_at
FROM sessions AS session JOIN users AS account ON account.id = session.user_id
WHERE session.id = (SELECT token.session_id FROM refresh_tokens AS token WHERE token.hash = :hash);

--! recent_tokens : (replaced_at?, nonce?)
-- The presented token, the current one, and what was replaced in between.
SELECT hash, replaced_at, nonce
FROM refresh_tokens
WHERE session_id = :session_id AND (replaced_at IS NULL OR replaced_at >= :since)
UNION
SELECT hash, replaced_at, nonce FROM refresh_tokens WHERE hash = :presented;

--! replace_refresh_token
UPDATE refresh_tokens SET replaced_at = :now, nonce = :nonce WHERE hash = :hash AND replaced_at IS NULL;

--! use_session
UPDATE sessions SET last_used_at = :now WHERE id = :id;

--! end_session
UPDATE sessions SET ended_at = :now, end_reason = :reason WHERE id = :id AND ended_at IS NULL;

--! end_session_of_user
-- Somebody else's is none.
UPDATE sessions SET ended_at = :now, end_reason = :reason
WHERE id = :id AND user_id = :user_id AND ended_at IS NULL AND expires_at > :now AND last_used_at > :used_since;

--! end_sessions_of_user (keep?)
-- Those that live.
UPDATE sessions SET ended_at = :now, end_reason = :reason
WHERE user_id = :user_id AND ended_at IS NULL AND id IS DISTINCT FROM :keep
  AND expires_at > :now AND last_used_at > :used_since
RETURNING id;

--! sessions_ended_since
SELECT id FROM sessions WHERE user_id = :user_id AND ended_at >= :since ORDER BY id;

--! session_page : SessionRow
-- Those that still live, newest first.
SELECT id, transport, user_agent, created_at, last_used_at, expires_at
FROM sessions
WHERE user_id = :user_id AND (created_at, id) < (:before, :before_id)
  AND ended_at IS NULL AND expires_at > :now AND last_used_at > :used_since
ORDER BY created_at DESC, id DESC
LIMIT :limit;
