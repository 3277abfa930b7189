//! Reasons for a high volume (条例 art. 35): asked with counts and a list, given, judged; a later date
//! told; and what the limit does meanwhile.

use std::sync::Arc;

use gongkai::assembly::assemble;
use gongkai::clock::ManualClock;
use gongkai::config::Config;
use gongkai::db::Access;
use gongkai::domain::command::{AskReasons, Command};
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;
use gongkai::domain::volume::{LISTED, ReasonRequestClock, Volume, VolumeItem};
use gongkai::jobs;
use serde_json::json;

use crate::samples::{case_in, command};
use crate::story::{Story, day, notice};
use crate::support::cases::{By, Case, assert_says};
use crate::support::test_app::{TestApp, on_each_backend};

on_each_backend!(
    the_applicant_gives_the_reasons_online,
    reasons_are_asked_with_counts_and_a_list_and_a_later_date_is_told,
    a_later_date_needs_reasons_and_a_second_person,
    the_limit_runs_while_reasons_are_awaited_unless_set_otherwise,
);

async fn reasons_are_asked_with_counts_and_a_list_and_a_later_date_is_told(app: TestApp) {
    // given three requests of the same person, the first in another month
    app.set_today("2026-08-31");
    let first = Case::filed_with(&app, |form| form["title"] = json!("2019年度预算")).await;
    app.set_today("2026-09-14");
    let second = Case::filed(&app).await;
    let case = Case::filed(&app).await;
    case.assigned().await;
    // when the officer asks for reasons
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-14", "until": "2026-09-30" });
    let view = case.does(By::Officer, ask).await;
    assert_eq!(view["state"], "reason_pending");
    jobs::drain(&app.app).await.unwrap();
    // then a numbered notice tells how many, which, until when, and what follows
    let sheet = case.notice("reasons").await;
    assert_eq!(sheet["number"], "青财依说〔2026〕第1号");
    assert_says(
        &case.pdf(&sheet).await,
        &[
            "2026年9月1日以来共提出2件",
            "2026年1月1日以来共提出3件",
            "2025年9月14日以来共提出3件",
            &format!("2019年度预算（{}，2026年8月31日）", first.number),
            &second.number,
            "于2026年9月30日前（含当日）书面说明",
            "第三十五条",
            "告知您不予处理",
            "答复期限继续计算",
        ],
    );
    // and the ledger keeps the counts the agency relied on
    let asked = case.event_of("reasons_requested", sheet["id"].as_str().unwrap()).await;
    assert_eq!(asked["volume"]["periods"][0], json!({ "since": "2026-09-01", "count": 2 }));
    // and the applicant gets it by mail and on the tracking page
    let mails = std::fs::read_dir(app.folder.path().join("mail")).unwrap();
    let mails: String =
        mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap()).collect();
    assert!(mails.contains("applicant@example.cn"));
    let track = case.track().await;
    assert!(track["documents"].to_string().contains("说明理由告知书"), "{track}");
    // when reasons come and are accepted, and the head tells a later date
    let give = json!({ "action": "record_reasons", "on": "2026-09-14", "text": "课题研究" });
    case.does(By::Clerk, give).await;
    let judge =
        json!({ "action": "judge_reasons", "on": "2026-09-14", "accepted": true, "why": "合理" });
    case.does(By::Officer, judge).await;
    let defer = json!({
        "action": "defer", "on": "2026-09-14", "until": "2026-12-31", "why": "需要逐卷核对。"
    });
    let mut for_ever = defer.clone();
    for_ever["until"] = json!("2027-03-14");
    let for_ever = case.act(By::Head, for_ever).await;
    assert_eq!(for_ever.fault(), (422, "deferral_too_long", "until"));
    let view = case.does(By::Head, defer).await;
    // then the applicant is told in a notice of its own
    assert_eq!((&view["state"], &view["due_on"]), (&json!("deferred"), &json!("2026-12-31")));
    jobs::drain(&app.app).await.unwrap();
    let sheet = case.notice("deferral").await;
    assert_eq!(sheet["number"], "青财依迟〔2026〕第1号");
    assert_says(
        &case.pdf(&sheet).await,
        &["因需要逐卷核对，", "于2026年12月31日前（含当日）答复您", "第三十五条"],
    );
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

