//! The post on paper, as it comes out over HTTP.

use serde_json::{Value, json};

use super::{id, print, printings, replied, sent};
use crate::support::cases::{By, Case, assert_says, g1, pdf_text, sha256};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    an_envelope_tells_who_writes_to_whom_and_not_what_was_asked,
    list_and_letters_come_in_one_file_in_the_order_of_the_list,
    a_letter_whose_file_is_lost_is_named_and_the_others_can_be_printed,
    a_notice_comes_in_two_copies_and_its_file_stays_as_it_is,
);

fn pages(pdf: &[u8]) -> usize {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, pdf).unwrap();
    let check = std::process::Command::new("qpdf").arg("--check").arg(file.path()).output();
    let check = check.unwrap();
    assert!(check.status.success(), "{check:?}");
    let count = std::process::Command::new("qpdf").arg("--show-npages").arg(file.path()).output();
    String::from_utf8(count.unwrap().stdout).unwrap().trim().parse().unwrap()
}

async fn an_envelope_tells_who_writes_to_whom_and_not_what_was_asked(app: TestApp) {
    // Given a reply to somebody with an agent, and the letter to a third party
    let with_agent = |form: &mut Value| {
        form["agent"] = json!({
            "name": "周大力", "credential_number": "11010519491231002X", "authority": "一般代理"
        });
    };
    let (case, reply) = replied(&app, with_agent).await;
    case.serve(&id(&reply), sent("ems", "1234567890123")).await.expect(200);
    let other = Case::in_processing(&app).await;
    for (name, address, party) in [
        ("青云建筑有限公司", "青云县工业园1号", "third_party"),
        ("青云县档案馆", "青云县文昌路3号", "agency"),
    ] {
        let consult = json!({
            "action": "consult", "on": "2026-09-14", "id": party, "party": party,
            "addressee": name, "jointly_made": false, "items": [],
            "letter": { "address": address }
        });
        other.does(By::Officer, consult).await;
    }
    let third = other.notice("third_party_letter").await;
    let agency = other.notice("agency_letter").await;
    // When envelopes are printed for all of them, the agent's among them
    let order = json!({
        "print": { "kind": "envelopes", "size": "c4" },
        "letters": [
            { "notice": reply["id"] },
            { "notice": reply["id"], "receiver": "agent", "way": "registered", "tracking": "" },
            { "notice": third["id"] }, { "notice": agency["id"] }
        ]
    });
    let printed = print(&app, order.clone()).await.expect(200);
    assert_eq!(printed.header("content-type"), "application/pdf");
    assert_eq!(printed.header("cache-control"), "private, no-store");
    // Then each bears both ends, its number and way
    assert_eq!(pages(&printed.bytes), 4);
    let text = pdf_text(&printed.bytes);
    assert_says(
        &text,
        &[
            "王小明收",
            "周大力收",
            "青云县城关镇和平路8号",
            "000000",
            "EMS特快专递",
            "挂号信",
            "1234567890123",
            "青云建筑有限公司收",
            "青云县工业园1号",
            "青云县档案馆收",
            "青云县文昌路3号",
            "青云县财政局办公室",
            "青云县城关镇人民路1号",
            reply["number"].as_str().unwrap(),
            third["number"].as_str().unwrap(),
        ],
    );
    assert_eq!(text.matches("1234567890123").count(), 1);
    // and nothing of what was asked, nor telephone, nor identity number
    for secret in ["补助", "小区", "答复书", "13800000000", "11010519491231002X", "信息公开"]
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(printed.bytes, print(&app, order).await.expect(200).bytes, "other bytes");
    let log = printings(&app, "post.print").await;
    assert_eq!(log.len(), 8);
    assert_eq!(log[1].detail["receiver"], "agent");
    // Labels for the same set, from the last label of a sheet on
    let labels = json!({
        "print": { "kind": "labels", "sheet": "2x7", "first": 14 },
        "letters": [{ "notice": reply["id"] }, { "notice": third["id"] }]
    });
    let labels = print(&app, labels).await.expect(200);
    assert_eq!(pages(&labels.bytes), 2);
    assert_says(&pdf_text(&labels.bytes), &["王小明收", "青云建筑有限公司收", "1234567890123"]);
}

