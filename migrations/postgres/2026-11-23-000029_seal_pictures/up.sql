-- 印章图片: the picture of an agency's seal, and whether it is laid over name and date. Off by default.
CREATE TABLE seal_pictures (
    agency_id uuid NOT NULL CONSTRAINT seal_pictures_agency_id_fkey REFERENCES agencies(id),
    sha256 text NOT NULL CONSTRAINT seal_pictures_sha256_check CHECK (length(sha256) = 64),
    width integer NOT NULL CONSTRAINT seal_pictures_width_check CHECK (width >= 1),
    height integer NOT NULL CONSTRAINT seal_pictures_height_check CHECK (height >= 1),
    in_use boolean NOT NULL,
    uploaded_by uuid NOT NULL CONSTRAINT seal_pictures_uploaded_by_fkey REFERENCES users(id),
    version integer NOT NULL CONSTRAINT seal_pictures_version_check CHECK (version >= 1),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT seal_pictures_agency_id_key PRIMARY KEY (agency_id)
);
