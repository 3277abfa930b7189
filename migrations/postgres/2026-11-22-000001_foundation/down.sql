-- Takes everything away again, children first.
DROP TABLE leases;
DROP TABLE audit_log;
DROP TABLE idempotency_keys;
DROP TABLE outbox;
DROP TABLE deliveries;
DROP TABLE files;
DROP TABLE document_numbers;
DROP TABLE number_series;
DROP TABLE notices;
DROP TABLE request_events;
DROP TABLE applications;
DROP TABLE requests;
DROP TABLE refresh_tokens;
DROP TABLE user_roles;
DROP TABLE users;
DROP TABLE agencies;
DROP FUNCTION request_events_append_only();
