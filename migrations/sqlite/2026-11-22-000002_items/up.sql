-- Items of a request with their outcomes: a projection of the ledger, for queries and statistics.
CREATE TABLE items (
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    n INTEGER NOT NULL CONSTRAINT items_n_check CHECK (n >= 1),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    outcome TEXT,
    ground TEXT NOT NULL,
    finding TEXT CONSTRAINT items_finding_check CHECK (finding IN ('releasable', 'partly', 'secret')),
    searched INTEGER NOT NULL CHECK (searched IN (0, 1)),
    CONSTRAINT items_request_id_n_key PRIMARY KEY (request_id, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX items_outcome_idx ON items (outcome);

-- Roles are names of the program's list; the list grows (secrecy_reviewer is the sixth).
ALTER TABLE user_roles RENAME TO user_roles_before;
CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT user_roles_role_check CHECK (role = lower(role) AND length(role) BETWEEN 1 AND 64),
    CONSTRAINT user_roles_user_id_role_key PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;
INSERT INTO user_roles (user_id, role) SELECT user_id, role FROM user_roles_before;
DROP TABLE user_roles_before;
