//! Tables of how an agency works: approval chains, deputies, the register of corrections of records.

use super::{agencies, requests};

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    approval_chains (agency_id, version) {
        agency_id -> DbUuid,
        version -> Integer,
        chains -> DbJson,
        changed_by -> DbUuid,
        changed_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    deputyships (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        absent_id -> DbUuid,
        deputy_id -> DbUuid,
        from_on -> Date,
        until_on -> Date,
        reason -> Text,
        appointed_by -> DbUuid,
        ended_on -> Nullable<Date>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    record_corrections (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        number -> Text,
        state -> Text,
        received_on -> Date,
        due_on -> Date,
        applicant_name -> Text,
        identity_cipher -> Text,
        form -> DbJson,
        history -> DbJson,
        answered_on -> Nullable<Date>,
        recorded_by -> DbUuid,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        seal -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    own_forms (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        name -> Text,
        purpose -> Text,
        description -> Text,
        latest -> Integer,
        retired_on -> Nullable<Date>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    own_form_versions (form_id, n) {
        form_id -> DbUuid,
        n -> Integer,
        file_name -> Text,
        sha256 -> Text,
        size_bytes -> BigInt,
        contents -> DbJson,
        uploaded_by -> DbUuid,
        created_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    record_letters (id) {
        id -> DbUuid,
        record_correction_id -> DbUuid,
        n -> Integer,
        number -> Text,
        title -> Text,
        content_cipher -> Text,
        content_sha256 -> Text,
        issued_on -> Date,
        created_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    editions (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        template -> Text,
        n -> Integer,
        state -> Text,
        body -> Nullable<Text>,
        base -> Integer,
        why -> Text,
        drafted_by -> DbUuid,
        decided_by -> Nullable<DbUuid>,
        return_reason -> Nullable<Text>,
        from_on -> Nullable<Date>,
        seq -> Nullable<Integer>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    seal_pictures (agency_id) {
        agency_id -> DbUuid,
        sha256 -> Text,
        width -> Integer,
        height -> Integer,
        in_use -> Bool,
        uploaded_by -> DbUuid,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    units (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        name -> Text,
        active -> Bool,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    ratings (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        grade -> Text,
        comment -> Text,
        outcome -> Nullable<Text>,
        rated_on -> Date,
        state -> Text,
        due_on -> Nullable<Date>,
        history -> DbJson,
        closed_on -> Nullable<Date>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        calendar_seq -> Integer,
        due_changes -> DbJson,
    }
}

diesel::joinable!(record_letters -> record_corrections (record_correction_id));
diesel::joinable!(ratings -> requests (request_id));
diesel::joinable!(approval_chains -> agencies (agency_id));
diesel::joinable!(deputyships -> agencies (agency_id));
diesel::joinable!(record_corrections -> agencies (agency_id));
diesel::joinable!(units -> agencies (agency_id));
