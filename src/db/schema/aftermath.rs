//! Tables of what comes after a reply: remedies, complaints, and the library of reasons.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    remedies (request_id, n) {
        request_id -> DbUuid,
        n -> Integer,
        case_number -> Text,
        kind -> Text,
        body -> Text,
        term -> Nullable<Text>,
        opened_on -> Date,
        against -> Nullable<DbUuid>,
        answer_due_on -> Nullable<Date>,
        provisional -> Bool,
        answered_on -> Nullable<Date>,
        result -> Nullable<Text>,
        decided_on -> Nullable<Date>,
        remanded_on -> Nullable<Date>,
        open -> Bool,
        queue_on -> Date,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    complaints (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        number -> Text,
        state -> Text,
        received_on -> Date,
        due_on -> Date,
        statement_due_on -> Nullable<Date>,
        request_id -> Nullable<DbUuid>,
        complainant_cipher -> Text,
        content -> Text,
        history -> DbJson,
        finding -> Nullable<Text>,
        concluded_on -> Nullable<Date>,
        recorded_by -> DbUuid,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    reason_texts (id) {
        id -> DbUuid,
        agency_id -> Nullable<DbUuid>,
        outcome -> Text,
        article -> Text,
        title -> Text,
        wording -> Text,
        notes -> Text,
        replaces -> Nullable<DbUuid>,
        retired_on -> Nullable<Date>,
        retired_why -> Text,
        added_by -> DbUuid,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    reason_uses (reason_id, notice_id) {
        reason_id -> DbUuid,
        notice_id -> DbUuid,
        request_id -> DbUuid,
        issued_on -> Date,
    }
}
