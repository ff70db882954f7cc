DROP INDEX refresh_tokens_by_session;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

ALTER TABLE auth_events DROP CONSTRAINT auth_events_kind_known;
