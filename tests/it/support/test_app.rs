//! The real server on a port the system chooses, with a database of its own, a clock that stands
//! still, mail in a folder – and people of every role who talk to it.
//!
//! Write a test as `async fn what_must_hold(app: TestApp)` and list it in `on_each_backend!`: it
//! becomes the two tests `what_must_hold::sqlite` and `what_must_hold::postgres`. Helpers that go
//! round the API are called `db_…`.

use std::sync::Arc;

use actix_web::dev::ServerHandle;
use gongkai::app::App;
use gongkai::assembly::assemble;
use gongkai::clock::{Clock, ManualClock};
use gongkai::config::Config;
use gongkai::db::agencies::{self, AgencyRow};
use gongkai::db::users::{self, UserRow};
use gongkai::db::{Access, Conn, StoreError};
use gongkai::web::limits::PerMinute;
use gongkai::web::{WebConfig, server_with};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use super::client::Client;
use super::day;
use super::postgres::{self, Database};

/// Password of every person that [`TestApp::db_person`] enters.
pub const PASSWORD: &str = "correct horse battery";
/// Its hash, made with the least memory and passes there are, so that a sign-in takes no time.
const HASH: &str =
    "$argon2id$v=19$m=8,t=1,p=1$69Un6qHcTPpCTMklL9AoEg$UonwN+N3wGTW7VpIGZIR7KSpSEaaoAs074zi5jKRa1E";
/// The day on which tests begin: a Monday in an arranged year.
const TODAY: &str = "2026-09-14";

/// Makes two tests of each async function named.
macro_rules! on_each_backend {
    ($($name:ident),+ $(,)?) => {
        $(mod $name {
            use $crate::support::test_app::{Backend, run};

            #[test]
            fn sqlite() {
                run(Backend::Sqlite, super::$name);
            }

            #[test]
            fn postgres() {
                run(Backend::Postgres, super::$name);
            }
        })+
    };
}
pub(crate) use on_each_backend;

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database on the throw-away server.
    Postgres,
}

/// Runs a test body with a fresh application; does nothing where there is no PostgreSQL to run on.
pub fn run<F: Future<Output = ()>>(backend: Backend, body: fn(TestApp) -> F) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        if let Some(app) = TestApp::spawn(backend).await {
            body(app).await;
        }
    });
}

/// A running application.
pub struct TestApp {
    /// The use cases, for looking behind the API.
    pub app: App,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Where it is reached, without a slash at the end.
    pub url: String,
    /// The agency the clerk, the officer and the head work for.
    pub agency: Uuid,
    /// Another agency, where nobody works yet.
    pub other_agency: Uuid,
    /// Stops the server.
    pub server: ServerHandle,
    /// Its data folder; mail lands in `mail`.
    pub folder: TempDir,
    http: reqwest::Client,
    _database: Option<Database>,
}

impl TestApp {
    /// Starts an application without limits of rate; `None` where there is no PostgreSQL.
    pub async fn spawn(backend: Backend) -> Option<Self> {
        Self::spawn_with(backend, |config| config).await
    }

