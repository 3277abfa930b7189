//! What several people asked for and was opened: proposed for publication, never published by the
//! program.
//!
//! Source: 条例 art. 44 ¶1.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::related::RelatedRequest;
use crate::app::similar::similar;
use crate::app::{App, AppError, Principal};
use crate::db::{applications, publications, requests};
use crate::domain::ids::AgencyId;
use crate::domain::publication::is_candidate;

/// Released requests that are looked at, newest first.
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
    /// drafted yet: among the newest hundred releases.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see.
    pub async fn publication_candidates(
        &self,
        who: &Principal,
        agency: Option<AgencyId>,
    ) -> Result<Vec<CandidateView>, AppError> {
        let scope = who.scope()?.narrowed(agency).ok_or(AppError::NotFound("该机关"))?;
        let several = self.settings.publish_from_applicants;
        self.store
            .read(move |conn| {
                let mut seen: BTreeSet<Uuid> = BTreeSet::new();
                let mut candidates = Vec::new();
                let of = scope.ids();
                for id in publications::released(conn, of.as_deref(), LOOKED_AT)? {
                    if seen.contains(&id) {
                        continue;
                    }
                    let row = requests::get(conn, id)?;
                    let application = applications::get(conn, id)?;
                    let alike = similar(conn, &row, &application, &[], SIMILAR)?;
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
                Ok(candidates)
            })
            .await
    }
}
