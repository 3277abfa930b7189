//! What is entered and shown of a person, and what of it cannot stand.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppError;
use crate::domain::ids::{AgencyId, UnitId, UserId};
use crate::domain::policy::Role;
use crate::domain::request::FieldFault;

const LOGIN_SHORTEST: usize = 2;
const LOGIN_LONGEST: usize = 64;
const NAME_LONGEST: usize = 50;
const EMAIL_LONGEST: usize = 200;

/// A person to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonInput {
    /// Sign-in name: 2–64 letters, digits, `.`, `_` or `-`; case does not matter.
    pub login: String,
    /// Name.
    pub name: String,
    /// The agency they work for; needed by those who handle cases.
    #[serde(default)]
    pub agency_id: Option<AgencyId>,
    /// The unit of that agency they work in.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// Where notifications go.
    #[serde(default)]
    pub email: Option<String>,
    /// At least one.
    pub roles: Vec<Role>,
}

/// A changed person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonChange {
    /// Name.
    pub name: String,
    /// The agency they work for; needed by those who handle cases.
    #[serde(default)]
    pub agency_id: Option<AgencyId>,
    /// The unit of that agency they work in.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// Where notifications go.
    #[serde(default)]
    pub email: Option<String>,
    /// At least one.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub active: bool,
}

/// A person on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Person {
    /// Account.
    pub id: UserId,
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// The agency they work for.
    pub agency_id: Option<AgencyId>,
    /// The unit of that agency they work in.
    pub unit_id: Option<UnitId>,
    /// Where notifications go.
    pub email: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Whether they may sign in.
    pub active: bool,
    /// Locked after wrong passwords until then.
    pub locked_until_at: Option<DateTime<Utc>>,
    /// Whether they still have a one-time password.
    pub must_change_password: bool,
    /// Open requests that are theirs to handle. Of somebody who is closed or works elsewhere by now,
    /// these lie with nobody until the head hands the desk over.
    pub open_cases: i64,
    /// Version, for `If-Match`.
    pub version: i32,
}

/// A person to whom a case can be given, as colleagues see them: neither sign-in name nor address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Colleague {
    /// Account: what `assign` takes as `officer`.
    pub id: UserId,
    /// The unit they work in.
    pub unit_id: Option<UnitId>,
    /// Name.
    pub name: String,
    /// Roles.
    pub roles: Vec<RoleView>,
}

/// A role with its name in Chinese.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoleView {
    /// The role.
    pub role: Role,
    /// In Chinese.
    pub label: String,
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        Self { role, label: role.label().to_owned() }
    }
}

/// A person with a fresh one-time password.
#[derive(Clone, Serialize, ToSchema)]
pub struct Enrolled {
    /// The person.
    pub person: Person,
    /// The one-time password; null when the same request is answered again.
    pub password: Option<String>,
}

/// Never shows the password.
impl fmt::Debug for Enrolled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enrolled").field("person", &self.person.id).finish_non_exhaustive()
    }
}

/// The first administrator, as shown on the terminal. No `Debug`: it holds a password.
pub struct FirstAdministrator {
    /// Sign-in name.
    pub login: String,
    /// One-time password.
    pub password: String,
}

impl PersonInput {
    /// Without blanks round it, the sign-in name in lower case, each role once.
    pub(super) fn cleaned(self) -> Self {
        Self {
            login: self.login.trim().to_lowercase(),
            name: self.name.trim().to_owned(),
            email: clean_email(self.email),
            roles: clean_roles(self.roles),
            ..self
        }
    }

    pub(super) fn check(&self) -> Result<(), AppError> {
        let mut faults = Vec::new();
        let length = self.login.chars().count();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !(LOGIN_SHORTEST..=LOGIN_LONGEST).contains(&length) || !self.login.chars().all(plain) {
            let message = "登录名为2至64个字母、数字、点、下划线或短横";
            faults.push(FieldFault {
                field: "login",
                code: "invalid",
                message: message.to_owned(),
            });
        }
        check_rest(&mut faults, &self.name, self.email.as_deref(), &self.roles, self.agency_id);
        if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
    }
}

impl PersonChange {
    /// As [`PersonInput::cleaned`].
    pub(super) fn cleaned(self) -> Self {
        Self {
            name: self.name.trim().to_owned(),
            email: clean_email(self.email),
            roles: clean_roles(self.roles),
            ..self
        }
    }

    pub(super) fn check(&self) -> Result<(), AppError> {
        let mut faults = Vec::new();
        check_rest(&mut faults, &self.name, self.email.as_deref(), &self.roles, self.agency_id);
        if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
    }
}

fn clean_email(email: Option<String>) -> Option<String> {
    email.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty())
}

fn clean_roles(mut roles: Vec<Role>) -> Vec<Role> {
    roles.sort_unstable();
    roles.dedup();
    roles
}

fn check_rest(
    faults: &mut Vec<FieldFault>,
    name: &str,
    email: Option<&str>,
    roles: &[Role],
    agency: Option<AgencyId>,
) {
    let mut add = |field, code, message: &str| {
        faults.push(FieldFault { field, code, message: message.to_owned() });
    };
    if name.is_empty() {
        add("name", "required", "请填写姓名");
    } else if name.chars().count() > NAME_LONGEST || name.chars().any(char::is_control) {
        add("name", "invalid", "姓名不能超过50个字，也不能有无法显示的字符");
    }
    if email.is_some_and(|email| !is_email(email)) {
        add("email", "invalid", "电子邮箱的格式不对");
    }
    if roles.is_empty() {
        add("roles", "required", "请至少选择一个岗位");
    }
    if agency.is_none() && roles.iter().any(|role| role.works_on_cases()) {
        add("agency_id", "required", "登记员、承办人和公开工作机构负责人须属于一个机关");
    }
}

fn is_email(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic());
    text.len() <= EMAIL_LONGEST
        && text.split_once('@').is_some_and(|(local, domain)| {
            plain(local) && plain(domain) && domain.contains('.') && !domain.contains('@')
        })
}
