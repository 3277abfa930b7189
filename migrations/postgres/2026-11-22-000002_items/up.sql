-- Items of a request with their outcomes: a projection of the ledger, for queries and statistics.
CREATE TABLE items (
    request_id uuid NOT NULL CONSTRAINT items_request_id_fkey REFERENCES requests(id),
    n integer NOT NULL CONSTRAINT items_n_check CHECK (n >= 1),
    title text NOT NULL,
    description text NOT NULL,
    outcome text,
    ground text NOT NULL,
    finding text CONSTRAINT items_finding_check CHECK (finding IN ('releasable', 'partly', 'secret')),
    searched boolean NOT NULL,
    CONSTRAINT items_request_id_n_key PRIMARY KEY (request_id, n)
);
CREATE INDEX items_outcome_idx ON items (outcome);

-- Roles are names of the program's list; the list grows (secrecy_reviewer is the sixth).
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_check;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_role_check
    CHECK (role = lower(role) AND length(role) BETWEEN 1 AND 64);
