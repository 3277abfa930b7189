-- Foundation of the county's register, PostgreSQL.
-- Same tables, columns and constraint names as on SQLite. Keys and unique constraints are named <table>_<columns>_key so that
-- src/db/error.rs gives the same name on both.

-- The agencies (行政机关) of the county and the office (受理机构) that receives requests for them.
CREATE TABLE agencies (
    id uuid NOT NULL,
    serial integer NOT NULL CONSTRAINT agencies_serial_check CHECK (serial BETWEEN 1 AND 999),
    name text NOT NULL,
    short_name text NOT NULL,
    code_word text NOT NULL,
    level text NOT NULL CONSTRAINT agencies_level_check CHECK (level IN ('county_government', 'department', 'township')),
    region text NOT NULL,
    office_name text NOT NULL,
    address text NOT NULL,
    postcode text NOT NULL,
    phone text NOT NULL,
    fax text NOT NULL,
    email text NOT NULL,
    office_hours text NOT NULL,
    channels jsonb NOT NULL,
    review_body text NOT NULL,
    court text NOT NULL,
    review_online_url text,
    number_pattern text NOT NULL,
    settings jsonb NOT NULL,
    active boolean NOT NULL,
    version integer NOT NULL CONSTRAINT agencies_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT agencies_id_key PRIMARY KEY (id),
    CONSTRAINT agencies_serial_key UNIQUE (serial),
    CONSTRAINT agencies_name_key UNIQUE (name)
);

-- People who sign in; citizens have no account.
CREATE TABLE users (
    id uuid NOT NULL,
    login text NOT NULL CONSTRAINT users_login_check CHECK (login = lower(login) AND length(login) BETWEEN 1 AND 64),
    name text NOT NULL,
    password_hash text NOT NULL,
    agency_id uuid CONSTRAINT users_agency_id_fkey REFERENCES agencies(id),
    email text,
    active boolean NOT NULL,
    failed_logins integer NOT NULL CONSTRAINT users_failed_logins_check CHECK (failed_logins >= 0),
    locked_until_at timestamptz,
    must_change boolean NOT NULL,
    version integer NOT NULL CONSTRAINT users_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT users_id_key PRIMARY KEY (id),
    CONSTRAINT users_login_key UNIQUE (login)
);
CREATE INDEX users_agency_id_idx ON users (agency_id);

