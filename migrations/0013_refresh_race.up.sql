-- A refresh looks for the successors of a token that was replaced a moment ago.

DROP INDEX refresh_tokens_by_session;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, replaced_at);
