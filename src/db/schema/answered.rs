//! Tables of what follows a case that is closed: what was withheld is assessed again.

use super::requests;

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
