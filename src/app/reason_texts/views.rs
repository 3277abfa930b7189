//! Entries of the library as lists and pages show them, with figures that follow from remedies.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::UNKNOWN;
use crate::app::AppError;
use crate::db::Conn;
use crate::db::reason_texts::{self as rows, Fared, ReasonTextRow};
use crate::domain::command::{RemedyKindOpened, RemedyResult};
use crate::domain::ids::{AgencyId, NoticeId, ReasonTextId, RequestId};
use crate::domain::outcome::Outcome;
use crate::domain::table_four::{CountedRemedy, Figures, fared};

/// An entry with how it fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonTextView {
    /// Its id.
    pub id: ReasonTextId,
    /// Whose it is; `None` for the whole county.
    pub agency: Option<AgencyId>,
    /// The outcome it gives reasons for.
    pub outcome: Outcome,
    /// The same in Chinese.
    pub outcome_label: String,
    /// The provisions it rests on.
    pub article: String,
    /// What sort of case it is for.
    pub title: String,
    /// The wording.
    pub wording: String,
    /// When to use it and when not.
    pub notes: String,
    /// The entry it replaced.
    pub replaces: Option<ReasonTextId>,
    /// Day it was retired.
    pub retired_on: Option<NaiveDate>,
    /// Why.
    pub retired_why: String,
    /// In how many replies in force it was used.
    pub used: u64,
    /// How they fared.
    pub fared: FaredView,
    /// Version of the entry.
    pub version: i32,
}

/// How replies with an entry fared in review and court.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FaredView {
    /// 结果维持.
    pub upheld: u64,
    /// 结果纠正.
    pub corrected: u64,
    /// 其他结果.
    pub other: u64,
    /// 尚未审结.
    pub pending: u64,
}

/// A reply that used an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonUseView {
    /// The reply.
    pub notice: NoticeId,
    /// Its number.
    pub number: Option<String>,
    /// The request.
    pub request: RequestId,
    /// Its number.
    pub request_number: String,
    /// Day it was issued.
    pub issued_on: NaiveDate,
    /// The remedies against it.
    pub remedies: Vec<UseRemedy>,
}

/// A remedy against a reply that used an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UseRemedy {
    /// Which.
    pub remedy: RemedyKindOpened,
    /// Review body or court.
    pub body: String,
    /// Its case number.
    pub id: String,
    /// Its end; `None` while it runs.
    pub result: Option<RemedyResult>,
}

/// One entry.
pub(super) fn view(conn: &mut Conn, row: ReasonTextRow) -> Result<ReasonTextView, AppError> {
    views(conn, vec![row])?.pop().ok_or(UNKNOWN)
}

/// Entries with their figures, in their order.
pub(super) fn views(
    conn: &mut Conn,
    found: Vec<ReasonTextRow>,
) -> Result<Vec<ReasonTextView>, AppError> {
    let ids: Vec<Uuid> = found.iter().map(|row| row.id).collect();
    let (uses, remedies) = (rows::uses(conn, &ids)?, rows::fared(conn, &ids)?);
    let full = |row: ReasonTextRow| {
        let used = uses.iter().filter(|(used, ..)| used.reason_id == row.id).count();
        let against = remedies.iter().filter(|fared| fared.reason_id == row.id);
        let Figures { upheld, corrected, other, pending } =
            fared(&against.map(counted).collect::<Vec<_>>());
        ReasonTextView {
            id: ReasonTextId(row.id),
            agency: row.agency_id.map(AgencyId),
            outcome: row.outcome,
            outcome_label: row.outcome.label().to_owned(),
            article: row.article,
            title: row.title,
            wording: row.wording,
            notes: row.notes,
            replaces: row.replaces.map(ReasonTextId),
            retired_on: row.retired_on,
            retired_why: row.retired_why,
            used: u64::try_from(used).unwrap_or_default(),
            fared: FaredView { upheld, corrected, other, pending },
            version: row.version,
        }
    };
    Ok(found.into_iter().map(full).collect())
}

fn counted(fared: &Fared) -> CountedRemedy {
    CountedRemedy {
        kind: fared.kind,
        body: fared.body.clone(),
        id: fared.case_number.clone(),
        opened_on: fared.opened_on,
        decided: fared.decided_on.zip(fared.result),
    }
}
