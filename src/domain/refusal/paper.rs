//! Refusals about the day a notice bears, and about what a draft may say.

use chrono::NaiveDate;

use crate::domain::notice::NoticeKind;

/// Why a notice cannot bear a day, or a draft cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperRefusal {
    /// A notice that is made today was to bear an earlier day.
    #[error(
        "{notice}由系统今日制作，日期只能是今天（{today}），不能倒签为{on}；确已在{on}以纸质作出的，\
         请先由负责人“补录纸质文书”并上传影像"
    )]
    Backdated {
        /// The notice, in words.
        notice: &'static str,
        /// The date entered.
        on: NaiveDate,
        /// Today.
        today: NaiveDate,
    },
    /// A notice that is not made by a step with a day of its own.
    #[error("“{0}”的日期由系统确定，不能补录纸质文书")]
    Unfit(&'static str),
    /// Something rests on the arrival of a notice that is to be taken back.
    #[error("{0}，这份文书的送达登记不能再撤销")]
    RestsOnArrival(&'static str),
    /// The case was to end while a notice lies in the house.
    #[error(
        "“{}”没有登记发出，不能办结：未发出的文书对当事人没有效力。请登记实际发出的日期和方式；还没有发出的，现在发出后如实登记",
        labels(.0)
    )]
    NotSent(Vec<NoticeKind>),
    /// Disclosure against an objection was to begin before the third party was told.
    #[error(
        "决定公开的告知书还没有登记发给第三方，不能签发公开的答复：请先发出并登记发出的日期和方式"
    )]
    ThirdPartyUntold,
    /// A finding that no reason mends.
    #[error("“{0}”必须改正，不能以说明理由代替")]
    Blocks(&'static str),
}

impl PaperRefusal {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Backdated { .. } => "notice_backdated",
            Self::Unfit(_) => "paper_notice_unfit",
            Self::RestsOnArrival(_) => "rests_on_arrival",
            Self::NotSent(_) => "notice_not_sent",
            Self::ThirdPartyUntold => "third_party_untold",
            Self::Blocks(_) => "finding_blocks",
        }
    }

    /// The field of the command it concerns.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Backdated { .. } => "on",
            Self::Unfit(_) => "notice_kind",
            Self::RestsOnArrival(_) | Self::NotSent(_) | Self::ThirdPartyUntold => "step",
            Self::Blocks(_) => "finding",
        }
    }

    /// The article that forbids it, where it is one.
    #[must_use]
    pub const fn article(&self) -> Option<&'static str> {
        match self {
            Self::ThirdPartyUntold => Some("《政府信息公开条例》第三十二条"),
            _ => None,
        }
    }
}

fn labels(kinds: &[NoticeKind]) -> String {
    let labels: Vec<&str> = kinds.iter().map(|kind| kind.label()).collect();
    labels.join("”“")
}
