DROP TABLE push_connections;
DROP TABLE push_outbox;
DROP TABLE push_streams;
