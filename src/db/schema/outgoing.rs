//! Tables of files that are to go out: what was found in them.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    file_findings (id) {
        id -> DbUuid,
        sha256 -> Text,
        kind -> Text,
        rules -> Integer,
        findings_cipher -> Text,
        checked_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    redactions (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        file_id -> DbUuid,
        name -> Text,
        state -> Text,
        masks -> DbJson,
        pages -> Integer,
        result_key -> Nullable<Text>,
        result_sha256 -> Text,
        result_bytes -> BigInt,
        made_by -> DbUuid,
        decided_by -> Nullable<DbUuid>,
        decided_on -> Nullable<Date>,
        reason -> Text,
        result_file_id -> Nullable<DbUuid>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}
