//! Samples of what is said and asked of the items of a request.

use chrono::NaiveDate;
use gongkai::domain::command::{Command, LinkRequest, ReferSecrecy};
use gongkai::domain::event::{Event, SecrecyFinding};
use gongkai::domain::examination::{Answer, Question};
use gongkai::domain::ids::FileId;
use gongkai::domain::ids::RequestId;
use gongkai::domain::item::{
    EarlierRequest, ItemText, Relation, RightsCheck, SplitChild, Together,
};
use gongkai::domain::legal_basis::OtherCase;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::reply::{ReplyContent, SearchRecord};
use uuid::Uuid;

use super::words;
use crate::story::{day, notice, officer};

/// Two items.
pub fn items() -> Vec<ItemText> {
    ["补助资金分配表", "会议讨论记录"]
        .map(|title| ItemText { title: words(title), description: String::new() })
        .to_vec()
}

/// A search of 2026-03-03.
pub fn search() -> SearchRecord {
    SearchRecord {
        systems: words("综合档案室"),
        keywords: words("补助资金"),
        by: words("李明"),
        on: day("03-03"),
        result: words("未查找到"),
        found: Some(false),
    }
}

/// What the reply says of an item that came out like this, everything filled in.
pub fn content(outcome: Outcome) -> ReplyContent {
    let some = || words("详见说明");
    ReplyContent {
        outcome,
        items: vec![words("补助资金分配表")],
        place: some(),
        supply: some(),
        attachments: Vec::new(),
        withheld: some(),
        statute: some(),
        statute_note: String::new(),
        other_case: Some(OtherCase::Enquiry),
        reasons: words("来信询问办理手续，可以拨打咨询电话"),
        consultation: some(),
        search: None,
        responsible_agency: some(),
        responsible_contact: some(),
        responsible_agency_id: None,
        earlier_reply: some(),
        correction_history: some(),
        volume_record: some(),
        reason_texts: Vec::new(),
    }
}

/// The review of an item's release, with nothing in its way.
pub fn released(items: &[u16]) -> Command {
    Command::ReviewRelease {
        items: items.to_vec(),
        finding: SecrecyFinding::Releasable,
        opinion: words("逐件审查，不涉密"),
        third_party: RightsCheck::NotConcerned,
        personal_data: RightsCheck::Redacted,
    }
}

/// Two requests answered in one document.
pub fn together() -> Together {
    Together {
        lead: RequestId(Uuid::from_u128(7)),
        lead_number: words("202600100001"),
        others: vec![RequestId(Uuid::from_u128(8))],
        governing_on: Some(day("03-20")),
    }
}

/// A command of the kind `action` about items.
pub fn command(action: Action, on: NaiveDate) -> Command {
    match action {
        Action::ListItems => Command::ListItems { items: items() },
        Action::AnswerReview => Command::AnswerReview {
            item: 1,
            question: Question::Clear,
            answer: Answer::Yes,
            note: words("材料齐全"),
        },
        Action::RecordSearch => Command::RecordSearch { item: None, search: search() },
        Action::DecideItem => {
            Command::DecideItem { item: 1, content: Box::new(content(Outcome::G2)) }
        }
        Action::ReviewRelease => released(&[]),
        Action::ReferSecrecy => Command::ReferSecrecy(ReferSecrecy {
            on,
            id: words("s"),
            items: Vec::new(),
            authority: words("宁安县国家保密局"),
            question: words("附图能否公开"),
            notice: notice(4),
        }),
        Action::RecordSecrecyRuling => Command::RecordSecrecyRuling {
            on,
            id: words("s"),
            finding: SecrecyFinding::Releasable,
            opinion: words("可以公开"),
        },
        Action::LinkRequest => Command::LinkRequest(LinkRequest {
            relation: Relation::Repeats,
            number: words("20250101001"),
            reply_number: words("宁财依复〔2025〕第3号"),
            replied_on: Some(day("2025-02-10")),
            evidence_file: Some(FileId(Uuid::from_u128(9))),
            known: None,
        }),
        Action::SplitOff => Command::SplitOff {
            children: vec![SplitChild {
                request: RequestId(Uuid::from_u128(8)),
                number: words("20260303002"),
                items: vec![2],
            }],
        },
        Action::AnswerTogether => Command::AnswerTogether { together: together() },
        Action::IssueWithLead => Command::IssueWithLead {
            notice: notice(1),
            number: words("宁财依复〔2026〕第1号"),
            content_sha256: "0".repeat(64),
            authors: vec![officer()],
        },
        other => panic!("{other} is not about items"),
    }
}

/// One event of every kind about items.
pub fn events() -> Vec<Event> {
    let other = notice(2);
    vec![
        Event::ItemsListed { items: items() },
        Event::ReviewAnswered {
            item: 1,
            question: Question::Held,
            answer: Answer::NotFound,
            note: words("两次检索"),
        },
        Event::SearchRecorded { item: Some(1), search: search() },
        Event::ItemDecided { item: 1, content: Box::new(content(Outcome::U1)) },
        Event::ReleaseReviewed {
            items: vec![1, 2],
            finding: SecrecyFinding::Partly,
            opinion: words("部分"),
            third_party: RightsCheck::Consented,
            personal_data: RightsCheck::Redacted,
        },
        Event::SecrecyReferred {
            id: words("s"),
            items: vec![2],
            authority: words("保密局"),
            question: words("附图"),
            notice: other,
        },
        Event::SecrecyRuled {
            id: words("s"),
            finding: SecrecyFinding::Secret,
            opinion: words("不得公开"),
        },
        Event::Linked {
            relation: Relation::Related,
            earlier: EarlierRequest {
                request: Some(RequestId(Uuid::from_u128(7))),
                number: words("20250101001"),
                reply_number: words("号"),
                replied_on: Some(day("2025-02-10")),
                same_applicant: Some(true),
                evidence_file: None,
            },
        },
        Event::SplitOff {
            children: vec![SplitChild {
                request: RequestId(Uuid::from_u128(8)),
                number: words("20260303002"),
                items: vec![2],
            }],
        },
        Event::SplitFrom {
            request: RequestId(Uuid::from_u128(7)),
            number: words("20260303001"),
            items: vec![2],
        },
        Event::AnsweredTogether { together: together() },
    ]
}