    /// Starts an application that serves in another way.
    pub async fn spawn_with(
        backend: Backend,
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Option<Self> {
        Self::spawn_set(backend, &[], change).await
    }

    /// Starts an application with further settings: variable and value.
    pub async fn spawn_set(
        backend: Backend,
        further: &[(&str, &str)],
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let (database, database_url) = match backend {
            Backend::Sqlite => {
                (None, format!("sqlite:{}", folder.path().join("gongkai.db").display()))
            }
            Backend::Postgres => {
                let database = postgres::fresh_database()?;
                let url = database.url().to_owned();
                (Some(database), url)
            }
        };
        let settings = [
            ("GONGKAI_DATA_DIR", folder.path().display().to_string()),
            ("GONGKAI_DATABASE_URL", database_url),
            ("GONGKAI_SQLITE_SYNCHRONOUS", "normal".to_owned()),
            ("GONGKAI_LISTEN", "127.0.0.1:0".to_owned()),
            ("GONGKAI_PUBLIC_URL", "https://gk.example.cn".to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        let further = further.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let config = Config::load(None, settings.into_iter().chain(further)).unwrap();
        let clock = Arc::new(ManualClock::on(day(TODAY)));
        let app = assemble(&config, Arc::<ManualClock>::clone(&clock), Access::Exclusive).unwrap();
        let web = WebConfig {
            workers: Some(1),
            stop_on_signals: false,
            per_minute: PerMinute::UNLIMITED,
            ..WebConfig::from(&config)
        };
        let server = server_with(app.clone(), change(web)).unwrap();
        let url = format!("http://{}", server.addresses()[0]);
        let handle = server.handle();
        tokio::spawn(server.run());
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let (agency, other_agency) = (Uuid::now_v7(), Uuid::now_v7());
        let this = Self {
            app,
            clock,
            url,
            agency,
            other_agency,
            server: handle,
            folder,
            http,
            _database: database,
        };
        this.db_agency(agency, 1, "青云县财政局").await;
        this.db_agency(other_agency, 2, "青云县教育局").await;
        Some(this)
    }

    /// Somebody without an account.
    pub fn anon(&self) -> Client {
        Client::new(self.http.clone(), self.url.clone())
    }

    /// 登记员 of [`TestApp::agency`].
    pub async fn clerk(&self) -> Client {
        self.signed_in("clerk", &["clerk"], Some(self.agency)).await
    }

    /// 承办人 of [`TestApp::agency`].
    pub async fn officer(&self) -> Client {
        self.signed_in("officer", &["officer"], Some(self.agency)).await
    }

    /// 公开工作机构负责人 of [`TestApp::agency`].
    pub async fn head(&self) -> Client {
        self.signed_in("head", &["head"], Some(self.agency)).await
    }

    /// 保密审查员 of [`TestApp::agency`].
    pub async fn reviewer(&self) -> Client {
        self.signed_in("reviewer", &["secrecy_reviewer"], Some(self.agency)).await
    }

    /// 监督员 of the county.
    pub async fn supervisor(&self) -> Client {
        self.signed_in("supervisor", &["supervisor"], None).await
    }

    /// 系统管理员.
    pub async fn admin(&self) -> Client {
        self.signed_in("admin", &["administrator"], None).await
    }

    /// A person of these roles, entered if need be, signed in over the API.
    pub async fn signed_in(&self, login: &str, roles: &[&str], agency: Option<Uuid>) -> Client {
        if self.db_user(login).await.is_none() {
            self.db_person(login, roles, agency, |row| row).await;
        }
        self.anon().signed_in(login, PASSWORD).await
    }

    /// Sets the clock to nine in the morning of a day.
    pub fn set_today(&self, date: &str) {
        self.clock.set_date(day(date));
    }

    /// Address of its database, for another process.
    pub fn database_url(&self) -> String {
        match &self._database {
            Some(database) => database.url().to_owned(),
            None => format!("sqlite:{}", self.folder.path().join("gongkai.db").display()),
        }
    }

    /// Writes to the database past the application.
    pub async fn db_write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.app.store.write(work).await.unwrap()
    }

    /// The row of a person.
    pub async fn db_user(&self, login: &str) -> Option<UserRow> {
        let login = login.to_owned();
        self.app.store.read(move |conn| users::find_by_login(conn, &login)).await.unwrap()
    }

    /// Enters a person with [`PASSWORD`] past the API.
    pub async fn db_person(
        &self,
        login: &str,
        roles: &[&str],
        agency: Option<Uuid>,
        change: impl FnOnce(UserRow) -> UserRow,
    ) -> Uuid {
        let now = self.clock.now();
        let row = change(UserRow {
            id: Uuid::now_v7(),
            login: login.to_owned(),
            name: format!("测试{login}"),
            password_hash: HASH.to_owned(),
            agency_id: agency,
            email: None,
            active: true,
            failed_logins: 0,
            locked_until_at: None,
            must_change: false,
            version: 1,
            created_at: now,
            updated_at: now,
            unit_id: None,
        });
        let (id, roles) = (row.id, roles.iter().map(ToString::to_string).collect::<Vec<_>>());
        self.db_write(move |conn| {
            users::insert(conn, row, &roles.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .await;
        id
    }

    /// Enters an agency past the API.
    pub async fn db_agency(&self, id: Uuid, serial: i32, name: &str) {
        let now = self.clock.now();
        let row = AgencyRow {
            id,
            serial,
            name: name.to_owned(),
            short_name: name.trim_start_matches("青云县").to_owned(),
            code_word: "青财".to_owned(),
            level: "department".to_owned(),
            region: "青云县".to_owned(),
            office_name: format!("{name}办公室"),
            address: "青云县城关镇人民路1号".to_owned(),
            postcode: "000000".to_owned(),
            phone: "0000-0000000".to_owned(),
            fax: String::new(),
            email: String::new(),
            office_hours: "工作日 9:00–12:00，14:00–17:00".to_owned(),
            channels: json!([]),
            review_body: "青云县人民政府".to_owned(),
            court: "青云县人民法院".to_owned(),
            review_online_url: None,
            number_pattern: "{代字}{系列}〔{年}〕第{号}号".to_owned(),
            settings: json!({}),
            active: true,
            version: 1,
            created_at: now,
            updated_at: now,
            parent_id: None,
            merged_into: None,
            merged_on: None,
            merged_by: None,
        };
        self.db_write(move |conn| agencies::insert(conn, row)).await;
    }
}
