-- 印章图片: the picture of an agency's seal, and whether it is laid over name and date. Off by default.
CREATE TABLE seal_pictures (
    agency_id BLOB NOT NULL REFERENCES agencies(id) CHECK (length(agency_id) = 16),
    sha256 TEXT NOT NULL CONSTRAINT seal_pictures_sha256_check CHECK (length(sha256) = 64),
    width INTEGER NOT NULL CONSTRAINT seal_pictures_width_check CHECK (width >= 1),
    height INTEGER NOT NULL CONSTRAINT seal_pictures_height_check CHECK (height >= 1),
    in_use INTEGER NOT NULL CHECK (in_use IN (0, 1)),
    uploaded_by BLOB NOT NULL REFERENCES users(id) CHECK (length(uploaded_by) = 16),
    version INTEGER NOT NULL CONSTRAINT seal_pictures_version_check CHECK (version >= 1),
    created_at TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(created_at) NOT NULL),
    updated_at TEXT NOT NULL CHECK (updated_at GLOB '????-??-??T??:??:??.??????Z' AND datetime(updated_at) NOT NULL),
    CONSTRAINT seal_pictures_agency_id_key PRIMARY KEY (agency_id)
) STRICT;
