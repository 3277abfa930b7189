//! People and their roles, kept by administrators. A new person gets a one-time password, shown
//! once; nobody can take away the last administrator.

mod views;

use uuid::Uuid;

use crate::db::users::{self, UserRow};
use crate::db::{Conn, StoreError};
use crate::db::{desks, refresh_tokens};
use crate::domain::ids::{AgencyId, UnitId, UserId};
use crate::domain::policy::Role;
use crate::keys;

use super::agencies;
use super::audit::{self, Note};
use super::once::Once;
use super::sessions::{self, PASSWORD_CHANGED, passwords};
use super::{App, AppError, Principal, units};

pub use views::{
    Colleague, Enrolled, FirstAdministrator, Person, PersonChange, PersonInput, RoleView,
};

const UNKNOWN: AppError = AppError::NotFound("该人员");

impl App {
    /// People in the order they were entered, of one agency or all.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`].
    pub async fn people(
        &self,
        who: &Principal,
        agency: Option<AgencyId>,
    ) -> Result<Vec<Person>, AppError> {
        may_keep(who)?;
        self.store
            .read(move |conn| {
                let rows = users::list(conn, agency.map(|id| id.0))?;
                rows.into_iter().map(|row| person(conn, row)).collect()
            })
            .await
    }

    /// The colleagues of `who` to whom a case of their agency can be given, in the order they were
    /// entered: those who may sign in and handle cases. The same as `assign` takes.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people who handle no cases.
    pub async fn colleagues(&self, who: &Principal) -> Result<Vec<Colleague>, AppError> {
        let agency = who.handles_for()?;
        self.store
            .read(move |conn| {
                let mut found = Vec::new();
                for row in users::list(conn, Some(agency.0))? {
                    found.extend(colleague(conn, row, agency)?);
                }
                Ok(found)
            })
            .await
    }

