DROP INDEX record_corrections_unattested_idx;
ALTER TABLE record_corrections DROP COLUMN seal;
DROP TABLE record_letters;
