DROP TABLE record_corrections;
ALTER TABLE deliveries DROP COLUMN slip;
DROP TABLE deputyships;
DROP TABLE approval_chains;
DELETE FROM user_roles WHERE role IN ('legal_reviewer', 'leader', 'signer');
