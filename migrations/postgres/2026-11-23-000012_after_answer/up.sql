-- What was withheld, item by item of a closed case, and when it is looked at again (条例 art. 18).
CREATE TABLE reassessments (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT reassessments_request_id_fkey REFERENCES requests(id),
    item integer NOT NULL CONSTRAINT reassessments_item_check CHECK (item >= 0),
    closed_on date NOT NULL,
    title text NOT NULL,
    outcome text NOT NULL,
    withheld_on date NOT NULL,
    due_on date NOT NULL,
    state text NOT NULL CONSTRAINT reassessments_state_check CHECK (state IN ('waiting', 'proposed', 'opened', 'superseded')),
    version integer NOT NULL CONSTRAINT reassessments_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT reassessments_id_key PRIMARY KEY (id),
    CONSTRAINT reassessments_request_id_item_closed_on_key UNIQUE (request_id, item, closed_on)
);
CREATE INDEX reassessments_due_on_id_idx ON reassessments (due_on, id);
-- Who assessed what, when and why: never changed.
CREATE TABLE reassessment_deeds (
    reassessment_id uuid NOT NULL CONSTRAINT reassessment_deeds_reassessment_id_fkey REFERENCES reassessments(id),
    n integer NOT NULL CONSTRAINT reassessment_deeds_n_check CHECK (n >= 1),
    step text NOT NULL CONSTRAINT reassessment_deeds_step_check CHECK (step IN ('keep', 'propose', 'confirm', 'reject')),
    done_on date NOT NULL,
    actor_id uuid NOT NULL CONSTRAINT reassessment_deeds_actor_id_fkey REFERENCES users(id),
    actor_label text NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT reassessment_deeds_reassessment_id_n_key PRIMARY KEY (reassessment_id, n)
);
CREATE FUNCTION reassessment_deeds_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'reassessment_deeds is append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER reassessment_deeds_no_update BEFORE UPDATE ON reassessment_deeds
    FOR EACH ROW EXECUTE FUNCTION reassessment_deeds_append_only();
CREATE TRIGGER reassessment_deeds_no_delete BEFORE DELETE ON reassessment_deeds
    FOR EACH ROW EXECUTE FUNCTION reassessment_deeds_append_only();
CREATE TRIGGER reassessment_deeds_no_truncate BEFORE TRUNCATE ON reassessment_deeds
    FOR EACH STATEMENT EXECUTE FUNCTION reassessment_deeds_append_only();
-- 主动公开: what was supplied on request or may be opened again, published for everybody (条例 art. 44).
CREATE TABLE publications (
    id uuid NOT NULL,
    agency_id uuid NOT NULL CONSTRAINT publications_agency_id_fkey REFERENCES agencies(id),
    request_id uuid NOT NULL CONSTRAINT publications_request_id_fkey REFERENCES requests(id),
    title text NOT NULL,
    words text NOT NULL,
    head jsonb NOT NULL,
    content_check text NOT NULL,
    findings_kept text NOT NULL,
    state text NOT NULL CONSTRAINT publications_state_check CHECK (state IN ('draft', 'submitted', 'published', 'withdrawn')),
    secrecy text,
    published_on date,
    history jsonb NOT NULL,
    version integer NOT NULL CONSTRAINT publications_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT publications_id_key PRIMARY KEY (id)
);
CREATE INDEX publications_state_id_idx ON publications (state, id);
CREATE TABLE publication_files (
    publication_id uuid NOT NULL CONSTRAINT publication_files_publication_id_fkey REFERENCES publications(id),
    n integer NOT NULL CONSTRAINT publication_files_n_check CHECK (n >= 1),
    file_id uuid NOT NULL CONSTRAINT publication_files_file_id_fkey REFERENCES files(id),
    CONSTRAINT publication_files_publication_id_n_key PRIMARY KEY (publication_id, n)
);
-- What applicants propose to publish for everybody, once a request (条例 art. 44 ¶2).
CREATE TABLE publication_suggestions (
    id uuid NOT NULL,
    request_id uuid NOT NULL CONSTRAINT publication_suggestions_request_id_fkey REFERENCES requests(id),
    reason text NOT NULL,
    suggested_on date NOT NULL,
    state text NOT NULL CONSTRAINT publication_suggestions_state_check CHECK (state IN ('open', 'accepted', 'declined')),
    answer text NOT NULL,
    answered_on date,
    answered_by uuid CONSTRAINT publication_suggestions_answered_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT publication_suggestions_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT publication_suggestions_id_key PRIMARY KEY (id),
    CONSTRAINT publication_suggestions_request_id_key UNIQUE (request_id)
);
