//! Rows to begin with, and raw SQL for what the store's functions would not do.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::RunQueryDsl;
use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use gongkai::db::agencies::{self, AgencyRow};
use gongkai::db::types::DbId;
use gongkai::db::users::{self, UserRow};
use gongkai::db::{Conn, StoreError};
use serde_json::json;
use uuid::Uuid;

/// 2026-11-22 18:00:00.123456 UTC, and so many seconds later.
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_795_370_400_123_456).unwrap() + TimeDelta::seconds(seconds)
}

pub fn agency(serial: i32) -> AgencyRow {
    AgencyRow {
        id: Uuid::now_v7(),
        serial,
        name: format!("云溪县第{serial}局"),
        short_name: format!("{serial}局"),
        code_word: "云公开".to_owned(),
        level: "department".to_owned(),
        region: "云溪县".to_owned(),
        office_name: "政务公开办公室".to_owned(),
        address: "云溪县人民路1号".to_owned(),
        postcode: "410000".to_owned(),
        phone: "0730-0000000".to_owned(),
        fax: String::new(),
        email: String::new(),
        office_hours: "工作日 8:30–17:30".to_owned(),
        channels: json!(["in_person", "post"]),
        review_body: "云溪县人民政府".to_owned(),
        court: "云溪县人民法院".to_owned(),
        review_online_url: None,
        number_pattern: "{code}〔{year}〕{n}号".to_owned(),
        settings: json!({}),
        active: true,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
        parent_id: None,
        merged_into: None,
        merged_on: None,
        merged_by: None,
    }
}

pub fn user(login: &str, agency_id: Option<Uuid>) -> UserRow {
    UserRow {
        id: Uuid::now_v7(),
        login: login.to_owned(),
        name: "经办人".to_owned(),
        password_hash: "$argon2id$".to_owned(),
        agency_id,
        email: None,
        active: true,
        failed_logins: 0,
        locked_until_at: None,
        must_change: true,
        version: 1,
        created_at: at(0),
        updated_at: at(0),
        unit_id: None,
    }
}

/// An agency that exists; returns its id.
pub fn existing_agency(conn: &mut Conn) -> Result<Uuid, StoreError> {
    let row = agency(1);
    let id = row.id;
    agencies::insert(conn, row)?;
    Ok(id)
}

/// A person who exists; returns the id.
pub fn existing_user(conn: &mut Conn, login: &str) -> Result<Uuid, StoreError> {
    let row = user(login, None);
    let id = row.id;
    users::insert(conn, row, &["clerk"])?;
    Ok(id)
}

/// A request that exists with one event in its ledger, entered by raw SQL; returns its id.
pub fn existing_request(conn: &mut Conn, agency: Uuid, number: &str) -> Result<Uuid, StoreError> {
    use diesel::prelude::*;
    use gongkai::db::schema::{request_events, requests};
    use gongkai::db::types::{DbAt, DbDoc};

    let id = Uuid::now_v7();
    let today = at(0).date_naive();
    diesel::insert_into(requests::table)
        .values((
            requests::id.eq(DbId(id)),
            requests::agency_id.eq(DbId(agency)),
            requests::number.eq(number),
            requests::channel.eq("online"),
            requests::arrived_on.eq(today),
            requests::state.eq("received"),
            requests::provisional.eq(false),
            requests::defects.eq(DbDoc(json!([]))),
            requests::title.eq("县城道路改造资金"),
            requests::applicant_name.eq("张三"),
            requests::applicant_kind.eq("natural_person"),
            requests::open.eq(true),
            requests::queue_on.eq(today),
            requests::last_seq.eq(1),
            requests::version.eq(1),
            requests::created_at.eq(DbAt(at(0))),
            requests::updated_at.eq(DbAt(at(0))),
        ))
        .execute(conn)?;
    diesel::insert_into(request_events::table)
        .values((
            request_events::request_id.eq(DbId(id)),
            request_events::seq.eq(1),
            request_events::kind.eq("arrived"),
            request_events::occurred_on.eq(today),
            request_events::recorded_at.eq(DbAt(at(0))),
            request_events::actor_label.eq("申请人"),
            request_events::payload.eq(DbDoc(json!({}))),
            request_events::prev_hash.eq("0".repeat(64)),
            request_events::hash.eq("1".repeat(64)),
            request_events::seal.eq("2".repeat(64)),
        ))
        .execute(conn)?;
    Ok(id)
}

/// Runs SQL as it stands.
pub fn raw(conn: &mut Conn, sql: &str) -> Result<(), StoreError> {
    Ok(conn.batch_execute(sql)?)
}

/// The first column, named `v`, of the rows of a query, as text.
pub fn texts(conn: &mut Conn, sql: &str) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        v: String,
    }
    diesel::sql_query(sql).load::<Row>(conn).unwrap().into_iter().map(|row| row.v).collect()
}
