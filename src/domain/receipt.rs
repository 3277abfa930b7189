//! The receipt date (收到申请之日) by channel: rulebook section 2.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::text_enum::text_enum;

text_enum!(
    /// How a request reached the agency.
    Channel {
        /// Handed over at the counter.
        InPerson = "in_person", "当面";
        /// Post that the agency signs for: EMS, 挂号信.
        RegisteredPost = "registered_post", "邮寄（签收）";
        /// Ordinary letter, nobody signs.
        OrdinaryPost = "ordinary_post", "平常信函";
        /// This service's own portal, which answers with an automatic receipt.
        Internet = "internet", "在线";
        /// Fax of the disclosure office.
        Fax = "fax", "传真";
        /// E-mail.
        Email = "email", "电子邮件";
        /// Spoken at the counter and written down by staff.
        Oral = "oral", "口头";
        /// Another channel announced in the guide.
        Other = "other", "其他公布渠道";
    }
);

text_enum!(
    /// Why a date is the receipt date.
    ReceiptBasis {
        /// Handed over. Source: 条例 art. 31 (1).
        HandedOver = "handed_over", "当面提交之日";
        /// Signed for by the agency, mailroom included. Source: 条例 art. 31 (2).
        Signed = "signed", "行政机关签收之日";
        /// Confirmed with the applicant. Source: 条例 art. 31 (2), (3).
        Confirmed = "confirmed", "双方确认之日";
        /// The portal's automatic receipt. Source: 条例 art. 31 (3); 指导案例26号.
        AutomaticReceipt = "automatic_receipt", "网上系统自动回执确认之日";
        /// The form filled in for an oral request was signed. Source: 条例 art. 29 ¶1, 31 (1).
        OralFormSigned = "oral_form_signed", "口头申请笔录签字之日";
        /// The time the agency announced for the channel. Source: 国办公开办函〔2015〕207号 1.5.
        AnnouncedRule = "announced_rule", "机关公布的接收时间";
    }
);

/// What is known about an arrival, before the law is applied to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// The channel used.
    pub channel: Channel,
    /// Day the letter, fax, mail or person came (Asia/Shanghai).
    pub arrived_on: NaiveDate,
    /// Day the applicant and the agency confirmed, where the channel needs it.
    pub confirmed_on: Option<NaiveDate>,
    /// What proves the date: tracking number, call log, announcement.
    pub evidence: String,
}

/// A receipt date and its ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// 收到申请之日: day zero of the clock.
    pub on: NaiveDate,
    /// Its ground.
    pub basis: ReceiptBasis,
}

/// Why no receipt date can be fixed from what was entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// An arrival after today.
    #[error("收件日期{0}晚于今天")]
    InFuture(NaiveDate),
    /// A confirmation after today.
    #[error("确认日期{0}晚于今天")]
    ConfirmedInFuture(NaiveDate),
    /// Confirmed before it arrived.
    #[error("确认日期{confirmed}早于收到日期{arrived}")]
    ConfirmedBeforeArrival {
        /// Day of arrival.
        arrived: NaiveDate,
        /// Day of confirmation.
        confirmed: NaiveDate,
    },
    /// The channel's date stands only with proof.
    #[error("请填写收件依据：{0}")]
    EvidenceMissing(&'static str),
}

impl ReceiptError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InFuture(_) | Self::ConfirmedInFuture(_) => "receipt_in_future",
            Self::ConfirmedBeforeArrival { .. } => "confirmed_before_arrival",
            Self::EvidenceMissing(_) => "receipt_evidence_missing",
        }
    }

    /// The field of the step `confirm_receipt` the error belongs to: its date is called `on`.
    #[must_use]
    pub const fn field_of_confirmation(&self) -> &'static str {
        match self {
            Self::EvidenceMissing(_) => "evidence",
            _ => "on",
        }
    }

    /// The field of a registration the error belongs to.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::InFuture(_) => "arrived_on",
            Self::ConfirmedInFuture(_) | Self::ConfirmedBeforeArrival { .. } => "confirmed_on",
            Self::EvidenceMissing(_) => "evidence",
        }
    }
}

impl Channel {
    /// What proves the receipt date of this channel; shown as the label of the evidence field.
    #[must_use]
    pub const fn evidence_wanted(self) -> &'static str {
        match self {
            Self::InPerson => "接收窗口和经办人（申请人在回执上签名）",
            Self::RegisteredPost => "邮件号码和签收人",
            Self::OrdinaryPost => "信封邮戳，与申请人确认的电话、时间和结果",
            Self::Internet => "系统自动回执",
            Self::Fax => "传真日志，与申请人确认的电话、时间和结果",
            Self::Email => "邮件原文，与申请人确认的时间和方式",
            Self::Oral => "申请人签名的口头申请记录",
            Self::Other => "该渠道公布的接收时间，或与申请人确认的记录",
        }
    }

    /// Whether the date stands only once the applicant has confirmed.
    ///
    /// Source: 条例 art. 31 (2) second half, (3).
    #[must_use]
    pub const fn needs_confirmation(self) -> bool {
        matches!(self, Self::OrdinaryPost | Self::Fax | Self::Email | Self::Other)
    }

    const fn basis(self) -> ReceiptBasis {
        match self {
            Self::InPerson => ReceiptBasis::HandedOver,
            Self::RegisteredPost => ReceiptBasis::Signed,
            Self::OrdinaryPost | Self::Fax | Self::Email | Self::Other => ReceiptBasis::Confirmed,
            Self::Internet => ReceiptBasis::AutomaticReceipt,
            Self::Oral => ReceiptBasis::OralFormSigned,
        }
    }
}

/// Applies the rule of the channel: the receipt date, or `None` while it needs confirmation.
///
/// # Errors
///
/// [`ReceiptError`] when a date is impossible or the proof the channel needs is missing.
///
/// Source: 条例 art. 31; 国办公开办函〔2015〕207号 part 1.
pub fn receipt(arrival: &Arrival, today: NaiveDate) -> Result<Option<Receipt>, ReceiptError> {
    let Arrival { channel, arrived_on, confirmed_on, evidence } = arrival;
    if *arrived_on > today {
        return Err(ReceiptError::InFuture(*arrived_on));
    }
    if let Some(confirmed) = confirmed_on.filter(|confirmed| *confirmed > today) {
        return Err(ReceiptError::ConfirmedInFuture(confirmed));
    }
    if let Some(confirmed) = confirmed_on.filter(|c| c < arrived_on) {
        return Err(ReceiptError::ConfirmedBeforeArrival { arrived: *arrived_on, confirmed });
    }
    let on = if channel.needs_confirmation() { *confirmed_on } else { Some(*arrived_on) };
    if on.is_some() && *channel != Channel::Internet && evidence.trim().is_empty() {
        return Err(ReceiptError::EvidenceMissing(channel.evidence_wanted()));
    }
    Ok(on.map(|on| Receipt { on, basis: channel.basis() }))
}
