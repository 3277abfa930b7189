DROP TABLE file_findings;
