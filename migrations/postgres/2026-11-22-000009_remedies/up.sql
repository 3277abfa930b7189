-- Remedies against replies and silence: a projection of the ledger, for queues and table four.
CREATE TABLE remedies (
    request_id uuid NOT NULL CONSTRAINT remedies_request_id_fkey REFERENCES requests(id),
    n integer NOT NULL CONSTRAINT remedies_n_check CHECK (n >= 1),
    case_number text NOT NULL CONSTRAINT remedies_case_number_check CHECK (length(case_number) >= 1),
    kind text NOT NULL CONSTRAINT remedies_kind_check CHECK (kind IN ('reconsideration', 'suit', 'suit_after_reconsideration')),
    body text NOT NULL,
    term text CONSTRAINT remedies_term_check CHECK (term IN ('simplified_review', 'ordinary_review', 'suit')),
    opened_on date NOT NULL,
    against uuid,
    answer_due_on date,
    provisional boolean NOT NULL,
    answered_on date,
    result text CONSTRAINT remedies_result_check CHECK (result IN ('upheld', 'corrected', 'other')),
    decided_on date,
    remanded_on date,
    open boolean NOT NULL,
    queue_on date NOT NULL,
    CONSTRAINT remedies_request_id_n_key PRIMARY KEY (request_id, n)
);
CREATE INDEX remedies_open_queue_on_idx ON remedies (open, queue_on, request_id, n);
CREATE INDEX remedies_against_idx ON remedies (against);

-- 举报投诉 to the supervising office (条例 art. 47, 51): a register of its own.
CREATE TABLE complaints (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT complaints_agency_id_fkey REFERENCES agencies(id),
    number text NOT NULL CONSTRAINT complaints_number_check CHECK (length(number) >= 1),
    state text NOT NULL CONSTRAINT complaints_state_check CHECK (state IN ('received', 'asked', 'stated', 'concluded')),
    received_on date NOT NULL,
    due_on date NOT NULL,
    statement_due_on date,
    request_id uuid CONSTRAINT complaints_request_id_fkey REFERENCES requests(id),
    complainant_cipher text NOT NULL,
    content text NOT NULL CONSTRAINT complaints_content_check CHECK (length(content) >= 1),
    history jsonb NOT NULL,
    finding text CONSTRAINT complaints_finding_check CHECK (finding IN ('founded', 'partly_founded', 'unfounded', 'not_competent', 'withdrawn')),
    concluded_on date,
    recorded_by uuid NOT NULL CONSTRAINT complaints_recorded_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT complaints_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT complaints_id_key PRIMARY KEY (id),
    CONSTRAINT complaints_agency_id_number_key UNIQUE (agency_id, number)
);
CREATE INDEX complaints_request_id_idx ON complaints (request_id);

-- The library of reasons: ground and wording, for one agency or (without) for the county.
CREATE TABLE reason_texts (
    id uuid NOT NULL,
    agency_id uuid CONSTRAINT reason_texts_agency_id_fkey REFERENCES agencies(id),
    outcome text NOT NULL,
    article text NOT NULL CONSTRAINT reason_texts_article_check CHECK (length(article) >= 1),
    title text NOT NULL CONSTRAINT reason_texts_title_check CHECK (length(title) >= 1),
    wording text NOT NULL CONSTRAINT reason_texts_wording_check CHECK (length(wording) >= 1),
    notes text NOT NULL,
    replaces uuid CONSTRAINT reason_texts_replaces_fkey REFERENCES reason_texts(id),
    retired_on date,
    retired_why text NOT NULL,
    added_by uuid NOT NULL CONSTRAINT reason_texts_added_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT reason_texts_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT reason_texts_id_key PRIMARY KEY (id)
);
CREATE INDEX reason_texts_outcome_idx ON reason_texts (outcome);

-- Which issued replies used which wording of the library.
CREATE TABLE reason_uses (
    reason_id uuid NOT NULL CONSTRAINT reason_uses_reason_id_fkey REFERENCES reason_texts(id),
    notice_id uuid NOT NULL CONSTRAINT reason_uses_notice_id_fkey REFERENCES notices(id),
    request_id uuid NOT NULL CONSTRAINT reason_uses_request_id_fkey REFERENCES requests(id),
    issued_on date NOT NULL,
    CONSTRAINT reason_uses_reason_id_notice_id_key PRIMARY KEY (reason_id, notice_id)
);
CREATE INDEX reason_uses_notice_id_idx ON reason_uses (notice_id);

-- Cases with remedies that were entered before there was a table of them are found by this.
CREATE INDEX request_events_remedies_idx ON request_events (request_id) WHERE kind = 'remedy_opened';
