//! Files that nobody should believe.

use serde_json::{Value, json};

use super::{NOTICE_2027, supervisor};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_table_that_does_not_stand_is_refused_with_its_fault,
    a_notice_that_is_not_understood_is_refused_with_its_sentence,
    number_and_date_of_the_document_must_be_there_and_agree,
    only_keepers_of_the_calendar_may_look_or_import,
);

const HEAD: &str = "date,kind,festival,arranged_for\n";

fn csv(lines: &str) -> Value {
    json!({
        "format": "csv", "text": format!("{HEAD}{lines}"),
        "document": "国办发明电〔2026〕9号", "document_on": "2026-09-01"
    })
}

/// A table of 2027 with all statutory holidays off, and further lines.
fn with(lines: &str) -> String {
    let off = [
        "01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15",
        "10-01", "10-02", "10-03",
    ];
    let off: String = off.map(|day| format!("2027-{day},off,节,2027\n")).concat();
    format!("{off}{lines}")
}

async fn a_table_that_does_not_stand_is_refused_with_its_fault(app: TestApp) {
    let keeper = supervisor(&app).await;
    let many: String =
        (1..=28).map(|n| format!("2027-03-{n:02},off,节,2027\n")).collect::<Vec<_>>().concat();
    let refused = [
        (with("2027-03-01,off,=cmd|' /C calc'!A0,2027\n"), "festival_name"),
        (with("2027-03-01,off,+8613800000000,2027\n"), "festival_name"),
        (with("2027-03-01,off,,2027\n"), "festival_name"),
        (with("2027-03-06,work,节,2027\n2027-03-06,off,节,2027\n"), "malformed_table"),
        (with("2027-02-30,off,节,2027\n"), "malformed_table"),
        (with("\"2027-03-01\",off,节,2027\n"), "malformed_table"),
        (with("2026-05-04,work,节,2026\n"), "several_years"),
        (with("2027-03-03,work,节,2027\n"), "make_up_on_weekday"),
        // 2026 says that 4 January 2026 is worked: another year's notice does not unsay it.
        ("2026-01-04,off,节,2025\n".to_owned(), "contradicts_other_year"),
        (with("").replace("2027-06-09,off,节,2027\n", ""), "statutory_holiday_missing"),
        (with(&many), "implausible_total"),
        (with(&"2027-03-01,off,节,2027\n".repeat(2_000)), "too_long"),
        (String::new(), "malformed_table"),
    ];
    for (lines, code) in refused {
        let reply = keeper.post("/api/v1/calendar/imports", &csv(&lines)).await;
        let shown: String =
            lines.chars().rev().take(60).collect::<String>().chars().rev().collect();
        assert_eq!(reply.blamed(), ("text", code), "…{shown}: {}", reply.json);
    }
    let binary = keeper.post("/api/v1/calendar/imports", &csv("\u{0}\u{1}PK\u{3}\u{4}")).await;
    assert_eq!(binary.fault(), (400, "control_characters", "text"));
    // Past the size of any body it is not even read
    let huge = json!({ "format": "csv", "text": "休".repeat(200_000) });
    assert_eq!(keeper.post("/api/v1/calendar/imports", &huge).await.status, 413);
    // And none of it left anything behind
    let listed = keeper.get("/api/v1/calendar/imports").await.expect(200).json;
    assert_eq!(listed, json!([]));
    // A year that deviates by little is taken, with a word to the second person
    let body = csv(&with("2027-12-31,off,节,2027\n"));
    let taken = keeper.post("/api/v1/calendar/imports", &body).await.expect(201).json;
    assert!(taken["notes"][0].as_str().unwrap().contains("推算为248天"), "{taken}");
}

async fn a_notice_that_is_not_understood_is_refused_with_its_sentence(app: TestApp) {
    app.set_today("2026-11-16");
    let keeper = supervisor(&app).await;
    let text = NOTICE_2027.replace("5月8日（周六）上班", "5月8日（周六）视情况上岗");
    let body = json!({ "format": "notice", "text": text });
    let reply = keeper.post("/api/v1/calendar/imports", &body).await;
    assert_eq!(reply.blamed(), ("text", "sentence_not_understood"));
    assert!(reply.json.to_string().contains("5月8日（周六）视情况上岗"), "{}", reply.json);
    let reply = keeper.send_json("/api/v1/calendar/preview", &body).await;
    assert_eq!(reply.blamed(), ("text", "sentence_not_understood"));
}

async fn number_and_date_of_the_document_must_be_there_and_agree(app: TestApp) {
    app.set_today("2026-11-16");
    let keeper = supervisor(&app).await;
    let base = json!({ "format": "notice", "text": NOTICE_2027 });
    let with = |field: &str, value: &str| {
        let mut body = base.clone();
        body[field] = json!(value);
        body
    };
    let bare = NOTICE_2027.replace("国办发明电〔2026〕9号", "").replace("2026年11月3日", "");
    let refused = [
        (with("document", "国办发明电〔2026〕8号"), "document", "document_differs"),
        (with("document_on", "2026-11-04"), "document_on", "document_differs"),
        (with("text", &bare), "document", "document_number"),
        (csv("2027-01-01,off,节,2027\n"), "text", "statutory_holiday_missing"),
    ];
    for (body, field, code) in refused {
        let reply = keeper.post("/api/v1/calendar/imports", &body).await;
        assert_eq!(reply.blamed(), (field, code), "{}", reply.json);
    }
    // A notice from the future is none
    app.set_today("2026-10-16");
    let keeper = supervisor(&app).await;
    let reply = keeper.post("/api/v1/calendar/imports", &base).await;
    assert_eq!(reply.blamed(), ("document_on", "document_date"));
}

async fn only_keepers_of_the_calendar_may_look_or_import(app: TestApp) {
    let head = app.head().await;
    assert_eq!(head.get("/api/v1/calendar/imports").await.status, 403);
    let body = csv("");
    assert_eq!(head.post("/api/v1/calendar/imports", &body).await.status, 403);
    assert_eq!(app.anon().post("/api/v1/calendar/imports", &body).await.status, 401);
}
