-- What the passing of time calls for: the proposal to an officer, and the day on which the sweep must look again.
-- Both are projections of the ledger. Requests that wait are looked at once by the first sweep, which sets them right.
ALTER TABLE requests ADD COLUMN proposal text
    CONSTRAINT requests_proposal_check CHECK (proposal IN ('lapse_correction', 'lapse_fee', 'decide_after_silence'));
ALTER TABLE requests ADD COLUMN watch_on date;
CREATE INDEX requests_watch_on_idx ON requests (watch_on);
UPDATE requests SET watch_on = arrived_on
WHERE state IN ('examining', 'correction_pending', 'reason_pending', 'fee_pending', 'processing', 'deferred',
    'third_party_pending', 'agency_pending', 'secrecy_review', 'extension_pending');
