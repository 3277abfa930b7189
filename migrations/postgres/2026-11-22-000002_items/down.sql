-- Roles the list before did not know are lost.
DELETE FROM user_roles WHERE role NOT IN ('clerk', 'officer', 'head', 'supervisor', 'administrator');
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_check;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_role_check
    CHECK (role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator'));
DROP TABLE items;
