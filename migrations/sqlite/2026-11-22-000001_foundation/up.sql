-- Foundation of the county's register, SQLite.
-- STRICT tables and CHECKs: SQLite's column types are advice otherwise. Ids are 16-byte UUIDs, instants (_at) UTC text of fixed
-- width with microseconds (text order is time order), dates (_on) civil dates, enums text with a CHECK.
-- Unique constraints are reported by SQLite as columns; src/db/error.rs turns them into the names PostgreSQL uses.

-- The agencies (行政机关) of the county and the office (受理机构) that receives requests for them.
CREATE TABLE agencies (
    id BLOB NOT NULL CHECK (length(id) = 16),
    serial INTEGER NOT NULL CONSTRAINT agencies_serial_check CHECK (serial BETWEEN 1 AND 999),
    name TEXT NOT NULL,
    short_name TEXT NOT NULL,
    code_word TEXT NOT NULL,
    level TEXT NOT NULL CONSTRAINT agencies_level_check CHECK (level IN ('county_government', 'department', 'township')),
    region TEXT NOT NULL,
    office_name TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    phone TEXT NOT NULL,
    fax TEXT NOT NULL,
    email TEXT NOT NULL,
    office_hours TEXT NOT NULL,
    channels TEXT NOT NULL CHECK (json_valid(channels)),
    review_body TEXT NOT NULL,
    court TEXT NOT NULL,
    review_online_url TEXT,
    number_pattern TEXT NOT NULL,
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    version INTEGER NOT NULL CONSTRAINT agencies_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT agencies_id_key PRIMARY KEY (id),
    CONSTRAINT agencies_serial_key UNIQUE (serial),
    CONSTRAINT agencies_name_key UNIQUE (name)
) STRICT;

-- People who sign in; citizens have no account.
CREATE TABLE users (
    id BLOB NOT NULL CHECK (length(id) = 16),
    login TEXT NOT NULL CONSTRAINT users_login_check CHECK (login = lower(login) AND length(login) BETWEEN 1 AND 64),
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    agency_id BLOB REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    email TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    failed_logins INTEGER NOT NULL CONSTRAINT users_failed_logins_check CHECK (failed_logins >= 0),
    locked_until_at TEXT CHECK (locked_until_at IS NULL OR locked_until_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(locked_until_at) NOT NULL),
    must_change INTEGER NOT NULL CHECK (must_change IN (0, 1)),
    version INTEGER NOT NULL CONSTRAINT users_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT users_id_key PRIMARY KEY (id),
    CONSTRAINT users_login_key UNIQUE (login)
) STRICT;
CREATE INDEX users_agency_id_idx ON users (agency_id);

-- What a person may be; one row a role.
CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT user_roles_role_check CHECK (role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator')),
    CONSTRAINT user_roles_user_id_role_key PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;

-- One row a refresh token; a family is one sign-in and its rotations. Only hashes are kept.
CREATE TABLE refresh_tokens (
    id BLOB NOT NULL CHECK (length(id) = 16),
    family_id BLOB NOT NULL CHECK (length(family_id) = 16),
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    token_hash TEXT NOT NULL CONSTRAINT refresh_tokens_token_hash_check CHECK (length(token_hash) = 64),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    expires_at TEXT NOT NULL CHECK (expires_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(expires_at) NOT NULL),
    used_at TEXT CHECK (used_at IS NULL OR used_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(used_at) NOT NULL),
    revoked_at TEXT CHECK (revoked_at IS NULL OR revoked_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(revoked_at) NOT NULL),
    revoked_reason TEXT,
    CONSTRAINT refresh_tokens_id_key PRIMARY KEY (id),
    CONSTRAINT refresh_tokens_token_hash_key UNIQUE (token_hash)
) STRICT;
CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);

