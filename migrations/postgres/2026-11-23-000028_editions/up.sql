-- 文书用语的本机关版本: an agency's own text of a wording template, drafted by one person, approved by another,
-- in force from a day. No text: back to the built-in one.
CREATE TABLE editions (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT editions_agency_id_fkey REFERENCES agencies(id),
    template text NOT NULL CONSTRAINT editions_template_check CHECK (length(template) BETWEEN 1 AND 64),
    n integer NOT NULL CONSTRAINT editions_n_check CHECK (n >= 1),
    state text NOT NULL CONSTRAINT editions_state_check CHECK (state IN ('draft', 'submitted', 'approved', 'discarded')),
    body text,
    base integer NOT NULL CONSTRAINT editions_base_check CHECK (base >= 1),
    why text NOT NULL CONSTRAINT editions_why_check CHECK (length(why) >= 1),
    drafted_by uuid NOT NULL CONSTRAINT editions_drafted_by_fkey REFERENCES users(id),
    decided_by uuid CONSTRAINT editions_decided_by_fkey REFERENCES users(id),
    return_reason text,
    from_on date,
    seq integer CONSTRAINT editions_seq_check CHECK (seq >= 1),
    version integer NOT NULL CONSTRAINT editions_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT editions_id_key PRIMARY KEY (id),
    CONSTRAINT editions_agency_id_template_n_key UNIQUE (agency_id, template, n),
    CONSTRAINT editions_seq_key UNIQUE (seq),
    CONSTRAINT editions_approved_check CHECK ((state = 'approved') = (seq IS NOT NULL AND from_on IS NOT NULL))
);
