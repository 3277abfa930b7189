-- 区分处理: masked copies of files, each looked at by a second person before it joins the case.
CREATE TABLE redactions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    file_id BLOB NOT NULL REFERENCES files(id) CHECK (length(file_id) = 16),
    name TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT redactions_state_check CHECK (state IN ('draft', 'confirmed', 'rejected')),
    masks TEXT NOT NULL CHECK (json_valid(masks)),
    pages INTEGER NOT NULL CONSTRAINT redactions_pages_check CHECK (pages >= 1),
    result_key TEXT,
    result_sha256 TEXT NOT NULL CONSTRAINT redactions_result_sha256_check CHECK (length(result_sha256) = 64),
    result_bytes INTEGER NOT NULL CONSTRAINT redactions_result_bytes_check CHECK (result_bytes >= 1),
    made_by BLOB NOT NULL REFERENCES users(id) CHECK (length(made_by) = 16),
    decided_by BLOB REFERENCES users(id) CHECK (length(decided_by) = 16),
    decided_on TEXT CHECK (decided_on IS date(decided_on)),
    reason TEXT NOT NULL,
    result_file_id BLOB REFERENCES files(id) DEFERRABLE INITIALLY DEFERRED CHECK (length(result_file_id) = 16),
    version INTEGER NOT NULL CONSTRAINT redactions_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT redactions_id_key PRIMARY KEY (id),
    CONSTRAINT redactions_result_key_key UNIQUE (result_key)
) STRICT;
CREATE INDEX redactions_request_id_idx ON redactions (request_id);
