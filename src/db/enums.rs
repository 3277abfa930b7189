//! Enumerations of the domain as text columns: their stable names go into the database.

use crate::stored_as_text;

stored_as_text!(crate::domain::state::State);
stored_as_text!(crate::domain::receipt::Channel);
stored_as_text!(crate::domain::receipt::ReceiptBasis);
stored_as_text!(crate::domain::outcome::Outcome);
stored_as_text!(crate::domain::proposal::Proposal);
stored_as_text!(crate::domain::applicant::ApplicantKind);
stored_as_text!(crate::domain::notice::NoticeKind);
stored_as_text!(crate::domain::notice::NoticeStatus);
stored_as_text!(crate::domain::event::ServiceMethod);
stored_as_text!(crate::domain::record_correction::RecordState);
stored_as_text!(crate::domain::case::Governing);
stored_as_text!(crate::domain::case::NoDate);
stored_as_text!(crate::domain::policy::Role);
stored_as_text!(crate::domain::rating::Grade);
stored_as_text!(crate::domain::rating::RatingState);
stored_as_text!(crate::domain::event::SecrecyFinding);
stored_as_text!(crate::domain::publication::PublicationState);
stored_as_text!(crate::domain::redaction::RedactionState);
stored_as_text!(crate::domain::suggestion::SuggestionState);
stored_as_text!(crate::domain::reassessment::AssessmentState);
stored_as_text!(crate::domain::reassessment::AssessmentStep);
stored_as_text!(crate::domain::complaint::ComplaintState);
stored_as_text!(crate::domain::complaint::Finding);
stored_as_text!(crate::domain::command::RemedyKindOpened);
stored_as_text!(crate::domain::command::RemedyResult);
stored_as_text!(crate::domain::remedy::AnswerTerm);
stored_as_text!(crate::domain::reminder::LimitKind);
stored_as_text!(crate::domain::reminder::ReminderStage);
stored_as_text!(crate::domain::reminder::Withdrawal);
stored_as_text!(crate::domain::calendar_import::Source);
stored_as_text!(crate::domain::calendar_import::Format);
stored_as_text!(crate::domain::calendar_import::ImportState);
stored_as_text!(crate::domain::edition::EditionState);
