//! The sweep over limits that have passed: it proposes what a person decides, puts the effect of
//! silence on record, and does each thing once, whoever runs it and how often.

use chrono::TimeDelta;
use gongkai::clock::Clock;
use gongkai::db::leases;
use serde_json::{Value, json};

use crate::support::cases::{By, Case, assert_says};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    a_passed_correction_date_is_proposed_and_never_lapses_by_itself,
    an_unpaid_fee_is_proposed_and_never_lapses_by_itself,
    silence_takes_the_effect_the_law_gives_it,
    without_proof_of_service_silence_means_nothing,
    several_workers_make_each_entry_once,
    a_killed_worker_holds_nobody_up_for_long,
    what_was_entered_before_the_sweep_existed_is_set_right,
);

async fn swept(app: &TestApp) -> usize {
    let report = app.app.sweep("test").await.unwrap().unwrap();
    assert_eq!(report.failed, 0);
    report.entries
}

async fn a_passed_correction_date_is_proposed_and_never_lapses_by_itself(app: TestApp) {
    // Given a correction asked for until 30 September
    let case = Case::filed(&app).await;
    case.assigned().await;
    let ask = json!({
        "action": "ask_correction", "on": "2026-09-14", "until": "2026-09-30",
        "defects": [{ "kind": "form", "guidance": "请填写申请书并签名" }]
    });
    case.does(By::Officer, ask).await;
    let notice = case.notice("correction").await["id"].as_str().unwrap().to_owned();
    app.set_today("2026-09-16");
    let sent =
        json!({ "step": "sent", "on": "2026-09-16", "method": "registered", "tracking": "XA1" });
    case.serve(&notice, sent).await.expect(200);
    case.serve(&notice, json!({ "step": "served", "on": "2026-09-16", "evidence": "回执" }))
        .await
        .expect(200);

    // When the sweep comes on the last day, nothing is proposed; on the next it is, once
    app.set_today("2026-09-30");
    assert_eq!(swept(&app).await, 0);
    assert_eq!(case.view().await["proposal"], Value::Null);
    app.set_today("2026-10-01");
    let seen = case.version().await;
    assert_eq!((swept(&app).await, swept(&app).await), (1, 0));

    // Then it stands in view, list and ledger, and the case still waits
    let view = case.view().await;
    assert_eq!(
        (&view["proposal"], &view["state"]),
        (&json!("lapse_correction"), &json!("correction_pending"))
    );
    let entry = case.ledger().await.pop().unwrap();
    assert_eq!((&entry["kind"], &entry["actor"]), (&json!("lapse_proposed"), &json!("系统")));
    assert!(entry["event"]["article"].as_str().unwrap().contains("第三十条"), "{entry}");
    let head = app.head().await;
    let listed = |what: &str| format!("/api/v1/requests?proposal={what}");
    let found = head.get(&listed("lapse_correction")).await.expect(200).json;
    assert_eq!(found["items"][0]["id"], json!(case.id));
    let none = head.get(&listed("lapse_fee")).await.expect(200).json;
    assert_eq!(none["items"], json!([]));
    let waiting = head.get(&case.path("/waiting")).await.expect(200).json;
    assert_eq!(waiting["correction_on"], "2026-09-30");
    assert_eq!(waiting["correction_served_on"], "2026-09-16");

    // And an officer who looked before the sweep decides, and the applicant is told with a number
    let lapse = json!({
        "action": "lapse_correction", "on": "2026-10-01", "notice_served_on": "2026-09-16",
        "proof": "挂号信回执"
    });
    let officer = app.officer().await;
    let view = officer.act(&case.path("/actions"), seen, &lapse).await.expect(200).json;
    assert_eq!((&view["state"], &view["proposal"]), (&json!("correction_lapsed"), &Value::Null));
    let told = case.notice("not_handled").await;
    assert_eq!(told["number"], "青财依止〔2026〕第1号");
    assert_says(
        &case.pdf(&told).await,
        &[
            "2026年9月16日送达",
            "2026年9月30日前（含当日）补正",
            "不再处理",
            "60日内向青云县人民政府申请行政复议",
        ],
    );
    assert_eq!(swept(&app).await, 0);
    let report = app.app.verify(true).await.unwrap();
    assert_eq!(report.faults, Vec::<String>::new());
}

