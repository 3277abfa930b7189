//! All tables, written by hand because `diesel print-schema` cannot serve two backends.
//!
//! `tests/it/store` compares this file with the migrated database on both backends.

#![expect(missing_docs, reason = "the migrations say what each table and column is for")]

mod aftermath;
mod answered;
mod calendar;
mod keys;
mod offices;
mod outgoing;
mod work;

pub use aftermath::{complaints, reason_texts, reason_uses, remedies};
pub use answered::{
    publication_files, publication_suggestions, publications, reassessment_deeds, reassessments,
};
pub use calendar::{calendar_changes, calendar_imports, calendar_versions};
pub use keys::{known_keys, request_terms};
pub use offices::*;
pub use outgoing::*;
pub use work::{
    idempotency_keys, leases, outbox, reminder_digests, reminders, rounds, standing_bars, standings,
};

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    agencies (id) {
        id -> DbUuid,
        serial -> Integer,
        name -> Text,
        short_name -> Text,
        code_word -> Text,
        level -> Text,
        region -> Text,
        office_name -> Text,
        address -> Text,
        postcode -> Text,
        phone -> Text,
        fax -> Text,
        email -> Text,
        office_hours -> Text,
        channels -> DbJson,
        review_body -> Text,
        court -> Text,
        review_online_url -> Nullable<Text>,
        number_pattern -> Text,
        settings -> DbJson,
        active -> Bool,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        parent_id -> Nullable<DbUuid>,
        merged_into -> Nullable<DbUuid>,
        merged_on -> Nullable<Date>,
        merged_by -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    users (id) {
        id -> DbUuid,
        login -> Text,
        name -> Text,
        password_hash -> Text,
        agency_id -> Nullable<DbUuid>,
        email -> Nullable<Text>,
        active -> Bool,
        failed_logins -> Integer,
        locked_until_at -> Nullable<DbTs>,
        must_change -> Bool,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        unit_id -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbUuid};

    user_roles (user_id, role) {
        user_id -> DbUuid,
        role -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    refresh_tokens (id) {
        id -> DbUuid,
        family_id -> DbUuid,
        user_id -> DbUuid,
        token_hash -> Text,
        created_at -> DbTs,
        expires_at -> DbTs,
        used_at -> Nullable<DbTs>,
        revoked_at -> Nullable<DbTs>,
        revoked_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    requests (id) {
        id -> DbUuid,
        agency_id -> DbUuid,
        number -> Text,
        channel -> Text,
        arrived_on -> Date,
        confirmed_on -> Nullable<Date>,
        received_on -> Nullable<Date>,
        receipt_basis -> Nullable<Text>,
        receipt_decided_by -> Nullable<DbUuid>,
        state -> Text,
        anchor_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        provisional -> Bool,
        conservative_due_on -> Nullable<Date>,
        defects -> DbJson,
        outcome -> Nullable<Text>,
        reply_on -> Nullable<Date>,
        served_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        officer_id -> Nullable<DbUuid>,
        title -> Text,
        applicant_name -> Text,
        applicant_kind -> Text,
        open -> Bool,
        queue_on -> Date,
        last_seq -> Integer,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        proposal -> Nullable<Text>,
        watch_on -> Nullable<Date>,
        calendar_seq -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    applications (request_id) {
        request_id -> DbUuid,
        kind -> Text,
        form -> DbJson,
        applicant_name -> Text,
        phone -> Text,
        email -> Text,
        identity_cipher -> Nullable<Text>,
        identity_digest -> Nullable<Text>,
        applicant_key -> Text,
        content_digest -> Text,
        created_at -> DbTs,
        sealed -> Bool,
        phone_digest -> Nullable<Text>,
        address_digest -> Nullable<Text>,
        agent_digest -> Nullable<Text>,
        indexed -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    request_events (request_id, seq) {
        request_id -> DbUuid,
        seq -> Integer,
        kind -> Text,
        occurred_on -> Date,
        recorded_at -> DbTs,
        actor_id -> Nullable<DbUuid>,
        actor_label -> Text,
        payload -> DbJson,
        prev_hash -> Text,
        hash -> Text,
        seal -> Text,
        calendar_seq -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    items (request_id, n) {
        request_id -> DbUuid,
        n -> Integer,
        title -> Text,
        description -> Text,
        outcome -> Nullable<Text>,
        ground -> Text,
        finding -> Nullable<Text>,
        searched -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    notices (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        kind -> Text,
        status -> Text,
        outcome -> Nullable<Text>,
        title -> Text,
        content -> DbJson,
        fields -> DbJson,
        template_code -> Text,
        template_version -> Text,
        series -> Nullable<Text>,
        number -> Nullable<Text>,
        number_year -> Nullable<Integer>,
        number_n -> Nullable<Integer>,
        drafted_by -> Nullable<DbUuid>,
        submitted_at -> Nullable<DbTs>,
        approved_by -> Nullable<DbUuid>,
        approved_at -> Nullable<DbTs>,
        return_reason -> Nullable<Text>,
        issued_by -> Nullable<DbUuid>,
        issued_on -> Nullable<Date>,
        content_sha256 -> Nullable<Text>,
        pdf_key -> Nullable<Text>,
        pdf_sha256 -> Nullable<Text>,
        pdf_bytes -> Nullable<BigInt>,
        docx_key -> Nullable<Text>,
        docx_sha256 -> Nullable<Text>,
        docx_bytes -> Nullable<BigInt>,
        rendered_at -> Nullable<DbTs>,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbUuid};

    number_series (agency_id, series, year) {
        agency_id -> DbUuid,
        series -> Text,
        year -> Integer,
        last_n -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    document_numbers (agency_id, series, year, n) {
        agency_id -> DbUuid,
        series -> Text,
        year -> Integer,
        n -> Integer,
        text -> Text,
        notice_id -> Nullable<DbUuid>,
        allotted_at -> DbTs,
        voided_at -> Nullable<DbTs>,
        void_reason -> Nullable<Text>,
        voided_by -> Nullable<DbUuid>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbTs, DbUuid};

    files (id) {
        id -> DbUuid,
        request_id -> DbUuid,
        purpose -> Text,
        name -> Text,
        media_type -> Text,
        size_bytes -> BigInt,
        sha256 -> Text,
        storage_key -> Text,
        uploaded_by -> Nullable<DbUuid>,
        created_at -> DbTs,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    deliveries (id) {
        id -> DbUuid,
        notice_id -> DbUuid,
        request_id -> DbUuid,
        method -> Text,
        sent_on -> Date,
        tracking_number -> Nullable<Text>,
        agency_completion_on -> Nullable<Date>,
        served_on -> Nullable<Date>,
        returned_on -> Nullable<Date>,
        return_reason -> Nullable<Text>,
        evidence_file_id -> Nullable<DbUuid>,
        evidence_note -> Text,
        recorded_by -> DbUuid,
        version -> Integer,
        created_at -> DbTs,
        updated_at -> DbTs,
        slip -> DbJson,
        revoked_on -> Nullable<Date>,
        revoke_reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::{DbJson, DbTs, DbUuid};

    audit_log (id) {
        id -> DbUuid,
        at -> DbTs,
        actor_id -> Nullable<DbUuid>,
        actor_label -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<DbUuid>,
        outcome -> Text,
        detail -> DbJson,
        request_id_header -> Nullable<Text>,
    }
}

diesel::joinable!(users -> agencies (agency_id));
diesel::joinable!(user_roles -> users (user_id));
diesel::joinable!(refresh_tokens -> users (user_id));
diesel::joinable!(requests -> agencies (agency_id));
diesel::joinable!(applications -> requests (request_id));
diesel::joinable!(request_events -> requests (request_id));
diesel::joinable!(notices -> requests (request_id));
diesel::joinable!(number_series -> agencies (agency_id));
diesel::joinable!(document_numbers -> agencies (agency_id));
diesel::joinable!(document_numbers -> notices (notice_id));
diesel::joinable!(document_numbers -> users (voided_by));
diesel::joinable!(files -> requests (request_id));
diesel::joinable!(files -> users (uploaded_by));
diesel::joinable!(items -> requests (request_id));
diesel::joinable!(deliveries -> notices (notice_id));
diesel::joinable!(deliveries -> requests (request_id));
diesel::joinable!(deliveries -> files (evidence_file_id));
diesel::joinable!(deliveries -> users (recorded_by));

diesel::allow_tables_to_appear_in_same_query!(
    agencies,
    applications,
    approval_chains,
    audit_log,
    calendar_changes,
    calendar_imports,
    calendar_versions,
    complaints,
    deliveries,
    deputyships,
    document_numbers,
    files,
    idempotency_keys,
    items,
    known_keys,
    leases,
    notices,
    number_series,
    outbox,
    ratings,
    reason_texts,
    reason_uses,
    record_corrections,
    record_letters,
    refresh_tokens,
    remedies,
    reminder_digests,
    reminders,
    request_events,
    requests,
    standing_bars,
    standings,
    units,
    user_roles,
    users,
);
