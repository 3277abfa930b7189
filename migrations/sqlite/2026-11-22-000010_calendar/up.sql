-- The calendar of record: every version that was ever in force, whole, so that each can be read again.
CREATE TABLE calendar_versions (
    seq INTEGER NOT NULL CONSTRAINT calendar_versions_seq_check CHECK (seq >= 1),
    source TEXT NOT NULL
        CONSTRAINT calendar_versions_source_check CHECK (source IN ('program', 'import', 'reversal')),
    year INTEGER,
    document TEXT NOT NULL,
    table_csv TEXT NOT NULL,
    digest TEXT NOT NULL,
    in_force_at TEXT NOT NULL CHECK (in_force_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(in_force_at) NOT NULL),
    refolded_at TEXT CHECK (refolded_at IS NULL OR (refolded_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(refolded_at) NOT NULL)),
    CONSTRAINT calendar_versions_seq_key PRIMARY KEY (seq)
) STRICT;

-- A year brought in by one person and confirmed by another, or taken back the same way.
CREATE TABLE calendar_imports (
    id BLOB NOT NULL CHECK (length(id) = 16),
    year INTEGER NOT NULL,
    format TEXT NOT NULL
        CONSTRAINT calendar_imports_format_check CHECK (format IN ('csv', 'notice', 'reversal')),
    document TEXT NOT NULL CONSTRAINT calendar_imports_document_check CHECK (length(document) >= 1),
    document_on TEXT NOT NULL CHECK (document_on IS date(document_on)),
    source_text TEXT NOT NULL,
    table_csv TEXT NOT NULL,
    base_seq INTEGER NOT NULL,
    reverses INTEGER,
    reason TEXT NOT NULL,
    notes TEXT NOT NULL CHECK (json_valid(notes)),
    state TEXT NOT NULL
        CONSTRAINT calendar_imports_state_check CHECK (state IN ('proposed', 'in_force', 'rejected')),
    proposed_by BLOB REFERENCES users(id) CHECK (length(proposed_by) = 16),
    proposed_label TEXT NOT NULL,
    proposed_at TEXT NOT NULL CHECK (proposed_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(proposed_at) NOT NULL),
    decided_by BLOB REFERENCES users(id) CHECK (length(decided_by) = 16),
    decided_label TEXT NOT NULL,
    decided_at TEXT CHECK (decided_at IS NULL OR (decided_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(decided_at) NOT NULL)),
    seq INTEGER REFERENCES calendar_versions(seq),
    version INTEGER NOT NULL CONSTRAINT calendar_imports_version_check CHECK (version >= 1),
    CONSTRAINT calendar_imports_id_key PRIMARY KEY (id),
    CONSTRAINT calendar_imports_seq_key UNIQUE (seq),
    CONSTRAINT calendar_imports_decided_by_check CHECK (decided_by <> proposed_by OR state = 'rejected')
) STRICT;

-- Each case whose dates a version changed: the entry of its ledger that says so, and whether people were told.
CREATE TABLE calendar_changes (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    entry_seq INTEGER NOT NULL,
    calendar_seq INTEGER NOT NULL,
    old_on TEXT CHECK (old_on IS date(old_on)),
    new_on TEXT CHECK (new_on IS date(new_on)),
    told INTEGER NOT NULL CHECK (told IN (0, 1)),
    concerns_applicant INTEGER NOT NULL CHECK (concerns_applicant IN (0, 1)),
    CONSTRAINT calendar_changes_request_id_entry_seq_key PRIMARY KEY (request_id, entry_seq)
) STRICT;
CREATE INDEX calendar_changes_calendar_seq_idx ON calendar_changes (calendar_seq, request_id);
CREATE INDEX calendar_changes_told_idx ON calendar_changes (calendar_seq) WHERE NOT told;

-- The version under which the dates of a request were computed; 0 is the calendar shipped with an earlier program.
ALTER TABLE requests ADD COLUMN calendar_seq INTEGER NOT NULL DEFAULT 0;
CREATE INDEX requests_calendar_seq_idx ON requests (calendar_seq, id) WHERE open;

-- The version by which an entry was decided; none in old ledgers.
ALTER TABLE request_events ADD COLUMN calendar_seq INTEGER;
