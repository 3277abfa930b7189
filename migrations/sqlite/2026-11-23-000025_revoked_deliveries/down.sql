ALTER TABLE deliveries DROP COLUMN revoke_reason;
ALTER TABLE deliveries DROP COLUMN revoked_on;
