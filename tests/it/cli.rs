//! The program as its users run it: the real binary, its output, its exit status.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

const EXAMPLE: &str = r#"{ "as_of": "2026-10-12", "events": [
    { "kind": "received", "on": "2026-09-14" },
    { "kind": "extended", "on": "2026-10-10", "working_days": 20 } ] }"#;

/// Runs `gongkai` with `args` and `input`, without any of our environment.
fn gongkai(args: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments does not read its input
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    std::str::from_utf8(&output.stdout).unwrap()
}

/// The one line of JSON a refusal prints.
fn refusal(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = std::str::from_utf8(&output.stderr).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(text).unwrap()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn the_clock_answers_the_example_of_the_contract() {
    let output = gongkai(&["clock"], EXAMPLE.as_bytes());
    let answer: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!(answer["due_on"], "2026-11-13");
    assert_eq!((&answer["used"], &answer["left"]), (&16.into(), &24.into()));
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn a_refused_event_is_one_line_with_code_message_and_index() {
    let text = r#"{"events":[{"kind":"received","on":"2026-05-11"},
        {"kind":"extended","on":"2026-06-09","working_days":20}]}"#;
    let refusal = refusal(&gongkai(&["clock"], text.as_bytes()));
    assert_eq!(refusal["code"], "extension_after_limit");
    assert_eq!(refusal["event"], 1);
    assert!(refusal["message"].as_str().unwrap().contains("第三十三条"));
    assert_eq!(refusal.as_object().unwrap().len(), 3);
}

#[test]
fn input_that_is_no_question_is_malformed() {
    for text in [&b""[..], b"{", b"\xff\xfe{}", b"[]"] {
        let refusal = refusal(&gongkai(&["clock"], text));
        assert_eq!(
            (&refusal["code"], &refusal["event"]),
            (&"malformed_input".into(), &Value::Null)
        );
    }
}

#[test]
fn a_newer_calendar_makes_a_provisional_date_certain() {
    let question = r#"{"as_of":"2026-12-10","events":[{"kind":"received","on":"2026-12-10"}]}"#;
    let output = gongkai(&["clock"], question.as_bytes());
    let guess: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&guess["provisional"], &guess["due_on"]), (&true.into(), &"2027-01-08".into()));

    let notice = file(
        "date,kind,festival,arranged_for\n2027-01-01,off,元旦,2027\n2027-01-02,off,元旦,2027\n\
         2027-01-03,work,元旦,2027\n",
    );
    let path = notice.path().to_str().unwrap();
    let output = gongkai(&["clock", "--calendar", path], question.as_bytes());
    let known: Value = serde_json::from_str(stdout(&output)).unwrap();
    assert_eq!((&known["provisional"], &known["due_on"]), (&false.into(), &"2027-01-07".into()));
}

#[test]
fn a_calendar_that_cannot_be_read_is_refused_with_its_line() {
    let wrong = file("date,kind,festival,arranged_for\n2027-02-30,off,春节,2027\n");
    let args = ["clock", "--calendar", wrong.path().to_str().unwrap()];
    let by_line = refusal(&gongkai(&args, EXAMPLE.as_bytes()));
    assert_eq!(by_line["code"], "malformed_input");
    assert!(by_line["message"].as_str().unwrap().contains("第2行"));
    let missing = refusal(&gongkai(&["calendar", "check", "--calendar", "/nonexistent.csv"], b""));
    assert_eq!(missing["code"], "malformed_input");
}

#[test]
fn fees_are_whole_yuan_and_nothing_else() {
    for (args, yuan) in [
        (["fee", "items", "24"], "1400\n"),
        (["fee", "items", "10"], "0\n"),
        (["fee", "pages", "68"], "380\n"),
        (["fee", "pages", "0"], "0\n"),
    ] {
        assert_eq!(stdout(&gongkai(&args, b"")), yuan);
    }
}

#[test]
fn fees_of_impossible_amounts_are_refused() {
    for amount in ["-1", "1.5", "x", "", "1000001", "99999999999999999999"] {
        let refusal = refusal(&gongkai(&["fee", "pages", amount], b""));
        assert_eq!(refusal["code"], "malformed_input", "{amount}");
    }
}

#[test]
fn a_year_is_shown_with_its_total_and_its_exceptions() {
    let output = gongkai(&["calendar", "show", "2026"], b"");
    let text = stdout(&output);
    assert!(text.starts_with("2026年  已安排"), "{text}");
    assert!(text.contains("工作日合计 248 天"), "{text}");
    assert!(text.contains("2026-09-20  周日  上班  国庆节"), "{text}");
    let next = gongkai(&["calendar", "show", "2027"], b"");
    assert!(stdout(&next).starts_with("2027年  未安排"), "{next:?}");
    assert_eq!(refusal(&gongkai(&["calendar", "show", "2100"], b""))["code"], "malformed_input");
}

#[test]
fn the_check_fails_when_a_day_of_the_next_120_is_not_arranged() {
    let check = |as_of: &str| gongkai(&["calendar", "check", "--as-of", as_of], b"");
    let covered = check("2026-09-02");
    assert!(stdout(&covered).contains("2026年  工作日 248 天，与核对值相符"));
    let uncovered = check("2026-09-03");
    assert_eq!(uncovered.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&uncovered.stdout).contains("只能暂定"));
}

#[test]
fn the_check_fails_when_a_total_is_not_the_known_one() {
    let wrong = file("date,kind,festival,arranged_for\n2025-01-01,off,元旦,2025\n");
    let args = ["calendar", "check", "--as-of", "2026-01-01", "--calendar"];
    let output = gongkai(&[&args[..], &[wrong.path().to_str().unwrap()]].concat(), b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("与核对值 248 不符"));
}

#[test]
fn a_question_that_is_no_text_is_refused_in_chinese() {
    let refused = refusal(&gongkai(&["clock"], b"{\"events\": [\xff]}"));
    assert_eq!(refused["code"], "malformed_input");
    assert_eq!(refused["message"], "标准输入不是 UTF-8 编码的文字");
}
