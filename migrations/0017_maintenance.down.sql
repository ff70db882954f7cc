-- Reports of the maintenance say what was done; nothing reads them but people.
DROP TABLE maintenance_reports;
