-- Letters of the register of corrections (更正申请), as they were written: numbered, frozen, sealed, for they name the applicant.
CREATE TABLE record_letters (
    id BLOB NOT NULL CHECK (length(id) = 16),
    record_correction_id BLOB NOT NULL REFERENCES record_corrections(id) CHECK (length(record_correction_id) = 16),
    n INTEGER NOT NULL CONSTRAINT record_letters_n_check CHECK (n >= 1),
    number TEXT NOT NULL CONSTRAINT record_letters_number_check CHECK (length(number) >= 1),
    title TEXT NOT NULL,
    content_cipher TEXT NOT NULL,
    content_sha256 TEXT NOT NULL CONSTRAINT record_letters_content_sha256_check CHECK (length(content_sha256) = 64),
    issued_on TEXT NOT NULL CHECK (issued_on IS date(issued_on)),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    CONSTRAINT record_letters_id_key PRIMARY KEY (id),
    CONSTRAINT record_letters_record_correction_id_n_key UNIQUE (record_correction_id, n)
) STRICT;
-- What keeps an entry from being changed unnoticed: an HMAC over all of it. Empty until the next start for entries made before.
ALTER TABLE record_corrections ADD COLUMN seal TEXT NOT NULL DEFAULT '';
CREATE INDEX record_corrections_unattested_idx ON record_corrections (id) WHERE seal = '';
