//! What an event is called, and what the statutory clock sees of it.

use chrono::NaiveDate;

use super::{Event, Party};
use crate::domain::clock::ClockEvent;
use crate::domain::volume::ReasonRequestClock;
use crate::domain::working_days::WorkingDays;

impl Event {
    /// The stable name of the kind, as stored.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Filed { .. } => "filed",
            Self::Received { .. } => "received",
            Self::Assigned { .. } => "assigned",
            Self::ExaminationPassed => "examination_passed",
            Self::PaperNoticeRecorded(_) => "paper_notice_recorded",
            Self::CorrectionRequested { .. } => "correction_requested",
            Self::CorrectionRenewed { .. } => "correction_renewed",
            Self::CorrectionReceived { .. } => "correction_received",
            Self::CorrectionLapsed { .. } => "correction_lapsed",
            Self::LapseProposed { .. } => "lapse_proposed",
            Self::ReasonsRequested { .. } => "reasons_requested",
            Self::ReasonsReceived { .. } => "reasons_received",
            Self::ReasonsJudged { .. } => "reasons_judged",
            Self::Deferred { .. } => "deferred",
            Self::FeeNotified { .. } => "fee_notified",
            Self::FeeNoticeServed { .. } => "fee_notice_served",
            Self::FeePaid { .. } => "fee_paid",
            Self::FeeLapsed { .. } => "fee_lapsed",
            Self::LapseRevoked { .. } => "lapse_revoked",
            Self::FeeRefunded { .. } => "fee_refunded",
            Self::ConsultationSent { .. } => "consultation_sent",
            Self::ConsultationServed { .. } => "consultation_served",
            Self::ConsultationAnswered { .. } => "consultation_answered",
            Self::ConsultationLapsed { .. } => "consultation_lapsed",
            Self::ConsultationAbandoned { .. } => "consultation_abandoned",
            Self::ItemsListed { .. } => "items_listed",
            Self::ReviewAnswered { .. } => "review_answered",
            Self::SearchRecorded { .. } => "search_recorded",
            Self::ItemDecided { .. } => "item_decided",
            Self::ReleaseReviewed { .. } => "release_reviewed",
            Self::SecrecyReferred { .. } => "secrecy_referred",
            Self::SecrecyRuled { .. } => "secrecy_ruled",
            Self::Linked { .. } => "linked",
            Self::SplitOff { .. } => "split_off",
            Self::SplitFrom { .. } => "split_from",
            Self::ConsultationWaived { .. } => "consultation_waived",
            Self::ObjectionOverridden { .. } => "objection_overridden",
            Self::AnsweredTogether { .. } => "answered_together",
            Self::SecrecyReviewOpened { .. } => "secrecy_review_opened",
            Self::SecrecyReviewed { .. } => "secrecy_reviewed",
            Self::ExtensionAsked { .. } => "extension_asked",
            Self::ExtensionRefused { .. } => "extension_refused",
            Self::ExtensionConsented { .. } => "extension_consented",
            Self::Extended { .. } => "extended",
            Self::DraftSubmitted { .. } => "draft_submitted",
            Self::DraftRecalled { .. } => "draft_recalled",
            Self::DraftReturned { .. } => "draft_returned",
            Self::DraftApproved { .. } => "draft_approved",
            Self::Issued { .. } => "issued",
            Self::NoticeIssued { .. } => "notice_issued",
            Self::Rendered { .. } => "rendered",
            Self::Dispatched { .. } => "dispatched",
            Self::Replied { .. } => "replied",
            Self::ServiceFailed { .. } => "service_failed",
            Self::Served { .. } => "served",
            Self::ServiceRevoked { .. } => "service_revoked",
            Self::NoticeServed { .. } => "notice_served",
            Self::NoticeServiceRevoked { .. } => "notice_service_revoked",
            Self::NoticeDispatched { .. } => "notice_dispatched",
            Self::NoticeReturned { .. } => "notice_returned",
            Self::AnsweredOnTheSpot { .. } => "answered_on_the_spot",
            Self::Withdrawn { .. } => "withdrawn",
            Self::EndProposed(_) => "end_proposed",
            Self::EndDeclined { .. } => "end_declined",
            Self::EndedOtherwise(_) => "ended_otherwise",
            Self::HandedOver { .. } => "handed_over",
            Self::Succeeded { .. } => "succeeded",
            Self::Assisted { .. } => "assisted",
            Self::Closed { .. } => "closed",
            Self::Archived { .. } => "archived",
            Self::RemedyOpened { .. } => "remedy_opened",
            Self::RemedyAnswered { .. } => "remedy_answered",
            Self::RemedyDecided { .. } => "remedy_decided",
            Self::Remanded { .. } => "remanded",
            Self::CalendarChanged { .. } => "calendar_changed",
            Self::NumberVoided { .. } => "number_voided",
            Self::FileAdded { .. } => "file_added",
            Self::FileWithdrawn { .. } => "file_withdrawn",
            Self::FindingAcknowledged(_) => "finding_acknowledged",
            Self::TogetherChanged { .. } => "together_changed",
            Self::FileInspected { .. } => "file_inspected",
            Self::FindingsConfirmed { .. } => "findings_confirmed",
            Self::FileRedacted(_) => "file_redacted",
            Self::Noted { .. } => "noted",
        }
    }

    /// Whether the program put it on record by itself, after the fact and without changing what
    /// anybody may do: nobody need look at the case again because of it.
    #[must_use]
    pub const fn is_bookkeeping(&self) -> bool {
        matches!(
            self,
            Self::Rendered { .. } | Self::LapseProposed { .. } | Self::FileInspected { .. }
        )
    }

    /// What the statutory clock sees of the event, if anything.
    #[must_use]
    pub fn on_clock(&self, on: NaiveDate) -> Option<ClockEvent> {
        use crate::domain::clock::Party as ClockParty;
        Some(match self {
            Self::Received { .. } => ClockEvent::Received { on },
            Self::CorrectionRequested { until, .. } => {
                ClockEvent::CorrectionRequested { on, until: Some(*until) }
            }
            Self::CorrectionReceived { .. } => ClockEvent::CorrectionReceived { on },
            Self::ReasonsRequested { until, clock: ReasonRequestClock::AsCorrection, .. } => {
                ClockEvent::CorrectionRequested { on, until: Some(*until) }
            }
            Self::ReasonsReceived { restart_on: Some(on), .. }
            | Self::ReasonsJudged { restart_on: Some(on), .. } => {
                ClockEvent::CorrectionReceived { on: *on }
            }
            Self::Extended { working_days, .. } => {
                ClockEvent::Extended { on, working_days: WorkingDays(u32::from(*working_days)) }
            }
            Self::ConsultationSent { id, party, .. } => ClockEvent::ConsultationSent {
                on,
                id: id.as_str().into(),
                party: match party {
                    Party::ThirdParty => ClockParty::ThirdParty,
                    Party::Agency => ClockParty::Agency,
                },
            },
            Self::ConsultationServed { id } => {
                ClockEvent::ConsultationServed { on, id: id.as_str().into() }
            }
            // Nobody waits any longer from the day a consultation is given up.
            Self::ConsultationAnswered { id, .. } | Self::ConsultationAbandoned { id, .. } => {
                ClockEvent::ConsultationAnswered { on, id: id.as_str().into() }
            }
            Self::FeeNotified { served_on, .. } => {
                ClockEvent::FeeNotified { on, served_on: *served_on }
            }
            Self::FeePaid { held: false, .. } => ClockEvent::FeePaid { on },
            Self::Deferred { until, .. } => ClockEvent::Deferred { on, until: *until },
            Self::Remanded { working_days, .. } => {
                ClockEvent::Remanded { on, working_days: WorkingDays(u32::from(*working_days)) }
            }
            Self::Replied { .. } | Self::AnsweredOnTheSpot { .. } => ClockEvent::Replied { on },
            Self::Withdrawn { .. } | Self::EndedOtherwise(_) => ClockEvent::Withdrawn { on },
            _ => return None,
        })
    }
}
