//! 补录: notices made on paper, without the program, are put on record afterwards.
//!
//! A notice bears the day on which it is made. What the program makes today is dated today: an
//! earlier day typed in would be a backdated document (倒签), and would hide that the agency was
//! late. Where the notice was really made earlier, on paper, the head puts that on record first,
//! with the scan; the step it belongs to may then bear its day, and the case shows that it was
//! entered afterwards.
//!
//! Source: 党政机关公文处理工作条例 art. 9 (10) (成文日期 is the day it is signed or sent); rulebook (D).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::command::{Command, Consult};
use super::dates;
use super::event::Party;
use super::ids::FileId;
use super::notice::NoticeKind;
use super::refusal::{PaperRefusal, Refusal};
use super::text::{LINE_MAX, TEXT_MAX, required};

/// Defect of a case in which a notice was put on record after it had been made.
pub const DEFECT: &str = "notice_entered_afterwards";

/// A notice made on paper, as the ledger keeps it. Its day is the day of the entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "field names are the vocabulary of docs/glossary.md")]
pub struct PaperNotice {
    pub notice_kind: NoticeKind,
    /// 文号 it bears on paper.
    pub number: String,
    /// Scan of it.
    pub file: FileId,
    /// Why it was not made in the program.
    pub why: String,
}

/// Puts a notice on record that was made on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordPaperNotice {
    /// The day it bears.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// What notice it is.
    pub notice_kind: NoticeKind,
    /// 文号 it bears on paper.
    pub number: String,
    /// Scan of it, uploaded before.
    pub file: FileId,
    /// Why it was not made in the program.
    pub why: String,
}

impl RecordPaperNotice {
    /// The entry for a case, if the notice can have been made then.
    ///
    /// # Errors
    ///
    /// [`PaperRefusal::Unfit`] for a notice that the program makes itself;
    /// [`Refusal::TooEarly`], [`Refusal::TextMissing`] and what else is wrong with a text.
    pub(super) fn entry(&self, case: &Case) -> Result<PaperNotice, Refusal> {
        if !self.notice_kind.has_a_step() {
            return Err(PaperRefusal::Unfit(self.notice_kind.label()).into());
        }
        let began = case.received_on.or(case.arrived_on);
        if let Some(after) = began.filter(|began| self.on < *began) {
            let what = "收到申请之日";
            return Err(Refusal::TooEarly { field: "on", on: self.on, after, what });
        }
        Ok(PaperNotice {
            notice_kind: self.notice_kind,
            number: spelt(required("number", "纸质文书的文号", &self.number, LINE_MAX)?),
            file: self.file,
            why: required("why", "未在系统中制作的原因", &self.why, TEXT_MAX)?.to_owned(),
        })
    }
}

impl NoticeKind {
    /// Whether a step of the procedure makes it, whose day then counts. Receipts follow the receipt
    /// date, replies are dated by their signature in the program.
    #[must_use]
    pub const fn has_a_step(self) -> bool {
        !matches!(self, Self::Receipt | Self::Reply | Self::ConsultationTold)
    }
}

impl Command {
    /// The notice that the step makes and sends out, if it makes one.
    #[must_use]
    pub const fn notice_kind(&self) -> Option<NoticeKind> {
        Some(match self {
            Self::AskCorrection { .. } | Self::RenewCorrection { .. } => NoticeKind::Correction,
            Self::AskReasons(_) => NoticeKind::Reasons,
            Self::Defer { .. } => NoticeKind::Deferral,
            Self::TellExtension { .. } => NoticeKind::Extension,
            Self::ReferSecrecy(_) => NoticeKind::SecrecyReferral,
            Self::Consult(Consult { party: Party::ThirdParty, .. }) => NoticeKind::ThirdPartyLetter,
            Self::Consult(Consult { party: Party::Agency, .. }) => NoticeKind::AgencyLetter,
            Self::OverrideObjection(_) => NoticeKind::OverrideTold,
            Self::NotifyFee(_) => NoticeKind::FeeNotice,
            Self::LapseCorrection { .. } | Self::LapseFee { .. } => NoticeKind::NotHandled,
            _ => return None,
        })
    }
}

/// A 文号 as it is to be spelt: no blanks, the year in 六角括号. So one number is one text.
///
/// Source: GB/T 9704 7.2.5.
fn spelt(number: &str) -> String {
    let brackets = |sign| match sign {
        '[' | '【' | '(' | '（' | '［' => '〔',
        ']' | '】' | ')' | '）' | '］' => '〕',
        other => other,
    };
    number.chars().filter(|sign| !sign.is_whitespace()).map(brackets).collect()
}

/// Whether the notice that a command makes may bear the day it names.
///
/// # Errors
///
/// [`PaperRefusal::Backdated`] for a day before today on which no such paper is on record.
pub(super) fn dated(case: &Case, command: &Command, today: NaiveDate) -> Result<(), Refusal> {
    let (Some(kind), Some(on)) = (command.notice_kind(), command.on()) else { return Ok(()) };
    if on == today || case.paper_notice(kind, on).is_some() {
        return Ok(());
    }
    Err(PaperRefusal::Backdated { notice: kind.label(), on, today }.into())
}
