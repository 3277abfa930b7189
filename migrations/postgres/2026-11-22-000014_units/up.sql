-- The agencies as a tree: whose supervisors oversee this one (主管机关); and which agency took another over.
ALTER TABLE agencies ADD COLUMN parent_id uuid CONSTRAINT agencies_parent_id_fkey REFERENCES agencies(id);
ALTER TABLE agencies ADD COLUMN merged_into uuid CONSTRAINT agencies_merged_into_fkey REFERENCES agencies(id);
ALTER TABLE agencies ADD COLUMN merged_on date;
ALTER TABLE agencies ADD COLUMN merged_by text;

-- 内设机构: the units inside an agency.
CREATE TABLE units (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT units_agency_id_fkey REFERENCES agencies(id),
    name text NOT NULL CONSTRAINT units_name_check CHECK (length(name) >= 1),
    active boolean NOT NULL,
    version integer NOT NULL CONSTRAINT units_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT units_id_key PRIMARY KEY (id),
    CONSTRAINT units_agency_id_name_key UNIQUE (agency_id, name)
);

ALTER TABLE users ADD COLUMN unit_id uuid CONSTRAINT users_unit_id_fkey REFERENCES units(id);
