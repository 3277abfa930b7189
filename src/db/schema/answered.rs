//! Tables of what follows a case that is closed: what was withheld is assessed again, and
//! what may be known to everybody is published.

use super::{agencies, files, requests};

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    reassessments (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        item -> Integer,
        closed_on -> Date,
        title -> Text,
        outcome -> Text,
        withheld_on -> Date,
        due_on -> Date,
        state -> Text,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    reassessment_deeds (reassessment_id, n) {
        reassessment_id -> DbUuid,
        n -> Integer,
        step -> Text,
        done_on -> Date,
        actor_id -> DbUuid,
        actor_label -> Text,
        reason -> Text,
        recorded_at -> DbTs,
    }
}

diesel::joinable!(reassessments -> requests (request_id));
diesel::allow_tables_to_appear_in_same_query!(reassessments, requests);

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    publications (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        request_id -> DbUuid,
        title -> Text,
        words -> Text,
        head -> DbJson,
        content_check -> Text,
        findings_kept -> Text,
        state -> Text,
        secrecy -> Nullable<Text>,
        published_on -> Nullable<Date>,
        history -> DbJson,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        seal -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    publication_files (publication_id, n) {
        publication_id -> DbUuid,
        n -> Integer,
        file_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    publication_suggestions (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        reason -> Text,
        suggested_on -> Date,
        state -> Text,
        answer -> Text,
        answered_on -> Nullable<Date>,
        answered_by -> Nullable<DbUuid>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::joinable!(publications -> agencies (agency_id));
diesel::joinable!(publication_files -> files (file_id));
diesel::joinable!(publication_suggestions -> requests (request_id));
diesel::allow_tables_to_appear_in_same_query!(publications, agencies);
diesel::allow_tables_to_appear_in_same_query!(publications, requests);
diesel::allow_tables_to_appear_in_same_query!(publication_files, files);
diesel::allow_tables_to_appear_in_same_query!(publication_suggestions, requests);
