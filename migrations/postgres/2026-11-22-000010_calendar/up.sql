-- The calendar of record: every version that was ever in force, whole, so that each can be read again.
CREATE TABLE calendar_versions (
    seq integer NOT NULL CONSTRAINT calendar_versions_seq_check CHECK (seq >= 1),
    source text NOT NULL
        CONSTRAINT calendar_versions_source_check CHECK (source IN ('program', 'import', 'reversal')),
    year integer,
    document text NOT NULL,
    table_csv text NOT NULL,
    digest text NOT NULL,
    in_force_at timestamptz NOT NULL,
    refolded_at timestamptz,
    CONSTRAINT calendar_versions_seq_key PRIMARY KEY (seq)
);

-- A year brought in by one person and confirmed by another, or taken back the same way.
CREATE TABLE calendar_imports (
    id uuid NOT NULL,
    year integer NOT NULL,
    format text NOT NULL
        CONSTRAINT calendar_imports_format_check CHECK (format IN ('csv', 'notice', 'reversal')),
    document text NOT NULL CONSTRAINT calendar_imports_document_check CHECK (length(document) >= 1),
    document_on date NOT NULL,
    source_text text NOT NULL,
    table_csv text NOT NULL,
    base_seq integer NOT NULL,
    reverses integer,
    reason text NOT NULL,
    notes jsonb NOT NULL,
    state text NOT NULL
        CONSTRAINT calendar_imports_state_check CHECK (state IN ('proposed', 'in_force', 'rejected')),
    proposed_by uuid CONSTRAINT calendar_imports_proposed_by_fkey REFERENCES users(id),
    proposed_label text NOT NULL,
    proposed_at timestamptz NOT NULL,
    decided_by uuid CONSTRAINT calendar_imports_decided_by_fkey REFERENCES users(id),
    decided_label text NOT NULL,
    decided_at timestamptz,
    seq integer CONSTRAINT calendar_imports_seq_fkey REFERENCES calendar_versions(seq),
    version integer NOT NULL CONSTRAINT calendar_imports_version_check CHECK (version >= 1),
    CONSTRAINT calendar_imports_id_key PRIMARY KEY (id),
    CONSTRAINT calendar_imports_seq_key UNIQUE (seq),
    CONSTRAINT calendar_imports_decided_by_check CHECK (decided_by <> proposed_by OR state = 'rejected')
);

-- Each case whose dates a version changed: the entry of its ledger that says so, and whether people were told.
CREATE TABLE calendar_changes (
    request_id uuid NOT NULL CONSTRAINT calendar_changes_request_id_fkey REFERENCES requests(id),
    entry_seq integer NOT NULL,
    calendar_seq integer NOT NULL,
    old_on date,
    new_on date,
    told boolean NOT NULL,
    concerns_applicant boolean NOT NULL,
    CONSTRAINT calendar_changes_request_id_entry_seq_key PRIMARY KEY (request_id, entry_seq)
);
CREATE INDEX calendar_changes_calendar_seq_idx ON calendar_changes (calendar_seq, request_id);
CREATE INDEX calendar_changes_told_idx ON calendar_changes (calendar_seq) WHERE NOT told;

-- The version under which the dates of a request were computed; 0 is the calendar shipped with an earlier program.
ALTER TABLE requests ADD COLUMN calendar_seq integer NOT NULL DEFAULT 0;
CREATE INDEX requests_calendar_seq_idx ON requests (calendar_seq, id) WHERE open;

-- The version by which an entry was decided; none in old ledgers.
ALTER TABLE request_events ADD COLUMN calendar_seq integer;
