//! Logs as they leave the process: one JSON object a line, with the request's id, masked.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use gongkai::config::{LogFilter, LogFormat, Value as _};
use gongkai::telemetry::mask::mask;
use gongkai::telemetry::subscriber;
use serde_json::Value;
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what was logged.
#[derive(Clone, Default)]
struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Buffer {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn logged(format: LogFormat, level: &str, work: impl FnOnce()) -> String {
    let buffer = Buffer::default();
    let filter = LogFilter::parse(level).unwrap();
    let subscriber = subscriber(format, &filter, buffer.clone()).unwrap();
    tracing::subscriber::with_default(subscriber, work);
    buffer.text()
}

#[test]
fn a_json_line_carries_level_message_fields_and_the_request_id() {
    let text = logged(LogFormat::Json, "info", || {
        let _request = tracing::info_span!("request", request_id = "r-17").entered();
        tracing::warn!(case = "YX-2026-00001", "答复期限将至");
    });

    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "答复期限将至");
    assert_eq!(line["case"], "YX-2026-00001");
    assert_eq!(line["span"]["request_id"], "r-17");
    assert!(line["timestamp"].as_str().unwrap().ends_with('Z'), "{text}");
}

#[test]
fn personal_data_that_slips_into_a_log_line_is_blotted_out() {
    for format in [LogFormat::Json, LogFormat::Text] {
        let text = logged(format, "info", || {
            let _span = tracing::info_span!("mail", to = "zhang.san@example.cn").entered();
            tracing::info!(error = "no such user: 13800138000", "证件 11010519491231002X");
        });

        for personal in ["zhang.san", "13800138000", "11010519491231002X"] {
            assert!(!text.contains(personal), "{text}");
        }
        assert!(text.contains("[mail]") && text.contains("[phone]") && text.contains("[id]"));
    }
}

#[test]
fn the_level_can_differ_by_module() {
    let text = logged(LogFormat::Text, "warn,gongkai::jobs=debug", || {
        tracing::debug!(target: "gongkai::jobs", "kept");
        tracing::info!(target: "gongkai::web", "dropped");
    });

    assert!(text.contains("kept") && !text.contains("dropped"), "{text}");
}

#[test]
fn numbers_of_people_and_their_addresses_are_blotted_out() {
    let line = r#"{"to":"li.ming@example.cn","id":"11010519491231002X","tel":"+8613800138000"}"#;
    assert_eq!(mask(line), r#"{"to":"[mail]","id":"[id]","tel":"+[phone]"}"#);
    assert_eq!(mask("张三13800138000，身份证110105194912310021。"), "张三[phone]，身份证[id]。");
    assert_eq!(mask("smtp://user:pass@mail.example.cn:25"), "smtp://user:[mail]:25");
}

#[test]
fn ids_times_and_counts_stay() {
    for line in [
        r#"{"timestamp":"2026-01-05T08:00:00.123456Z","took_us":1234567890123}"#,
        "request_id=019a8c1e-12ab-7def-8123-13800138000a",
        "request_id=0198c2d4-1111-7111-8111-111111111111",
        "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "bytes=20971520 rows=100000 port=13800",
        "mention @home and a@b",
    ] {
        assert_eq!(mask(line), line);
    }
}
