-- Mails to applicants about changed dates are queued with the entry; rows of an earlier program still wait for theirs.
ALTER TABLE calendar_changes ADD COLUMN applicant_told INTEGER NOT NULL DEFAULT 0
    CONSTRAINT calendar_changes_applicant_told_check CHECK (applicant_told IN (0, 1));

-- Whom nobody has told yet, in the order in which they are.
DROP INDEX calendar_changes_told_idx;
CREATE INDEX calendar_changes_told_idx ON calendar_changes (calendar_seq, request_id, entry_seq) WHERE NOT told;

-- The last day to put a bad rating right counts working days: by which version, and every date it had before.
ALTER TABLE ratings ADD COLUMN calendar_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE ratings ADD COLUMN due_changes TEXT NOT NULL DEFAULT '[]'
    CONSTRAINT ratings_due_changes_check CHECK (json_valid(due_changes));

-- A reminder whose limit rests or is no more is withdrawn with a reason, never deleted.
ALTER TABLE reminders ADD COLUMN withdrawn_on TEXT
    CONSTRAINT reminders_withdrawn_on_check CHECK (withdrawn_on IS date(withdrawn_on));
ALTER TABLE reminders ADD COLUMN withdrawn_why TEXT;
CREATE INDEX reminders_standing_idx ON reminders (object_id, kind) WHERE withdrawn_on IS NULL;

-- When work that comes round every day was last done to its end.
CREATE TABLE rounds (
    name TEXT NOT NULL CONSTRAINT rounds_name_key PRIMARY KEY,
    done_on TEXT NOT NULL CONSTRAINT rounds_done_on_check CHECK (done_on IS date(done_on)),
    done_at TEXT NOT NULL
        CONSTRAINT rounds_done_at_check CHECK (done_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(done_at) NOT NULL)
) STRICT;

-- An HMAC over what a publication says and over its history; empty in rows of an earlier program until the next start.
ALTER TABLE publications ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE INDEX publications_unattested_idx ON publications (id) WHERE seal = '';
