ALTER TABLE users DROP COLUMN unit_id;
DROP TABLE units;
ALTER TABLE agencies DROP COLUMN merged_by;
ALTER TABLE agencies DROP COLUMN merged_on;
ALTER TABLE agencies DROP COLUMN merged_into;
ALTER TABLE agencies DROP COLUMN parent_id;
