-- 期限提醒: who was told of which limit, once a stage and date; and the one message a person and day.
CREATE TABLE reminder_digests (
    id uuid NOT NULL,
    user_id uuid NOT NULL CONSTRAINT reminder_digests_user_id_fkey REFERENCES users(id),
    made_on date NOT NULL,
    reminders integer NOT NULL CONSTRAINT reminder_digests_reminders_check CHECK (reminders >= 1),
    mailed boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT reminder_digests_id_key PRIMARY KEY (id),
    CONSTRAINT reminder_digests_user_id_made_on_key UNIQUE (user_id, made_on)
);

CREATE TABLE reminders (
    id uuid NOT NULL,
    user_id uuid NOT NULL CONSTRAINT reminders_user_id_fkey REFERENCES users(id),
    for_user_id uuid CONSTRAINT reminders_for_user_id_fkey REFERENCES users(id),
    agency_id uuid NOT NULL CONSTRAINT reminders_agency_id_fkey REFERENCES agencies(id),
    kind text NOT NULL CONSTRAINT reminders_kind_check CHECK (kind IN ('reply', 'unconfirmed_receipt', 'correction_over', 'payment_over', 'silence_over', 'remedy_answer', 'record_correction', 'complaint_statement', 'complaint', 'rating')),
    object_id uuid NOT NULL,
    n integer NOT NULL CONSTRAINT reminders_n_check CHECK (n >= 0),
    request_id uuid CONSTRAINT reminders_request_id_fkey REFERENCES requests(id),
    number text NOT NULL,
    stage text NOT NULL CONSTRAINT reminders_stage_check CHECK (stage IN ('overdue', 'last_day', 'two_days', 'five_days')),
    limit_on date NOT NULL,
    provisional boolean NOT NULL,
    next_step text NOT NULL,
    made_on date NOT NULL,
    digest_id uuid CONSTRAINT reminders_digest_id_fkey REFERENCES reminder_digests(id),
    seen_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT reminders_id_key PRIMARY KEY (id),
    CONSTRAINT reminders_user_id_kind_object_id_n_stage_limit_on_key UNIQUE (user_id, kind, object_id, n, stage, limit_on)
);
CREATE INDEX reminders_user_id_digest_id_idx ON reminders (user_id, digest_id);
CREATE INDEX reminders_agency_id_id_idx ON reminders (agency_id, id);
CREATE INDEX reminders_digest_id_idx ON reminders (digest_id);
