//! The decision catalogue (rulebook 4.1) and what a reply must contain before anybody signs it.

use std::collections::{BTreeMap, BTreeSet};

use gongkai::domain::legal_basis::OtherCase;
use gongkai::domain::outcome::{Content, Outcome, RemedyKind};
use gongkai::domain::reply::{ReplyContent, SearchRecord};

use crate::story::day;

/// Rulebook 4.1: code, row of table three, remedy.
const CATALOGUE: [(&str, u8, RemedyKind); 23] = {
    use RemedyKind::{Choice as B, None as O, ReconsiderationFirst as A};
    [
        ("G1", 3, B),
        ("G2", 3, B),
        ("P1", 4, A),
        ("N1", 5, A),
        ("N2", 6, A),
        ("N3", 7, A),
        ("N4", 8, A),
        ("N5", 9, A),
        ("N6", 10, A),
        ("N7", 11, A),
        ("N8", 12, B),
        ("U1", 13, B),
        ("U2", 13, B),
        ("U3", 14, B),
        ("U4", 15, B),
        ("X1", 16, B),
        ("X2", 17, B),
        ("X3", 18, B),
        ("X4", 19, B),
        ("X5", 20, B),
        ("O1", 21, B),
        ("O2", 22, B),
        ("O3", 23, O),
    ]
};

fn empty(outcome: Outcome) -> ReplyContent {
    ReplyContent {
        outcome,
        items: vec!["2025年度部门决算".to_owned()],
        place: String::new(),
        supply: String::new(),
        attachments: Vec::new(),
        withheld: String::new(),
        statute: String::new(),
        statute_note: String::new(),
        other_case: None,
        reasons: String::new(),
        consultation: String::new(),
        search: None,
        responsible_agency: String::new(),
        responsible_contact: String::new(),
        responsible_agency_id: None,
        earlier_reply: String::new(),
        correction_history: String::new(),
        volume_record: String::new(),
        reason_texts: Vec::new(),
    }
}

fn search() -> SearchRecord {
    SearchRecord {
        systems: "协同办公系统、县档案馆".to_owned(),
        keywords: "决算 2025".to_owned(),
        by: "李明".to_owned(),
        on: day("03-10"),
        result: "未查找到".to_owned(),
        found: Some(false),
    }
}

fn full(outcome: Outcome) -> ReplyContent {
    let some = || "详见说明".to_owned();
    ReplyContent {
        place: some(),
        supply: some(),
        withheld: some(),
        statute: some(),
        other_case: Some(OtherCase::Enquiry),
        reasons: "来信询问办理手续，可以拨打咨询电话".to_owned(),
        consultation: some(),
        search: Some(search()),
        responsible_agency: "宁安县自然资源局".to_owned(),
        responsible_contact: some(),
        earlier_reply: some(),
        correction_history: some(),
        volume_record: some(),
        reason_texts: Vec::new(),
        ..empty(outcome)
    }
}

/// Fields at fault on 2026-03-20, with codes.
fn faults(content: &ReplyContent) -> Vec<(&'static str, &'static str)> {
    content.faults(day("03-20")).into_iter().map(|fault| (fault.field, fault.code)).collect()
}

#[test]
fn the_catalogue_is_that_of_the_rulebook() {
    let told: Vec<_> = Outcome::ALL
        .iter()
        .map(|outcome| (outcome.as_str(), outcome.rule().row, outcome.rule().remedy))
        .collect();
    assert_eq!(told, CATALOGUE);
}

#[test]
fn every_result_row_of_the_annual_report_has_an_outcome() {
    let mut rows: BTreeMap<u8, Vec<&str>> = BTreeMap::new();
    for outcome in Outcome::ALL {
        rows.entry(outcome.rule().row).or_default().push(outcome.as_str());
    }
    assert!(rows.keys().copied().eq(3..=23), "{rows:?}");
    // 30号: 已主动公开 and 予以公开 share a row, 不存在 and 不属于本机关 share another.
    let shared: Vec<_> = rows.into_values().filter(|codes| codes.len() > 1).collect();
    assert_eq!(shared, [vec!["G1", "G2"], vec!["U1", "U2"]]);
}

#[test]
fn every_reply_cites_its_article_and_says_something() {
    for outcome in Outcome::ALL {
        let rule = outcome.rule();
        assert_eq!(outcome.is_drafted(), !rule.content.is_empty(), "{outcome}");
        if outcome.is_reply() {
            assert!(rule.ground.starts_with('第'), "{outcome}");
            assert_ne!(rule.remedy, RemedyKind::None, "{outcome} can be attacked");
        }
    }
}