async fn list_and_letters_come_in_one_file_in_the_order_of_the_list(app: TestApp) {
    let (_first, lying) = replied(&app, |_| {}).await;
    let (second, by_ems) = replied(&app, |_| {}).await;
    second.serve(&id(&by_ems), sent("ems", "1234567890123")).await.expect(200);
    let own = app.clerk().await.get(&format!("/api/v1/notices/{}/pdf", id(&lying))).await;
    let each = pages(&own.expect(200).bytes);

    let order = |copies: u8, duplex: bool| json!({ "print": { "kind": "letters", "copies": copies, "duplex": duplex } });
    let printed = print(&app, order(2, false)).await.expect(200).bytes;
    assert_eq!(pages(&printed), 1 + 4 * each);
    let text = pdf_text(&printed);
    assert_says(
        &text,
        &[
            "交寄清单",
            "共2件：EMS特快专递1件，挂号信1件",
            "王*明",
            "青云县****",
            "1234567890123",
            "收寄人员（签名）",
        ],
    );
    assert_eq!(text.matches("第一份交申请人").count(), 2 * each);
    assert_eq!(text.matches("第二份存档").count(), 2 * each);
    let (list, behind) = text.split_at(text.find("交寄清单第1页").unwrap());
    assert!(!list.contains("王小明") && !list.contains("和平路"), "{list}");
    // The order of the list is that of the letters behind it
    let place = |text: &str, notice: &Value| text.find(notice["number"].as_str().unwrap()).unwrap();
    assert!(place(list, &by_ems) < place(list, &lying));
    assert!(place(behind, &by_ems) < place(behind, &lying));

    let duplex = print(&app, order(1, true)).await.expect(200).bytes;
    assert_eq!(pages(&duplex), 2 + 2 * (each + each % 2));
    assert_eq!(printed, print(&app, order(2, false)).await.expect(200).bytes, "other bytes");
    // Printing records nothing of the way: what lay here lies here
    let seen = super::letters(&app, "2026-09-14").await;
    assert_eq!(seen.iter().filter(|letter| letter["on_record"] == false).count(), 1);
}

async fn a_letter_whose_file_is_lost_is_named_and_the_others_can_be_printed(app: TestApp) {
    let (_a, whole) = replied(&app, |_| {}).await;
    let (_b, lost) = replied(&app, |_| {}).await;
    let (_c, forged) = replied(&app, |_| {}).await;
    let all = json!({ "print": { "kind": "letters" } });
    print(&app, all.clone()).await.expect(200);
    let place =
        |notice: &Value| app.folder.path().join(format!("files/notices/{}.pdf", id(notice)));
    std::fs::remove_file(place(&lost)).unwrap();
    std::fs::write(place(&forged), b"%PDF-1.4 FORGED").unwrap();

    let before = printings(&app, "post.print").await.len();
    let refused = print(&app, all).await;
    assert_eq!(refused.refusal(), (409, "post_incomplete"));
    let told = refused.json["detail"].as_str().unwrap();
    assert!(told.contains(lost["number"].as_str().unwrap()), "{told}");
    assert!(told.contains(forged["number"].as_str().unwrap()), "{told}");
    assert!(!told.contains(whole["number"].as_str().unwrap()), "{told}");
    // Nothing was printed, so nothing is on record; the sound one can be named
    assert_eq!(printings(&app, "post.print").await.len(), before);
    let one = json!({ "print": { "kind": "letters" }, "letters": [{ "notice": whole["id"] }] });
    assert_eq!(print(&app, one).await.expect(200).status, 200);
}

async fn a_notice_comes_in_two_copies_and_its_file_stays_as_it_is(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let draft = case.drafted(&g1()).await;
    let clerk = app.clerk().await;
    let early = clerk.get(&format!("/api/v1/notices/{draft}/copies")).await;
    assert_eq!(early.refusal(), (409, "notice_not_issued"));
    let reply = case.issued(&g1()).await;
    let path = |below: &str| format!("/api/v1/notices/{}/{below}", id(&reply));
    let own = clerk.get(&path("pdf")).await.expect(200).bytes;
    let each = pages(&own);

    let two = clerk.get(&path("copies")).await.expect(200).bytes;
    assert_eq!(pages(&two), 2 * each);
    let text = pdf_text(&two);
    assert_eq!(text.matches("第一份交申请人").count(), each);
    assert_eq!(text.matches("第二份存档").count(), each);
    assert_eq!(text.matches("王小明：").count(), 2, "{text}");
    let three = clerk.get(&path("copies?copies=3&duplex=true")).await.expect(200).bytes;
    assert_eq!(pages(&three), 3 * (each + each % 2));
    for copies in ["copies=0", "copies=4"] {
        let refused = clerk.get(&path(&format!("copies?{copies}"))).await;
        assert_eq!(refused.blamed(), ("copies", "out_of_range"));
    }
    // The bytes on record are what they were
    let after = clerk.get(&path("pdf")).await.expect(200).bytes;
    assert_eq!(sha256(&after), sha256(&own));
    assert_eq!(case.event_of("rendered", &id(&reply)).await["pdf_sha256"], sha256(&own));
    assert_eq!(printings(&app, "post.print").await.len(), 2);
    // A letter to somebody else is not marked as the applicant's
    let consult = json!({
        "action": "consult", "on": "2026-09-14", "id": "1", "party": "third_party",
        "addressee": "青云建筑有限公司", "jointly_made": false, "items": []
    });
    let other = Case::in_processing(&app).await;
    other.does(By::Officer, consult).await;
    let letter = other.notice("third_party_letter").await;
    let copies = clerk.get(&format!("/api/v1/notices/{}/copies", id(&letter))).await.expect(200);
    assert_says(&pdf_text(&copies.bytes), &["第一份交收件人", "第二份存档"]);
}