async fn an_unpaid_fee_is_proposed_and_never_lapses_by_itself(app: TestApp) {
    let case = Case::in_processing(&app).await;
    let ask = json!({
        "action": "notify_fee", "on": "2026-09-14", "scale": "pages", "amount_fen": 38_000,
        "served_on": "2026-09-14", "pages": 68
    });
    case.does(By::Officer, ask).await;
    // 20 working days after 09-14, as in rulebook S1
    app.set_today("2026-10-16");
    assert_eq!(swept(&app).await, 0);
    app.set_today("2026-10-17");
    assert_eq!((swept(&app).await, swept(&app).await), (1, 0));
    let view = case.view().await;
    assert_eq!((&view["proposal"], &view["state"]), (&json!("lapse_fee"), &json!("fee_pending")));

    let lapse = json!({ "action": "lapse_fee", "on": "2026-10-17", "proof": "申请人签收" });
    let view = case.does(By::Officer, lapse).await;

    assert_eq!((&view["state"], &view["proposal"]), (&json!("fee_lapsed"), &Value::Null));
    let told = case.notice("not_handled").await;
    assert_says(
        &case.pdf(&told).await,
        &["信息处理费380元", "缴费期限至2026年10月16日", "不再处理"],
    );
    let view = case.does(By::Officer, json!({ "action": "close" })).await;
    assert_eq!(view["outcome"], "O2");
}

/// Sends a letter, and records its service if `served`.
async fn asked(case: &Case<'_>, id: &str, party: &str, joint: bool, served: Option<&str>) {
    case.app.set_today("2026-09-15");
    let ask = json!({
        "action": "consult", "on": "2026-09-15", "id": id, "party": party,
        "addressee": format!("单位{id}"), "jointly_made": joint
    });
    case.does(By::Officer, ask).await;
    case.app.set_today("2026-09-18");
    if let Some(on) = served {
        let served = json!({ "action": "record_consultation_service", "on": on, "id": id });
        case.does(By::Clerk, served).await;
    }
}

