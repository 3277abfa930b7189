//! The post of a day: which letters leave, printed as list, letters, envelopes and labels; and a notice
//! in two copies.

mod paper;

use gongkai::db::deliveries::{self, DeliveryRow};
use gongkai::db::notices::{self, NoticeRow};
use serde_json::{Value, json};

use crate::support::cases::{By, Case, g1, pdf_text};
use crate::support::client::{Client, Reply};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_post_of_a_day_is_what_was_sent_and_what_still_lies_here,
    what_came_back_or_never_left_is_to_be_sent_again,
    only_those_who_record_how_notices_leave_print_the_post_of_their_agency,
    what_cannot_be_printed_is_named_with_its_field,
    a_long_post_is_printed_in_parts,
);

const DAY: &str = "2026-09-14";

/// Where the post of the agency is printed.
pub fn post(app: &TestApp) -> String {
    format!("/api/v1/agencies/{}/post", app.agency)
}

/// Prints something of the post as the clerk.
pub async fn print(app: &TestApp, order: Value) -> Reply {
    app.clerk().await.send_json(&post(app), &order).await
}

/// The letters of a day as the clerk sees them.
pub async fn letters(app: &TestApp, on: &str) -> Vec<Value> {
    let path = format!("{}?on={on}", post(app));
    let seen = app.clerk().await.get(&path).await.expect(200).json;
    seen["letters"].as_array().unwrap().clone()
}

/// A case with a reply that lies in the house; its notice.
pub async fn replied(app: &TestApp, change: impl FnOnce(&mut Value)) -> (Case<'_>, Value) {
    let case = Case::filed_with(app, change).await.processed().await;
    let notice = case.issued(&g1()).await;
    (case, notice)
}

pub fn id(notice: &Value) -> String {
    notice["id"].as_str().unwrap().to_owned()
}

pub fn sent(method: &str, tracking: &str) -> Value {
    json!({ "step": "sent", "on": DAY, "method": method, "tracking": tracking,
        "slip": { "receiver": "本人" } })
}

/// What the audit log says of printings, newest last.
pub async fn printings(app: &TestApp, action: &str) -> Vec<gongkai::db::audit::AuditRow> {
    let log = app.app.store.read(|conn| {
        let filter = gongkai::db::audit::AuditFilter::default();
        gongkai::db::audit::page(conn, &filter, None, 500)
    });
    let mut rows = log.await.unwrap();
    rows.retain(|row| row.action == action);
    rows.sort_by_key(|row| row.id);
    rows
}

async fn the_post_of_a_day_is_what_was_sent_and_what_still_lies_here(app: TestApp) {
    // Given one reply that left by EMS, one that lies here, one handed over, one for the screen
    let (ems, by_ems) = replied(&app, |_| {}).await;
    ems.serve(&id(&by_ems), sent("ems", "1234567890123")).await.expect(200);
    let (_lies, lying) = replied(&app, |_| {}).await;
    let (hand, handed) = replied(&app, |_| {}).await;
    hand.serve(&id(&handed), sent("in_person", "")).await.expect(200);
    let online = |form: &mut Value| form["delivery_way"] = json!("online");
    let (_online, _) = replied(&app, online).await;

    // When the clerk looks at the post of today
    let seen = app.clerk().await.get(&post(&app)).await.expect(200).json;
    // Then it is the first two, masked, what is on record first; and the last is counted
    let found = seen["letters"].as_array().unwrap();
    assert_eq!(found.len(), 2, "{seen}");
    assert_eq!((&seen["parts"], &seen["otherwise"]), (&json!(1), &json!(1)));
    assert_eq!(found[0]["notice"], by_ems["id"]);
    assert_eq!((&found[0]["way"], &found[0]["tracking"]), (&json!("ems"), &json!("1234567890123")));
    assert_eq!((&found[0]["n"], &found[0]["on_record"]), (&json!(1), &json!(true)));
    assert_eq!(found[1]["notice"], lying["id"]);
    assert_eq!((&found[1]["way"], &found[1]["on_record"]), (&json!("registered"), &json!(false)));
    assert_eq!(found[1]["number"], lying["number"]);
    for letter in found {
        assert_eq!((&letter["to"], &letter["place"]), (&json!("王*明"), &json!("青云县****")));
        assert_eq!(letter["faults"], json!([]));
    }
    assert!(!seen.to_string().contains("和平路"), "{seen}");

    // The next morning only what still lies here is left, and the day before is what left on it
    app.set_today("2026-09-15");
    let ids = |letters: Vec<Value>| letters.iter().map(id_of).collect::<Vec<_>>();
    assert_eq!(ids(letters(&app, "2026-09-15").await), [id(&lying)]);
    assert_eq!(ids(letters(&app, DAY).await), [id(&by_ems)]);
    let ahead = app.clerk().await.get(&format!("{}?on=2026-09-16", post(&app))).await;
    assert_eq!(ahead.fault(), (422, "date_in_future", "on"));
}

