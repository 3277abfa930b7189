//! The exact format of `gongkai clock`, as other programs rely on it.

use gongkai::domain::{
    calendar::Calendar,
    clock::{ClockInput, answer},
};
use serde_json::{Value, json};

use super::day;

/// The printed answer to `question`, read on 2026-10-12 unless it says otherwise.
fn printed(question: &Value) -> String {
    let input = ClockInput::from_json(&question.to_string()).unwrap();
    let answer = answer(Calendar::built_in(), &input, day("2026-10-12")).unwrap();
    serde_json::to_string(&answer).unwrap()
}

fn example() -> Value {
    json!({ "as_of": "2026-10-12", "events": [
        { "kind": "received", "on": "2026-09-14" },
        { "kind": "extended", "on": "2026-10-10", "working_days": 20 } ] })
}

#[test]
fn the_example_of_the_contract_is_answered_byte_for_byte() {
    let printed = printed(&example());
    let expected = concat!(
        r#"{"state":"running","anchor_on":"2026-09-14","due_on":"2026-11-13","provisional":false,"#,
        r#""allowance":{"base":20,"extension":20,"suspended":0},"#,
        r#""used":16,"left":24,"overdue":false,"#,
        r#""limits":{"correction_notice_on":"2026-09-22","correction_on":null,"#,
        r#""payment_on":null,"consultations":[]},"defects":[],"#,
        r#""days":[{"date":"2026-09-15","kind":"counted","n":1},"#,
    );
    assert!(printed.starts_with(expected), "{printed}");
    assert!(printed.contains(r#"{"date":"2026-09-20","kind":"make_up","n":5},"#));
    assert!(printed.ends_with(r#"{"date":"2026-11-13","kind":"counted","n":40}]}"#));
}

#[test]
fn without_a_day_of_reading_it_is_today() {
    let mut question = example();
    question.as_object_mut().unwrap().remove("as_of");
    assert_eq!(printed(&question), printed(&example()));
    question["as_of"] = Value::Null;
    assert_eq!(printed(&question), printed(&example()));
}

#[test]
fn a_consultation_is_printed_with_its_limits_and_the_name_as_given() {
    let question = json!({ "as_of": "2026-06-12", "events": [
        { "kind": "received", "on": "2026-05-11" },
        { "kind": "consultation_sent", "on": "2026-05-18", "id": 7, "party": "third_party" },
        { "kind": "consultation_served", "on": "2026-05-20", "id": 7 },
        { "kind": "consultation_sent", "on": "2026-05-21", "id": "a", "party": "agency" },
        { "kind": "consultation_answered", "on": "2026-06-02", "id": "7" },
        { "kind": "consultation_answered", "on": "2026-06-03", "id": "a" } ] });
    let answer: Value = serde_json::from_str(&printed(&question)).unwrap();
    assert_eq!(
        answer["limits"]["consultations"],
        json!([
            { "id": 7, "party": "third_party", "sent_on": "2026-05-18", "served_on": "2026-05-20",
              "answered_on": "2026-06-02", "due_on": "2026-06-10", "ends_on": "2026-06-02" },
            { "id": "a", "party": "agency", "sent_on": "2026-05-21", "served_on": null,
              "answered_on": "2026-06-03", "due_on": null, "ends_on": "2026-06-03" }
        ])
    );
    assert_eq!((&answer["provisional"], &answer["due_on"]), (&json!(false), &json!("2026-06-25")));
}

#[test]
fn every_kind_of_event_is_read_and_printed_in_the_words_of_the_contract() {
    let events = json!([
        { "kind": "received", "on": "2026-05-11" },
        { "kind": "correction_requested", "on": "2026-05-12", "until": "2026-06-01" },
        { "kind": "correction_received", "on": "2026-05-18" },
        { "kind": "extended", "on": "2026-05-19", "working_days": 20 },
        { "kind": "consultation_sent", "on": "2026-05-20", "id": "a", "party": "agency" },
        { "kind": "consultation_served", "on": "2026-05-21", "id": "a" },
        { "kind": "consultation_answered", "on": "2026-05-22", "id": "a" },
        { "kind": "deferred", "on": "2026-05-25", "until": "2026-12-01" },
        { "kind": "fee_notified", "on": "2026-05-26", "served_on": "2026-05-27" },
        { "kind": "fee_paid", "on": "2026-05-28" },
        { "kind": "replied", "on": "2026-05-29" },
        { "kind": "remanded", "on": "2026-09-01", "working_days": 20 },
        { "kind": "withdrawn", "on": "2026-09-02" }
    ]);
    let input = ClockInput::from_json(&json!({ "events": events }).to_string()).unwrap();
    assert_eq!(serde_json::to_value(&input.events).unwrap(), events);
    let answer: Value = serde_json::from_str(&printed(&json!({ "events": events }))).unwrap();
    assert_eq!(answer["state"], "closed");
}

#[test]
fn states_and_defects_are_printed_in_the_words_of_the_contract() {
    let state = |events: Value| {
        let answer: Value =
            serde_json::from_str(&printed(&json!({ "as_of": "2026-06-30", "events": events })))
                .unwrap();
        (answer["state"].clone(), answer["defects"].clone())
    };
    let received = json!({ "kind": "received", "on": "2026-05-11" });
    let after = |event: Value| state(json!([received, event]));
    assert_eq!(state(json!([])), (json!("unconfirmed"), json!([])));
    assert_eq!(
        after(json!({ "kind": "correction_requested", "on": "2026-05-12" })),
        (json!("awaiting_correction"), json!([]))
    );
    assert_eq!(
        after(json!({ "kind": "correction_requested", "on": "2026-05-29" })),
        (json!("running"), json!(["correction_notice_late"]))
    );
    assert_eq!(
        after(json!({ "kind": "fee_notified", "on": "2026-06-09" })),
        (json!("awaiting_payment"), json!(["fee_notice_late"]))
    );
    let letter = |on: &str| {
        after(json!({ "kind": "consultation_sent", "on": on, "id": 1, "party": "agency" }))
    };
    assert_eq!(letter("2026-06-08"), (json!("suspended"), json!([])));
    assert_eq!(letter("2026-06-09"), (json!("running"), json!(["suspension_after_limit"])));
    assert_eq!(
        after(json!({ "kind": "replied", "on": "2026-06-09" })),
        (json!("closed"), json!(["reply_late"]))
    );
    assert_eq!(
        after(json!({ "kind": "deferred", "on": "2026-06-09", "until": "2026-06-10" })),
        (json!("running"), json!(["deferral_late"]))
    );
}
