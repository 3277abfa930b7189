-- 自制表格: Word files with placeholders that an agency made itself. A form has a name and a purpose ...
CREATE TABLE own_forms (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT own_forms_agency_id_fkey REFERENCES agencies(id),
    name text NOT NULL CONSTRAINT own_forms_name_check CHECK (length(name) >= 1),
    purpose text NOT NULL CONSTRAINT own_forms_purpose_check CHECK (length(purpose) >= 1),
    description text NOT NULL,
    latest integer NOT NULL CONSTRAINT own_forms_latest_check CHECK (latest >= 1),
    retired_on date,
    version integer NOT NULL CONSTRAINT own_forms_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT own_forms_id_key PRIMARY KEY (id),
    CONSTRAINT own_forms_agency_id_name_key UNIQUE (agency_id, name)
);
-- ... and its files, one a version, never changed. The bytes lie in the file store under their digest.
CREATE TABLE own_form_versions (
    form_id uuid NOT NULL CONSTRAINT own_form_versions_form_id_fkey REFERENCES own_forms(id),
    n integer NOT NULL CONSTRAINT own_form_versions_n_check CHECK (n >= 1),
    file_name text NOT NULL,
    sha256 text NOT NULL CONSTRAINT own_form_versions_sha256_check CHECK (length(sha256) = 64),
    size_bytes bigint NOT NULL CONSTRAINT own_form_versions_size_bytes_check CHECK (size_bytes >= 1),
    contents jsonb NOT NULL,
    uploaded_by uuid NOT NULL CONSTRAINT own_form_versions_uploaded_by_fkey REFERENCES users(id),
    created_at timestamptz NOT NULL,
    CONSTRAINT own_form_versions_form_id_n_key PRIMARY KEY (form_id, n)
);
CREATE FUNCTION own_form_versions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'own_form_versions is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER own_form_versions_no_update BEFORE UPDATE ON own_form_versions
    FOR EACH ROW EXECUTE FUNCTION own_form_versions_append_only();
CREATE TRIGGER own_form_versions_no_delete BEFORE DELETE ON own_form_versions
    FOR EACH ROW EXECUTE FUNCTION own_form_versions_append_only();
CREATE TRIGGER own_form_versions_no_truncate BEFORE TRUNCATE ON own_form_versions
    FOR EACH STATEMENT EXECUTE FUNCTION own_form_versions_append_only();
