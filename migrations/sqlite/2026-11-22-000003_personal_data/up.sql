-- Personal data sealed, found by digest; requests found by the words they use. SQLite.

-- `sealed`: whether telephone, addresses and the agent have left the form for the sealed text. SQL cannot encrypt: the program
-- does it at its next start, row by row (src/app/personal/existing.rs).
ALTER TABLE applications ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0 CONSTRAINT applications_sealed_check CHECK (sealed IN (0, 1));
ALTER TABLE applications ADD COLUMN phone_digest TEXT CONSTRAINT applications_phone_digest_check CHECK (length(phone_digest) = 64);
ALTER TABLE applications ADD COLUMN address_digest TEXT CONSTRAINT applications_address_digest_check CHECK (length(address_digest) = 64);
ALTER TABLE applications ADD COLUMN agent_digest TEXT CONSTRAINT applications_agent_digest_check CHECK (length(agent_digest) = 64);
-- `indexed`: whether its words stand in request_terms; the worker sees to it after the commit.
ALTER TABLE applications ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0 CONSTRAINT applications_indexed_check CHECK (indexed IN (0, 1));
CREATE INDEX applications_phone_digest_idx ON applications (phone_digest) WHERE phone_digest IS NOT NULL;
CREATE INDEX applications_address_digest_idx ON applications (address_digest) WHERE address_digest IS NOT NULL;
CREATE INDEX applications_agent_digest_idx ON applications (agent_digest) WHERE agent_digest IS NOT NULL;
CREATE INDEX applications_unsealed_idx ON applications (request_id) WHERE NOT sealed;
CREATE INDEX applications_unindexed_idx ON applications (request_id) WHERE NOT indexed;

-- Which keys this database was written with: a start without one of them, or with another installation's, is refused.
CREATE TABLE known_keys (
    purpose TEXT NOT NULL CONSTRAINT known_keys_purpose_check CHECK (purpose IN ('installation', 'fields')),
    id TEXT NOT NULL CONSTRAINT known_keys_id_check CHECK (length(id) = 8),
    since_at TEXT NOT NULL CHECK (since_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(since_at) NOT NULL),
    retired_at TEXT CHECK (retired_at IS NULL OR retired_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(retired_at) NOT NULL),
    CONSTRAINT known_keys_purpose_id_key PRIMARY KEY (purpose, id)
) STRICT, WITHOUT ROWID;

-- Pairs of characters of what was asked for: agency and pair in one number (src/domain/similarity.rs). It can be made anew from
-- the applications; a foreign key would cost forty look-ups a request.
CREATE TABLE request_terms (
    term INTEGER NOT NULL CONSTRAINT request_terms_term_check CHECK (term >= 0),
    request_id BLOB NOT NULL CHECK (length(request_id) = 16),
    CONSTRAINT request_terms_term_request_id_key PRIMARY KEY (term, request_id)
) STRICT, WITHOUT ROWID;
