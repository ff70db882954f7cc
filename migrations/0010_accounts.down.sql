-- Takes every account with it: relies on the backup before it.
DROP TABLE auth_events;
DROP FUNCTION auth_events_append_only();
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
