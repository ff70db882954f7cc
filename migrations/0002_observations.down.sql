-- Drops the observations and the record of every call. Values can be collected again; when they
-- first became known cannot. Take a backup of both tables first.
DROP TABLE data_collection_logs;
DROP TABLE indicator_observations;
