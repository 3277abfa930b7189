//! The whole service over HTTP: durable filings, reading one request, a queue of 50 out of many.

use std::sync::Arc;

use chrono::Utc;
use gongkai::app::App;
use gongkai::assembly::assemble;
use gongkai::clock::SystemClock;
use gongkai::config::Config;
use gongkai::db::agencies::{self, AgencyRow};
use gongkai::db::users::{self, UserRow};
use gongkai::db::{Access, StoreError};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use super::client::{Connection, Load, load, request};
use super::server::{Served, environment, free_port};
use super::{human, percentile, row, table};

const CLIENTS: usize = 64;
const FILINGS: usize = 10_000;
pub const QUEUE: usize = 100_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

/// A database with one agency and one officer.
pub struct Prepared {
    pub folder: TempDir,
    pub url: String,
    pub agency: Uuid,
}

fn password() -> String {
    "bench bench bench".to_owned()
}

pub fn prepare(backend: Backend) -> Option<Prepared> {
    let folder = tempfile::tempdir().unwrap();
    let url = match backend {
        Backend::Sqlite => format!("sqlite:{}", folder.path().join("gongkai.db").display()),
        Backend::Postgres => std::env::var("MEASURE_POSTGRES").ok()?,
    };
    let app = open(&folder, &url);
    let agency = Uuid::now_v7();
    let hash = gongkai::passwords::hash(&password()).unwrap();
    app.store
        .write_blocking(move |conn| {
            agencies::insert(conn, agency_row(agency))?;
            users::insert(conn, user_row(agency, hash), &["officer", "clerk", "head"])
        })
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    close(&app);
    Some(Prepared { folder, url, agency })
}

pub fn open(folder: &TempDir, url: &str) -> App {
    let settings = environment(&folder.path().display().to_string(), url, 0);
    let settings = settings.into_iter().map(|(name, value)| (name.to_owned(), value));
    let config = Config::load(None, settings).unwrap();
    assemble(&config, Arc::new(SystemClock), Access::Exclusive).unwrap()
}

/// Frees the database for the process that is measured.
pub fn close(app: &App) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(app.store.close());
}

pub fn start() {
    let prepared = prepare(Backend::Sqlite).unwrap();
    let folder = prepared.folder.path().display().to_string();
    let mut times: Vec<_> = (0..5)
        .map(|_| {
            let settings = environment(&folder, &prepared.url, free_port());
            Served::start(settings, None).to_first_answer
        })
        .collect();
    times.sort_unstable();
    table("Start (SQLite, existing database)", &["what", "figure"]);
    row(&["process start to first answer, median of 5".into(), human(times[2].as_secs_f64())]);
}

