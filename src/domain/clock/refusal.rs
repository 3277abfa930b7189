//! Why an event cannot be applied: a stable code, and a sentence that names the article.

use std::fmt::Display;

use chrono::NaiveDate;
use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{ConsultationId, LONGEST_EXTENSION};
use crate::domain::working_days::WorkingDays;

/// Longest message in characters; input is echoed only in part.
const LONGEST_MESSAGE: usize = 300;

/// A refused event. Printed as `{"code": …, "message": …, "event": index}`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ClockRefusal {
    /// What is wrong.
    pub reason: RefusalReason,
    /// Zero-based index of the refused event; `None` if the fault lies outside the events.
    pub event: Option<usize>,
}

/// What is wrong with an event.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusalReason {
    /// The input is no question of the clock contract, or a value is impossible.
    #[error("输入不符合格式：{0}")]
    Malformed(String),
    /// Something happened before the receipt.
    #[error("尚未登记收到申请之日，不能登记其他事项（《条例》第三十一条）")]
    BeforeReceipt,
    /// An earlier date than the event before.
    #[error("{on} 早于上一事项的日期 {last}，事项应按发生先后登记")]
    BackInTime {
        /// Date of the refused event.
        on: NaiveDate,
        /// Date of the event before it.
        last: NaiveDate,
    },
    /// A second receipt.
    #[error("收到申请之日已经登记，不能重复登记（《条例》第三十一条）")]
    SecondReceipt,
    /// A second correction notice while one is open.
    #[error("补正告知已经发出，应一次性告知，不能重复登记（《条例》第三十条）")]
    CorrectionOpen,
    /// A correction nobody asked for.
    #[error("没有等待补正的告知，不能登记收到补正（《条例》第三十条）")]
    NoCorrectionOpen,
    /// A payment nobody asked for.
    #[error("没有等待缴费的收费通知，不能登记缴费（国办函〔2020〕109号第六条）")]
    NoFeeNotice,
    /// No limit is running that the event could change.
    #[error("正在等待补正或者缴费，答复期限没有起算，不能登记此事项（《条例》第三十三条）")]
    NoLimitRuns,
    /// A consultation served a second time.
    #[error("征求意见“{0}”的送达日期已经登记")]
    ServedTwice(ConsultationId),
    /// A consultation answered a second time.
    #[error("征求意见“{0}”的答复日期已经登记")]
    AnsweredTwice(ConsultationId),
    /// No consultation of this name was sent.
    #[error("没有发出过编号为“{0}”的征求意见（《条例》第三十二条、第三十四条）")]
    UnknownConsultation(ConsultationId),
    /// The case is closed; only a remand opens it again.
    #[error("本件已于 {on} 办结，除责令重新答复外不能再登记事项")]
    AlreadyClosed {
        /// Day of the reply or withdrawal.
        on: NaiveDate,
    },
    /// More than the statute allows.
    #[error("延长 {asked}，超过上限 {LONGEST_EXTENSION}（《条例》第三十三条第二款）")]
    ExtensionTooLong {
        /// Days asked for.
        asked: WorkingDays,
    },
    /// A second extension of the same limit.
    #[error("本次答复期限已经延长过一次，不能再次延长（《条例》第三十三条第二款）")]
    ExtensionRepeated,
    /// The limit had passed when the extension was told.
    #[error("答复期限已于 {limit} 届满，{on} 才告知延期，不能延长（《条例》第三十三条第二款）")]
    ExtensionAfterLimit {
        /// Day the extension was told.
        on: NaiveDate,
        /// Last day of the limit.
        limit: NaiveDate,
    },
}

impl RefusalReason {
    /// The stable code of the clock contract.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "malformed_input",
            Self::BeforeReceipt => "event_before_receipt",
            Self::BackInTime { .. }
            | Self::SecondReceipt
            | Self::CorrectionOpen
            | Self::NoCorrectionOpen
            | Self::NoFeeNotice
            | Self::NoLimitRuns
            | Self::ServedTwice(_)
            | Self::AnsweredTwice(_) => "event_out_of_order",
            Self::UnknownConsultation(_) => "unknown_consultation",
            Self::AlreadyClosed { .. } => "already_closed",
            Self::ExtensionTooLong { .. } => "extension_too_long",
            Self::ExtensionRepeated => "extension_repeated",
            Self::ExtensionAfterLimit { .. } => "extension_after_limit",
        }
    }

    /// `malformed_input` with an explanation, shortened if it echoes long input.
    pub(super) fn malformed(problem: impl Display) -> Self {
        Self::Malformed(shortened(&problem.to_string()))
    }
}

impl ClockRefusal {
    /// The stable code of the clock contract.
    pub fn code(&self) -> &'static str {
        self.reason.code()
    }

    /// `malformed_input` with an explanation.
    pub(super) fn malformed(event: Option<usize>, problem: impl Display) -> Self {
        Self { reason: RefusalReason::malformed(problem), event }
    }
}

impl Serialize for ClockRefusal {
    fn serialize<S: Serializer>(&self, target: S) -> Result<S::Ok, S::Error> {
        let mut object = target.serialize_struct("ClockRefusal", 3)?;
        object.serialize_field("code", self.code())?;
        object.serialize_field("message", &shortened(&self.to_string()))?;
        object.serialize_field("event", &self.event)?;
        object.end()
    }
}

fn shortened(text: &str) -> String {
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(LONGEST_MESSAGE).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}
