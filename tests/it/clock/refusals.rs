//! Every refusal code, the index it names, and that a refused event changes nothing.

use gongkai::domain::{
    calendar::Calendar,
    clock::{ClockInput, ClockRefusal},
};

use super::*;

fn refusal(events: &[ClockEvent]) -> ClockRefusal {
    replay(Calendar::built_in(), events).unwrap_err()
}

fn code(events: &[ClockEvent]) -> (&'static str, Option<usize>) {
    let refusal = refusal(events);
    (refusal.code(), refusal.event)
}

/// `events` are accepted, and each of `refused` after them gets `expected`.
fn each_gets(expected: &str, events: &[ClockEvent], refused: &[ClockEvent]) {
    let before = state(events);
    for event in refused {
        let mut after = before.clone();
        let refusal = after.apply(Calendar::built_in(), event).unwrap_err();
        assert_eq!((refusal.code(), refusal.event), (expected, Some(events.len())), "{event:?}");
        assert_eq!(after, before, "a refused event must change nothing: {event:?}");
    }
}

#[test]
fn nothing_happens_before_the_receipt() {
    let on = "2026-05-12";
    let refused = [
        correction_requested(on, None),
        correction_received(on),
        extended(on, 5),
        sent(on, "甲"),
        served(on, "甲"),
        answered(on, "甲"),
        fee_notified(on, None),
        fee_paid(on),
        deferred(on, on),
        remanded(on, 20),
        replied(on),
        withdrawn(on),
    ];
    each_gets("event_before_receipt", &[], &refused);
}

#[test]
fn events_go_forward_in_time() {
    let events = [received("2026-05-11"), sent("2026-05-18", "甲")];
    each_gets("event_out_of_order", &events, &[served("2026-05-17", "甲"), replied("2026-05-11")]);
    assert!(
        refusal(&[received("2026-05-11"), replied("2026-05-10")])
            .to_string()
            .contains("2026-05-10")
    );
}

#[test]
fn what_has_no_counterpart_is_out_of_order() {
    let on = "2026-05-13";
    each_gets(
        "event_out_of_order",
        &[received("2026-05-11")],
        &[received(on), correction_received(on), fee_paid(on)],
    );
    let told_twice = [received("2026-05-11"), sent("2026-05-12", "甲"), served(on, "甲")];
    each_gets("event_out_of_order", &told_twice, &[served(on, "甲")]);
    let answered_once = [received("2026-05-11"), sent("2026-05-12", "甲"), answered(on, "甲")];
    each_gets("event_out_of_order", &answered_once, &[answered(on, "甲")]);
}

#[test]
fn while_no_limit_runs_it_cannot_be_changed() {
    let on = "2026-05-14";
    let changes =
        [extended(on, 5), deferred(on, on), fee_notified(on, None), correction_requested(on, None)];
    let correction = [received("2026-05-11"), correction_requested("2026-05-13", None)];
    each_gets("event_out_of_order", &correction, &changes);
    let fee = [received("2026-05-11"), fee_notified("2026-05-13", None)];
    each_gets("event_out_of_order", &fee, &changes);
}

#[test]
fn a_second_correction_notice_waits_for_the_first() {
    let late = [received("2026-05-11"), correction_requested("2026-05-21", None)];
    each_gets("event_out_of_order", &late, &[correction_requested("2026-05-22", None)]);
}

#[test]
fn a_consultation_must_have_been_sent() {
    let events = [received("2026-05-11"), sent("2026-05-12", "甲")];
    let on = "2026-05-13";
    each_gets("unknown_consultation", &events, &[served(on, "乙"), answered(on, "乙")]);
}

#[test]
fn a_closed_case_takes_nothing_but_a_remand() {
    let on = "2026-05-20";
    let refused = [
        received(on),
        correction_requested(on, None),
        correction_received(on),
        extended(on, 5),
        sent(on, "乙"),
        served(on, "甲"),
        answered(on, "甲"),
        fee_notified(on, None),
        fee_paid(on),
        deferred(on, on),
        replied(on),
        withdrawn(on),
    ];
    let open = [received("2026-05-11"), sent("2026-05-12", "甲")];
    for end in [replied("2026-05-19"), withdrawn("2026-05-19")] {
        let closed = [&open[..], &[end]].concat();
        each_gets("already_closed", &closed, &refused);
        assert!(replay(Calendar::built_in(), &[&closed[..], &[remanded(on, 5)]].concat()).is_ok());
    }
}

