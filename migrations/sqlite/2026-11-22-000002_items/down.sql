-- Roles the list before did not know are lost.
ALTER TABLE user_roles RENAME TO user_roles_after;
CREATE TABLE user_roles (
    user_id BLOB NOT NULL REFERENCES users(id) CHECK (length(user_id) = 16),
    role TEXT NOT NULL
        CONSTRAINT user_roles_role_check CHECK (role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator')),
    CONSTRAINT user_roles_user_id_role_key PRIMARY KEY (user_id, role)
) STRICT, WITHOUT ROWID;
INSERT INTO user_roles (user_id, role) SELECT user_id, role FROM user_roles_after
    WHERE role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator');
DROP TABLE user_roles_after;
DROP TABLE items;
