DROP INDEX request_events_remedies_idx;
DROP TABLE reason_uses;
DROP TABLE reason_texts;
DROP TABLE complaints;
DROP TABLE remedies;
