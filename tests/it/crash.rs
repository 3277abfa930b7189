//! The real program is killed in the middle of its work, told to stop, and tampered with.

mod commands;
mod tampering;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use uuid::Uuid;

use crate::support::cases::application;
use crate::support::client::Client;
use crate::support::repository;

/// How many filings must be acknowledged in all.
const FILINGS: usize = 1_000;
/// How many citizens file at once.
const CITIZENS: usize = 8;

/// A data folder, and the program run on it as an operator would.
struct Installation {
    folder: TempDir,
}

/// A running server, killed when the test ends early.
struct Running {
    child: Child,
    url: String,
}

impl Installation {
    /// An empty installation with settings in a file: durable, and without limits of rate.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let settings = format!(
            "data_dir = \"{}\"\nlisten = \"127.0.0.1:0\"\nsqlite_synchronous = \"full\"\n\
             rate_limits = false\nlog_level = \"warn\"\n",
            data.display()
        );
        std::fs::write(folder.path().join("gongkai.toml"), settings).unwrap();
        Self { folder }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command.arg("--config").arg(self.folder.path().join("gongkai.toml")).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Starts the server, with or without a worker inside, and waits until it answers.
    fn serve(&self, worker: bool) -> Running {
        let log = self.folder.path().join("serve.log");
        let log = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let mut child = self
            .command(&["serve"])
            .env("GONGKAI_WORKER_IN_SERVE", worker.to_string())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_once("http://").and_then(|(_, rest)| rest.split_once('/'));
        let (address, _) = url.unwrap_or_else(|| panic!("it did not start: {}", self.log()));
        let url = format!("http://{address}");
        Running { child, url }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("serve.log")).unwrap()
    }
}

/// The program without any of our environment.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gongkai"));
    command.env_clear().current_dir(repository()).stdin(Stdio::null());
    command
}

impl Running {
    fn client(&self) -> Client {
        Client::new(reqwest::Client::builder().no_proxy().build().unwrap(), self.url.clone())
    }

    /// SIGKILL: nothing of the program runs any more.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM.
    fn terminate(&self) {
        let told = Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        assert!(told.success());
    }

    /// Waits for the end.
    fn ended(mut self) -> ExitStatus {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(20) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not stop");
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The first administrator enters the first agency; its id.
async fn first_agency(installation: &Installation, server: &Running) -> String {
    let created = installation.run(&["admin", "create", "--login", "root", "--name", "管理员"]);
    assert!(created.status.success(), "{created:?}");
    let told = String::from_utf8(created.stdout).unwrap();
    let password = told.lines().find_map(|line| line.strip_prefix("口令：")).unwrap().to_owned();
    let root = server.client().signed_in("root", &password).await;
    let change = json!({ "current_password": password, "new_password": "a much better secret" });
    let request = root.request(reqwest::Method::PUT, "/api/v1/me/password").json(&change);
    let tokens = root.send(request).await.expect(200);
    let root = root.with_token(tokens.json["access_token"].as_str().unwrap());
    let profile = json!({
        "name": "青云县财政局", "short_name": "财政局", "code_word": "青财", "level": "department",
        "region": "青云县", "office_name": "青云县财政局办公室", "address": "青云县人民路1号",
        "postcode": "000000", "phone": "0000-0000000", "fax": "", "email": "",
        "office_hours": "工作日 9:00–17:00", "review_body": "青云县人民政府",
        "court": "青云县人民法院", "review_online_url": null,
        "number_pattern": "{代字}{系列}〔{年}〕第{号}号"
    });
    let agency = root.post("/api/v1/agencies", &profile).await.expect(201);
    agency.json["id"].as_str().unwrap().to_owned()
}

/// A citizen who files again and again, and sends again what was not answered.
struct Citizen {
    http: reqwest::Client,
    /// The key of a filing that was sent and not answered.
    unanswered: Option<String>,
    acknowledged: Vec<Value>,
}

impl Citizen {
    fn new() -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, unanswered: None, acknowledged: Vec::new() }
    }

