-- 区分处理: masked copies of files, each looked at by a second person before it joins the case.
CREATE TABLE redactions (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT redactions_request_id_fkey REFERENCES requests(id),
    file_id uuid NOT NULL CONSTRAINT redactions_file_id_fkey REFERENCES files(id),
    name text NOT NULL,
    state text NOT NULL CONSTRAINT redactions_state_check CHECK (state IN ('draft', 'confirmed', 'rejected')),
    masks jsonb NOT NULL,
    pages integer NOT NULL CONSTRAINT redactions_pages_check CHECK (pages >= 1),
    result_key text,
    result_sha256 text NOT NULL CONSTRAINT redactions_result_sha256_check CHECK (length(result_sha256) = 64),
    result_bytes bigint NOT NULL CONSTRAINT redactions_result_bytes_check CHECK (result_bytes >= 1),
    made_by uuid NOT NULL CONSTRAINT redactions_made_by_fkey REFERENCES users(id),
    decided_by uuid CONSTRAINT redactions_decided_by_fkey REFERENCES users(id),
    decided_on date,
    reason text NOT NULL,
    result_file_id uuid CONSTRAINT redactions_result_file_id_fkey REFERENCES files(id) DEFERRABLE INITIALLY DEFERRED,
    version integer NOT NULL CONSTRAINT redactions_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT redactions_id_key PRIMARY KEY (id),
    CONSTRAINT redactions_result_key_key UNIQUE (result_key)
);
CREATE INDEX redactions_request_id_idx ON redactions (request_id);
