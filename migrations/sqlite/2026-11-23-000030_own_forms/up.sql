-- 自制表格: Word files with placeholders that an agency made itself. A form has a name and a purpose ...
CREATE TABLE own_forms (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    name TEXT NOT NULL CONSTRAINT own_forms_name_check CHECK (length(name) >= 1),
    purpose TEXT NOT NULL CONSTRAINT own_forms_purpose_check CHECK (length(purpose) >= 1),
    description TEXT NOT NULL,
    latest INTEGER NOT NULL CONSTRAINT own_forms_latest_check CHECK (latest >= 1),
    retired_on TEXT CHECK (retired_on IS date(retired_on)),
    version INTEGER NOT NULL CONSTRAINT own_forms_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT own_forms_id_key PRIMARY KEY (id),
    CONSTRAINT own_forms_agency_id_name_key UNIQUE (agency_id, name)
) STRICT;
-- ... and its files, one a version, never changed. The bytes lie in the file store under their digest.
CREATE TABLE own_form_versions (
    form_id BLOB NOT NULL REFERENCES own_forms(id) CHECK (length(form_id) = 16),
    n INTEGER NOT NULL CONSTRAINT own_form_versions_n_check CHECK (n >= 1),
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL CONSTRAINT own_form_versions_sha256_check CHECK (length(sha256) = 64),
    size_bytes INTEGER NOT NULL CONSTRAINT own_form_versions_size_bytes_check CHECK (size_bytes >= 1),
    contents TEXT NOT NULL CHECK (json_valid(contents)),
    uploaded_by BLOB NOT NULL REFERENCES users(id) CHECK (length(uploaded_by) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT own_form_versions_form_id_n_key PRIMARY KEY (form_id, n)
) STRICT;
CREATE TRIGGER own_form_versions_no_update BEFORE UPDATE ON own_form_versions
BEGIN SELECT RAISE(ABORT, 'own_form_versions is append-only'); END;
CREATE TRIGGER own_form_versions_no_delete BEFORE DELETE ON own_form_versions
BEGIN SELECT RAISE(ABORT, 'own_form_versions is append-only'); END;
