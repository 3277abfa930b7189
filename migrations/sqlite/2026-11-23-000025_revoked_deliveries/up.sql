-- A record of service that was wrong is taken back and stays readable.
ALTER TABLE deliveries ADD COLUMN revoked_on TEXT CONSTRAINT deliveries_revoked_on_check CHECK (revoked_on IS date(revoked_on));
ALTER TABLE deliveries ADD COLUMN revoke_reason TEXT;
