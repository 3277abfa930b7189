-- The approval chains of an agency: every version that was ever in force.
CREATE TABLE approval_chains (
    agency_id uuid NOT NULL CONSTRAINT approval_chains_agency_id_fkey REFERENCES agencies(id),
    version integer NOT NULL CONSTRAINT approval_chains_version_check CHECK (version >= 1),
    chains jsonb NOT NULL,
    changed_by uuid NOT NULL CONSTRAINT approval_chains_changed_by_fkey REFERENCES users(id),
    changed_at timestamptz NOT NULL,
    CONSTRAINT approval_chains_agency_id_version_key PRIMARY KEY (agency_id, version)
);

-- Who acts for an absent colleague, from when to when, and who appointed them.
CREATE TABLE deputyships (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT deputyships_agency_id_fkey REFERENCES agencies(id),
    absent_id uuid NOT NULL CONSTRAINT deputyships_absent_id_fkey REFERENCES users(id),
    deputy_id uuid NOT NULL CONSTRAINT deputyships_deputy_id_fkey REFERENCES users(id),
    from_on date NOT NULL,
    until_on date NOT NULL,
    reason text NOT NULL CONSTRAINT deputyships_reason_check CHECK (length(reason) >= 1),
    appointed_by uuid NOT NULL CONSTRAINT deputyships_appointed_by_fkey REFERENCES users(id),
    ended_on date,
    version integer NOT NULL CONSTRAINT deputyships_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT deputyships_id_key PRIMARY KEY (id),
    CONSTRAINT deputyships_until_on_check CHECK (until_on >= from_on),
    CONSTRAINT deputyships_deputy_id_check CHECK (deputy_id <> absent_id)
);
CREATE INDEX deputyships_agency_id_idx ON deputyships (agency_id);
CREATE INDEX deputyships_deputy_id_idx ON deputyships (deputy_id);

-- What a 送达回证 says beside method and dates.
ALTER TABLE deliveries ADD COLUMN slip jsonb NOT NULL DEFAULT '{}';

-- 更正申请 (条例 art. 41): records on the applicant that are wrong. A register of its own.
CREATE TABLE record_corrections (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT record_corrections_agency_id_fkey REFERENCES agencies(id),
    number text NOT NULL CONSTRAINT record_corrections_number_check CHECK (length(number) >= 1),
    state text NOT NULL
        CONSTRAINT record_corrections_state_check CHECK (state IN ('received', 'verified', 'forwarded', 'answered')),
    received_on date NOT NULL,
    due_on date NOT NULL,
    applicant_name text NOT NULL,
    identity_cipher text NOT NULL,
    form jsonb NOT NULL,
    history jsonb NOT NULL,
    answered_on date,
    recorded_by uuid NOT NULL CONSTRAINT record_corrections_recorded_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT record_corrections_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT record_corrections_id_key PRIMARY KEY (id),
    CONSTRAINT record_corrections_agency_id_number_key UNIQUE (agency_id, number)
);