async fn a_later_date_needs_reasons_and_a_second_person(app: TestApp) {
    // Given a head who asks for reasons and finds them good before any came
    let case = Case::filed(&app).await;
    case.assigned().await;
    let on = "2026-09-14";
    let ask = json!({ "action": "ask_reasons", "on": on, "until": "2026-09-30" });
    let judge = json!({ "action": "judge_reasons", "on": on, "accepted": true, "why": "合理" });
    let defer = json!({ "action": "defer", "on": on, "until": "2026-12-31", "why": "量大" });
    case.does(By::Head, ask.clone()).await;
    case.does(By::Head, judge.clone()).await;
    let unheard = case.act(By::Head, defer.clone()).await;
    assert_eq!(unheard.refusal(), (422, "reasons_not_given"));

    // When they came, another head sets the date
    let case = Case::filed(&app).await;
    case.assigned().await;
    case.does(By::Head, ask).await;
    let give = json!({ "action": "record_reasons", "on": on, "text": "课题研究" });
    case.does(By::Clerk, give).await;
    case.does(By::Head, judge).await;
    assert_eq!(case.act(By::Head, defer.clone()).await.refusal(), (422, "own_judgement"));
    let second = app.signed_in("second", &["head"], Some(app.agency)).await;
    let deferred = case.tried(&second, defer).await.expect(200).json;
    assert_eq!(deferred["due_on"], "2026-12-31");
}

async fn the_limit_runs_while_reasons_are_awaited_unless_set_otherwise(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    let before = case.view().await["due_on"].clone();
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-14", "until": "2026-09-30" });
    assert_eq!(case.does(By::Officer, ask).await["due_on"], before);
}

async fn the_applicant_gives_the_reasons_online(app: TestApp) {
    let case = Case::filed(&app).await;
    case.assigned().await;
    // nothing is awaited, nothing is taken
    let why = json!({ "text": "课题研究需要" });
    assert_eq!(case.track().await["may_give_reasons"], false);
    let early = case.applicant("reasons", why.clone()).await;
    assert_eq!(early.refusal(), (422, "wrong_state"));
    let ask = json!({ "action": "ask_reasons", "on": "2026-09-14", "until": "2026-09-30" });
    case.does(By::Officer, ask).await;
    // given an applicant who is asked, and told until when
    let seen = case.track().await;
    assert_eq!((&seen["may_give_reasons"], &seen["reasons_given"]), (&json!(true), &json!(false)));
    assert_eq!(
        (&seen["reasons_until"], &seen["correct_until"]),
        (&json!("2026-09-30"), &json!(null))
    );
    // when they say nothing, or write it with another's code, nothing is recorded
    let empty = case.applicant("reasons", json!({ "text": "  " })).await;
    assert_eq!(empty.fault(), (422, "text_missing", "text"));
    let other = Case::filed(&app).await;
    let wrong = json!({ "number": case.number, "code": other.code, "text": "课题" });
    let wrong = app.anon().post("/api/v1/tracking/reasons", &wrong).await;
    assert_eq!(wrong.refusal(), (404, "not_found"));
    // when they send it twice under one key, it is on record once
    let sent = json!({ "number": case.number, "code": case.code, "text": "课题研究需要" });
    for _ in 0..2 {
        let reply = app.anon().post_once("/api/v1/tracking/reasons", &sent, "reasons-once").await;
        let view = reply.expect(200).json;
        assert_eq!(
            (&view["reasons_given"], &view["may_give_reasons"]),
            (&json!(true), &json!(true))
        );
    }
    // and may add to it, even late, until the agency has judged
    app.set_today("2026-10-09");
    case.applicant("reasons", json!({ "text": "补充：论文大纲" })).await.expect(200);
    let given = case.ledger().await;
    let given = given.iter().filter(|entry| entry["kind"] == "reasons_received");
    let given: Vec<_> = given.map(|entry| (&entry["actor"], &entry["event"]["text"])).collect();
    let by = json!("申请人");
    assert_eq!(given, [(&by, &json!("课题研究需要")), (&by, &json!("补充：论文大纲"))]);
    let judge =
        json!({ "action": "judge_reasons", "on": "2026-10-09", "accepted": true, "why": "合理" });
    case.does(By::Officer, judge).await;
    let late = case.applicant("reasons", why).await;
    assert_eq!(late.refusal(), (422, "wrong_state"));
    assert_eq!(case.track().await["reasons_until"], json!(null));
    assert_eq!(app.app.verify(true).await.unwrap().faults, Vec::<String>::new());
}

