//! What a refusal is called, which article stands behind it, which field it concerns.

use std::borrow::Cow;

use super::{AnsweredRefusal, Refusal};
use crate::domain::clock::{ClockRefusal, RefusalReason};

impl Refusal {
    /// The stable code clients and translations key on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. }
            | Self::WrongRecordState { .. }
            | Self::WrongRatingState { .. }
            | Self::WrongComplaintState { .. } => "wrong_state",
            Self::Answered(refusal) => refusal.code(),
            Self::Edition(refusal) => refusal.code(),
            Self::Outgoing(refusal) => refusal.code(),
            Self::Ground(refusal) => refusal.code(),
            Self::RatingNotYet => "rating_not_yet",
            Self::OwnRating => "own_rating",
            Self::MeasureUnfit(_) => "measure_unfit",
            Self::AgencyUnheard => "agency_unheard",
            Self::InFuture { .. } => "date_in_future",
            Self::TooEarly { .. } => "date_too_early",
            Self::OutsideCalendar { .. } => "date_out_of_range",
            Self::Paper(refusal) => refusal.code(),
            Self::Remedy(refusal) => refusal.code(),
            Self::Clock(refusal) => refusal.reason.code(),
            Self::Receipt(error) | Self::Confirmation(error) => error.code(),
            Self::CorrectionStillOpen { .. } => "correction_still_open",
            Self::PaymentStillOpen { .. } => "payment_still_open",
            Self::ReasonsStillOpen { .. } => "reasons_still_open",
            Self::ConsultationStillOpen { .. } => "consultation_still_open",
            Self::ServedAfterAnswer { .. } => "served_after_answer",
            Self::ObjectionStands(_) => "objection_stands",
            Self::ConsultationMissing => "consultation_missing",
            Self::FeeAboveLawful { .. } => "fee_above_lawful",
            Self::FeeScalesMixed { .. } => "fee_scales_mixed",
            Self::RefundAbovePaid { .. } => "refund_above_paid",
            Self::ServiceUnproved(_) => "service_unproved",
            Self::SecondCorrection => "second_correction_needs_approval",
            Self::CorrectionDuringProcessing(_) => "correction_during_processing",
            Self::ConsentMissing => "extension_consent_missing",
            Self::ReasonsBeyondLimit { .. } => "reasons_beyond_limit",
            Self::RemandLimitFixed => "remand_limit_fixed",
            Self::OwnDraft => "own_draft",
            Self::NotYourStep(_) => "not_your_step",
            Self::SameApprover(_) => "same_approver",
            Self::NotOwnDraft => "not_own_draft",
            Self::NotTheDraft => "not_the_draft",
            Self::SecrecyReviewMissing => "secrecy_review_missing",
            Self::SecrecyReviewForbids => "secrecy_review_forbids",
            Self::SuppliedUnreviewed(_) => "supplied_unreviewed",
            Self::NotSupplied => "not_supplied",
            Self::OwnSecrecyReview => "own_secrecy_review",
            Self::RightsForbid => "rights_forbid_release",
            Self::RightsUnreviewed => "rights_review_missing",
            Self::ThirdPartyUnheard(_) => "third_party_unheard",
            Self::SecrecyReferralOpen => "secrecy_referral_open",
            Self::SecrecyRulingForbids(_) => "secrecy_ruling_forbids",
            Self::UnknownItem(_) => "unknown_item",
            Self::ItemsUndecided(_) => "items_undecided",
            Self::OutcomeContradictsItems(_) => "outcome_contradicts_items",
            Self::SearchMissing => "search_record_missing",
            Self::AnswerUnfit { .. } => "answer_unfit",
            Self::ItemContent { code, .. } => code,
            Self::SplitUnfit => "split_unfit",
            Self::SplitTooLate => "split_too_late",
            Self::ElectronicConsentMissing => "electronic_consent_missing",
            Self::NotUnderWay => "not_under_way",
            Self::CourierRefused => "courier_refused",
            Self::WithdrawalUnauthenticated => "withdrawal_unauthenticated",
            Self::ConsultationOpen => "consultation_open",
            Self::NoReplyOutcome(_) => "no_reply_outcome",
            Self::NotOnRecord(_) => "not_on_record",
            Self::WrittenReplyNeeded(_) => "written_reply_needed",
            Self::RemedyOpen => "remedy_open",
            Self::UnknownRemedy(_) => "unknown_remedy",
            Self::EndingUnfit { .. } => "ending_unfit",
            Self::Duplicate { .. } => "duplicate",
            Self::EvidenceMissing(_) => "closing_evidence_missing",
            Self::ArchiveBlocked(_) => "archive_blocked",
            Self::ClosingIncomplete(_) => "closing_incomplete",
            Self::TextMissing { .. } => "text_missing",
            Self::TextTooLong { .. } => "too_long",
            Self::ControlCharacters { .. } => "control_characters",
            Self::OutOfRange { .. } => "out_of_range",
        }
    }

    /// The article that forbids the step, where it is an article and not plain procedure.
    #[must_use]
    pub fn article(&self) -> Option<&'static str> {
        match self {
            Self::Answered(refusal) => refusal.article(),
            Self::Outgoing(refusal) => refusal.article(),
            Self::Ground(refusal) => refusal.article(),
            Self::Paper(refusal) => refusal.article(),
            Self::Remedy(refusal) => Some(refusal.article()),
            Self::Clock(refusal) => match refusal.reason.code() {
                "extension_after_limit" | "extension_repeated" | "extension_too_long" => {
                    Some("《政府信息公开条例》第三十三条第二款")
                }
                _ => None,
            },
            Self::Receipt(_) | Self::Confirmation(_) => Some("《政府信息公开条例》第三十一条"),
            Self::CorrectionStillOpen { .. }
            | Self::SecondCorrection
            | Self::CorrectionDuringProcessing(_) => Some("《政府信息公开条例》第三十条"),
            Self::ReasonsStillOpen { .. } => Some("《政府信息公开条例》第三十五条"),
            Self::ReasonsBeyondLimit { .. } => {
                Some("《政府信息公开条例》第三十三条第二款、第三十五条")
            }
            Self::WrittenReplyNeeded(_) => Some("《行政复议法》第二十三条第二款"),
            Self::ConsultationMissing => Some("《政府信息公开条例》第三十二条"),
            Self::ObjectionStands(_) => Some("《政府信息公开条例》第十五条、第三十二条"),
            Self::FeeAboveLawful { .. } => Some("《政府信息公开信息处理费管理办法》第四条、第五条"),
            Self::FeeScalesMixed { .. } => Some("《政府信息公开信息处理费管理办法》第三条"),
            Self::PaymentStillOpen { .. } => Some("《政府信息公开信息处理费管理办法》第六条"),
            Self::ConsultationStillOpen { .. } | Self::ConsultationOpen => {
                Some("《政府信息公开条例》第三十二条、第三十四条")
            }
            Self::ConsentMissing => Some("《政府信息公开条例》第三十三条第二款"),
            Self::SecrecyReviewMissing
            | Self::SecrecyReviewForbids
            | Self::SuppliedUnreviewed(_)
            | Self::OwnSecrecyReview
            | Self::SecrecyReferralOpen
            | Self::SecrecyRulingForbids(_) => Some("《政府信息公开条例》第十七条"),
            Self::RightsForbid | Self::RightsUnreviewed | Self::ThirdPartyUnheard(_) => {
                Some("《政府信息公开条例》第十五条、第三十二条")
            }
            Self::MeasureUnfit(_) => Some("《政府信息公开条例》第四十七条第二款"),
            Self::SearchMissing => Some("《政府信息公开条例》第三十六条第四项"),
            Self::OutcomeContradictsItems(_) => Some("《政府信息公开条例》第三十七条"),
            Self::CourierRefused => Some("国办公开办函〔2016〕235号第二条"),
            _ => None,
        }
    }

    /// Path of that field as the client sent it: what an item's reply lacks is part of `content`.
    #[must_use]
    pub fn path(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::ItemContent { field, .. } => Some(Cow::Owned(format!("content.{field}"))),
            other => other.field().map(Cow::Borrowed),
        }
    }

    /// The field of the command the refusal concerns.
    #[must_use]
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Clock(ClockRefusal {
                reason: RefusalReason::ExtensionTooLong { .. }, ..
            }) => Some("working_days"),
            Self::ElectronicConsentMissing | Self::CourierRefused => Some("method"),
            Self::Answered(AnsweredRefusal::ResultUnfit(_)) => Some("result"),
            Self::Answered(AnsweredRefusal::NoSuchLetter(_)) => Some("n"),
            Self::Edition(refusal) => refusal.field(),
            Self::Ground(refusal) => refusal.field(),
            Self::WithdrawalUnauthenticated => Some("authentication"),
            Self::Receipt(error) => Some(error.field()),
            Self::Confirmation(error) => Some(error.field_of_confirmation()),
            Self::SecondCorrection => Some("approval"),
            Self::ThirdPartyUnheard(_) => Some("third_party"),
            Self::ReasonsBeyondLimit { .. } => Some("until"),
            Self::ServedAfterAnswer { .. } => Some("on"),
            Self::Paper(refusal) => Some(refusal.field()),
            Self::Remedy(refusal) => Some(refusal.field()),
            Self::ClosingIncomplete(_) => Some("reason"),
            Self::SearchMissing => Some("search"),
            Self::UnknownItem(_) => Some("item"),
            Self::NotSupplied => Some("file"),
            Self::Outgoing(refusal) => refusal.field(),
            Self::UnknownRemedy(_) => Some("remedy"),
            Self::MeasureUnfit(_) => Some("measure"),
            Self::AgencyUnheard => Some("finding"),
            Self::EndingUnfit { .. } => Some("result"),
            Self::AnswerUnfit { .. } => Some("answer"),
            Self::SecrecyRulingForbids(_) => Some("finding"),
            Self::OutcomeContradictsItems(_) => Some("outcome"),
            Self::SplitUnfit => Some("parts"),
            Self::ItemContent { field, .. } => Some(field),
            Self::FeeAboveLawful { .. } | Self::RefundAbovePaid { .. } => Some("amount_fen"),
            Self::FeeScalesMixed { .. } => Some("scale"),
            Self::InFuture { field, .. }
            | Self::TooEarly { field, .. }
            | Self::OutsideCalendar { field, .. }
            | Self::Duplicate { field, .. }
            | Self::TextMissing { field, .. }
            | Self::TextTooLong { field, .. }
            | Self::ControlCharacters { field, .. }
            | Self::OutOfRange { field, .. } => Some(field),
            _ => None,
        }
    }
}
