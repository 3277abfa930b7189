//! Who acts, and what of the county they may see.

use uuid::Uuid;

use crate::domain::chain::Deputyship;
use crate::domain::event::Actor;
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::{Action, Role};

use super::AppError;

/// A person of the county who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Account.
    pub user: UserId,
    /// Name.
    pub name: String,
    /// The agency they work for; administrators and county supervisors may have none.
    pub agency: Option<AgencyId>,
    /// Roles, those of absent colleagues included while [`Principal::deputyships`] holds any.
    pub roles: Vec<Role>,
    /// In whose place the person acts today; looked up for steps on a case only.
    pub deputyships: Vec<Deputyship>,
    /// The agencies below their own; looked up for a supervisor who belongs to one.
    pub branch: Vec<AgencyId>,
}

/// Whose cases a person sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole county's.
    County,
    /// Those of some agencies.
    Agencies(Vec<AgencyId>),
}

impl Scope {
    /// Whether the cases of an agency are among them.
    #[must_use]
    pub fn includes(&self, agency: AgencyId) -> bool {
        match self {
            Self::County => true,
            Self::Agencies(agencies) => agencies.contains(&agency),
        }
    }

    /// The part of it that lies in the agency asked for; `None` when nothing does.
    #[must_use]
    pub fn narrowed(self, asked: Option<AgencyId>) -> Option<Self> {
        match asked {
            None => Some(self),
            Some(agency) => self.includes(agency).then(|| Self::Agencies(vec![agency])),
        }
    }

    /// As the tables know them; `None` for all.
    pub(super) fn ids(self) -> Option<Vec<Uuid>> {
        match self {
            Self::County => None,
            Self::Agencies(agencies) => Some(agencies.into_iter().map(|id| id.0).collect()),
        }
    }
}

impl Principal {
    /// How the ledger names the person.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let role = self.roles.first().map_or("", |role| role.label());
        Actor { id: Some(self.user), label: format!("{role} {}", self.name).trim().to_owned() }
    }

    /// How the ledger names the person for a step: with the name of the colleague in whose place
    /// they take it, where their own roles would not do.
    #[must_use]
    pub fn actor_for(&self, action: Action) -> Actor {
        let lent = |role: &Role| self.deputyships.iter().any(|d| d.roles.contains(role));
        if self.roles.iter().any(|role| !lent(role) && action.allowed_to(*role)) {
            return self.actor();
        }
        let stood_in_for =
            self.deputyships.iter().find(|d| action.allowed_to_any(&d.roles)).map(|d| &d.name);
        let Actor { id, label } = self.actor();
        match stood_in_for {
            Some(name) => Actor { id, label: format!("{label}（代{name}）") },
            None => Actor { id, label },
        }
    }

    /// Whether the person bears the role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether the person works on cases at all.
    pub(super) fn works_on_cases(&self) -> bool {
        self.roles.iter().any(|role| role.works_on_cases())
    }

    /// The agency on whose cases the person works.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for everybody else, supervisors among them.
    pub fn handles_for(&self) -> Result<AgencyId, AppError> {
        self.agency
            .filter(|_| self.works_on_cases())
            .ok_or(AppError::Forbidden("您的岗位不办理申请"))
    }

    /// Whether what the person sees depends on the agencies below their own.
    #[must_use]
    pub fn oversees_a_branch(&self) -> bool {
        self.agency.is_some() && self.is(Role::Supervisor)
    }

    /// Lets the person propose and confirm the calendar, which counts for every agency: the supervisor
    /// of one branch does not.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub fn may_keep_calendar(&self) -> Result<(), AppError> {
        if self.oversees_a_branch() && !self.is(Role::Administrator) {
            let message = "日历适用于全县，由全县的监督人员或者系统管理员提出和确认";
            return Err(AppError::Forbidden(message));
        }
        Ok(())
    }

    /// Whose requests the person sees: those of their agency, as its supervisor also those of the
    /// agencies below it, and as supervisor of the county all.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without anything to see, such as administrators.
    pub fn scope(&self) -> Result<Scope, AppError> {
        match self.agency {
            None if self.is(Role::Supervisor) => Ok(Scope::County),
            Some(own) if self.is(Role::Supervisor) => {
                let below = self.branch.iter().copied().filter(|agency| *agency != own);
                Ok(Scope::Agencies([own].into_iter().chain(below).collect()))
            }
            Some(own) if self.works_on_cases() => Ok(Scope::Agencies(vec![own])),
            _ => Err(AppError::Forbidden("您的岗位不办理也不监督申请")),
        }
    }

    /// Lets the person see a request of `agency`, or answers as if it did not exist.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]: nobody learns of another agency's requests.
    pub fn may_see(&self, agency: AgencyId) -> Result<(), AppError> {
        if self.scope()?.includes(agency) { Ok(()) } else { Err(AppError::NotFound("该申请")) }
    }

    /// Lets the person take a step on a request of `agency`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] as in [`Principal::may_see`]; [`AppError::Forbidden`] without the role.
    pub fn may(&self, action: Action, agency: AgencyId) -> Result<(), AppError> {
        self.may_see(agency)?;
        if self.agency != Some(agency) || !action.allowed_to_any(&self.roles) {
            return Err(AppError::Forbidden("您的岗位没有此项操作的权限"));
        }
        Ok(())
    }
}
