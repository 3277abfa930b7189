-- The approval chains of an agency: every version that was ever in force.
CREATE TABLE approval_chains (
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    version INTEGER NOT NULL CONSTRAINT approval_chains_version_check CHECK (version >= 1),
    chains TEXT NOT NULL CHECK (json_valid(chains)),
    changed_by BLOB NOT NULL REFERENCES users(id) CHECK (length(changed_by) = 16),
    changed_at TEXT NOT NULL CHECK (changed_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(changed_at) NOT NULL),
    CONSTRAINT approval_chains_agency_id_version_key PRIMARY KEY (agency_id, version)
) STRICT;

-- Who acts for an absent colleague, from when to when, and who appointed them.
CREATE TABLE deputyships (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    absent_id BLOB NOT NULL REFERENCES users(id) CHECK (length(absent_id) = 16),
    deputy_id BLOB NOT NULL REFERENCES users(id) CHECK (length(deputy_id) = 16),
    from_on TEXT NOT NULL CHECK (from_on IS date(from_on)),
    until_on TEXT NOT NULL CHECK (until_on IS date(until_on)),
    reason TEXT NOT NULL CONSTRAINT deputyships_reason_check CHECK (length(reason) >= 1),
    appointed_by BLOB NOT NULL REFERENCES users(id) CHECK (length(appointed_by) = 16),
    ended_on TEXT CHECK (ended_on IS date(ended_on)),
    version INTEGER NOT NULL CONSTRAINT deputyships_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT deputyships_id_key PRIMARY KEY (id),
    CONSTRAINT deputyships_until_on_check CHECK (until_on >= from_on),
    CONSTRAINT deputyships_deputy_id_check CHECK (deputy_id <> absent_id)
) STRICT;
CREATE INDEX deputyships_agency_id_idx ON deputyships (agency_id);
CREATE INDEX deputyships_deputy_id_idx ON deputyships (deputy_id);

-- What a 送达回证 says beside method and dates.
ALTER TABLE deliveries ADD COLUMN slip TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(slip));

-- 更正申请 (条例 art. 41): records on the applicant that are wrong. A register of its own.
CREATE TABLE record_corrections (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    number TEXT NOT NULL CONSTRAINT record_corrections_number_check CHECK (length(number) >= 1),
    state TEXT NOT NULL
        CONSTRAINT record_corrections_state_check CHECK (state IN ('received', 'verified', 'forwarded', 'answered')),
    received_on TEXT NOT NULL CHECK (received_on IS date(received_on)),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on)),
    applicant_name TEXT NOT NULL,
    identity_cipher TEXT NOT NULL,
    form TEXT NOT NULL CHECK (json_valid(form)),
    history TEXT NOT NULL CHECK (json_valid(history)),
    answered_on TEXT CHECK (answered_on IS date(answered_on)),
    recorded_by BLOB NOT NULL REFERENCES users(id) CHECK (length(recorded_by) = 16),
    version INTEGER NOT NULL CONSTRAINT record_corrections_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT record_corrections_id_key PRIMARY KEY (id),
    CONSTRAINT record_corrections_agency_id_number_key UNIQUE (agency_id, number)
) STRICT;
