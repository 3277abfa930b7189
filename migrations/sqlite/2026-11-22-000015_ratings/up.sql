-- 好差评: what applicants think of the service, once a request, and what followed from a bad rating.
CREATE TABLE ratings (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    grade TEXT NOT NULL CONSTRAINT ratings_grade_check CHECK (grade IN ('very_satisfied', 'satisfied', 'basically_satisfied', 'dissatisfied', 'very_dissatisfied')),
    comment TEXT NOT NULL,
    outcome TEXT,
    rated_on TEXT NOT NULL CHECK (rated_on IS date(rated_on)),
    state TEXT NOT NULL CONSTRAINT ratings_state_check CHECK (state IN ('noted', 'open', 'contacted', 'checked', 'corrected', 'closed')),
    due_on TEXT CHECK (due_on IS date(due_on)),
    history TEXT NOT NULL CHECK (json_valid(history)),
    closed_on TEXT CHECK (closed_on IS date(closed_on)),
    version INTEGER NOT NULL CONSTRAINT ratings_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT ratings_id_key PRIMARY KEY (id),
    CONSTRAINT ratings_request_id_key UNIQUE (request_id)
) STRICT;
CREATE INDEX ratings_state_due_on_idx ON ratings (state, due_on);
