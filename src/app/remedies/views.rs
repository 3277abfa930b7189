//! Remedies as lists and case pages show them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::remedies::Listed;
use crate::domain::calendar::Calendar;
use crate::domain::case::Remedy;
use crate::domain::command::{Claimant, RemedyEnding, RemedyKindOpened, RemedyResult};
use crate::domain::ids::{AgencyId, NoticeId, RequestId};
use crate::domain::remedy::{AnswerTerm, WindowKind};

/// A remedy in the list of an agency or of the county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedRemedy {
    /// The request.
    pub request: RequestId,
    /// Its number.
    pub request_number: String,
    /// What was asked for.
    pub title: String,
    /// The agency.
    pub agency: AgencyId,
    /// Case number of the body.
    pub id: String,
    /// Which remedy.
    pub remedy: RemedyKindOpened,
    /// The same in Chinese.
    pub remedy_label: String,
    /// Review body or court.
    pub body: String,
    /// Day it was announced.
    pub opened_on: NaiveDate,
    /// Last day to answer with evidence; `None` where the ledger does not tell the procedure.
    pub answer_due_on: Option<NaiveDate>,
    /// Whether that rests on an estimated calendar.
    pub provisional: bool,
    /// Day of the answer.
    pub answered_on: Option<NaiveDate>,
    /// Whether the last day has passed without an answer.
    pub overdue: bool,
    /// Its end, as table four counts it.
    pub result: Option<RemedyResult>,
    /// Day the decision reached the agency.
    pub decided_on: Option<NaiveDate>,
    /// Whether it runs.
    pub open: bool,
}

/// The remedies of one request, and the ways still open to the applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RemediesView {
    /// In the order they were announced.
    pub remedies: Vec<RemedyView>,
    /// The applicant's own time.
    pub windows: Vec<WindowView>,
    /// Position of the ledger, for the next step's `If-Match`.
    pub version: i32,
}

/// A remedy in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after domain::case::Remedy")]
pub struct RemedyView {
    pub id: String,
    pub remedy: RemedyKindOpened,
    /// In Chinese.
    pub remedy_label: String,
    pub body: String,
    pub term: Option<AnswerTerm>,
    pub term_label: Option<String>,
    /// Where the time to answer stands.
    pub article: Option<String>,
    pub claimant: Option<Claimant>,
    /// Empty where it is the applicant.
    pub claimant_name: String,
    pub claims: String,
    pub opened_on: NaiveDate,
    /// The reply it is about; none against silence.
    pub against: Option<NoticeId>,
    pub answer_due_on: Option<NaiveDate>,
    pub provisional: bool,
    pub answered_on: Option<NaiveDate>,
    pub overdue: bool,
    /// The agency's answer: number or title.
    pub document: String,
    pub evidence: String,
    pub decided_on: Option<NaiveDate>,
    pub result: Option<RemedyResult>,
    pub result_label: Option<String>,
    pub ending: Option<RemedyEnding>,
    pub ending_label: Option<String>,
    pub decision: String,
    pub holding: String,
    /// Day of the order to reply anew.
    pub remanded_on: Option<NaiveDate>,
    /// Working days it gave.
    pub remanded_working_days: Option<u16>,
}

/// A way open to the applicant, with its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WindowView {
    /// Which way.
    pub kind: WindowKind,
    /// The same in Chinese.
    pub label: String,
    /// The day it runs from, itself not counted.
    pub from: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// Whether that is uncertain.
    pub provisional: bool,
    /// Whether it has passed.
    pub over: bool,
    /// Where it stands.
    pub article: String,
}

/// Table four of the annual report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TableFourView {
    /// The year.
    pub year: i32,
    /// The agency; `None` for a whole branch or county.
    pub agency: Option<AgencyId>,
    /// 行政复议: 结果维持, 结果纠正, 其他结果, 尚未审结, 总计.
    pub reconsideration: Vec<u64>,
    /// 行政诉讼, 未经复议直接起诉: the same five.
    pub suit: Vec<u64>,
    /// 行政诉讼, 复议后起诉: the same five.
    pub suit_after_reconsideration: Vec<u64>,
    /// The fifteen numbers in the order of the form.
    pub numbers: Vec<u64>,
}

/// As lists show it.
pub(super) fn view((row, (agency, number, title)): Listed, today: NaiveDate) -> ListedRemedy {
    let waits = row.open && row.answered_on.is_none();
    ListedRemedy {
        request: RequestId(row.request_id),
        request_number: number,
        title,
        agency: AgencyId(agency),
        id: row.case_number,
        remedy: row.kind,
        remedy_label: row.kind.label().to_owned(),
        body: row.body,
        opened_on: row.opened_on,
        answer_due_on: row.answer_due_on,
        provisional: row.provisional,
        answered_on: row.answered_on,
        overdue: waits && row.answer_due_on.is_some_and(|due| due < today),
        result: row.result,
        decided_on: row.decided_on,
        open: row.open,
    }
}

/// As the page of its case shows it.
pub(super) fn in_full(remedy: &Remedy, calendar: &Calendar, today: NaiveDate) -> RemedyView {
    let due = remedy.answer_due(calendar);
    let (answer, decided) = (remedy.answer.clone(), remedy.decided.clone());
    let result = decided.as_ref().map(|decided| decided.result);
    let ending = decided.as_ref().and_then(|decided| decided.ending);
    let text = |text: Option<&String>| text.cloned().unwrap_or_default();
    RemedyView {
        id: remedy.id.clone(),
        remedy: remedy.kind,
        remedy_label: remedy.kind.label().to_owned(),
        body: remedy.body.clone(),
        term: remedy.term,
        term_label: remedy.term.map(|term| term.label().to_owned()),
        article: remedy.term.map(|term| term.article().to_owned()),
        claimant: remedy.claimant,
        claimant_name: remedy.claimant_name.clone(),
        claims: remedy.claims.clone(),
        opened_on: remedy.opened_on,
        against: remedy.against,
        answer_due_on: due.map(|due| due.on),
        provisional: due.is_some_and(|due| due.estimated),
        answered_on: answer.as_ref().map(|answer| answer.on),
        overdue: remedy.presses(calendar).is_some_and(|due| due.on < today),
        document: text(answer.as_ref().map(|answer| &answer.document)),
        evidence: text(answer.as_ref().map(|answer| &answer.evidence)),
        decided_on: decided.as_ref().map(|decided| decided.on),
        result,
        result_label: result.map(|result| result.label().to_owned()),
        ending,
        ending_label: ending.map(|ending| ending.label().to_owned()),
        decision: text(decided.as_ref().map(|decided| &decided.decision)),
        holding: text(decided.as_ref().map(|decided| &decided.holding)),
        remanded_on: remedy.remanded.map(|(on, _)| on),
        remanded_working_days: remedy.remanded.map(|(_, days)| days),
    }
}
