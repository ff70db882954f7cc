-- What happened is one of these; nothing has been written down so far.
ALTER TABLE auth_events ADD CONSTRAINT auth_events_kind_known CHECK (
    kind IN ('signed_in', 'sign_in_refused', 'reuse_detected', 'logged_out', 'session_revoked', 'role_changed',
             'tier_changed', 'exported', 'erased', 'lock_set', 'lock_lifted')
);

-- A refresh looks for the successors of a token that was replaced a moment ago.

DROP INDEX refresh_tokens_by_session;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, replaced_at);