-- The case row: a projection of the ledger for queues and search.
CREATE TABLE requests (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    number TEXT NOT NULL CONSTRAINT requests_number_check CHECK (length(number) >= 1),
    channel TEXT NOT NULL
        CONSTRAINT requests_channel_check CHECK (channel = lower(channel) AND length(channel) BETWEEN 1 AND 64),
    arrived_on TEXT NOT NULL CHECK (arrived_on IS date(arrived_on)),
    confirmed_on TEXT CHECK (confirmed_on IS date(confirmed_on)),
    received_on TEXT CHECK (received_on IS date(received_on)),
    receipt_basis TEXT,
    receipt_decided_by BLOB REFERENCES users(id) CHECK (length(receipt_decided_by) = 16),
    state TEXT NOT NULL
        CONSTRAINT requests_state_check CHECK (
            state IN ('received', 'awaiting_confirmation', 'registered', 'examining', 'correction_pending',
            'reason_pending', 'fee_pending', 'processing', 'deferred', 'third_party_pending', 'agency_pending',
            'secrecy_review', 'extension_pending', 'approval', 'issued', 'dispatched', 'service_failed',
            'served', 'withdrawn', 'correction_lapsed', 'fee_lapsed', 'closed', 'under_remedy', 'archived')
        ),
    anchor_on TEXT CHECK (anchor_on IS date(anchor_on)),
    due_on TEXT CHECK (due_on IS date(due_on)),
    provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    conservative_due_on TEXT CHECK (conservative_due_on IS date(conservative_due_on)),
    defects TEXT NOT NULL CHECK (json_valid(defects)),
    outcome TEXT,
    reply_on TEXT CHECK (reply_on IS date(reply_on)),
    served_on TEXT CHECK (served_on IS date(served_on)),
    closed_on TEXT CHECK (closed_on IS date(closed_on)),
    officer_id BLOB REFERENCES users(id) CHECK (length(officer_id) = 16),
    title TEXT NOT NULL,
    applicant_name TEXT NOT NULL,
    applicant_kind TEXT NOT NULL
        CONSTRAINT requests_applicant_kind_check CHECK (
            applicant_kind IN ('natural_person', 'commercial', 'research', 'public_welfare', 'legal_service',
            'other_organisation')
        ),
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    queue_on TEXT NOT NULL CHECK (queue_on IS date(queue_on)),
    last_seq INTEGER NOT NULL CONSTRAINT requests_last_seq_check CHECK (last_seq >= 0),
    version INTEGER NOT NULL CONSTRAINT requests_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT requests_id_key PRIMARY KEY (id),
    CONSTRAINT requests_agency_id_number_key UNIQUE (agency_id, number)
) STRICT;
-- The queue: least slack first; queue_on is the last day, or the safest guess at it, or 9999-12-31.
CREATE INDEX requests_agency_id_open_queue_on_id_idx ON requests (agency_id, open, queue_on, id);
CREATE INDEX requests_open_queue_on_id_idx ON requests (open, queue_on, id);
CREATE INDEX requests_officer_id_open_queue_on_idx ON requests (officer_id, open, queue_on, id);
CREATE INDEX requests_agency_id_state_idx ON requests (agency_id, state);
CREATE INDEX requests_received_on_idx ON requests (received_on);

-- The application form as submitted, without the identity number in the clear.
CREATE TABLE applications (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    kind TEXT NOT NULL
        CONSTRAINT applications_kind_check CHECK (
            kind IN ('natural_person', 'commercial', 'research', 'public_welfare', 'legal_service',
            'other_organisation')
        ),
    form TEXT NOT NULL CHECK (json_valid(form)),
    applicant_name TEXT NOT NULL,
    phone TEXT NOT NULL,
    email TEXT NOT NULL,
    identity_cipher TEXT,
    identity_digest TEXT CONSTRAINT applications_identity_digest_check CHECK (length(identity_digest) = 64),
    applicant_key TEXT NOT NULL CONSTRAINT applications_applicant_key_check CHECK (length(applicant_key) = 64),
    content_digest TEXT NOT NULL CONSTRAINT applications_content_digest_check CHECK (length(content_digest) = 64),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT applications_request_id_key PRIMARY KEY (request_id)
) STRICT;
CREATE INDEX applications_identity_digest_idx ON applications (identity_digest);
CREATE INDEX applications_applicant_key_idx ON applications (applicant_key);