fn id_of(letter: &Value) -> String {
    letter["notice"].as_str().unwrap().to_owned()
}

async fn what_came_back_or_never_left_is_to_be_sent_again(app: TestApp) {
    let (case, reply) = replied(&app, |_| {}).await;
    case.serve(&id(&reply), sent("registered", "XA7")).await.expect(200);
    let back = json!({ "step": "returned", "on": DAY, "reason": "查无此人" });
    case.serve(&id(&reply), back).await.expect(200);
    // A letter to a third party whose dispatch was recorded by mistake
    let other = Case::in_processing(&app).await;
    let consult = json!({
        "action": "consult", "on": DAY, "id": "1", "party": "third_party",
        "addressee": "青云建筑有限公司", "jointly_made": false, "items": [],
        "letter": { "address": "青云县工业园1号" }
    });
    other.does(By::Officer, consult).await;
    let letter = other.notice("third_party_letter").await;
    other.serve(&id(&letter), sent("registered", "XA8")).await.expect(200);
    assert_eq!(letters(&app, DAY).await.len(), 3);
    let version = other.version().await;
    let path = format!("/api/v1/notices/{}/deliveries", id(&letter));
    let revoked = json!({ "step": "revoked", "reason": "登记有误，尚未交寄" });
    app.head().await.act(&path, version, &revoked).await.expect(200);

    app.set_today("2026-09-15");
    let found = letters(&app, "2026-09-15").await;
    let wanted = [id(&reply), id(&letter), id(&other.notice("consultation_told").await)];
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(wanted.iter().all(|one| found.iter().any(|letter| id_of(letter) == *one)));
    assert!(found.iter().all(|letter| letter["on_record"] == false));
    // On the day itself the one that came back had left, the revoked one had not
    let then: Vec<_> = letters(&app, DAY).await.iter().map(id_of).collect();
    assert_eq!(then, [id(&reply)]);
}

