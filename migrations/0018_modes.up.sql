-- Who set the mode of operation is on record like everything else that operators do.
ALTER TABLE auth_events DROP CONSTRAINT auth_events_kind_known;
ALTER TABLE auth_events ADD CONSTRAINT auth_events_kind_known CHECK (
    kind IN ('signed_in', 'sign_in_refused', 'reuse_detected', 'logged_out', 'session_revoked', 'role_changed',
             'tier_changed', 'exported', 'erased', 'lock_set', 'lock_lifted', 'mode_set')
);
