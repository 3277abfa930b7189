//! A desk is handed over: every open case of one officer goes to another, each with an entry in its
//! ledger. For long absence, a change of post, or departure.

use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::db::desks as rows;
use crate::db::{Conn, users};
use crate::domain::command::Command;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::Action;

use super::actions::step;
use super::audit::{self, Note};
use super::ledger;
use super::once::Once;
use super::{App, AppError, Principal, people};

/// Who takes over a desk.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskHandOver {
    /// The colleague who goes on.
    pub to: UserId,
    /// Why, for the ledger of every case.
    pub reason: String,
}

/// What was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandedDesk {
    /// Numbers of the cases, most pressing first.
    pub numbers: Vec<String>,
}

/// The open cases of an agency by whose desk they lie on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Desk {
    /// Whose; none for what nobody was given yet.
    pub officer: Option<UserId>,
    /// Their name.
    pub name: Option<String>,
    /// Whether cases can be given to them. Where not – closed, gone to another agency, without the role –
    /// the desk is to be handed over.
    pub handles_cases: bool,
    /// Open cases.
    pub open_cases: i64,
    /// Of these, how many are past their last day.
    pub overdue: i64,
}

impl App {
    /// The desks of the agency of `who`, those first on which cases lie with nobody who handles them.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people who give no cases to others.
    pub async fn desks(&self, who: &Principal) -> Result<Vec<Desk>, AppError> {
        let agency = who.handles_for()?;
        who.may(Action::Assign, agency)?;
        let today = self.today();
        self.store
            .read(move |conn| {
                let mut desks = Vec::new();
                for (officer, open_cases, overdue) in rows::desks(conn, agency.0, today)? {
                    let person = officer.map(|id| users::find(conn, id)).transpose()?.flatten();
                    let name = person.as_ref().map(|person| person.name.clone());
                    let colleague = person.map(|row| people::colleague(conn, row, agency));
                    let handles_cases = colleague.transpose()?.flatten().is_some();
                    let officer = officer.map(UserId);
                    desks.push(Desk { officer, name, handles_cases, open_cases, overdue });
                }
                desks.sort_by_key(|desk| (desk.handles_cases, -desk.open_cases));
                Ok(desks)
            })
            .await
    }

    /// Gives every open case that `from` has in the agency of `who` to a colleague, all or none.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::Invalid`] for somebody who cannot be given cases;
    /// [`AppError::Conflict`] `desk_empty` when there is nothing to hand over.
    pub async fn hand_over_desk(
        &self,
        who: Principal,
        once: Once,
        from: UserId,
        hand_over: DeskHandOver,
    ) -> Result<HandedDesk, AppError> {
        let agency = who.handles_for()?;
        who.may(Action::Assign, agency)?;
        let DeskHandOver { to: officer, reason } = hand_over;
        let reason = reason.trim().to_owned();
        if reason.is_empty() {
            return Err(AppError::field("reason", "required", "请填写整体移交的原因"));
        }
        if officer == from {
            return Err(AppError::field("to", "invalid", "接手人不能是移交人本人"));
        }
        self.write_unseen(Some(once), move |conn, app| {
            check_colleague(conn, officer, agency)?;
            let actor = who.actor_for(Action::Assign);
            let mut numbers = Vec::new();
            for id in rows::desk(conn, agency.0, from.0)? {
                let loaded = ledger::load(conn, app, id)?;
                let (reason, officer_name) = (reason.clone(), String::new());
                let command = Command::Assign { officer, reason, officer_name };
                let loaded = step(conn, app, loaded, &actor, &who.roles, command)?;
                numbers.push(loaded.row.number);
            }
            if numbers.is_empty() {
                return Err(AppError::Conflict {
                    code: "desk_empty",
                    message: "这位工作人员在本机关没有在办的申请".to_owned(),
                });
            }
            let detail = json!({ "to": officer, "cases": numbers.len() });
            let note = Note { detail, ..Note::done("hand_over", "desk", from.0) };
            audit::note(conn, app, Some(&who), note)?;
            Ok(HandedDesk { numbers })
        })
        .await
    }
}

/// Refuses somebody to whom no case of the agency can be given, by the field of the hand-over.
fn check_colleague(conn: &mut Conn, officer: UserId, agency: AgencyId) -> Result<(), AppError> {
    let found = match users::find(conn, officer.0)? {
        Some(row) => people::colleague(conn, row, agency)?,
        None => None,
    };
    found
        .map(drop)
        .ok_or_else(|| AppError::field("to", "unknown_officer", "本机关没有这位办理申请的工作人员"))
}