async fn only_those_who_record_how_notices_leave_print_the_post_of_their_agency(app: TestApp) {
    let (_case, reply) = replied(&app, |_| {}).await;
    let order = json!({
        "print": { "kind": "envelopes", "size": "dl" }, "letters": [{ "notice": reply["id"] }]
    });
    let tried = async |who: &Client| who.send_json(&post(&app), &order).await;
    for who in [app.clerk().await, app.officer().await, app.head().await] {
        assert!(tried(&who).await.expect(200).bytes.starts_with(b"%PDF"));
    }
    let stranger = app.signed_in("stranger", &["clerk"], Some(app.other_agency)).await;
    assert_eq!(tried(&stranger).await.refusal(), (404, "not_found"));
    let reviewer = app.reviewer().await;
    for who in [app.supervisor().await, app.admin().await, reviewer] {
        assert_eq!(tried(&who).await.refusal(), (403, "forbidden"));
    }
    assert_eq!(tried(&app.anon()).await.refusal(), (401, "not_signed_in"));
    // A notice of ours is none of the other agency's post
    let theirs = format!("/api/v1/agencies/{}/post", app.other_agency);
    let stolen = stranger.send_json(&theirs, &order).await;
    assert_eq!(stolen.blamed(), ("letters", "unfit_notice"));
    let copies = format!("/api/v1/notices/{}/copies", id(&reply));
    assert_eq!(stranger.get(&copies).await.refusal(), (404, "not_found"));
    assert_eq!(app.supervisor().await.get(&copies).await.refusal(), (403, "forbidden"));
    // Each printing that happened is on record, and whose address it bore
    let log = printings(&app, "post.print").await;
    assert_eq!(log.len(), 3);
    let detail = json!({ "print": "envelopes", "address": "on_record", "receiver": "addressee" });
    assert!(log.iter().all(|row| row.detail == detail), "{log:?}");
    let notice = id(&reply);
    assert!(log.iter().all(|row| row.object_id.unwrap().to_string() == notice));
}