-- What a person may be; one row a role.
CREATE TABLE user_roles (
    user_id uuid NOT NULL CONSTRAINT user_roles_user_id_fkey REFERENCES users(id),
    role text NOT NULL
        CONSTRAINT user_roles_role_check CHECK (role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator')),
    CONSTRAINT user_roles_user_id_role_key PRIMARY KEY (user_id, role)
);

-- One row a refresh token; a family is one sign-in and its rotations. Only hashes are kept.
CREATE TABLE refresh_tokens (
    id uuid NOT NULL,
    family_id uuid NOT NULL,
    user_id uuid NOT NULL CONSTRAINT refresh_tokens_user_id_fkey REFERENCES users(id),
    token_hash text NOT NULL CONSTRAINT refresh_tokens_token_hash_check CHECK (length(token_hash) = 64),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    revoked_at timestamptz,
    revoked_reason text,
    CONSTRAINT refresh_tokens_id_key PRIMARY KEY (id),
    CONSTRAINT refresh_tokens_token_hash_key UNIQUE (token_hash)
);
CREATE INDEX refresh_tokens_family_id_idx ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_user_id_idx ON refresh_tokens (user_id);

-- The case row: a projection of the ledger for queues and search.
CREATE TABLE requests (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT requests_agency_id_fkey REFERENCES agencies(id),
    number text NOT NULL CONSTRAINT requests_number_check CHECK (length(number) >= 1),
    channel text NOT NULL
        CONSTRAINT requests_channel_check CHECK (channel = lower(channel) AND length(channel) BETWEEN 1 AND 64),
    arrived_on date NOT NULL,
    confirmed_on date,
    received_on date,
    receipt_basis text,
    receipt_decided_by uuid CONSTRAINT requests_receipt_decided_by_fkey REFERENCES users(id),
    state text NOT NULL
        CONSTRAINT requests_state_check CHECK (
            state IN ('received', 'awaiting_confirmation', 'registered', 'examining', 'correction_pending',
            'reason_pending', 'fee_pending', 'processing', 'deferred', 'third_party_pending', 'agency_pending',
            'secrecy_review', 'extension_pending', 'approval', 'issued', 'dispatched', 'service_failed',
            'served', 'withdrawn', 'correction_lapsed', 'fee_lapsed', 'closed', 'under_remedy', 'archived')
        ),
    anchor_on date,
    due_on date,
    provisional boolean NOT NULL,
    conservative_due_on date,
    defects jsonb NOT NULL,
    outcome text,
    reply_on date,
    served_on date,
    closed_on date,
    officer_id uuid CONSTRAINT requests_officer_id_fkey REFERENCES users(id),
    title text NOT NULL,
    applicant_name text NOT NULL,
    applicant_kind text NOT NULL
        CONSTRAINT requests_applicant_kind_check CHECK (
            applicant_kind IN ('natural_person', 'commercial', 'research', 'public_welfare', 'legal_service',
            'other_organisation')
        ),
    open boolean NOT NULL,
    queue_on date NOT NULL,
    last_seq integer NOT NULL CONSTRAINT requests_last_seq_check CHECK (last_seq >= 0),
    version integer NOT NULL CONSTRAINT requests_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT requests_id_key PRIMARY KEY (id),
    CONSTRAINT requests_agency_id_number_key UNIQUE (agency_id, number)
);
-- The queue: least slack first; queue_on is the last day, or the safest guess at it, or 9999-12-31.
CREATE INDEX requests_agency_id_open_queue_on_id_idx ON requests (agency_id, open, queue_on, id);
CREATE INDEX requests_open_queue_on_id_idx ON requests (open, queue_on, id);
CREATE INDEX requests_officer_id_open_queue_on_idx ON requests (officer_id, open, queue_on, id);
CREATE INDEX requests_agency_id_state_idx ON requests (agency_id, state);
CREATE INDEX requests_received_on_idx ON requests (received_on);

-- The application form as submitted, without the identity number in the clear.
CREATE TABLE applications (
    request_id uuid NOT NULL CONSTRAINT applications_request_id_fkey REFERENCES requests(id),
    kind text NOT NULL
        CONSTRAINT applications_kind_check CHECK (
            kind IN ('natural_person', 'commercial', 'research', 'public_welfare', 'legal_service',
            'other_organisation')
        ),
    form jsonb NOT NULL,
    applicant_name text NOT NULL,
    phone text NOT NULL,
    email text NOT NULL,
    identity_cipher text,
    identity_digest text CONSTRAINT applications_identity_digest_check CHECK (length(identity_digest) = 64),
    applicant_key text NOT NULL CONSTRAINT applications_applicant_key_check CHECK (length(applicant_key) = 64),
    content_digest text NOT NULL CONSTRAINT applications_content_digest_check CHECK (length(content_digest) = 64),
    created_at timestamptz NOT NULL,
    CONSTRAINT applications_request_id_key PRIMARY KEY (request_id)
);
CREATE INDEX applications_identity_digest_idx ON applications (identity_digest);
CREATE INDEX applications_applicant_key_idx ON applications (applicant_key);

-- The ledger: append-only, each row hashed over its predecessor.
CREATE TABLE request_events (
    request_id uuid NOT NULL CONSTRAINT request_events_request_id_fkey REFERENCES requests(id),
    seq integer NOT NULL CONSTRAINT request_events_seq_check CHECK (seq >= 1),
    kind text NOT NULL CONSTRAINT request_events_kind_check CHECK (kind = lower(kind) AND length(kind) BETWEEN 1 AND 64),
    occurred_on date NOT NULL,
    recorded_at timestamptz NOT NULL,
    actor_id uuid,
    actor_label text NOT NULL,
    payload jsonb NOT NULL,
    prev_hash text NOT NULL CONSTRAINT request_events_prev_hash_check CHECK (length(prev_hash) = 64),
    hash text NOT NULL CONSTRAINT request_events_hash_check CHECK (length(hash) = 64),
    seal text NOT NULL CONSTRAINT request_events_seal_check CHECK (length(seal) = 64),
    CONSTRAINT request_events_request_id_seq_key PRIMARY KEY (request_id, seq)
);

-- Notices and replies from draft to issue; what was issued is frozen by its hashes.
CREATE TABLE notices (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT notices_request_id_fkey REFERENCES requests(id),
    kind text NOT NULL CONSTRAINT notices_kind_check CHECK (kind = lower(kind) AND length(kind) BETWEEN 1 AND 64),
    status text NOT NULL
        CONSTRAINT notices_status_check CHECK (
            status IN ('draft', 'submitted', 'approved', 'returned', 'issued', 'voided', 'withdrawn')
        ),
    outcome text,
    title text NOT NULL,
    content jsonb NOT NULL,
    fields jsonb NOT NULL,
    template_code text NOT NULL,
    template_version text NOT NULL,
    series text,
    number text,
    number_year integer,
    number_n integer,
    drafted_by uuid CONSTRAINT notices_drafted_by_fkey REFERENCES users(id),
    submitted_at timestamptz,
    approved_by uuid CONSTRAINT notices_approved_by_fkey REFERENCES users(id),
    approved_at timestamptz,
    return_reason text,
    issued_by uuid CONSTRAINT notices_issued_by_fkey REFERENCES users(id),
    issued_on date,
    content_sha256 text CONSTRAINT notices_content_sha256_check CHECK (length(content_sha256) = 64),
    pdf_key text,
    pdf_sha256 text CONSTRAINT notices_pdf_sha256_check CHECK (length(pdf_sha256) = 64),
    pdf_bytes bigint,
    docx_key text,
    docx_sha256 text CONSTRAINT notices_docx_sha256_check CHECK (length(docx_sha256) = 64),
    docx_bytes bigint,
    rendered_at timestamptz,
    version integer NOT NULL CONSTRAINT notices_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT notices_id_key PRIMARY KEY (id)
);
CREATE INDEX notices_request_id_idx ON notices (request_id);

-- The last number given out of a series; the row is the lock that keeps it without gap.
CREATE TABLE number_series (
    agency_id uuid NOT NULL CONSTRAINT number_series_agency_id_fkey REFERENCES agencies(id),
    series text NOT NULL CONSTRAINT number_series_series_check CHECK (length(series) >= 1),
    year integer NOT NULL CONSTRAINT number_series_year_check CHECK (year BETWEEN 2000 AND 2999),
    last_n integer NOT NULL CONSTRAINT number_series_last_n_check CHECK (last_n >= 1),
    CONSTRAINT number_series_agency_id_series_year_key PRIMARY KEY (agency_id, series, year)
);

-- Every 文号 ever allotted; a voided one stays with its reason.
CREATE TABLE document_numbers (
    agency_id uuid NOT NULL CONSTRAINT document_numbers_agency_id_fkey REFERENCES agencies(id),
    series text NOT NULL CONSTRAINT document_numbers_series_check CHECK (length(series) >= 1),
    year integer NOT NULL CONSTRAINT document_numbers_year_check CHECK (year BETWEEN 2000 AND 2999),
    n integer NOT NULL CONSTRAINT document_numbers_n_check CHECK (n >= 1),
    text text NOT NULL,
    notice_id uuid CONSTRAINT document_numbers_notice_id_fkey REFERENCES notices(id),
    allotted_at timestamptz NOT NULL,
    voided_at timestamptz,
    void_reason text,
    voided_by uuid CONSTRAINT document_numbers_voided_by_fkey REFERENCES users(id),
    CONSTRAINT document_numbers_agency_id_series_year_n_key PRIMARY KEY (agency_id, series, year, n),
    CONSTRAINT document_numbers_voided_check CHECK (voided_at IS NULL OR length(void_reason) >= 1)
);
CREATE INDEX document_numbers_notice_id_idx ON document_numbers (notice_id);

-- Attachments and evidence; the bytes lie in the file store under storage_key.
CREATE TABLE files (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT files_request_id_fkey REFERENCES requests(id),
    purpose text NOT NULL CONSTRAINT files_purpose_check CHECK (purpose = lower(purpose) AND length(purpose) BETWEEN 1 AND 64),
    name text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL CONSTRAINT files_size_bytes_check CHECK (size_bytes >= 0),
    sha256 text NOT NULL CONSTRAINT files_sha256_check CHECK (length(sha256) = 64),
    storage_key text NOT NULL,
    uploaded_by uuid CONSTRAINT files_uploaded_by_fkey REFERENCES users(id),
    created_at timestamptz NOT NULL,
    CONSTRAINT files_id_key PRIMARY KEY (id),
    CONSTRAINT files_storage_key_key UNIQUE (storage_key)
);
CREATE INDEX files_request_id_idx ON files (request_id);

-- How and when a notice reached the applicant.
CREATE TABLE deliveries (
    id uuid NOT NULL,
    notice_id uuid NOT NULL CONSTRAINT deliveries_notice_id_fkey REFERENCES notices(id),
    request_id uuid NOT NULL CONSTRAINT deliveries_request_id_fkey REFERENCES requests(id),
    method text NOT NULL
        CONSTRAINT deliveries_method_check CHECK (
            method IN ('in_person', 'ems', 'registered', 'ordinary_post', 'electronic', 'via_agency', 'left_at_address',
            'public_notice')
        ),
    sent_on date NOT NULL,
    tracking_number text,
    agency_completion_on date,
    served_on date,
    returned_on date,
    return_reason text,
    evidence_file_id uuid CONSTRAINT deliveries_evidence_file_id_fkey REFERENCES files(id),
    evidence_note text NOT NULL,
    recorded_by uuid NOT NULL CONSTRAINT deliveries_recorded_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT deliveries_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT deliveries_id_key PRIMARY KEY (id)
);
CREATE INDEX deliveries_notice_id_idx ON deliveries (notice_id);
CREATE INDEX deliveries_request_id_idx ON deliveries (request_id);

-- Side effects to be carried out after the commit that caused them.
CREATE TABLE outbox (
    id uuid NOT NULL,
    kind text NOT NULL CONSTRAINT outbox_kind_check CHECK (kind IN ('mail', 'render')),
    request_id uuid,
    notice_id uuid,
    recipient text,
    payload jsonb NOT NULL,
    state text NOT NULL CONSTRAINT outbox_state_check CHECK (state IN ('queued', 'leased', 'done', 'dead')),
    attempts integer NOT NULL CONSTRAINT outbox_attempts_check CHECK (attempts >= 0),
    run_at timestamptz NOT NULL,
    lease_until_at timestamptz,
    lease_owner text,
    last_error text,
    dedup_key text,
    created_at timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT outbox_id_key PRIMARY KEY (id),
    CONSTRAINT outbox_dedup_key_key UNIQUE (dedup_key),
    CONSTRAINT outbox_lease_check CHECK ((state = 'leased') = (lease_owner IS NOT NULL AND lease_until_at IS NOT NULL))
);
CREATE INDEX outbox_state_run_at_idx ON outbox (state, run_at);

-- Answers already given to a POST with an Idempotency-Key.
CREATE TABLE idempotency_keys (
    actor text NOT NULL,
    key text NOT NULL CONSTRAINT idempotency_keys_key_check CHECK (length(key) BETWEEN 1 AND 255),
    route text NOT NULL,
    request_sha256 text NOT NULL CONSTRAINT idempotency_keys_request_sha256_check CHECK (length(request_sha256) = 64),
    status integer,
    response jsonb,
    created_at timestamptz NOT NULL,
    completed_at timestamptz,
    CONSTRAINT idempotency_keys_actor_key_key PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- Who did what, also what was refused.
CREATE TABLE audit_log (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    actor_label text NOT NULL,
    action text NOT NULL,
    object_kind text NOT NULL,
    object_id uuid,
    outcome text NOT NULL CONSTRAINT audit_log_outcome_check CHECK (outcome IN ('ok', 'refused', 'failed')),
    detail jsonb NOT NULL,
    request_id_header text,
    CONSTRAINT audit_log_id_key PRIMARY KEY (id)
);
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE INDEX audit_log_object_kind_object_id_idx ON audit_log (object_kind, object_id);

-- Who may run a singleton task until when; the epoch fences off a holder that fell asleep.
CREATE TABLE leases (
    name text NOT NULL CONSTRAINT leases_name_check CHECK (name = lower(name) AND length(name) BETWEEN 1 AND 64),
    holder text NOT NULL,
    until_at timestamptz NOT NULL,
    epoch bigint NOT NULL CONSTRAINT leases_epoch_check CHECK (epoch >= 1),
    CONSTRAINT leases_name_key PRIMARY KEY (name)
);

-- The ledger is never rewritten: a correction is a new event.
CREATE FUNCTION request_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'request_events is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER request_events_no_update BEFORE UPDATE ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_append_only();
CREATE TRIGGER request_events_no_delete BEFORE DELETE ON request_events
    FOR EACH ROW EXECUTE FUNCTION request_events_append_only();
CREATE TRIGGER request_events_no_truncate BEFORE TRUNCATE ON request_events
    FOR EACH STATEMENT EXECUTE FUNCTION request_events_append_only();
