DROP TABLE publication_suggestions;
DROP TABLE publication_files;
DROP TABLE publications;
DROP TABLE reassessment_deeds;
DROP FUNCTION reassessment_deeds_append_only;
DROP TABLE reassessments;
