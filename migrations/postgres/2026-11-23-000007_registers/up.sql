-- Letters of the register of corrections (更正申请), as they were written: numbered, frozen, sealed, for they name the applicant.
CREATE TABLE record_letters (
    id uuid NOT NULL,
    record_correction_id uuid NOT NULL CONSTRAINT record_letters_record_correction_id_fkey REFERENCES record_corrections(id),
    n integer NOT NULL CONSTRAINT record_letters_n_check CHECK (n >= 1),
    number text NOT NULL CONSTRAINT record_letters_number_check CHECK (length(number) >= 1),
    title text NOT NULL,
    content_cipher text NOT NULL,
    content_sha256 text NOT NULL CONSTRAINT record_letters_content_sha256_check CHECK (length(content_sha256) = 64),
    issued_on date NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT record_letters_id_key PRIMARY KEY (id),
    CONSTRAINT record_letters_record_correction_id_n_key UNIQUE (record_correction_id, n)
);
-- What keeps an entry from being changed unnoticed: an HMAC over all of it. Empty until the next start for entries made before.
ALTER TABLE record_corrections ADD COLUMN seal text NOT NULL DEFAULT '';
CREATE INDEX record_corrections_unattested_idx ON record_corrections (id) WHERE seal = '';