pub fn measure(backend: Backend) {
    let name = if backend == Backend::Sqlite { "SQLite, synchronous=FULL" } else { "PostgreSQL" };
    let Some(prepared) = prepare(backend) else {
        println!("\n## {name}\n\nNot measured: MEASURE_POSTGRES names no database.\n");
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let folder = prepared.folder.path().display().to_string();
    let bare = bare_inserts(backend, &prepared);
    let served = Served::start(environment(&folder, &prepared.url, free_port()), None);
    table(&format!("Service over HTTP ({name})"), &["what", "a second", "p50", "p99", "note"]);
    row(&[
        "bare insert, one row a commit, no HTTP".into(),
        format!("{bare:.0}"),
        String::new(),
        String::new(),
        "the disk".into(),
    ]);
    runtime.block_on(async {
        let agency = prepared.agency;
        let filings = load(served.address, CLIENTS, FILINGS, 201, move |n| filing(agency, n)).await;
        let (rss, anon) = served.memory();
        let note = format!(
            "{:.1} × bare; goal ≥ 2,000 on SQLite; {rss} MB resident, {anon} MB own",
            filings.per_second / bare
        );
        report(&format!("filings acknowledged, {CLIENTS} clients"), &filings, &note);
        let mut connection = Connection::open(served.address).await;
        let token = sign_in(&mut connection).await;
        let bearer = format!("Bearer {token}");
        let page = get(&mut connection, "/api/v1/requests?limit=1", &bearer).await;
        let id = page["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/requests/{id}");
        let one = bearer.clone();
        let reads = load(served.address, 16, 20_000, 200, move |_| {
            request("GET", &path, &[("authorization", &one)], "")
        });
        report("reading one request, 16 clients", &reads.await, "");
    });
    drop(served);
    fill(&runtime, &prepared);
    let served = Served::start(environment(&folder, &prepared.url, free_port()), None);
    runtime.block_on(async {
        let mut connection = Connection::open(served.address).await;
        let bearer = format!("Bearer {}", sign_in(&mut connection).await);
        for (what, path) in [
            ("queue of 50, first page", "/api/v1/requests?limit=50".to_owned()),
            ("queue of 50, a later page", later_page(&mut connection, &bearer).await),
        ] {
            let token = bearer.clone();
            let queue = load(served.address, 8, 3_000, 200, move |_| {
                request("GET", &path, &[("authorization", &token)], "")
            });
            report(&format!("{what}, out of {QUEUE}"), &queue.await, "");
        }
    });
}

/// Requests over the use case itself, so that the queue is long.
fn fill(runtime: &tokio::runtime::Runtime, prepared: &Prepared) {
    let app = open(&prepared.folder, &prepared.url);
    runtime.block_on(async {
        let mut n = FILINGS;
        while n < QUEUE {
            let batch = (n..(n + 256).min(QUEUE)).map(|n| {
                let (app, body) = (app.clone(), body(prepared.agency, n));
                async move { app.file(None, serde_json::from_value(body).unwrap()).await.unwrap() }
            });
            n += futures_util::future::join_all(batch).await.len();
        }
        app.store.close().await;
    });
}

async fn later_page(connection: &mut Connection, bearer: &str) -> String {
    let mut path = "/api/v1/requests?limit=200".to_owned();
    for _ in 0..20 {
        let page = get(connection, &path, bearer).await;
        path = format!("/api/v1/requests?limit=200&cursor={}", page["next"].as_str().unwrap());
    }
    path.replace("limit=200", "limit=50")
}

/// How many single-row commits the database takes a second, by itself.
fn bare_inserts(backend: Backend, prepared: &Prepared) -> f64 {
    use gongkai::db::leases;
    let app = open(&prepared.folder, &prepared.url);
    let begun = std::time::Instant::now();
    let n = if backend == Backend::Sqlite { 2_000 } else { 1_000 };
    for i in 0..n {
        let (name, now) = (format!("bench-{i}"), Utc::now());
        app.store
            .write_blocking(move |conn| leases::acquire(conn, &name, "bench", now, now).map(|_| ()))
            .unwrap_or_else(|error: StoreError| panic!("{error}"));
    }
    let per_second = f64::from(n) / begun.elapsed().as_secs_f64();
    close(&app);
    per_second
}

fn report(what: &str, load: &Load, note: &str) {
    let at = |share| human(percentile(&load.times, share).as_secs_f64());
    let failed = if load.failed > 0 { format!(" {} FAILED", load.failed) } else { String::new() };
    let note = format!("{note}{failed}");
    row(&[what.into(), format!("{:.0}", load.per_second), at(0.5), at(0.99), note]);
}

async fn sign_in(connection: &mut Connection) -> String {
    let body = json!({ "login": "bench", "password": password() }).to_string();
    let headers = [("content-type", "application/json")];
    let (status, body) =
        connection.send(&request("POST", "/api/v1/sessions", &headers, &body)).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let tokens: Value = serde_json::from_slice(&body).unwrap();
    tokens["access_token"].as_str().unwrap().to_owned()
}

async fn get(connection: &mut Connection, path: &str, bearer: &str) -> Value {
    let (status, body) =
        connection.send(&request("GET", path, &[("authorization", bearer)], "")).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

fn filing(agency: Uuid, n: usize) -> Vec<u8> {
    let key = Uuid::now_v7().to_string();
    let headers = [("content-type", "application/json"), ("idempotency-key", key.as_str())];
    request("POST", "/api/v1/requests", &headers, &body(agency, n).to_string())
}

pub fn body(agency: Uuid, n: usize) -> Value {
    json!({
        "agency": agency,
        "application": {
            "applicant": {
                "kind": "natural_person", "name": format!("测试申请人{n}"),
                "credential_kind": "other", "credential_number": format!("BENCH{n:08}"),
                "phone": "0700-1234567", "address": "清溪县云岭镇测试路1号", "postcode": "000000"
            },
            "title": format!("2025年度农村公路养护资金分配方案及验收材料（第{n}份）"),
            "description": "请提供全县各乡镇2025年度农村公路日常养护补助资金的分配依据、分配结果和年终验收意见。",
            "supply_form": "paper", "delivery_way": "post"
        }
    })
}

fn agency_row(id: Uuid) -> AgencyRow {
    let now = Utc::now();
    let text = |t: &str| t.to_owned();
    AgencyRow {
        id,
        serial: 1,
        name: text("清溪县交通运输局"),
        short_name: text("县交通局"),
        code_word: text("清交"),
        level: text("department"),
        region: text("清溪县"),
        office_name: text("局办公室"),
        address: text("清溪县人民路1号"),
        postcode: text("000000"),
        phone: text("0700-1234567"),
        fax: String::new(),
        email: String::new(),
        office_hours: text("工作日 8:30–17:30"),
        channels: json!([]),
        review_body: text("清溪县人民政府"),
        court: text("清溪县人民法院"),
        review_online_url: None,
        number_pattern: text(gongkai::domain::number::DEFAULT_PATTERN),
        settings: json!({}),
        active: true,
        version: 1,
        created_at: now,
        updated_at: now,
        parent_id: None,
        merged_into: None,
        merged_on: None,
        merged_by: None,
    }
}

fn user_row(agency: Uuid, password_hash: String) -> UserRow {
    let now = Utc::now();
    UserRow {
        id: Uuid::now_v7(),
        login: "bench".to_owned(),
        name: "测量员".to_owned(),
        password_hash,
        agency_id: Some(agency),
        email: Some("officer@example.cn".to_owned()),
        active: true,
        failed_logins: 0,
        locked_until_at: None,
        must_change: false,
        version: 1,
        created_at: now,
        updated_at: now,
        unit_id: None,
    }
}