#[test]
fn refusals_under_articles_14_to_16_go_to_reconsideration_first() {
    for outcome in Outcome::ALL {
        let ground = outcome.rule().ground;
        let withheld = ["第十四条", "第十五条", "第十六条"].iter().any(|a| ground.contains(a));
        let first = outcome.rule().remedy == RemedyKind::ReconsiderationFirst;
        // P1 withholds a part and cites the article of that part in its reasons.
        assert_eq!(first, withheld || *outcome == Outcome::P1, "{outcome}");
    }
}

#[test]
fn documents_leave_the_agency_only_by_release() {
    let releasing: Vec<_> = Outcome::ALL.iter().filter(|outcome| outcome.rule().releases).collect();
    assert_eq!(releasing, [&Outcome::G2, &Outcome::P1]);
}

#[test]
fn a_complete_reply_has_no_fault_and_an_empty_one_names_all_at_once() {
    for outcome in Outcome::ALL {
        assert_eq!(faults(&full(*outcome)), [], "{outcome}");
        let wanted = outcome.rule().content.iter();
        // An unknown agency need not be named (条例 art. 36 (5)); the reasons say so.
        let wanted = wanted.filter(|content| **content != Content::ResponsibleAgency).count();
        assert_eq!(faults(&empty(*outcome)).len(), wanted, "{outcome}");
    }
}

#[test]
fn each_outcome_wants_what_the_rulebook_says() {
    let wanted = |outcome| {
        faults(&empty(outcome)).into_iter().map(|(field, _)| field).collect::<BTreeSet<_>>()
    };
    for (outcome, fields) in [
        (Outcome::G1, vec!["place"]),
        (Outcome::G2, vec!["supply"]),
        (Outcome::P1, vec!["reasons", "supply", "withheld"]),
        (Outcome::N2, vec!["reasons", "statute"]),
        (Outcome::N4, vec!["consultation", "reasons"]),
        (Outcome::N7, vec!["place", "reasons"]),
        (Outcome::N8, vec!["place", "statute"]),
        (Outcome::U1, vec!["search"]),
        (Outcome::U2, vec!["reasons"]),
        (Outcome::U4, vec!["correction_history", "reasons"]),
        (Outcome::X2, vec!["earlier_reply"]),
        (Outcome::X4, vec!["reasons", "volume_record"]),
    ] {
        assert_eq!(wanted(outcome).into_iter().collect::<Vec<_>>(), fields, "{outcome}");
    }
}

#[test]
fn a_named_agency_needs_a_contact() {
    let named = ReplyContent { responsible_contact: String::new(), ..full(Outcome::U2) };
    assert_eq!(faults(&named), [("responsible_contact", "required")]);
    let unknown = ReplyContent { responsible_agency: String::new(), ..named };
    assert_eq!(faults(&unknown), []);
}

#[test]
fn does_not_exist_needs_a_whole_record_of_the_search() {
    for blank in 0..4 {
        let mut record = search();
        let fields =
            [&mut record.systems, &mut record.keywords, &mut record.by, &mut record.result];
        for (n, field) in fields.into_iter().enumerate() {
            if n == blank {
                field.clear();
            }
        }
        let content = ReplyContent { search: Some(record), ..empty(Outcome::U1) };
        assert_eq!(faults(&content), [("search", "required")]);
    }
    let tomorrow = SearchRecord { on: day("03-21"), ..search() };
    let content = ReplyContent { search: Some(tomorrow), ..empty(Outcome::U1) };
    assert_eq!(faults(&content), [("search.on", "date_in_future")]);
}

#[test]
fn attachments_are_supply_and_a_reply_repeats_what_was_asked() {
    let attached = ReplyContent { attachments: vec!["决算表".to_owned()], ..empty(Outcome::G2) };
    assert_eq!(faults(&attached), []);
    let nothing = ReplyContent { items: vec![" ".to_owned()], ..attached };
    assert_eq!(faults(&nothing), [("items", "required")]);
}

#[test]
fn a_reply_holds_only_what_a_notice_can_print() {
    let garbled = ReplyContent { reasons: "涉及\u{0}".to_owned(), ..full(Outcome::U3) };
    assert_eq!(faults(&garbled), [("reasons", "control_characters")]);
    let endless = ReplyContent { place: "处".repeat(5_001), ..full(Outcome::G1) };
    assert_eq!(faults(&endless), [("place", "too_long")]);
    let lines = ReplyContent { reasons: "一\n二".to_owned(), ..full(Outcome::U3) };
    assert_eq!(faults(&lines), []);
}

#[test]
fn unknown_fields_of_a_reply_are_refused() {
    let json = serde_json::json!({ "outcome": "G1", "items": ["x"], "remedy": "无" });
    assert!(serde_json::from_value::<ReplyContent>(json).is_err());
}
