DROP INDEX requests_watch_on_idx;
ALTER TABLE requests DROP COLUMN watch_on;
ALTER TABLE requests DROP COLUMN proposal;
