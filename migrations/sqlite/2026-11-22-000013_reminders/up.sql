-- 期限提醒: who was told of which limit, once a stage and date; and the one message a person and day.
CREATE TABLE reminder_digests (
    id BLOB NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    made_on TEXT NOT NULL CHECK (made_on IS date(made_on)),
    reminders INTEGER NOT NULL CONSTRAINT reminder_digests_reminders_check CHECK (reminders >= 1),
    mailed INTEGER NOT NULL CONSTRAINT reminder_digests_mailed_check CHECK (mailed IN (0, 1)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT reminder_digests_id_key PRIMARY KEY (id),
    CONSTRAINT reminder_digests_user_id_made_on_key UNIQUE (user_id, made_on)
) STRICT;

CREATE TABLE reminders (
    id BLOB NOT NULL CHECK (length(id) = 16),
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    for_user_id BLOB REFERENCES users(id) CHECK (length(for_user_id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    kind TEXT NOT NULL CONSTRAINT reminders_kind_check CHECK (kind IN ('reply', 'unconfirmed_receipt', 'correction_over', 'payment_over', 'silence_over', 'remedy_answer', 'record_correction', 'complaint_statement', 'complaint', 'rating')),
    object_id BLOB NOT NULL CHECK (length(object_id) = 16),
    n INTEGER NOT NULL CONSTRAINT reminders_n_check CHECK (n >= 0),
    request_id BLOB REFERENCES requests(id) CHECK (length(request_id) = 16),
    number TEXT NOT NULL,
    stage TEXT NOT NULL CONSTRAINT reminders_stage_check CHECK (stage IN ('overdue', 'last_day', 'two_days', 'five_days')),
    limit_on TEXT NOT NULL CHECK (limit_on IS date(limit_on)),
    provisional INTEGER NOT NULL CONSTRAINT reminders_provisional_check CHECK (provisional IN (0, 1)),
    next_step TEXT NOT NULL,
    made_on TEXT NOT NULL CHECK (made_on IS date(made_on)),
    digest_id BLOB REFERENCES reminder_digests(id) CHECK (length(digest_id) = 16),
    seen_at TEXT CHECK (seen_at IS NULL OR seen_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(seen_at) NOT NULL),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT reminders_id_key PRIMARY KEY (id),
    CONSTRAINT reminders_user_id_kind_object_id_n_stage_limit_on_key UNIQUE (user_id, kind, object_id, n, stage, limit_on)
) STRICT;
CREATE INDEX reminders_user_id_digest_id_idx ON reminders (user_id, digest_id);
CREATE INDEX reminders_agency_id_id_idx ON reminders (agency_id, id);
CREATE INDEX reminders_digest_id_idx ON reminders (digest_id);
