//! The approval chains of an agency: administrators set them, its head reads them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::approval_chains::{self as rows, ApprovalChainsRow};
use crate::db::{Conn, StoreError};
use crate::domain::chain::ApprovalChains;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::Role;

use super::agencies;
use super::audit::{self, Note};
use super::{App, AppError, Principal};

const UNKNOWN: AppError = AppError::NotFound("该机关");

/// The chains of an agency as they are in force.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ChainsView {
    /// Whose.
    pub agency: AgencyId,
    /// The chains.
    pub chains: ApprovalChains,
    /// 0 while nothing was ever set and the default holds.
    pub version: i32,
    /// Who set this version.
    pub changed_by: Option<UserId>,
    /// When.
    pub changed_at: Option<DateTime<Utc>>,
}

impl App {
    /// The chains in force in an agency.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's head; [`AppError::Forbidden`].
    pub async fn approval_chains(
        &self,
        who: &Principal,
        agency: AgencyId,
    ) -> Result<ChainsView, AppError> {
        let keeps = who.is(Role::Administrator);
        if !keeps && !who.is(Role::Supervisor) && !who.is(Role::Head) {
            return Err(AppError::Forbidden("只有公开工作机构负责人和系统管理员可以查看审批链"));
        }
        if !keeps && !who.scope()?.includes(agency) {
            return Err(UNKNOWN);
        }
        self.store
            .read(move |conn| {
                agencies::load(conn, agency)?.ok_or(UNKNOWN)?;
                view(conn, agency)
            })
            .await
    }

    /// Sets the chains of an agency, if nobody else did since `seen`. Drafts that are on their way
    /// keep the chain they were submitted under.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] with every fault,
    /// [`AppError::Conflict`] `changed`.
    pub async fn set_approval_chains(
        &self,
        who: &Principal,
        agency: AgencyId,
        seen: i32,
        chains: ApprovalChains,
    ) -> Result<ChainsView, AppError> {
        if !who.is(Role::Administrator) {
            return Err(AppError::Forbidden("只有系统管理员可以设置审批链"));
        }
        let faults = chains.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |conn| {
                agencies::load(conn, agency)?.ok_or(UNKNOWN)?;
                if view(conn, agency)?.version != seen {
                    return Err(changed());
                }
                let row = ApprovalChainsRow {
                    agency_id: agency.0,
                    version: seen + 1,
                    chains: serde_json::to_value(&chains).map_err(AppError::broken)?,
                    changed_by: who.user.0,
                    changed_at: app.clock.now(),
                };
                rows::insert(conn, row).map_err(|error| match error {
                    StoreError::UniqueViolation { .. } => changed(),
                    other => other.into(),
                })?;
                let note = Note::done("change", "approval_chains", agency.0);
                audit::note(conn, &app, Some(&who), note)?;
                view(conn, agency)
            })
            .await
    }
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "审批链在您查看之后已被他人修改，请刷新后再改".to_owned(),
    }
}

fn view(conn: &mut Conn, agency: AgencyId) -> Result<ChainsView, AppError> {
    let Some(row) = rows::latest(conn, agency.0)? else {
        let chains = ApprovalChains::default();
        return Ok(ChainsView { agency, chains, version: 0, changed_by: None, changed_at: None });
    };
    Ok(ChainsView {
        agency,
        chains: serde_json::from_value(row.chains).map_err(AppError::broken)?,
        version: row.version,
        changed_by: Some(UserId(row.changed_by)),
        changed_at: Some(row.changed_at),
    })
}

/// The chains under which a draft of `agency` is submitted now.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn in_force(conn: &mut Conn, agency: AgencyId) -> Result<ApprovalChains, AppError> {
    Ok(view(conn, agency)?.chains)
}
