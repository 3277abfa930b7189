-- 好差评: what applicants think of the service, once a request, and what followed from a bad rating.
CREATE TABLE ratings (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT ratings_request_id_fkey REFERENCES requests(id),
    grade text NOT NULL CONSTRAINT ratings_grade_check CHECK (grade IN ('very_satisfied', 'satisfied', 'basically_satisfied', 'dissatisfied', 'very_dissatisfied')),
    comment text NOT NULL,
    outcome text,
    rated_on date NOT NULL,
    state text NOT NULL CONSTRAINT ratings_state_check CHECK (state IN ('noted', 'open', 'contacted', 'checked', 'corrected', 'closed')),
    due_on date,
    history jsonb NOT NULL,
    closed_on date,
    version integer NOT NULL CONSTRAINT ratings_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT ratings_id_key PRIMARY KEY (id),
    CONSTRAINT ratings_request_id_key UNIQUE (request_id)
);
CREATE INDEX ratings_state_due_on_idx ON ratings (state, due_on);
