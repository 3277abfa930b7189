//! Tables that no other is joined with: the keys a database was written with, the terms of requests.

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbTs;

    known_keys (purpose, id) {
        purpose -> Text,
        id -> Text,
        since_at -> DbTs,
        retired_at -> Nullable<DbTs>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::db::types::DbUuid;

    request_terms (term, request_id) {
        term -> BigInt,
        request_id -> DbUuid,
    }
}
