//! One type per kind of identifier, so that a notice id can never be passed as a request id.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
            utoipa::ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new identifier; version 7, so that identifiers sort by age.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "an identifier has no default value")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

typed_id!(
    /// A request (政府信息公开申请) and its ledger.
    RequestId
);
typed_id!(
    /// An import into the calendar of record.
    CalendarImportId
);
typed_id!(
    /// An agency (行政机关) that receives and answers requests.
    AgencyId
);
typed_id!(
    /// A masked copy of a file (区分处理).
    RedactionId
);
typed_id!(
    /// A rating of the service (好差评).
    RatingId
);
typed_id!(
    /// Something withheld that is assessed again (定期评估).
    ReassessmentId
);
typed_id!(
    /// Information published for everybody (主动公开).
    PublicationId
);
typed_id!(
    /// A suggestion of an applicant to publish.
    SuggestionId
);
typed_id!(
    /// A form that an agency made itself (自制表格).
    OwnFormId
);
typed_id!(
    /// A unit (内设机构) of an agency.
    UnitId
);
typed_id!(
    /// A person with an account: clerk, officer, head, supervisor, administrator.
    UserId
);
typed_id!(
    /// A notice (文书), from draft to frozen document.
    NoticeId
);
typed_id!(
    /// A stored file: attachment, evidence, rendered document.
    FileId
);
typed_id!(
    /// One record of service (送达) of a notice.
    DeliveryId
);
typed_id!(
    /// An appointment of a deputy (代理).
    DeputyshipId
);
typed_id!(
    /// An application for the correction of a record (更正申请).
    RecordCorrectionId
);
typed_id!(
    /// A complaint to the supervising office (举报投诉).
    ComplaintId
);
typed_id!(
    /// An agency's own edition of a wording template (文书用语).
    EditionId
);
typed_id!(
    /// An entry of the library of reasons.
    ReasonTextId
);
typed_id!(
    /// A reminder (期限提醒) of one person.
    ReminderId
);
typed_id!(
    /// One queued side effect: a mail to send, a document to render.
    OutboxId
);
