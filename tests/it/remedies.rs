//! The remedy paragraph (救济告知) of every outcome: rulebook 5.4.

use gongkai::domain::agency::{AgencyLevel, AgencyProfile};
use gongkai::domain::outcome::{Outcome, RemedyKind};
use gongkai::domain::remedy::{RemedyError, paragraph};

use crate::story::day;

fn agency() -> AgencyProfile {
    AgencyProfile {
        name: "宁安县财政局".to_owned(),
        short_name: "县财政局".to_owned(),
        code_word: "宁财".to_owned(),
        level: AgencyLevel::Department,
        region: "宁安县".to_owned(),
        office_name: "办公室".to_owned(),
        address: "宁安县人民路1号".to_owned(),
        postcode: "410600".to_owned(),
        phone: "0731-12345678".to_owned(),
        fax: String::new(),
        email: String::new(),
        office_hours: "工作日9:00—17:00".to_owned(),
        review_body: "宁安县人民政府".to_owned(),
        court: "宁安县人民法院".to_owned(),
        review_online_url: Some("https://fuyi.example.cn".to_owned()),
        payment: String::new(),
        number_pattern: gongkai::domain::number::DEFAULT_PATTERN.to_owned(),
        parent: None,
    }
}

fn told(outcome: Outcome, online: bool) -> Option<String> {
    paragraph(outcome, &agency(), online, day("03-02")).unwrap()
}

/// 行政复议法 art. 23 ¶1 (4), ¶2: reconsideration first, and the agency must say so.
#[test]
fn a_refusal_tells_reconsideration_first_and_never_a_direct_suit() {
    for outcome in [Outcome::P1, Outcome::N1, Outcome::N4, Outcome::N7] {
        assert_eq!(
            told(outcome, false).unwrap(),
            "如不服本决定，应当先自收到本决定之日起60日内向宁安县人民政府申请行政复议；\
             对行政复议决定不服的，可以自收到行政复议决定书之日起15日内向宁安县人民法院提起行政诉讼。"
        );
    }
}

/// 行政复议法 art. 20, 行政诉讼法 art. 46: six months, not the three of the old law.
#[test]
fn every_other_reply_leaves_the_choice() {
    for outcome in [Outcome::G1, Outcome::G2, Outcome::N8, Outcome::U1, Outcome::X4] {
        assert_eq!(
            told(outcome, false).unwrap(),
            "如不服本答复，可以自收到本答复之日起60日内向宁安县人民政府申请行政复议，\
             或者自知道或者应当知道之日起6个月内向宁安县人民法院提起行政诉讼。"
        );
    }
}

#[test]
fn what_nobody_attacks_has_no_paragraph_and_every_reply_has_one() {
    for outcome in Outcome::ALL {
        let none = outcome.rule().remedy == RemedyKind::None;
        assert_eq!(told(*outcome, false).is_none(), none, "{outcome}");
        assert!(!(none && outcome.is_reply()), "{outcome}");
    }
    assert_eq!(told(Outcome::O3, true), None);
}

/// The revised 行政复议法 came into force on 2024-01-01.
#[test]
fn before_2024_a_refusal_left_the_choice() {
    let on = |date| paragraph(Outcome::N1, &agency(), false, day(date)).unwrap().unwrap();
    assert!(on("2023-12-31").contains("或者自知道或者应当知道之日起6个月内"));
    assert!(on("2024-01-01").contains("应当先"));
}

#[test]
fn a_reply_served_online_names_the_online_channel() {
    for outcome in [Outcome::N1, Outcome::U1] {
        let online = told(outcome, true).unwrap();
        assert!(online.contains("申请行政复议（网上申请：https://fuyi.example.cn）"), "{online}");
        assert!(!told(outcome, false).unwrap().contains("网上申请"));
    }
    let without = AgencyProfile { review_online_url: Some(" ".to_owned()), ..agency() };
    let text = paragraph(Outcome::U1, &without, true, day("03-02")).unwrap().unwrap();
    assert!(!text.contains("网上申请"));
}

#[test]
fn without_review_body_or_court_nothing_is_printed() {
    let nobody = AgencyProfile { review_body: " ".to_owned(), ..agency() };
    let nowhere = AgencyProfile { court: String::new(), ..agency() };
    for outcome in [Outcome::N1, Outcome::U1] {
        let told = |agency: &AgencyProfile| paragraph(outcome, agency, false, day("03-02"));
        assert_eq!(told(&nobody), Err(RemedyError::ReviewBodyMissing));
        assert_eq!(told(&nowhere), Err(RemedyError::CourtMissing));
    }
    assert_eq!(paragraph(Outcome::O3, &nobody, false, day("03-02")), Ok(None));
}

#[test]
fn an_agency_without_review_body_or_court_cannot_be_used() {
    let nobody = AgencyProfile { review_body: String::new(), court: String::new(), ..agency() };
    let fields: Vec<_> = nobody.faults().into_iter().map(|fault| fault.field).collect();
    assert_eq!(fields, ["review_body", "court"]);
    assert!(agency().faults().is_empty());
}
