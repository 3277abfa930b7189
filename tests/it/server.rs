//! The server as a process: what it logs, and how it stops.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gongkai::config::{LogFormat, Value};
use gongkai::telemetry;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::test_app::{Backend, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_in_flight_is_finished_before_the_server_stops() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let address = app.url.trim_start_matches("http://").to_owned();
    let body = r#"{"events":[{"kind":"received","on":"2026-09-14"}]}"#;
    let head = format!(
        "POST /api/v1/clock HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let (first, rest) = body.split_at(10);
    let mut client = TcpStream::connect(&address).await.unwrap();
    client.write_all(format!("{head}{first}").as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;

    let stopping = tokio::spawn(app.server.stop(true));
    tokio::time::sleep(Duration::from_millis(200)).await;

    assert!(!stopping.is_finished(), "it did not wait");
    client.write_all(rest.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("\"due_on\":\"2026-10-16\""), "{answer}");
    stopping.await.unwrap();
    assert!(TcpStream::connect(&address).await.is_err(), "it still takes connections");
}

/// What is logged, in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_leaves_one_line_with_its_id_and_nothing_personal() {
    let log = Log::default();
    let writer = log.clone();
    let filter = Value::parse("info").unwrap();
    let subscriber = telemetry::subscriber(LogFormat::Json, &filter, move || writer.clone());
    tracing::subscriber::set_global_default(subscriber.unwrap()).unwrap();
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let body = serde_json::json!({ "login": "xu.personal", "password": "personal secret" });
    let request = app.anon().request(reqwest::Method::POST, "/api/v1/sessions?who=xu.personal");
    let request = request.header("X-Request-Id", "request-to-find");

    app.anon().send(request.json(&body)).await.expect(401);

    let text = log.text();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .filter(|line| line.contains("request-to-find"))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!(lines[0]["message"], "answered");
    assert_eq!(lines[0]["route"], "/api/v1/sessions");
    assert_eq!(lines[0]["status"], 401);
    assert_eq!(lines[0]["span"]["method"], "POST");
    assert!(lines[0]["ms"].is_u64(), "{}", lines[0]);
    assert!(!text.contains("personal"), "{text}");
}