    /// One person.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn person(&self, who: &Principal, id: UserId) -> Result<Person, AppError> {
        may_keep(who)?;
        self.store
            .read(move |conn| {
                let row = users::find(conn, id.0)?.ok_or(UNKNOWN)?;
                person(conn, row)
            })
            .await
    }

    /// Enters a person. The password is in the first answer only, never in a repeated one: it is
    /// stored nowhere.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::Invalid`].
    pub async fn enrol(
        &self,
        who: &Principal,
        once: Once,
        input: PersonInput,
    ) -> Result<Enrolled, AppError> {
        may_keep(who)?;
        self.enrol_for(Some(who), Some(once), input, Access::Granted).await
    }

    /// Enters the first administrator, from the command line.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`] `administrator_exists` if somebody can administer already,
    /// [`AppError::Invalid`].
    pub async fn create_first_administrator(
        &self,
        login: &str,
        name: &str,
    ) -> Result<FirstAdministrator, AppError> {
        let (login, name) = (login.to_owned(), name.to_owned());
        let roles = vec![Role::Administrator];
        let input = PersonInput { login, name, agency_id: None, unit_id: None, email: None, roles };
        let Enrolled { person, password } =
            self.enrol_for(None, None, input, Access::FirstOnly).await?;
        Ok(FirstAdministrator { login: person.login, password: password.unwrap_or_default() })
    }

    async fn enrol_for(
        &self,
        who: Option<&Principal>,
        once: Option<Once>,
        input: PersonInput,
        access: Access,
    ) -> Result<Enrolled, AppError> {
        let input = input.cleaned();
        input.check()?;
        let password = keys::random_password();
        let password_hash = passwords::hash(password.clone()).await?;
        let (id, who) = (Uuid::now_v7(), who.cloned());
        let person = self
            .write_once(once, move |conn, app| {
                if access == Access::FirstOnly && !administrators(conn)?.is_empty() {
                    return Err(AppError::Conflict {
                        code: "administrator_exists",
                        message: "已有系统管理员，请由其增加人员".to_owned(),
                    });
                }
                app.insert_person(conn, who.as_ref(), id, input, password_hash)
            })
            .await?;
        // Another id means that this is the answer to an earlier request with the same key.
        let password = (person.id.0 == id).then_some(password);
        Ok(Enrolled { person, password })
    }

    fn insert_person(
        &self,
        conn: &mut Conn,
        who: Option<&Principal>,
        id: Uuid,
        input: PersonInput,
        password_hash: String,
    ) -> Result<Person, AppError> {
        check_agency(conn, input.agency_id)?;
        units::check(conn, input.unit_id, input.agency_id)?;
        let now = self.clock.now();
        let row = UserRow {
            id,
            login: input.login,
            name: input.name,
            password_hash,
            agency_id: input.agency_id.map(|agency| agency.0),
            email: input.email,
            active: true,
            failed_logins: 0,
            locked_until_at: None,
            must_change: true,
            version: 1,
            created_at: now,
            updated_at: now,
            unit_id: input.unit_id.map(|unit| unit.0),
        };
        users::insert(conn, row.clone(), &names(&input.roles)).map_err(taken)?;
        audit::note(conn, self, who, Note::done("create", "user", id))?;
        person(conn, row)
    }

    /// Changes a person, if nobody else did since `version`. Whoever loses access, or changes roles
    /// or agency, must sign in anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`],
    /// [`AppError::Conflict`] `changed` or `last_administrator`.
    pub async fn change_person(
        &self,
        who: &Principal,
        id: UserId,
        version: i32,
        change: PersonChange,
    ) -> Result<Person, AppError> {
        may_keep(who)?;
        let change = change.cleaned();
        change.check()?;
        let (app, who) = (self.clone(), who.clone());
        self.store.write(move |conn| app.update_person(conn, &who, id.0, version, change)).await
    }

    fn update_person(
        &self,
        conn: &mut Conn,
        who: &Principal,
        id: Uuid,
        version: i32,
        change: PersonChange,
    ) -> Result<Person, AppError> {
        let now = self.clock.now();
        // Before any row is changed: two who change each other would each wait for the other.
        users::lock_with_role(conn, Role::Administrator.as_str())?;
        let row = users::find(conn, id)?.ok_or(UNKNOWN)?;
        // Whoever stayed behind in a merged agency can still be closed or renamed.
        if change.agency_id.map(|agency| agency.0) != row.agency_id {
            check_agency(conn, change.agency_id)?;
        }
        units::check(conn, change.unit_id, change.agency_id)?;
        let agency_id = change.agency_id.map(|agency| agency.0);
        let roles_before = sessions::roles(conn, id)?;
        let standing = |row: &UserRow, roles: &[Role]| (row.active, row.agency_id, roles.to_vec());
        let before = standing(&row, &roles_before);
        let next = UserRow {
            name: change.name,
            email: change.email,
            agency_id,
            active: change.active,
            unit_id: change.unit_id.map(|unit| unit.0),
            version,
            updated_at: now,
            ..row
        };
        let stored = users::update(conn, next).map_err(taken)?;
        users::set_roles(conn, id, &names(&change.roles))?;
        if users::with_role(conn, Role::Administrator.as_str())?.is_empty() {
            return Err(AppError::Conflict {
                code: "last_administrator",
                message: "这是最后一名可用的系统管理员，不能停用或取消其角色".to_owned(),
            });
        }
        if before != standing(&stored, &change.roles) {
            refresh_tokens::revoke_user(conn, id, now, "changed_by_administrator")?;
        }
        audit::note(conn, self, Some(who), Note::done("change", "user", id))?;
        person(conn, stored)
    }

    /// Gives a person a new one-time password, unlocks the account and ends its sign-ins.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn reset_password(
        &self,
        who: &Principal,
        once: Once,
        id: UserId,
    ) -> Result<Enrolled, AppError> {
        may_keep(who)?;
        let password = keys::random_password();
        let password_hash = passwords::hash(password.clone()).await?;
        let (who, ours) = (who.clone(), password_hash.clone());
        let person = self
            .write_once(Some(once), move |conn, app| {
                let now = app.clock.now();
                let row = users::find(conn, id.0)?.ok_or(UNKNOWN)?;
                let next = UserRow {
                    password_hash,
                    must_change: true,
                    failed_logins: 0,
                    locked_until_at: None,
                    updated_at: now,
                    ..row
                };
                let stored = users::update(conn, next).map_err(taken)?;
                refresh_tokens::revoke_user(conn, id.0, now, PASSWORD_CHANGED)?;
                audit::note(conn, app, Some(&who), Note::done("reset_password", "user", id.0))?;
                person(conn, stored)
            })
            .await?;
        // The hash on record is ours only if it was this request that set it.
        let stored =
            self.store.read(move |conn| Ok::<_, AppError>(users::get(conn, id.0)?)).await?;
        let password = (stored.password_hash == ours).then_some(password);
        Ok(Enrolled { person, password })
    }
}