-- The ledger: append-only, each row hashed over its predecessor.
CREATE TABLE request_events (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    seq INTEGER NOT NULL CONSTRAINT request_events_seq_check CHECK (seq >= 1),
    kind TEXT NOT NULL CONSTRAINT request_events_kind_check CHECK (kind = lower(kind) AND length(kind) BETWEEN 1 AND 64),
    occurred_on TEXT NOT NULL CHECK (occurred_on IS date(occurred_on)),
    recorded_at TEXT NOT NULL CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(recorded_at) NOT NULL),
    actor_id BLOB CHECK (length(actor_id) = 16),
    actor_label TEXT NOT NULL,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    prev_hash TEXT NOT NULL CONSTRAINT request_events_prev_hash_check CHECK (length(prev_hash) = 64),
    hash TEXT NOT NULL CONSTRAINT request_events_hash_check CHECK (length(hash) = 64),
    seal TEXT NOT NULL CONSTRAINT request_events_seal_check CHECK (length(seal) = 64),
    CONSTRAINT request_events_request_id_seq_key PRIMARY KEY (request_id, seq)
) STRICT;

-- Notices and replies from draft to issue; what was issued is frozen by its hashes.
CREATE TABLE notices (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    kind TEXT NOT NULL CONSTRAINT notices_kind_check CHECK (kind = lower(kind) AND length(kind) BETWEEN 1 AND 64),
    status TEXT NOT NULL
        CONSTRAINT notices_status_check CHECK (
            status IN ('draft', 'submitted', 'approved', 'returned', 'issued', 'voided', 'withdrawn')
        ),
    outcome TEXT,
    title TEXT NOT NULL,
    content TEXT NOT NULL CHECK (json_valid(content)),
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    template_code TEXT NOT NULL,
    template_version TEXT NOT NULL,
    series TEXT,
    number TEXT,
    number_year INTEGER,
    number_n INTEGER,
    drafted_by BLOB REFERENCES users(id) CHECK (length(drafted_by) = 16),
    submitted_at TEXT CHECK (submitted_at IS NULL OR submitted_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(submitted_at) NOT NULL),
    approved_by BLOB REFERENCES users(id) CHECK (length(approved_by) = 16),
    approved_at TEXT CHECK (approved_at IS NULL OR approved_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(approved_at) NOT NULL),
    return_reason TEXT,
    issued_by BLOB REFERENCES users(id) CHECK (length(issued_by) = 16),
    issued_on TEXT CHECK (issued_on IS date(issued_on)),
    content_sha256 TEXT CONSTRAINT notices_content_sha256_check CHECK (length(content_sha256) = 64),
    pdf_key TEXT,
    pdf_sha256 TEXT CONSTRAINT notices_pdf_sha256_check CHECK (length(pdf_sha256) = 64),
    pdf_bytes INTEGER,
    docx_key TEXT,
    docx_sha256 TEXT CONSTRAINT notices_docx_sha256_check CHECK (length(docx_sha256) = 64),
    docx_bytes INTEGER,
    rendered_at TEXT CHECK (rendered_at IS NULL OR rendered_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(rendered_at) NOT NULL),
    version INTEGER NOT NULL CONSTRAINT notices_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT notices_id_key PRIMARY KEY (id)
) STRICT;
CREATE INDEX notices_request_id_idx ON notices (request_id);

