//! Before a case goes to the archive (归档): what is not there yet, and how long it is kept.
//!
//! What the law forbids blocks. What is merely incomplete is told point by point with what to do,
//! and may be acknowledged with a reason: a file is not held back for ever by a slip that nobody
//! can find any more, but nobody overlooks it either.
//!
//! Source: 条例 art. 45; 档案法 art. 13, 14; 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令第8号) art. 6, 7.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::case::{Case, Letter};
use super::outcome::Outcome;
use super::receipt::Channel;
use super::remedy::windows;
use super::text_enum::text_enum;

text_enum!(
    /// 保管期限. Source: 国家档案局令第8号 art. 6.
    Retention {
        /// For ever.
        Permanent = "permanent", "永久";
        /// Thirty years.
        Years30 = "years_30", "30年";
        /// Ten years.
        Years10 = "years_10", "10年";
    }
);

text_enum!(
    /// What a missing point means for the archive.
    Weight {
        /// The case must not be archived.
        Blocks = "blocks", "不得归档";
        /// It may, once somebody says why it is so.
        Acknowledge = "acknowledge", "说明理由后可以归档";
    }
);

text_enum!(
    /// Something a complete case has.
    Point {
        /// Reconsideration or suit has ended.
        RemedyEnded = "remedy_ended", "行政复议或者行政诉讼尚未办结";
        /// A reply was issued where the outcome is told by one.
        ReplyIssued = "reply_issued", "没有答复书";
        /// The reply was served, with proof.
        ReplyServed = "reply_served", "答复书没有送达凭证";
        /// Every letter left the house.
        LettersSent = "letters_sent", "有文书没有登记发出";
        /// Every letter arrived or came back.
        LettersEnded = "letters_ended", "有文书发出后没有送达或者退回的记录";
        /// Every consultation was answered or ended.
        ConsultationsEnded = "consultations_ended", "有征求意见函没有答复，也没有登记期满或者不再等待";
        /// Nothing is asked that was neither paid nor lapsed; nothing is held without a reply.
        FeesSettled = "fees_settled", "信息处理费没有结清";
        /// The way of the originals is on record.
        OriginalsAccounted = "originals_accounted", "没有登记申请材料原件的交接";
        /// The time for remedies is over.
        RemedyTimePassed = "remedy_time_passed", "申请人申请复议、提起诉讼的期限还没有过";
    }
);

impl Point {
    /// What somebody has to do about it.
    #[must_use]
    pub const fn what_to_do(self) -> &'static str {
        match self {
            Self::RemedyEnded => "收到复议决定或者裁判后登记结果，再归档",
            Self::ReplyIssued => "作出并签发答复书",
            Self::ReplyServed => "取得送达回证、邮政回执等凭证，登记送达",
            Self::LettersSent => "登记实际发出的日期和方式；没有发出的，补发后如实登记",
            Self::LettersEnded => "查询邮件，登记送达或者退回；退回的重新送达",
            Self::ConsultationsEnded => "登记收到的意见；没有意见的，说明不再等待的理由",
            Self::FeesSettled => "核实缴费情况；没有提供信息而已收费的，办理退费",
            Self::OriginalsAccounted => "登记材料交接；原件随卷的，在归档时说明",
            Self::RemedyTimePassed => "期限过后再归档；提前归档的，说明由谁继续跟踪",
        }
    }

    /// What its absence means.
    #[must_use]
    pub const fn weight(self) -> Weight {
        match self {
            Self::RemedyEnded | Self::ReplyIssued => Weight::Blocks,
            _ => Weight::Acknowledge,
        }
    }
}

