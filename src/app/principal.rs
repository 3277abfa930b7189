//! Who acts, and what of the county they may see.

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

    /// Whose requests the person sees: those of one agency, or (`None`) of the whole county.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without anything to see, such as administrators.
    pub fn scope(&self) -> Result<Option<AgencyId>, AppError> {
        match self.agency {
            _ if self.is(Role::Supervisor) => Ok(None),
            Some(agency) if self.works_on_cases() => Ok(Some(agency)),
            _ => Err(AppError::Forbidden("您的岗位不办理也不监督申请")),
        }
    }

    /// Lets the person see a request of `agency`, or answers as if it did not exist.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]: nobody learns of another agency's requests.
    pub fn may_see(&self, agency: AgencyId) -> Result<(), AppError> {
        match self.scope()? {
            Some(own) if own != agency => Err(AppError::NotFound("该申请")),
            _ => Ok(()),
        }
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
