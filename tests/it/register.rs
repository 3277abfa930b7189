//! The register of an agency (依申请公开台账) on paper and for a spreadsheet.

use gongkai::db::requests::{self, RequestRow};
use serde_json::{Value, json};

use crate::post::{printings, replied};
use crate::support::cases::{Case, assert_says, pdf_text};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_register_of_a_period_tells_every_request_masked_with_totals,
    the_register_is_narrowed_as_lists_are,
    the_register_is_for_those_who_see_the_cases,
    what_is_too_much_for_paper_still_fits_a_file,
);

fn path(app: &TestApp, query: &str) -> String {
    format!("/api/v1/agencies/{}/register{query}", app.agency)
}

async fn csv(app: &TestApp, query: &str) -> Vec<String> {
    let path = path(app, &format!("?format=csv{query}"));
    let reply = app.officer().await.get(&path).await.expect(200);
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    let text = String::from_utf8(reply.bytes).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

async fn the_register_of_a_period_tells_every_request_masked_with_totals(app: TestApp) {
    // Given two requests of today, one of them with a title that a spreadsheet would reckon with
    let (first, _) = replied(&app, |_| {}).await;
    let evil = |form: &mut Value| {
        form["title"] = json!("=1+1，13812345678，😀\u{323B5}");
        form["applicant"]["name"] = json!("龚䶮喆");
    };
    let second = Case::filed_with(&app, evil).await;

    // When the register is printed
    let officer = app.officer().await;
    let printed = officer.get(&path(&app, "")).await.expect(200);
    let text = pdf_text(&printed.bytes);
    // Then both stand in it, masked, and the totals below
    assert_says(
        &text,
        &[
            "政府信息依申请公开台账",
            "机关：青云县财政局",
            "收件日期：2026年1月1日至2026年9月14日",
            "第1页共1页",
            &first.number,
            &second.number,
            "王*明",
            "龚*喆",
            "已签发",
            "〔U+323B5〕",
            "共2件，其中未办结2件（已逾期0件），已办结0件。",
            "2026-10-16",
        ],
    );
    for secret in ["王小明", "13812345678", "和平路", "11010519491231002X"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(printed.bytes, officer.get(&path(&app, "")).await.expect(200).bytes);
    let lines = csv(&app, "").await;
    assert_eq!(lines.len(), 2);
    assert!(lines[1].contains(",'=1+1"), "{lines:?}");
    let log = printings(&app, "register.print").await;
    assert_eq!(log.len(), 3);
    assert_eq!(log[0].detail["requests"], 2);
}

async fn the_register_is_narrowed_as_lists_are(app: TestApp) {
    let (issued, _) = replied(&app, |_| {}).await;
    let filed = Case::filed(&app).await;
    app.set_today("2026-09-16");
    let later = Case::filed(&app).await;
    for (query, wanted) in [
        ("", vec![&issued, &filed, &later]),
        ("&to=2026-09-15", vec![&issued, &filed]),
        ("&from=2026-09-15", vec![&later]),
        ("&from=2026-09-15&to=2026-09-15", vec![]),
        ("&state=issued", vec![&issued]),
        ("&mine=true", vec![&issued]),
        ("&open=false", vec![]),
        ("&open=true&state=received", vec![]),
    ] {
        let lines = csv(&app, query).await;
        assert_eq!(lines.len(), wanted.len(), "{query}: {lines:?}");
        for (line, case) in lines.iter().zip(wanted) {
            assert!(line.contains(&case.number), "{query}: {lines:?}");
        }
    }
    let number = format!("&number={}", filed.number);
    assert_eq!(csv(&app, &number).await.len(), 1);
    // What it was narrowed by stands on the paper; an empty one is a sheet as well
    let officer = app.officer().await;
    let narrowed = officer.get(&path(&app, "?open=false")).await.expect(200);
    assert_says(&pdf_text(&narrowed.bytes), &["筛选：已办结", "共0件"]);
    let odd = officer.get(&path(&app, "?from=2026-09-16&to=2026-09-15")).await;
    assert_eq!(odd.fault(), (422, "date_too_early", "to"));
    for query in ["?from=2026-9-4", "?state=nothing", "?format=xlsx", "?what=1"] {
        assert_eq!(officer.get(&path(&app, query)).await.status, 400, "{query}");
    }
}

async fn the_register_is_for_those_who_see_the_cases(app: TestApp) {
    Case::filed(&app).await;
    let of_ours = path(&app, "?format=csv");
    for who in [app.clerk().await, app.supervisor().await, app.reviewer().await] {
        who.get(&of_ours).await.expect(200);
    }
    let stranger = app.signed_in("stranger", &["head"], Some(app.other_agency)).await;
    assert_eq!(stranger.get(&of_ours).await.refusal(), (404, "not_found"));
    assert_eq!(app.admin().await.get(&of_ours).await.refusal(), (403, "forbidden"));
    assert_eq!(app.anon().get(&of_ours).await.refusal(), (401, "not_signed_in"));
}

async fn what_is_too_much_for_paper_still_fits_a_file(app: TestApp) {
    let case = Case::filed(&app).await;
    let id: uuid::Uuid = case.id.parse().unwrap();
    let more = |count: i32, from: i32| {
        app.db_write(move |conn| {
            let row = requests::get(conn, id)?;
            for n in from..from + count {
                let number = format!("9{n:09}");
                requests::insert(
                    conn,
                    RequestRow { id: uuid::Uuid::now_v7(), number, ..row.clone() },
                )?;
            }
            Ok(())
        })
    };
    more(1_999, 0).await;
    let officer = app.officer().await;
    let whole = officer.get(&path(&app, "")).await.expect(200);
    assert_says(&pdf_text(&whole.bytes), &["共2000件", "9000001998"]);
    more(1, 5_000).await;
    let refused = officer.get(&path(&app, "")).await;
    assert_eq!(refused.refusal(), (409, "register_too_large"));
    assert!(refused.json["detail"].as_str().unwrap().contains("2000件"), "{}", refused.json);
    assert_eq!(csv(&app, "").await.len(), 2_001);
    // A shorter period or a filter fits again
    officer.get(&path(&app, "?from=2026-09-15&to=2026-09-16")).await.expect(200);
    officer.get(&path(&app, &format!("?number={}", case.number))).await.expect(200);
}
