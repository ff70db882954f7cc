-- The record of modes goes: a backup from before this step has it.
ALTER TABLE auth_events DISABLE TRIGGER auth_events_append_only;
DELETE FROM auth_events WHERE kind = 'mode_set';
ALTER TABLE auth_events ENABLE TRIGGER auth_events_append_only;

ALTER TABLE auth_events DROP CONSTRAINT auth_events_kind_known;
ALTER TABLE auth_events ADD CONSTRAINT auth_events_kind_known CHECK (
    kind IN ('signed_in', 'sign_in_refused', 'reuse_detected', 'logged_out', 'session_revoked', 'role_changed',
             'tier_changed', 'exported', 'erased', 'lock_set', 'lock_lifted')
);
