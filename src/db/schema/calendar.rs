//! Tables of the calendar of record.

use super::requests;

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbTs;

    calendar_versions (seq) {
        seq -> Integer,
        source -> Text,
        year -> Nullable<Integer>,
        document -> Text,
        table_csv -> Text,
        digest -> Text,
        in_force_at -> DbTs,
        refolded_at -> Nullable<DbTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    calendar_imports (id) {
        id -> DbUuid,
        year -> Integer,
        format -> Text,
        document -> Text,
        document_on -> Date,
        source_text -> Text,
        table_csv -> Text,
        base_seq -> Integer,
        reverses -> Nullable<Integer>,
        reason -> Text,
        notes -> DbJson,
        state -> Text,
        proposed_by -> Nullable<DbUuid>,
        proposed_label -> Text,
        proposed_at -> DbTs,
        decided_by -> Nullable<DbUuid>,
        decided_label -> Text,
        decided_at -> Nullable<DbTs>,
        seq -> Nullable<Integer>,
        version -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    calendar_changes (request_id, entry_seq) {
        request_id -> DbUuid,
        entry_seq -> Integer,
        calendar_seq -> Integer,
        old_on -> Nullable<Date>,
        new_on -> Nullable<Date>,
        told -> Bool,
        concerns_applicant -> Bool,
        applicant_told -> Bool,
    }
}

diesel::joinable!(calendar_changes -> requests (request_id));
