DROP TABLE publication_suggestions;
DROP TABLE publication_files;
DROP TABLE publications;
DROP TABLE reassessment_deeds;
DROP TABLE reassessments;