#[test]
fn extensions_are_checked_for_length_then_repetition_then_time() {
    let once = [received("2026-05-11"), extended("2026-05-12", 1)];
    let late = "2026-12-01";
    each_gets("extension_too_long", &once, &[extended(late, 21), extended(late, u32::MAX)]);
    each_gets("extension_repeated", &once, &[extended(late, 19), extended("2026-05-13", 19)]);
    let never = [received("2026-05-11")];
    each_gets("extension_after_limit", &never, &[extended("2026-06-09", 1)]);
    assert!(
        replay(Calendar::built_in(), &[received("2026-05-11"), extended("2026-06-08", 20)]).is_ok()
    );
}

#[test]
fn the_message_names_dates_and_article() {
    let message = refusal(&[received("2026-05-11"), extended("2026-06-09", 1)]).to_string();
    for part in ["2026-06-08", "2026-06-09", "第三十三条"] {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn impossible_values_are_malformed() {
    let events = [received("2026-05-11"), sent("2026-05-12", "甲")];
    let on = "2026-05-13";
    let refused = [
        extended(on, 0),
        remanded(on, 0),
        remanded(on, u32::MAX),
        sent(on, "甲"),
        correction_requested(on, Some("2026-05-12")),
        correction_requested(on, Some("2100-01-01")),
        fee_notified(on, Some("2026-05-12")),
        deferred(on, "2026-05-12"),
        replied("2100-01-01"),
        sent("2099-12-31", "乙"),
        remanded("2099-12-31", 1),
    ];
    each_gets("malformed_input", &events, &refused);
    assert_eq!(code(&[received("1999-12-31")]), ("malformed_input", Some(0)));
    assert_eq!(code(&[received("2099-12-20")]), ("malformed_input", Some(0)));
}

#[test]
fn unreadable_questions_are_malformed_and_the_event_is_named() {
    let cases = [
        ("", None),
        ("[]", None),
        ("null", None),
        (r#"{"events":{}}"#, None),
        (r#"{"as_of":"2026-10-12"}"#, None),
        (r#"{"events":[]} x"#, None),
        (r#"{"events":[],"more":1}"#, None),
        (r#"{"events":[],"events":[]}"#, None),
        (r#"{"as_of":"2026-13-12","events":[]}"#, None),
        (r#"{"as_of":20261012,"events":[]}"#, None),
        (r#"{"events":[{"kind":"received","on":"2026-02-29"}]}"#, Some(0)),
        (r#"{"events":[{"kind":"received","on":"2026-2-9"}]}"#, Some(0)),
        (r#"{"events":[{"kind":"received","on":null}]}"#, Some(0)),
        (r#"{"events":[{"kind":"received"}]}"#, Some(0)),
        (r#"{"events":[{"on":"2026-02-09"}]}"#, Some(0)),
        (r#"{"events":[{"kind":"vanished","on":"2026-02-09"}]}"#, Some(0)),
        (r#"{"events":[{"kind":"received","on":"2026-02-09","by":"li"}]}"#, Some(0)),
        (r#"{"events":[["received","2026-02-09"]]}"#, Some(0)),
        (
            r#"{"events":[{"kind":"received","on":"2026-02-09"},
                {"kind":"extended","on":"2026-02-10","working_days":-1}]}"#,
            Some(1),
        ),
        (
            r#"{"events":[{"kind":"received","on":"2026-02-09"},
                {"kind":"extended","on":"2026-02-10","working_days":2.5}]}"#,
            Some(1),
        ),
        (
            r#"{"events":[{"kind":"received","on":"2026-02-09"},
                {"kind":"consultation_sent","on":"2026-02-10","id":"","party":"agency"}]}"#,
            Some(1),
        ),
        (
            r#"{"events":[{"kind":"received","on":"2026-02-09"},
                {"kind":"consultation_sent","on":"2026-02-10","id":true,"party":"agency"}]}"#,
            Some(1),
        ),
        (
            r#"{"events":[{"kind":"received","on":"2026-02-09"},
                {"kind":"consultation_sent","on":"2026-02-10","id":1,"party":"court"}]}"#,
            Some(1),
        ),
    ];
    for (text, event) in cases {
        let refusal = ClockInput::from_json(text).unwrap_err();
        assert_eq!((refusal.code(), refusal.event), ("malformed_input", event), "{text}");
    }
    let doubled = r#"{"events":[{"kind":"received","on":"2026-02-09","on":"2026-02-10"}]}"#;
    assert_eq!(ClockInput::from_json(doubled).unwrap_err().code(), "malformed_input");
}

#[test]
fn what_is_wrong_is_said_in_chinese_with_field_and_place() {
    let event = |rest: &str| format!(r#"{{"events":[{{"kind":"received",{rest}}}]}}"#);
    for (text, told) in [
        ("", "没有内容，应为 JSON"),
        ("{\n  x", "不是有效的 JSON（第2行第3列）"),
        (r#"{"events":["#, "JSON 没有写完（第1行第11列）"),
        (r#"{"events":[]} x"#, "JSON 之后还有多余的内容（第1行第15列）"),
        ("[]", "应为一个 JSON 对象"),
        (r#"{"events":{}}"#, "类型不对，应为数组（第1行第10列）"),
        (r#"{"as_of":"2026-10-12"}"#, "缺少“events”（第1行第22列）"),
        (r#"{"events":[],"events":[]}"#, "“events”出现了两次（第1行第21列）"),
        (r#"{"events":[],"more":1}"#, "没有“more”这一项，可用的有：as_of、events（第1行第19列）"),
        (
            r#"{"as_of":"2026-1-2","events":[]}"#,
            "日期“2026-1-2”不存在，应为 YYYY-MM-DD（第1行第19列）",
        ),
        (r#"{"as_of":7,"events":[]}"#, "类型不对，应为文字（第1行第10列）"),
        (&event(r#""on":"2026-02-30""#), "“on”：日期“2026-02-30”不存在，应为 YYYY-MM-DD"),
        (&event(r#""on":17"#), "“on”：类型不对，应为文字"),
        (&event(r#""on":"2026-02-09","by":"李""#), "没有“by”这一项，可用的有：on"),
        (r#"{"events":[{"kind":"received"}]}"#, "缺少“on”"),
        (r#"{"events":[{"on":"2026-02-09"}]}"#, "缺少“kind”"),
        (r#"{"events":[{"kind":7,"on":"2026-02-09"}]}"#, "“kind”：类型不对，应为文字"),
        (
            r#"{"events":[{"kind":"extended","on":"2026-02-10","working_days":-1}]}"#,
            "“working_days”：数值不在范围内，应为非负整数",
        ),
        (
            r#"{"events":[{"kind":"extended","on":"2026-02-10","working_days":2.5}]}"#,
            "“working_days”：类型不对，应为非负整数",
        ),
        (
            r#"{"events":[{"kind":"consultation_sent","on":"2026-02-10","id":1,"party":"court"}]}"#,
            "“party”：没有“court”这一取值，可用的有：third_party、agency",
        ),
    ] {
        let refusal = ClockInput::from_json(text).unwrap_err();
        assert_eq!(refusal.to_string(), format!("输入不符合格式：{told}"), "{text}");
    }
    let vanished = r#"{"events":[{"kind":"vanished","on":"2026-02-09"}]}"#;
    let told = ClockInput::from_json(vanished).unwrap_err().to_string();
    assert!(told.contains("“kind”：没有“vanished”这一取值，可用的有：received、"), "{told}");
}

#[test]
fn long_input_is_echoed_only_in_part() {
    let text = format!(r#"{{"events":[{{"kind":"{}"}}]}}"#, "長".repeat(1_000_000));
    let refusal = ClockInput::from_json(&text).unwrap_err();
    assert!(serde_json::to_string(&refusal).unwrap().chars().count() < 500);
}

#[test]
fn an_absurd_number_of_events_is_refused() {
    let event = r#"{"kind":"received","on":"2026-05-11"}"#;
    let question = |n| format!(r#"{{"events":[{}]}}"#, vec![event; n].join(","));
    assert_eq!(ClockInput::from_json(&question(2_000)).unwrap().events.len(), 2_000);
    let refusal = ClockInput::from_json(&question(2_001)).unwrap_err();
    assert_eq!((refusal.code(), refusal.event), ("malformed_input", Some(2_000)));
}
