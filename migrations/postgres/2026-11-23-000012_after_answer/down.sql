DROP TABLE reassessment_deeds;
DROP FUNCTION reassessment_deeds_append_only;
DROP TABLE reassessments;
