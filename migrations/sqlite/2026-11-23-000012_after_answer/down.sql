DROP TABLE reassessment_deeds;
DROP TABLE reassessments;