async fn silence_takes_the_effect_the_law_gives_it(app: TestApp) {
    // Given three letters that arrived on two days
    let case = Case::in_processing(&app).await;
    app.set_today("2026-09-18");
    asked(&case, "1", "third_party", false, Some("2026-09-16")).await;
    asked(&case, "2", "agency", true, Some("2026-09-16")).await;
    asked(&case, "3", "agency", false, Some("2026-09-17")).await;
    let waiting = app.officer().await.get(&case.path("/waiting")).await.expect(200).json;
    let limits = |view: &Value| {
        let all = view["consultations"].as_array().unwrap();
        all.iter().map(|c| c["limit_on"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(limits(&waiting), ["2026-10-13", "2026-10-13", "2026-10-14"]);

    // When their fifteen working days pass, each its own
    app.set_today("2026-10-13");
    assert_eq!(swept(&app).await, 0);
    app.set_today("2026-10-14");
    assert_eq!((swept(&app).await, swept(&app).await), (2, 0));
    assert_eq!(case.view().await["state"], "agency_pending");
    app.set_today("2026-10-20");
    assert_eq!((swept(&app).await, swept(&app).await), (1, 0));

    // Then each has its own effect with its article, on the day after its limit, by the program
    let told: Vec<_> = case.ledger().await.into_iter().collect();
    let silent: Vec<_> = told.iter().filter(|e| e["kind"] == "consultation_lapsed").collect();
    let effects: Vec<_> = silent
        .iter()
        .map(|e| {
            assert_eq!(e["actor"], "系统");
            (
                e["on"].as_str().unwrap(),
                e["event"]["effect"].as_str().unwrap(),
                e["event"]["article"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        effects,
        [
            ("2026-10-14", "agency_decides", "《政府信息公开条例》第三十二条"),
            ("2026-10-14", "deemed_consent", "《政府信息公开条例》第三十四条"),
            (
                "2026-10-15",
                "no_deemed_consent",
                "《政府信息公开条例》第十一条（未规定逾期视为同意）"
            ),
        ]
    );
    // And the officer is reminded to go on, until a draft is on its way
    let view = case.view().await;
    assert_eq!(
        (&view["state"], &view["proposal"]),
        (&json!("processing"), &json!("decide_after_silence"))
    );
    let draft = case.drafted(&crate::support::cases::g1()).await;
    case.step(By::Officer, &draft, json!({ "step": "submit" })).await.expect(200);
    assert_eq!(case.view().await["proposal"], Value::Null);
}

async fn without_proof_of_service_silence_means_nothing(app: TestApp) {
    let case = Case::in_processing(&app).await;
    app.set_today("2026-09-18");
    asked(&case, "1", "third_party", false, None).await;
    app.set_today("2026-12-18");
    assert_eq!(swept(&app).await, 0);
    assert_eq!(case.view().await["state"], "third_party_pending");
}

async fn several_workers_make_each_entry_once(app: TestApp) {
    let mut cases = Vec::new();
    for _ in 0..3 {
        let case = Case::in_processing(&app).await;
        app.set_today("2026-09-18");
        asked(&case, "1", "third_party", false, Some("2026-09-16")).await;
        cases.push(case);
        app.set_today("2026-09-14");
    }
    app.set_today("2026-10-14");

    let workers = (0..6).map(|n| {
        let app = app.app.clone();
        async move { app.sweep(&format!("worker-{n}")).await.unwrap() }
    });
    let reports = futures_util::future::join_all(workers).await;

    let entries: usize = reports.iter().flatten().map(|report| report.entries).sum();
    assert_eq!(entries, 3, "{reports:?}");
    for case in &cases {
        let lapsed = case.story().await;
        let lapsed = lapsed.iter().filter(|line| line.ends_with("consultation_lapsed")).count();
        assert_eq!(lapsed, 1);
    }
}

async fn a_killed_worker_holds_nobody_up_for_long(app: TestApp) {
    let case = Case::in_processing(&app).await;
    app.set_today("2026-09-18");
    asked(&case, "1", "third_party", false, Some("2026-09-16")).await;
    app.set_today("2026-10-14");
    // Given a worker that took the sweep and was killed
    let now = app.clock.now();
    let until = now + TimeDelta::minutes(2);
    app.db_write(move |conn| leases::acquire(conn, "sweep", "dead", now, until)).await.unwrap();

    // Then nobody else sweeps while it might be alive, and everybody can afterwards
    assert_eq!(app.app.sweep("test").await.unwrap(), None);
    app.clock.advance(TimeDelta::minutes(3));
    assert_eq!(swept(&app).await, 1);
}

async fn what_was_entered_before_the_sweep_existed_is_set_right(app: TestApp) {
    // Given a row as the migration leaves it: to be looked at, nothing known
    let case = Case::in_processing(&app).await;
    app.db_write(|conn| {
        use diesel::RunQueryDsl;
        diesel::sql_query("UPDATE requests SET watch_on = arrived_on").execute(conn)?;
        Ok(())
    })
    .await;
    assert_ne!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());

    assert_eq!(swept(&app).await, 0);

    assert_eq!(app.app.verify(false).await.unwrap().faults, Vec::<String>::new());
    assert_eq!(case.view().await["state"], "processing");
}

#[test]
fn the_command_sweeps_once_and_says_what_it_did() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gongkai"))
        .arg("sweep")
        .env("GONGKAI_DATA_DIR", folder.path())
        .current_dir(crate::support::repository())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told, "巡查申请0件，新增记录0条，未能检查0件。\n新增提醒0条，当日通知0份。\n");
}
