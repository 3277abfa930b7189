-- The agencies as a tree: whose supervisors oversee this one (主管机关); and which agency took another over.
ALTER TABLE agencies ADD COLUMN parent_id BLOB REFERENCES agencies(id) CHECK (length(parent_id) = 16);
ALTER TABLE agencies ADD COLUMN merged_into BLOB REFERENCES agencies(id) CHECK (length(merged_into) = 16);
ALTER TABLE agencies ADD COLUMN merged_on TEXT CHECK (merged_on IS date(merged_on));
ALTER TABLE agencies ADD COLUMN merged_by TEXT;

-- 内设机构: the units inside an agency.
CREATE TABLE units (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    name TEXT NOT NULL CONSTRAINT units_name_check CHECK (length(name) >= 1),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL CONSTRAINT units_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT units_id_key PRIMARY KEY (id),
    CONSTRAINT units_agency_id_name_key UNIQUE (agency_id, name)
) STRICT;

ALTER TABLE users ADD COLUMN unit_id BLOB REFERENCES units(id) CHECK (length(unit_id) = 16);