async fn what_cannot_be_printed_is_named_with_its_field(app: TestApp) {
    let nothing = print(&app, json!({ "print": { "kind": "list" } })).await;
    assert_eq!(nothing.refusal(), (409, "nothing_to_print"));
    let without = |form: &mut Value| {
        form["applicant"]["address"] = json!("");
        form["delivery_way"] = json!("pickup");
    };
    let (case, reply) = replied(&app, without).await;
    let number = reply["number"].as_str().unwrap();
    let envelope = |letter: Value| json!({ "print": { "kind": "envelopes", "size": "c5" }, "letters": [letter] });
    let to = |to: Value| envelope(json!({ "notice": reply["id"], "to": to }));

    // No address: refused with field and number; entered for this printing it works
    let refused = print(&app, envelope(json!({ "notice": reply["id"] }))).await;
    assert_eq!(refused.blamed(), ("applicant.address", "address_missing"));
    let message = refused.json["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains(number) && message.contains("to.address"), "{message}");
    let typed =
        print(&app, to(json!({ "address": "青云县新城路9号", "postcode": "000001" }))).await;
    let text = pdf_text(&typed.expect(200).bytes);
    assert!(text.contains("青云县新城路9号") && text.contains("王小明"), "{text}");
    assert_eq!(printings(&app, "post.print").await[0].detail["address"], "entered");
    // Rare characters are printed
    let rare = json!({ "name": "龚䶮喆𬱖", "address": "青云县𬱖阳路1号" });
    let text = pdf_text(&print(&app, to(rare)).await.expect(200).bytes);
    assert!(text.contains("龚䶮喆𬱖") && text.contains("𬱖阳路"), "{text}");

    for (bad, code) in [
        (json!({ "address": "永".repeat(4000) }), "too_long"),
        (json!({ "address": "青云县\u{202e}新城路" }), "control_characters"),
        (json!({ "address": "青云县\u{7}新城路" }), "control_characters"),
        (json!({ "address": "青云县\u{323B5}路" }), "no_glyph"),
        (json!({ "address": "青云县", "name": "\u{1FAE8}" }), "no_glyph"),
        (json!({ "address": "  " }), "address_missing"),
        (json!({ "address": "青云县", "postcode": "12345" }), "invalid_postcode"),
    ] {
        let refused = print(&app, to(bad.clone())).await;
        assert_eq!(refused.blamed(), ("letters", code), "{bad}");
    }
    let odd =
        json!({ "notice": reply["id"], "tracking": "邮件123", "to": { "address": "青云县" } });
    assert_eq!(print(&app, envelope(odd)).await.blamed(), ("letters", "invalid_tracking"));
    let agent = json!({ "notice": reply["id"], "receiver": "agent" });
    assert_eq!(print(&app, envelope(agent)).await.blamed(), ("letters", "unfit_notice"));
    let receipt = case.notice("receipt").await;
    let receipt = envelope(json!({ "notice": receipt["id"] }));
    assert_eq!(print(&app, receipt).await.blamed(), ("letters", "unfit_notice"));
    // What is long enough for an envelope may be too long for a label
    let long = json!({ "notice": reply["id"], "to": { "address": "永".repeat(200) } });
    print(&app, envelope(long.clone())).await.expect(200);
    let label = json!({ "print": { "kind": "labels", "sheet": "3x8" }, "letters": [long] });
    assert_eq!(print(&app, label).await.blamed(), ("letters", "does_not_fit"));

    for (order, field) in [
        (json!({ "print": { "kind": "labels", "sheet": "2x7", "first": 15 } }), "print.first"),
        (json!({ "print": { "kind": "labels", "sheet": "2x7", "first": 0 } }), "print.first"),
        (json!({ "print": { "kind": "letters", "copies": 4 } }), "copies"),
        (json!({ "print": { "kind": "letters", "copies": 0 } }), "copies"),
    ] {
        assert_eq!(print(&app, order.clone()).await.blamed(), (field, "out_of_range"), "{order}");
    }
    let unknown = json!({ "print": { "kind": "envelopes", "size": "a4" } });
    assert_eq!(print(&app, unknown).await.status, 400);
}

async fn a_long_post_is_printed_in_parts(app: TestApp) {
    let (case, reply) = replied(&app, |_| {}).await;
    let named = |count: usize| {
        let letter = json!({ "notice": reply["id"] });
        json!({ "print": { "kind": "list" }, "letters": vec![letter; count] })
    };
    let list = print(&app, named(200)).await.expect(200);
    assert!(pdf_text(&list.bytes).contains("共200件：挂号信200件"));
    assert_eq!(print(&app, named(201)).await.blamed(), ("letters", "too_many"));
    let part = |part: usize| json!({ "print": { "kind": "list" }, "part": part });
    print(&app, part(1)).await.expect(200);
    for beyond in [0, 2] {
        assert_eq!(print(&app, part(beyond)).await.blamed(), ("part", "out_of_range"));
    }
    // When 200 more were sent that day, each a record of its own
    case.serve(&id(&reply), sent("ems", "E0")).await.expect(200);
    let notice: uuid::Uuid = id(&reply).parse().unwrap();
    app.db_write(move |conn| {
        let row = notices::get(conn, notice)?;
        let attempt = deliveries::of_notice(conn, notice)?.pop().unwrap();
        for n in 1..=200 {
            let id = uuid::Uuid::now_v7();
            let (number, number_n) = (Some(format!("另字第{n}号")), None);
            notices::insert(conn, NoticeRow { id, number, number_n, ..row.clone() })?;
            let (notice_id, tracking_number) = (id, Some(format!("E{n}")));
            let id = uuid::Uuid::now_v7();
            let attempt = attempt.clone();
            deliveries::insert(conn, DeliveryRow { id, notice_id, tracking_number, ..attempt })?;
        }
        Ok(())
    })
    .await;
    // Then the whole is refused, and the parts go on with their numbers
    let whole = print(&app, json!({ "print": { "kind": "list" } })).await;
    assert_eq!(whole.refusal(), (409, "post_too_large"));
    assert!(whole.json["detail"].as_str().unwrap().contains("共201件"), "{}", whole.json);
    let first = pdf_text(&print(&app, part(1)).await.expect(200).bytes);
    let second = pdf_text(&print(&app, part(2)).await.expect(200).bytes);
    assert!(first.contains("共200件") && first.contains("E199"), "{first}");
    assert!(second.contains("201另字第200号") && second.contains("共1件"), "{second}");
    assert_eq!(app.clerk().await.get(&post(&app)).await.json["parts"], 2);
}
