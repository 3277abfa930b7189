//! Who is told of a limit: whoever has it on the desk, heads, supervisors, and who stands in for one
//! of them today.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::limits::{Desk, Pressing};
use crate::app::{AppError, agencies};
use crate::db::users::{self, UserRow};
use crate::db::{Conn, deputyships};
use crate::domain::agency;
use crate::domain::ids::AgencyId;
use crate::domain::policy::Role;
use crate::domain::reminder::{Audience, Plan, ReminderStage};

/// Everybody who can be told.
pub(super) struct People {
    active: BTreeMap<Uuid, UserRow>,
    /// Clerks and heads, each with their agency.
    clerks: Vec<(Uuid, Uuid)>,
    heads: Vec<(Uuid, Uuid)>,
    /// Supervisors with the agencies they see; none: the whole county.
    supervisors: Vec<(Uuid, Option<Vec<AgencyId>>)>,
    /// Who is absent today, in which agency, and who stands in.
    deputies: Vec<(Uuid, Uuid, Uuid)>,
}

impl People {
    /// Reads them all.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(super) fn load(conn: &mut Conn, today: NaiveDate) -> Result<Self, AppError> {
        let all = users::list(conn, None)?;
        let active = all.into_iter().filter(|row| row.active).map(|row| (row.id, row)).collect();
        let with_place = |rows: Vec<UserRow>| {
            rows.into_iter().filter_map(|row| Some((row.id, row.agency_id?))).collect()
        };
        let places = agencies::tree::places(conn)?;
        let supervisors = users::with_role(conn, Role::Supervisor.as_str())?
            .into_iter()
            .map(|row| {
                let own = row.agency_id.map(AgencyId);
                (row.id, own.map(|own| agency::branch(own, &places)))
            })
            .collect();
        let deputies = deputyships::all_in_force(conn, today)?;
        Ok(Self {
            active,
            clerks: with_place(users::with_role(conn, Role::Clerk.as_str())?),
            heads: with_place(users::with_role(conn, Role::Head.as_str())?),
            supervisors,
            deputies: deputies
                .into_iter()
                .map(|row| (row.absent_id, row.agency_id, row.deputy_id))
                .collect(),
        })
    }

    /// The row of somebody who can sign in.
    pub(super) fn active(&self, user: Uuid) -> Option<&UserRow> {
        self.active.get(&user)
    }

    /// Who is told of a limit at a stage, each with the absent colleague in whose place, if any.
    pub(super) fn told(
        &self,
        plan: &Plan,
        pressing: &Pressing,
        stage: ReminderStage,
    ) -> BTreeMap<Uuid, Option<Uuid>> {
        let audiences = pressing.limit.kind.audiences().iter().copied();
        let told: Vec<Uuid> = audiences
            .filter(|audience| plan.tells(*audience, stage))
            .flat_map(|audience| match audience {
                Audience::Handler => self.handlers(pressing.desk, pressing.agency),
                Audience::Head => of(&self.heads, pressing.agency),
                Audience::Supervisor => self.supervisors(pressing.agency),
            })
            .collect();
        let mut found: BTreeMap<Uuid, Option<Uuid>> = BTreeMap::new();
        for (absent, agency, deputy) in &self.deputies {
            if told.contains(absent) && *agency == pressing.agency {
                found.insert(*deputy, Some(*absent));
            }
        }
        // Whoever is told in their own right is not told for another as well.
        found.extend(told.into_iter().map(|user| (user, None)));
        found.retain(|user, _| self.active.contains_key(user));
        found
    }

    fn handlers(&self, desk: Desk, agency: Uuid) -> Vec<Uuid> {
        let works_here =
            |user: &Uuid| self.active.get(user).is_some_and(|row| row.agency_id == Some(agency));
        match desk {
            Desk::Officer(officer) => match officer.filter(works_here) {
                Some(officer) => vec![officer],
                None => [of(&self.clerks, agency), of(&self.heads, agency)].concat(),
            },
            Desk::Recorder(recorder) => match Some(recorder).filter(works_here) {
                Some(recorder) => vec![recorder],
                None => of(&self.heads, agency),
            },
            Desk::Heads => of(&self.heads, agency),
            Desk::Supervisors => self.supervisors(agency),
        }
    }

    fn supervisors(&self, agency: Uuid) -> Vec<Uuid> {
        let agency = AgencyId(agency);
        let sees = |branch: &Option<Vec<AgencyId>>| {
            branch.as_ref().is_none_or(|branch| branch.contains(&agency))
        };
        self.supervisors.iter().filter(|(_, branch)| sees(branch)).map(|(user, _)| *user).collect()
    }
}

fn of(people: &[(Uuid, Uuid)], agency: Uuid) -> Vec<Uuid> {
    people.iter().filter(|(_, place)| *place == agency).map(|(user, _)| *user).collect()
}