/// What the case does not have yet.
#[must_use]
pub fn missing(case: &Case, calendar: &Calendar, today: NaiveDate) -> Vec<Point> {
    let lacks = |point: &Point| match point {
        Point::RemedyEnded => case.under_remedy(),
        Point::ReplyIssued => {
            case.reply.is_none() && case.outcome.is_some_and(|outcome| !ends_without(outcome))
        }
        Point::ReplyServed => case.reply.as_ref().is_some_and(|reply| reply.served_on.is_none()),
        Point::LettersSent => !case.unsent().is_empty(),
        Point::LettersEnded => case.letters.iter().any(Letter::is_under_way),
        Point::ConsultationsEnded => case.consulting(),
        Point::FeesSettled => {
            let unhandled = case.outcome.is_some_and(ends_without);
            let held = case.fee.as_ref().is_some_and(|fee| fee.held_fen() > 0);
            (unhandled && held)
                || (case.fee_open_fen.is_some() && case.outcome != Some(Outcome::O2))
        }
        Point::OriginalsAccounted => case.channel.is_some_and(on_paper) && case.handovers == 0,
        Point::RemedyTimePassed => {
            remedies_until(case, calendar, today).is_some_and(|until| today <= until)
        }
    };
    Point::ALL.iter().copied().filter(lacks).collect()
}

/// Outcomes that end a request without a reply.
const fn ends_without(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::O1 | Outcome::O2 | Outcome::O3)
}

/// Channels by which paper comes.
const fn on_paper(channel: Channel) -> bool {
    !matches!(channel, Channel::Internet | Channel::Email)
}

/// The last day on which somebody can turn to the review body or to court, as far as the record
/// tells: the latest of the ways that are open.
///
/// Source: 行政复议法 art. 20; 行政诉讼法 art. 45, 46; rulebook C3.
#[must_use]
pub fn remedies_until(case: &Case, calendar: &Calendar, today: NaiveDate) -> Option<NaiveDate> {
    windows(case, calendar, today).into_iter().map(|window| window.until).max()
}

/// How long cases are kept, as the installation has set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionRules {
    /// Any case.
    pub plain: Retention,
    /// One for which money was taken: its vouchers are accounting files.
    pub fee: Retention,
    /// One that went to reconsideration or court.
    pub remedy: Retention,
}

impl RetentionRules {
    /// (U): the statute names the classes and leaves the choice to the table of each office.
    pub const DEFAULT: Self =
        Self { plain: Retention::Years10, fee: Retention::Years30, remedy: Retention::Years30 };

    /// The class proposed for a case, and why: the longest that applies.
    #[must_use]
    pub fn proposed(&self, case: &Case) -> (Retention, &'static str) {
        let paid = case.fee.as_ref().is_some_and(|fee| fee.paid_fen > 0);
        let mut best = (self.plain, "一般案卷");
        for (applies, class, why) in [
            (paid, self.fee, "涉及收费，随会计凭证的保管期限"),
            (!case.remedies.is_empty(), self.remedy, "经过复议、诉讼"),
        ] {
            if applies && class.years() > best.0.years() {
                best = (class, why);
            }
        }
        best
    }
}

impl Retention {
    /// In years; the most there can be for 永久.
    #[must_use]
    pub const fn years(self) -> u32 {
        match self {
            Self::Permanent => u32::MAX,
            Self::Years30 => 30,
            Self::Years10 => 10,
        }
    }
}

/// The last day of 保管期限; none for what is kept for ever. The period begins with the first day of the
/// year after the one in which the case ended: files are arranged by years (U).
///
/// Source: 归档文件整理规则 (DA/T 22-2015); 会计档案管理办法 art. 14 by analogy (from the end of the year).
#[must_use]
pub fn kept_until(retention: Retention, closed_on: NaiveDate) -> Option<NaiveDate> {
    if retention == Retention::Permanent {
        return None;
    }
    let years = i32::try_from(retention.years()).ok()?;
    NaiveDate::from_ymd_opt(closed_on.year().checked_add(years)?, 12, 31)
}

/// The last day on which a case must have ended for any period to be over on `today`.
#[must_use]
pub fn closed_before(today: NaiveDate) -> NaiveDate {
    let years = i32::try_from(Retention::Years10.years()).unwrap_or(i32::MAX);
    let year = today.year().saturating_sub(years).saturating_sub(1);
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MIN)
}

/// A point that is missing, as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MissingPoint {
    /// Which.
    pub code: Point,
    /// What is missing.
    pub label: String,
    /// What to do.
    pub todo: String,
    /// Whether it blocks.
    pub weight: Weight,
}

impl From<Point> for MissingPoint {
    fn from(point: Point) -> Self {
        Self {
            code: point,
            label: point.label().to_owned(),
            todo: point.what_to_do().to_owned(),
            weight: point.weight(),
        }
    }
}
