//! What several people asked for and was opened: proposed for publication, never published by the
//! program.
//!
//! Source: 条例 art. 44 ¶1.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::related::RelatedRequest;
use crate::app::requests::Page;
use crate::app::similar::similar;
use crate::app::{App, AppError, Principal};
use crate::db::requests::{self, RequestRow};
use crate::db::{applications, publications};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::outcome::Outcome;
use crate::domain::publication::is_candidate;

/// Released requests that are looked at for one page, newest first.
const LOOKED_AT: i64 = 100;

/// Similar requests of one.
const SIMILAR: usize = 40;

/// Something that could be published for everybody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct CandidateView {
    /// The newest request by which it was released.
    pub request: RelatedRequest,
    /// How many different applicants asked for it.
    pub applicants: usize,
    /// The other requests for much the same.
    pub similar: Vec<RelatedRequest>,
}

impl App {
    /// What several applicants asked an agency for and was released, and is not published or
    /// drafted yet. A page looks at a hundred releases, the newest first, and may hold fewer candidates,
    /// or none, although there are further pages.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see.
    pub async fn publication_candidates(
        &self,
        who: &Principal,
        agency: Option<AgencyId>,
        cursor: Option<RequestId>,
    ) -> Result<Page<CandidateView>, AppError> {
        let scope = who.scope()?.narrowed(agency).ok_or(AppError::NotFound("该机关"))?;
        let several = self.settings.publish_from_applicants;
        self.store
            .read(move |conn| {
                let mut seen: BTreeSet<Uuid> = BTreeSet::new();
                let mut candidates = Vec::new();
                let of = scope.ids();
                let before = cursor.map(|id| id.0);
                let looked_at = publications::released(conn, of.as_deref(), before, LOOKED_AT)?;
                let full = i64::try_from(looked_at.len()).is_ok_and(|found| found == LOOKED_AT);
                let next = looked_at.last().filter(|_| full).map(Uuid::to_string);
                for id in looked_at {
                    if seen.contains(&id) {
                        continue;
                    }
                    let row = requests::get(conn, id)?;
                    let application = applications::get(conn, id)?;
                    let alike = similar(conn, &row, &application, &[], SIMILAR)?;
                    // What was released after this page began stands on a page before, with this one.
                    let shown = |other: &RequestRow| {
                        before.is_some_and(|before| other.id >= before) && was_released(other)
                    };
                    if alike.iter().any(|found| shown(&found.row)) {
                        continue;
                    }
                    let ids: Vec<Uuid> = alike.iter().map(|found| found.row.id).collect();
                    let keys: BTreeSet<String> = applications::of_requests(conn, &ids)?
                        .into_iter()
                        .map(|other| other.applicant_key)
                        .chain([application.applicant_key])
                        .collect();
                    // Where a like request was published from, it is public already.
                    if publications::any_of(conn, &ids)? {
                        continue;
                    }
                    if !is_candidate(keys.len(), several) {
                        continue;
                    }
                    seen.extend(ids);
                    candidates.push(CandidateView {
                        request: row.into(),
                        applicants: keys.len(),
                        similar: alike.into_iter().map(|found| found.row.into()).collect(),
                    });
                }
                Ok(Page { items: candidates, next })
            })
            .await
    }
}

/// Whether information was released by this request; the same as [`publications::released`] asks.
fn was_released(row: &RequestRow) -> bool {
    matches!(row.outcome, Some(Outcome::G2 | Outcome::P1)) && row.reply_on.is_some()
}
