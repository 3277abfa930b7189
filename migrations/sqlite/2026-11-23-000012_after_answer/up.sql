-- What was withheld, item by item of a closed case, and when it is looked at again (条例 art. 18).
CREATE TABLE reassessments (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    item INTEGER NOT NULL CONSTRAINT reassessments_item_check CHECK (item >= 0),
    closed_on TEXT NOT NULL CHECK (closed_on IS date(closed_on)),
    title TEXT NOT NULL,
    outcome TEXT NOT NULL,
    withheld_on TEXT NOT NULL CHECK (withheld_on IS date(withheld_on)),
    due_on TEXT NOT NULL CHECK (due_on IS date(due_on)),
    state TEXT NOT NULL CONSTRAINT reassessments_state_check CHECK (state IN ('waiting', 'proposed', 'opened', 'superseded')),
    version INTEGER NOT NULL CONSTRAINT reassessments_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT reassessments_id_key PRIMARY KEY (id),
    CONSTRAINT reassessments_request_id_item_closed_on_key UNIQUE (request_id, item, closed_on)
) STRICT;
CREATE INDEX reassessments_due_on_id_idx ON reassessments (due_on, id);
-- Who assessed what, when and why: never changed.
CREATE TABLE reassessment_deeds (
    reassessment_id BLOB NOT NULL REFERENCES reassessments(id) CHECK (length(reassessment_id) = 16),
    n INTEGER NOT NULL CONSTRAINT reassessment_deeds_n_check CHECK (n >= 1),
    step TEXT NOT NULL CONSTRAINT reassessment_deeds_step_check CHECK (step IN ('keep', 'propose', 'confirm', 'reject')),
    done_on TEXT NOT NULL CHECK (done_on IS date(done_on)),
    actor_id BLOB NOT NULL REFERENCES users(id) CHECK (length(actor_id) = 16),
    actor_label TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_at TEXT NOT NULL CHECK (recorded_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(recorded_at) NOT NULL),
    CONSTRAINT reassessment_deeds_reassessment_id_n_key PRIMARY KEY (reassessment_id, n)
) STRICT;
CREATE TRIGGER reassessment_deeds_no_update BEFORE UPDATE ON reassessment_deeds
BEGIN SELECT RAISE(ABORT, 'reassessment_deeds is append-only'); END;
CREATE TRIGGER reassessment_deeds_no_delete BEFORE DELETE ON reassessment_deeds
BEGIN SELECT RAISE(ABORT, 'reassessment_deeds is append-only'); END;
-- 主动公开: what was supplied on request or may be opened again, published for everybody (条例 art. 44).
CREATE TABLE publications (
    id BLOB NOT NULL CHECK (length(id) = 16),
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    head TEXT NOT NULL CHECK (json_valid(head)),
    content_check TEXT NOT NULL,
    findings_kept TEXT NOT NULL,
    state TEXT NOT NULL CONSTRAINT publications_state_check CHECK (state IN ('draft', 'submitted', 'published', 'withdrawn')),
    secrecy TEXT,
    published_on TEXT CHECK (published_on IS date(published_on)),
    history TEXT NOT NULL CHECK (json_valid(history)),
    version INTEGER NOT NULL CONSTRAINT publications_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT publications_id_key PRIMARY KEY (id)
) STRICT;
CREATE INDEX publications_state_id_idx ON publications (state, id);
CREATE TABLE publication_files (
    publication_id BLOB NOT NULL REFERENCES publications(id) CHECK (length(publication_id) = 16),
    n INTEGER NOT NULL CONSTRAINT publication_files_n_check CHECK (n >= 1),
    file_id BLOB NOT NULL REFERENCES files(id) CHECK (length(file_id) = 16),
    CONSTRAINT publication_files_publication_id_n_key PRIMARY KEY (publication_id, n)
) STRICT;
-- What applicants propose to publish for everybody, once a request (条例 art. 44 ¶2).
CREATE TABLE publication_suggestions (
    id BLOB NOT NULL CHECK (length(id) = 16),
    request_id BLOB NOT NULL REFERENCES requests(id) CHECK (length(request_id) = 16),
    reason TEXT NOT NULL,
    suggested_on TEXT NOT NULL CHECK (suggested_on IS date(suggested_on)),
    state TEXT NOT NULL CONSTRAINT publication_suggestions_state_check CHECK (state IN ('open', 'accepted', 'declined')),
    answer TEXT NOT NULL,
    answered_on TEXT CHECK (answered_on IS date(answered_on)),
    answered_by BLOB REFERENCES users(id) CHECK (length(answered_by) = 16),
    version INTEGER NOT NULL CONSTRAINT publication_suggestions_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT publication_suggestions_id_key PRIMARY KEY (id),
    CONSTRAINT publication_suggestions_request_id_key UNIQUE (request_id)
) STRICT;
