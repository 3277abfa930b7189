DROP TABLE record_corrections;
ALTER TABLE deliveries DROP COLUMN slip;
DROP TABLE deputyships;
DROP TABLE approval_chains;
CREATE TABLE user_roles_before (
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT user_roles_role_check CHECK (role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator')),
    CONSTRAINT user_roles_user_id_role_key PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;
INSERT INTO user_roles_before (user_id, role)
    SELECT user_id, role FROM user_roles WHERE role NOT IN ('legal_reviewer', 'leader', 'signer');
DROP TABLE user_roles;
ALTER TABLE user_roles_before RENAME TO user_roles;