/// When a person may be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Somebody who may has asked.
    Granted,
    /// Only if nobody can administer yet.
    FirstOnly,
}

fn may_keep(who: &Principal) -> Result<(), AppError> {
    match who.is(Role::Administrator) {
        true => Ok(()),
        false => Err(AppError::Forbidden("只有系统管理员可以维护人员")),
    }
}

/// Those who can administer. Locks their rows first, so that two administrators who take away each
/// other's role at the same time do not both succeed.
fn administrators(conn: &mut Conn) -> Result<Vec<UserRow>, AppError> {
    let role = Role::Administrator.as_str();
    users::lock_with_role(conn, role)?;
    Ok(users::with_role(conn, role)?)
}

fn check_agency(conn: &mut Conn, agency: Option<AgencyId>) -> Result<(), AppError> {
    match agency {
        Some(id) => match agencies::load(conn, id)? {
            None => Err(AppError::field("agency_id", "unknown_agency", "没有这个机关")),
            Some(agency) if !agency.active => {
                let message = "这个机关已经停用或者被合并，不能再有工作人员";
                Err(AppError::field("agency_id", "agency_inactive", message))
            }
            Some(_) => Ok(()),
        },
        None => Ok(()),
    }
}

fn names(roles: &[Role]) -> Vec<&'static str> {
    roles.iter().map(|role| role.as_str()).collect()
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::UniqueViolation { .. } => {
            AppError::field("login", "taken", "这个登录名已被使用，请换一个")
        }
        StoreError::Stale => AppError::Conflict {
            code: "changed",
            message: "人员资料在您查看之后已被他人修改，请刷新后再改".to_owned(),
        },
        other => other.into(),
    }
}

/// The person as a colleague, if a case of `agency` can be given to them.
///
/// # Errors
///
/// Only failures of the database.
pub(super) fn colleague(
    conn: &mut Conn,
    row: UserRow,
    agency: AgencyId,
) -> Result<Option<Colleague>, AppError> {
    if !row.active || row.agency_id != Some(agency.0) {
        return Ok(None);
    }
    let roles = sessions::roles(conn, row.id)?;
    let handles_cases = roles.iter().any(|role| role.handles_cases());
    Ok(handles_cases.then(|| Colleague {
        id: UserId(row.id),
        unit_id: row.unit_id.map(UnitId),
        name: row.name,
        roles: roles.into_iter().map(RoleView::from).collect(),
    }))
}

fn person(conn: &mut Conn, row: UserRow) -> Result<Person, AppError> {
    Ok(Person {
        id: UserId(row.id),
        roles: sessions::roles(conn, row.id)?,
        login: row.login,
        name: row.name,
        agency_id: row.agency_id.map(AgencyId),
        unit_id: row.unit_id.map(UnitId),
        email: row.email,
        active: row.active,
        locked_until_at: row.locked_until_at,
        must_change_password: row.must_change,
        open_cases: desks::desk_size(conn, row.id)?,
        version: row.version,
    })
}
