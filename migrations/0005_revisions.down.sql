-- Drops what observations said before they were changed; it cannot be collected again. Take a backup
-- of the table first.
DROP TABLE observation_revisions;
