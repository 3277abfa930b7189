-- What the check for hidden data found in a file, by its digest: the same bytes are looked into once
-- under the same rules.
CREATE TABLE file_findings (
    id BLOB NOT NULL CHECK (length(id) = 16),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    kind TEXT NOT NULL,
    rules INTEGER NOT NULL CONSTRAINT file_findings_rules_check CHECK (rules >= 1),
    findings_cipher TEXT NOT NULL,
    checked_at TEXT NOT NULL CHECK (checked_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(checked_at) NOT NULL),
    CONSTRAINT file_findings_id_key PRIMARY KEY (id),
    CONSTRAINT file_findings_sha256_kind_rules_key UNIQUE (sha256, kind, rules)
) STRICT;
