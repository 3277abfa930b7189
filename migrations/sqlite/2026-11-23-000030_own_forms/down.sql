DROP TABLE own_form_versions;
DROP TABLE own_forms;
