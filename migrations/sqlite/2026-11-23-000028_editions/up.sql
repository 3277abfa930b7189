-- 文书用语的本机关版本: an agency's own text of a wording template, drafted by one person, approved by another,
-- in force from a day. No text: back to the built-in one.
CREATE TABLE editions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    template TEXT NOT NULL CONSTRAINT editions_template_check CHECK (length(template) BETWEEN 1 AND 64),
    n INTEGER NOT NULL CONSTRAINT editions_n_check CHECK (n >= 1),
    state TEXT NOT NULL CONSTRAINT editions_state_check CHECK (state IN ('draft', 'submitted', 'approved', 'discarded')),
    body TEXT,
    base INTEGER NOT NULL CONSTRAINT editions_base_check CHECK (base >= 1),
    why TEXT NOT NULL CONSTRAINT editions_why_check CHECK (length(why) >= 1),
    drafted_by BLOB NOT NULL REFERENCES users(id) CHECK (length(drafted_by) = 16),
    decided_by BLOB REFERENCES users(id) CHECK (length(decided_by) = 16),
    return_reason TEXT,
    from_on TEXT CHECK (from_on IS NULL OR (from_on GLOB '????-??-??' AND date(from_on) NOT NULL)),
    seq INTEGER CONSTRAINT editions_seq_check CHECK (seq >= 1),
    version INTEGER NOT NULL CONSTRAINT editions_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT editions_id_key PRIMARY KEY (id),
    CONSTRAINT editions_agency_id_template_n_key UNIQUE (agency_id, template, n),
    CONSTRAINT editions_seq_key UNIQUE (seq),
    CONSTRAINT editions_approved_check CHECK ((state = 'approved') = (seq IS NOT NULL AND from_on IS NOT NULL))
) STRICT;
