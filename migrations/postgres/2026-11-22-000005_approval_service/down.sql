DROP TABLE record_corrections;
ALTER TABLE deliveries DROP COLUMN slip;
DROP TABLE deputyships;
DROP TABLE approval_chains;
DELETE FROM user_roles WHERE role IN ('legal_reviewer', 'leader', 'signer');
ALTER TABLE user_roles DROP CONSTRAINT user_roles_role_check;
ALTER TABLE user_roles ADD CONSTRAINT user_roles_role_check CHECK (
    role IN ('clerk', 'officer', 'head', 'supervisor', 'administrator')
);
