-- Mails to applicants about changed dates are queued with the entry; rows of an earlier program still wait for theirs.
ALTER TABLE calendar_changes ADD COLUMN applicant_told boolean NOT NULL DEFAULT FALSE;

-- Whom nobody has told yet, in the order in which they are.
DROP INDEX calendar_changes_told_idx;
CREATE INDEX calendar_changes_told_idx ON calendar_changes (calendar_seq, request_id, entry_seq) WHERE NOT told;

-- The last day to put a bad rating right counts working days: by which version, and every date it had before.
ALTER TABLE ratings ADD COLUMN calendar_seq integer NOT NULL DEFAULT 0;
ALTER TABLE ratings ADD COLUMN due_changes jsonb NOT NULL DEFAULT '[]';

-- A reminder whose limit rests or is no more is withdrawn with a reason, never deleted.
ALTER TABLE reminders ADD COLUMN withdrawn_on date;
ALTER TABLE reminders ADD COLUMN withdrawn_why text;
CREATE INDEX reminders_standing_idx ON reminders (object_id, kind) WHERE withdrawn_on IS NULL;

-- When work that comes round every day was last done to its end.
CREATE TABLE rounds (
    name text NOT NULL CONSTRAINT rounds_name_key PRIMARY KEY,
    done_on date NOT NULL,
    done_at timestamptz NOT NULL
);

-- An HMAC over what a publication says and over its history; empty in rows of an earlier program until the next start.
ALTER TABLE publications ADD COLUMN seal text NOT NULL DEFAULT '';
CREATE INDEX publications_unattested_idx ON publications (id) WHERE seal = '';