/// A case received on 2026-03-02 (limit 03-30) whose applicant was asked on 03-03, until 03-13.
fn asked(clock: ReasonRequestClock) -> Story {
    let ask = Command::AskReasons(AskReasons {
        on: day("03-03"),
        until: day("03-13"),
        notice: notice(7),
        clock,
        volume: Volume::default(),
    });
    case_in(State::Examining).on("03-03").does(ask).on("03-20")
}

#[test]
fn as_a_correction_the_limit_waits_and_begins_anew_when_reasons_come() {
    let running = asked(ReasonRequestClock::Runs);
    assert_eq!(running.due(), Some(day("03-30")));
    let given = command(Action::RecordReasons, "03-10");
    assert_eq!(running.does(given.clone()).due(), Some(day("03-30")));

    let waiting = asked(ReasonRequestClock::AsCorrection);
    assert_eq!(waiting.due(), None);
    let heard = waiting.does(given);
    assert_eq!(heard.due(), Some(day("04-08")));
    let judged = heard.does(command(Action::JudgeReasons, "03-20"));
    assert_eq!(judged.due(), Some(day("04-08")), "only once");
}

#[test]
fn silence_and_delay_buy_the_agency_no_time() {
    let refuse =
        |on| Command::JudgeReasons { on: day(on), accepted: false, why: "没有说明".to_owned() };
    // Neither a late judgement nor reasons that come late move the beginning past the last day.
    let silent = asked(ReasonRequestClock::AsCorrection).reasons_served("03-04");
    let silent = silent.on("04-01").does(refuse("04-01"));
    assert_eq!(silent.due(), Some(day("04-13")));
    let late = asked(ReasonRequestClock::AsCorrection)
        .on("03-25")
        .does(command(Action::RecordReasons, "03-25"));
    assert_eq!(late.due(), Some(day("04-13")));
}

#[test]
fn volume_is_counted_by_month_year_and_period_and_the_list_ends() {
    let item = |n: u64, on: &str| VolumeItem {
        number: format!("{n:04}"),
        arrived_on: day(on),
        title: "预算".to_owned(),
    };
    let today = day("2026-09-14");
    let counts = |since: &str, items: Vec<VolumeItem>| {
        let volume = Volume::counted(items, day(since), today);
        volume.periods.iter().map(|p| (p.since.to_string(), p.count)).collect::<Vec<_>>()
    };
    let items = vec![item(1, "2025-12-31"), item(3, "2026-09-14"), item(2, "2026-01-01")];
    let told = [("2026-09-01", 1), ("2026-01-01", 2), ("2025-09-14", 3)];
    assert_eq!(counts("2025-09-14", items.clone()), told.map(|(on, n)| (on.to_owned(), n)));
    // A period that reaches back further than was looked is not told.
    assert_eq!(counts("2026-09-10", vec![item(3, "2026-09-14")]), [("2026-09-10".to_owned(), 1)]);
    let newest = Volume::counted(items, day("2025-09-14"), today).requests;
    assert_eq!(
        newest.iter().map(|i| i.number.as_str()).collect::<Vec<_>>(),
        ["0003", "0002", "0001"]
    );
    let many = (0..150).map(|n| item(n, "2026-09-14")).collect();
    let volume = Volume::counted(many, day("2026-09-10"), today);
    assert_eq!((volume.requests.len(), volume.periods[0].count), (LISTED, 150));
}

#[test]
fn the_setting_reaches_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("GONGKAI_DATA_DIR", folder.path().display().to_string()),
        ("GONGKAI_REASON_REQUEST_CLOCK", "as_correction".to_owned()),
        ("GONGKAI_VOLUME_PERIOD_DAYS", "90".to_owned()),
    ];
    let config = Config::load(None, settings.map(|(n, v)| (n.to_owned(), v))).unwrap();
    let clock = Arc::new(ManualClock::on(day("2026-09-14")));
    let app = assemble(&config, clock, Access::Exclusive).unwrap();
    assert_eq!(app.settings.reason_request_clock, ReasonRequestClock::AsCorrection);
    assert_eq!(app.settings.volume_period_days, 90);
}