    /// Files once; whether it was acknowledged.
    async fn file(&mut self, url: &str, body: &Value, count: &AtomicUsize) -> bool {
        let key = self.unanswered.take().unwrap_or_else(|| Uuid::new_v4().to_string());
        let request = self.http.post(format!("{url}/api/v1/requests"));
        let sent = request.header("Idempotency-Key", &key).json(body).send().await;
        let answer = match sent {
            Ok(answer) => answer.error_for_status().unwrap().json::<Value>().await,
            Err(broken) => Err(broken),
        };
        match answer {
            Ok(filed) => {
                self.acknowledged.push(filed);
                count.fetch_add(1, Ordering::SeqCst);
                true
            }
            Err(_) => {
                self.unanswered = Some(key);
                false
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killing_the_process_loses_nothing_that_was_acknowledged() {
    // Given a fresh installation and citizens who file
    let installation = Installation::new();
    let server = installation.serve(false);
    let agency = first_agency(&installation, &server).await;
    server.kill();
    let body = json!({ "agency": agency, "application": application() });
    let mut citizens: Vec<Citizen> = (0..CITIZENS).map(|_| Citizen::new()).collect();
    let count = AtomicUsize::new(0);

    // When the process is killed again and again at random moments, with and without a worker
    let mut rounds = 0;
    while count.load(Ordering::SeqCst) < FILINGS {
        let server = installation.serve(rounds % 2 == 1);
        let url = server.url.clone();
        let target = (count.load(Ordering::SeqCst) + rand::random_range(60..170)).min(FILINGS);
        let filing = join_all(citizens.iter_mut().map(|citizen| {
            let (url, body, count) = (&url, &body, &count);
            async move { while citizen.file(url, body, count).await {} }
        }));
        let killing = async {
            while count.load(Ordering::SeqCst) < target {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_micros(rand::random_range(0..8_000))).await;
            server.kill();
        };
        tokio::join!(filing, killing);
        rounds += 1;
    }
    assert!(rounds >= 5, "{rounds}");

    // Then it starts again, and what was not answered can be sent again without a double
    let server = installation.serve(true);
    for citizen in citizens.iter_mut().filter(|citizen| citizen.unanswered.is_some()) {
        assert!(citizen.file(&server.url, &body, &count).await);
    }
    // And every acknowledged request is there and opens with its code
    let filed: Vec<Value> = citizens.into_iter().flat_map(|c| c.acknowledged).collect();
    let client = server.client();
    for some in filed.chunks(CITIZENS) {
        join_all(some.iter().map(async |filed| {
            let ticket = json!({ "number": filed["number"], "code": filed["query_code"] });
            let seen = client.send_json("/api/v1/tracking", &ticket).await.expect(200).json;
            assert_eq!(seen["number"], filed["number"]);
            assert_eq!(seen["received_on"], filed["received_on"]);
        }))
        .await;
    }
    // And numbers run from 1 without gap and without double
    let numbers: BTreeSet<u64> = filed.iter().map(running_number).collect();
    let wanted: BTreeSet<u64> = (1..).take(filed.len()).collect();
    assert_eq!(numbers, wanted);

    // And the record is whole, down to the bytes of the documents
    server.terminate();
    assert_eq!(server.ended().code(), Some(0), "{}", installation.log());
    let verified = installation.run(&["verify", "--files"]);
    let told = String::from_utf8_lossy(&verified.stdout);
    assert_eq!(verified.status.code(), Some(0), "{told}");
    assert!(told.contains(&format!("核对申请{}件", filed.len())), "{told}");
    assert!(!installation.log().contains("panicked"), "{}", installation.log());
}

/// The last five digits: the running number of the year.
fn running_number(filed: &Value) -> u64 {
    let number = filed["number"].as_str().unwrap();
    number[number.len() - 5..].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_told_to_stop_finishes_the_request_in_flight() {
    // Given a filing of which half has been sent
    let installation = Installation::new();
    let server = installation.serve(true);
    let agency = first_agency(&installation, &server).await;
    let body = json!({ "agency": agency, "application": application() }).to_string();
    let (first, rest) = body.as_bytes().split_at(100);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut citizen = TcpStream::connect(&address).await.unwrap();
    let head = format!(
        "POST /api/v1/requests HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\
         Idempotency-Key: in-flight-when-told\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    citizen.write_all(&[head.as_bytes(), first].concat()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;

    // When the server is told to stop, and the rest comes
    server.terminate();
    tokio::time::sleep(Duration::from_millis(300)).await;
    citizen.write_all(rest).await.unwrap();
    let mut answer = String::new();
    citizen.read_to_string(&mut answer).await.unwrap();

    // Then it is acknowledged, the program ends well, and the request is there afterwards
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    assert_eq!(server.ended().code(), Some(0), "{}", installation.log());
    assert!(TcpStream::connect(&address).await.is_err(), "it still takes connections");
    let filed = answer.split_once("\r\n\r\n").unwrap().1;
    let filed: Value =
        serde_json::from_str(&filed[filed.find('{').unwrap()..=filed.rfind('}').unwrap()]).unwrap();
    let server = installation.serve(false);
    let ticket = json!({ "number": filed["number"], "code": filed["query_code"] });
    server.client().send_json("/api/v1/tracking", &ticket).await.expect(200);
}

/// Runs `gongkai verify --files` on a data folder.
fn verify(data: &Path) -> Output {
    program().args(["verify", "--files"]).env("GONGKAI_DATA_DIR", data).output().unwrap()
}
