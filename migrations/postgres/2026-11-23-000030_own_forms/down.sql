DROP TABLE own_form_versions;
DROP FUNCTION own_form_versions_append_only;
DROP TABLE own_forms;
