-- A record of service that was wrong is taken back and stays readable.
ALTER TABLE deliveries ADD COLUMN revoked_on DATE;
ALTER TABLE deliveries ADD COLUMN revoke_reason TEXT;