-- The last number given out of a series; the row is the lock that keeps it without gap.
CREATE TABLE number_series (
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    series TEXT NOT NULL CONSTRAINT number_series_series_check CHECK (length(series) >= 1),
    year INTEGER NOT NULL CONSTRAINT number_series_year_check CHECK (year BETWEEN 2000 AND 2999),
    last_n INTEGER NOT NULL CONSTRAINT number_series_last_n_check CHECK (last_n >= 1),
    CONSTRAINT number_series_agency_id_series_year_key PRIMARY KEY (agency_id, series, year)
) STRICT, WITHOUT ROWID;

-- Every 文号 ever allotted; a voided one stays with its reason.
CREATE TABLE document_numbers (
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    series TEXT NOT NULL CONSTRAINT document_numbers_series_check CHECK (length(series) >= 1),
    year INTEGER NOT NULL CONSTRAINT document_numbers_year_check CHECK (year BETWEEN 2000 AND 2999),
    n INTEGER NOT NULL CONSTRAINT document_numbers_n_check CHECK (n >= 1),
    text TEXT NOT NULL,
    notice_id BLOB REFERENCES notices(id) CHECK (length(notice_id) = 16),
    allotted_at TEXT NOT NULL CHECK (allotted_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(allotted_at) NOT NULL),
    voided_at TEXT CHECK (voided_at IS NULL OR voided_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(voided_at) NOT NULL),
    void_reason TEXT,
    voided_by BLOB REFERENCES users(id) CHECK (length(voided_by) = 16),
    CONSTRAINT document_numbers_agency_id_series_year_n_key PRIMARY KEY (agency_id, series, year, n),
    CONSTRAINT document_numbers_voided_check CHECK (voided_at IS NULL OR length(void_reason) >= 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_numbers_notice_id_idx ON document_numbers (notice_id);

-- Attachments and evidence; the bytes lie in the file store under storage_key.
CREATE TABLE files (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    purpose TEXT NOT NULL CONSTRAINT files_purpose_check CHECK (purpose = lower(purpose) AND length(purpose) BETWEEN 1 AND 64),
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL CONSTRAINT files_size_bytes_check CHECK (size_bytes >= 0),
    sha256 TEXT NOT NULL CONSTRAINT files_sha256_check CHECK (length(sha256) = 64),
    storage_key TEXT NOT NULL,
    uploaded_by BLOB REFERENCES users(id) CHECK (length(uploaded_by) = 16),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT files_id_key PRIMARY KEY (id),
    CONSTRAINT files_storage_key_key UNIQUE (storage_key)
) STRICT;
CREATE INDEX files_request_id_idx ON files (request_id);

-- How and when a notice reached the applicant.
CREATE TABLE deliveries (
    id BLOB NOT NULL CHECK (length(id) = 16),
    notice_id BLOB NOT NULL REFERENCES notices(id) CHECK (length(notice_id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    method TEXT NOT NULL
        CONSTRAINT deliveries_method_check CHECK (
            method IN ('in_person', 'ems', 'registered', 'ordinary_post', 'electronic', 'via_agency', 'left_at_address',
            'public_notice')
        ),
    sent_on TEXT NOT NULL CHECK (sent_on IS date(sent_on)),
    tracking_number TEXT,
    agency_completion_on TEXT CHECK (agency_completion_on IS date(agency_completion_on)),
    served_on TEXT CHECK (served_on IS date(served_on)),
    returned_on TEXT CHECK (returned_on IS date(returned_on)),
    return_reason TEXT,
    evidence_file_id BLOB REFERENCES files(id) CHECK (length(evidence_file_id) = 16),
    evidence_note TEXT NOT NULL,
    recorded_by BLOB NOT NULL REFERENCES users(id) CHECK (length(recorded_by) = 16),
    version INTEGER NOT NULL CONSTRAINT deliveries_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT deliveries_id_key PRIMARY KEY (id)
) STRICT;
CREATE INDEX deliveries_notice_id_idx ON deliveries (notice_id);
CREATE INDEX deliveries_request_id_idx ON deliveries (request_id);

-- Side effects to be carried out after the commit that caused them.
CREATE TABLE outbox (
    id BLOB NOT NULL CHECK (length(id) = 16),
    kind TEXT NOT NULL CONSTRAINT outbox_kind_check CHECK (kind IN ('mail', 'render')),
    request_id BLOB CHECK (length(request_id) = 16),
    notice_id BLOB CHECK (length(notice_id) = 16),
    recipient TEXT,
    payload TEXT NOT NULL CHECK (json_valid(payload)),
    state TEXT NOT NULL CONSTRAINT outbox_state_check CHECK (state IN ('queued', 'leased', 'done', 'dead')),
    attempts INTEGER NOT NULL CONSTRAINT outbox_attempts_check CHECK (attempts >= 0),
    run_at TEXT NOT NULL CHECK (run_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(run_at) NOT NULL),
    lease_until_at TEXT CHECK (lease_until_at IS NULL OR lease_until_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(lease_until_at) NOT NULL),
    lease_owner TEXT,
    last_error TEXT,
    dedup_key TEXT,
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    done_at TEXT CHECK (done_at IS NULL OR done_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(done_at) NOT NULL),
    CONSTRAINT outbox_id_key PRIMARY KEY (id),
    CONSTRAINT outbox_dedup_key_key UNIQUE (dedup_key),
    CONSTRAINT outbox_lease_check CHECK ((state = 'leased') = (lease_owner IS NOT NULL AND lease_until_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_state_run_at_idx ON outbox (state, run_at);

-- Answers already given to a POST with an Idempotency-Key.
CREATE TABLE idempotency_keys (
    actor TEXT NOT NULL,
    key TEXT NOT NULL CONSTRAINT idempotency_keys_key_check CHECK (length(key) BETWEEN 1 AND 255),
    route TEXT NOT NULL,
    request_sha256 TEXT NOT NULL CONSTRAINT idempotency_keys_request_sha256_check CHECK (length(request_sha256) = 64),
    status INTEGER,
    response TEXT CHECK (json_valid(response)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    completed_at TEXT CHECK (completed_at IS NULL OR completed_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(completed_at) NOT NULL),
    CONSTRAINT idempotency_keys_actor_key_key PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- Who did what, also what was refused.
CREATE TABLE audit_log (
    id BLOB NOT NULL CHECK (length(id) = 16),
    at TEXT NOT NULL CHECK (at GLOB '????-??-??T??:??:??.??????Z' AND datetime(at) NOT NULL),
    actor_id BLOB CHECK (length(actor_id) = 16),
    actor_label TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BLOB CHECK (length(object_id) = 16),
    outcome TEXT NOT NULL CONSTRAINT audit_log_outcome_check CHECK (outcome IN ('ok', 'refused', 'failed')),
    detail TEXT NOT NULL CHECK (json_valid(detail)),
    request_id_header TEXT,
    CONSTRAINT audit_log_id_key PRIMARY KEY (id)
) STRICT;
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE INDEX audit_log_object_kind_object_id_idx ON audit_log (object_kind, object_id);

-- Who may run a singleton task until when; the epoch fences off a holder that fell asleep.
CREATE TABLE leases (
    name TEXT NOT NULL CONSTRAINT leases_name_check CHECK (name = lower(name) AND length(name) BETWEEN 1 AND 64),
    holder TEXT NOT NULL,
    until_at TEXT NOT NULL CHECK (until_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(until_at) NOT NULL),
    epoch INTEGER NOT NULL CONSTRAINT leases_epoch_check CHECK (epoch >= 1),
    CONSTRAINT leases_name_key PRIMARY KEY (name)
) STRICT, WITHOUT ROWID;

-- The ledger is never rewritten: a correction is a new event.
CREATE TRIGGER request_events_no_update BEFORE UPDATE ON request_events
BEGIN SELECT RAISE(ABORT, 'request_events is append-only'); END;
CREATE TRIGGER request_events_no_delete BEFORE DELETE ON request_events
BEGIN SELECT RAISE(ABORT, 'request_events is append-only'); END;
