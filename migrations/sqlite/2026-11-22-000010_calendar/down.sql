ALTER TABLE request_events DROP COLUMN calendar_seq;
DROP INDEX requests_calendar_seq_idx;
ALTER TABLE requests DROP COLUMN calendar_seq;
DROP TABLE calendar_changes;
DROP TABLE calendar_imports;
DROP TABLE calendar_versions;
