-- Remedies against replies and silence: a projection of the ledger, for queues and table four.
CREATE TABLE remedies (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    n INTEGER NOT NULL CONSTRAINT remedies_n_check CHECK (n >= 1),
    case_number TEXT NOT NULL CONSTRAINT remedies_case_number_check CHECK (length(case_number) >= 1),
    kind TEXT NOT NULL CONSTRAINT remedies_kind_check CHECK (kind IN ('reconsideration', 'suit', 'suit_after_reconsideration')),
    body TEXT NOT NULL,
    term TEXT CONSTRAINT remedies_term_check CHECK (term IN ('simplified_review', 'ordinary_review', 'suit')),
    opened_on TEXT NOT NULL CHECK (opened_on IS date(opened_on)),
    against BLOB CHECK (length(against) = 16),
    answer_due_on TEXT CHECK (answer_due_on IS date(answer_due_on)),
    provisional INTEGER NOT NULL CHECK (provisional IN (0, 1)),
    answered_on TEXT CHECK (answered_on IS date(answered_on)),
    result TEXT CONSTRAINT remedies_result_check CHECK (result IN ('upheld', 'corrected', 'other')),
    decided_on TEXT CHECK (decided_on IS date(decided_on)),
    remanded_on TEXT CHECK (remanded_on IS date(remanded_on)),
    open INTEGER NOT NULL CHECK (open IN (0, 1)),
    queue_on TEXT NOT NULL CHECK (queue_on IS date(queue_on)),
    CONSTRAINT remedies_request_id_n_key PRIMARY KEY (request_id, n)
) STRICT;
CREATE INDEX remedies_open_queue_on_idx ON remedies (open, queue_on, request_id, n);
CREATE INDEX remedies_against_idx ON remedies (against);

-- 举报投诉 to the supervising office (条例 art. 47, 51): a register of its own.
CREATE TABLE complaints (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    number TEXT NOT NULL CONSTRAINT complaints_number_check CHECK (length(number) >= 1),
    state TEXT NOT NULL CONSTRAINT complaints_state_check CHECK (state IN ('received', 'asked', 'stated', 'concluded')),
    received_on TEXT NOT NULL CHECK (received_on IS date(received_on)),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on)),
    statement_due_on TEXT CHECK (statement_due_on IS date(statement_due_on)),
    request_id BLOB REFERENCES requests(id) CHECK (length(request_id) = 16),
    complainant_cipher TEXT NOT NULL,
    content TEXT NOT NULL CONSTRAINT complaints_content_check CHECK (length(content) >= 1),
    history TEXT NOT NULL CHECK (json_valid(history)),
    finding TEXT CONSTRAINT complaints_finding_check CHECK (finding IN ('founded', 'partly_founded', 'unfounded', 'not_competent', 'withdrawn')),
    concluded_on TEXT CHECK (concluded_on IS date(concluded_on)),
    recorded_by BLOB NOT NULL REFERENCES users(id) CHECK (length(recorded_by) = 16),
    version INTEGER NOT NULL CONSTRAINT complaints_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT complaints_id_key PRIMARY KEY (id),
    CONSTRAINT complaints_agency_id_number_key UNIQUE (agency_id, number)
) STRICT;
CREATE INDEX complaints_request_id_idx ON complaints (request_id);

-- The library of reasons: ground and wording, for one agency or (without) for the county.
CREATE TABLE reason_texts (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    outcome TEXT NOT NULL,
    article TEXT NOT NULL CONSTRAINT reason_texts_article_check CHECK (length(article) >= 1),
    title TEXT NOT NULL CONSTRAINT reason_texts_title_check CHECK (length(title) >= 1),
    wording TEXT NOT NULL CONSTRAINT reason_texts_wording_check CHECK (length(wording) >= 1),
    notes TEXT NOT NULL,
    replaces BLOB REFERENCES reason_texts(id) CHECK (length(replaces) = 16),
    retired_on TEXT CHECK (retired_on IS date(retired_on)),
    retired_why TEXT NOT NULL,
    added_by BLOB NOT NULL REFERENCES users(id) CHECK (length(added_by) = 16),
    version INTEGER NOT NULL CONSTRAINT reason_texts_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT reason_texts_id_key PRIMARY KEY (id)
) STRICT;
CREATE INDEX reason_texts_outcome_idx ON reason_texts (outcome);

-- Which issued replies used which wording of the library.
CREATE TABLE reason_uses (
    reason_id BLOB NOT NULL REFERENCES reason_texts(id) CHECK (length(reason_id) = 16),
    notice_id BLOB NOT NULL REFERENCES notices(id) CHECK (length(notice_id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    issued_on TEXT NOT NULL CHECK (issued_on IS date(issued_on)),
    CONSTRAINT reason_uses_reason_id_notice_id_key PRIMARY KEY (reason_id, notice_id)
) STRICT;
CREATE INDEX reason_uses_notice_id_idx ON reason_uses (notice_id);

-- Cases with remedies that were entered before there was a table of them are found by this.
CREATE INDEX request_events_remedies_idx ON request_events (request_id) WHERE kind = 'remedy_opened';
