-- What the check for hidden data found in a file, by its digest: the same bytes are looked into once
-- under the same rules.
CREATE TABLE file_findings (
    id uuid NOT NULL,
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    kind text NOT NULL,
    rules integer NOT NULL CONSTRAINT file_findings_rules_check CHECK (rules >= 1),
    findings_cipher text NOT NULL,
    checked_at timestamptz NOT NULL,
    CONSTRAINT file_findings_id_key PRIMARY KEY (id),
    CONSTRAINT file_findings_sha256_kind_rules_key UNIQUE (sha256, kind, rules)
);
