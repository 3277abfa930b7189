//! Tables of work under way: queued jobs, leases, keys of idempotency, drafts with their approvers,
//! reminders.

use super::requests;

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    outbox (id) {
        id -> DbUuid,
        kind -> Text,
        request_id -> Nullable<DbUuid>,
        notice_id -> Nullable<DbUuid>,
        recipient -> Nullable<Text>,
        payload -> DbJson,
        state -> Text,
        attempts -> Integer,
        run_at -> DbTs,
        lease_until_at -> Nullable<DbTs>,
        lease_owner -> Nullable<Text>,
        last_error -> Nullable<Text>,
        dedup_key -> Nullable<Text>,
        created_at -> DbTs,
        done_at -> Nullable<DbTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs};

    idempotency_keys (actor, key) {
        actor -> Text,
        key -> Text,
        route -> Text,
        request_sha256 -> Text,
        status -> Nullable<Integer>,
        response -> Nullable<DbJson>,
        created_at -> DbTs,
        completed_at -> Nullable<DbTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs};

    leases (name) {
        name -> Text,
        holder -> Text,
        until_at -> DbTs,
        epoch -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbUuid};

    standings (request_id) {
        request_id -> DbUuid,
        governing -> Nullable<Text>,
        no_date -> Nullable<Text>,
        turn -> Nullable<Text>,
        drafter_id -> Nullable<DbUuid>,
        draft -> Nullable<DbJson>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    standing_bars (request_id, user_id) {
        request_id -> DbUuid,
        user_id -> DbUuid,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    reminder_digests (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        made_on -> Date,
        reminders -> Integer,
        mailed -> Bool,
        created_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    reminders (id) {
        id -> DbUuid,
        user_id -> DbUuid,
        for_user_id -> Nullable<DbUuid>,
        agency_id -> DbUuid,
        kind -> Text,
        object_id -> DbUuid,
        n -> Integer,
        request_id -> Nullable<DbUuid>,
        number -> Text,
        stage -> Text,
        limit_on -> Date,
        provisional -> Bool,
        next_step -> Text,
        made_on -> Date,
        digest_id -> Nullable<DbUuid>,
        seen_at -> Nullable<DbTs>,
        created_at -> DbTs,
        withdrawn_on -> Nullable<Date>,
        withdrawn_why -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbTs;

    rounds (name) {
        name -> Text,
        done_on -> Date,
        done_at -> DbTs,
    }
}

diesel::joinable!(standings -> requests (request_id));
diesel::joinable!(reminders -> requests (request_id));
