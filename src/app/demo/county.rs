//! Enters the agencies and the people of the demo county.

use std::collections::BTreeMap;
use std::convert::Infallible;

use bytes::Bytes;
use chrono::Months;
use futures_util::stream;

use crate::app::deputies::Appointment;
use crate::app::files::Upload;
use crate::app::ledger;
use crate::app::once::Once;
use crate::app::people::{Enrolled, PersonInput};
use crate::app::record_corrections::RecordRegistration;
use crate::app::units::UnitInput;
use crate::app::{App, AppError, Principal};
use crate::db::users::{self, UserRow};
use crate::domain::agency::AgencyProfile;
use crate::domain::event::ServiceMethod;
use crate::domain::ids::{AgencyId, UnitId, UserId};
use crate::domain::own_form::OwnFormHead;
use crate::domain::policy::Role;
use crate::domain::record_correction::{RecordCorrectionForm, RecordResult, RecordStep};

use super::DemoAccount;
use super::aftermath::Library;
use super::book::{self, Book, Person, unknown};

/// The people of the county, by what they do.
pub(super) struct County {
    pub(super) offices: BTreeMap<String, Office>,
    /// Who enters agencies and people.
    pub(super) administrator: Principal,
    /// Who watches over all agencies.
    pub(super) supervisor: Principal,
    /// The library of reasons.
    pub(super) library: Library,
}

/// The people of one agency.
pub(super) struct Office {
    /// The agency.
    pub(super) agency: AgencyId,
    /// What it publishes of itself.
    pub(super) profile: AgencyProfile,
    staff: Vec<Principal>,
}

impl County {
    /// The agency that requests call `key`.
    pub(super) fn office(&self, key: &str) -> Result<&Office, AppError> {
        self.offices.get(key).ok_or_else(|| unknown("agency", key))
    }
}

impl Office {
    /// The `n`-th of those who bear a role, from 0.
    pub(super) fn with_role(&self, role: Role, n: usize) -> Result<&Principal, AppError> {
        let mut bearers = self.staff.iter().filter(|person| person.is(role));
        bearers.nth(n).ok_or_else(|| unknown("person with role", role.as_str()))
    }
}

/// Enters agencies and people; returns everybody's first password as well.
pub(super) async fn enter(app: &App, book: &Book) -> Result<(County, Vec<DemoAccount>), AppError> {
    let Book { county: book, aftermath, .. } = book;
    let mut accounts = Vec::new();
    let administrator = first_administrator(app, book, &mut accounts).await?;
    let whole_county = Placing { agency: None, unit: None, label: &book.name };
    let supervisor =
        enrol(app, &administrator, &book.supervisor, whole_county, &mut accounts).await?;
    let mut offices = BTreeMap::new();
    for entry in &book.agency {
        let mut profile = entry.profile.clone();
        profile.parent = above(&offices, entry.under.as_deref())?;
        let agency =
            app.create_agency(&administrator, once("agencies", &entry.key), profile).await?;
        let units = units(app, &administrator, agency.id, entry).await?;
        let mut staff = Vec::new();
        for person in &entry.person {
            let label = &entry.profile.short_name;
            let unit = person.unit.as_deref().and_then(|name| units.get(name)).copied();
            let placing = Placing { agency: Some(agency.id), unit, label };
            staff.push(enrol(app, &administrator, person, placing, &mut accounts).await?);
        }
        if let Some(chains) = &entry.chains {
            app.set_approval_chains(&administrator, agency.id, 0, chains.clone()).await?;
        }
        let office = Office { agency: agency.id, profile: agency.profile, staff };
        if let Some(deputy) = &entry.deputy {
            appoint(app, &office, entry, deputy).await?;
        }
        for record in &entry.record {
            correct(app, office.with_role(Role::Clerk, 0)?, record).await?;
        }
        if let Some(head) = &entry.own_form {
            upload(app, office.with_role(Role::Head, 0)?, agency.id, head).await?;
        }
        offices.insert(entry.key.clone(), office);
    }
    let library = aftermath.stock(app, &supervisor).await?;
    Ok((County { offices, administrator, supervisor, library }, accounts))
}

/// The agency that stands above one.
fn above(
    offices: &BTreeMap<String, Office>,
    key: Option<&str>,
) -> Result<Option<AgencyId>, AppError> {
    let Some(key) = key else { return Ok(None) };
    let office = offices.get(key).ok_or_else(|| unknown("agency", key))?;
    Ok(Some(office.agency))
}

/// Enters the units of an agency.
async fn units(
    app: &App,
    administrator: &Principal,
    agency: AgencyId,
    entry: &book::Agency,
) -> Result<BTreeMap<String, UnitId>, AppError> {
    let mut units = BTreeMap::new();
    for name in &entry.units {
        let input = UnitInput { name: name.clone(), active: true };
        let once = once("units", &format!("{}.{name}", entry.key));
        let unit = app.create_unit(administrator, once, agency, input).await?;
        units.insert(name.clone(), unit.id);
    }
    Ok(units)
}

/// Somebody is away for a long time, and somebody else acts for them.
async fn appoint(
    app: &App,
    office: &Office,
    entry: &book::Agency,
    book::Deputy { absent, deputy, months, reason }: &book::Deputy,
) -> Result<(), AppError> {
    let user = |login: &String| {
        let mut people = entry.person.iter().zip(&office.staff);
        let found = people.find(|(person, _)| person.login == *login);
        found.map(|(_, who)| who.user).ok_or_else(|| unknown("deputy", login))
    };
    let today = app.today();
    let appointment = Appointment {
        absent: user(absent)?,
        deputy: user(deputy)?,
        from_on: today,
        until_on: today + Months::new(*months),
        reason: reason.clone(),
    };
    let head = office.with_role(Role::Head, 0)?.clone();
    app.appoint_deputy(head, None, appointment).await.map(drop)
}

/// The head uploads the form that the agency made itself.
async fn upload(
    app: &App,
    head: &Principal,
    agency: AgencyId,
    form: &OwnFormHead,
) -> Result<(), AppError> {
    let piece = Ok::<_, Infallible>(Bytes::from_static(book::OWN_FORM));
    let file = Upload { name: format!("{}.docx", form.name), stream: stream::iter([piece]) };
    let once = once("own-forms", &form.name);
    app.upload_own_form(head.clone(), Some(once), agency, form.clone(), file).await.map(drop)
}

/// A record is corrected as a citizen asked.
async fn correct(app: &App, clerk: &Principal, record: &book::Record) -> Result<(), AppError> {
    let on = app.today();
    let book::Record { finding, answer, .. } = record.clone();
    let form = RecordCorrectionForm {
        applicant_name: record.applicant_name.clone(),
        credential_number: record.credential_number.clone(),
        contact: record.contact.clone(),
        record: record.record.clone(),
        error: record.error.clone(),
        evidence: record.evidence.clone(),
    };
    let registration = RecordRegistration { received_on: on, form };
    let entry = app.register_record_correction(clerk.clone(), None, registration).await?;
    let check = RecordStep::Verify { on, wrong: true, finding };
    let checked =
        app.record_correction_step(clerk.clone(), None, entry.id, entry.version, check).await?;
    let told = RecordStep::Answer { on, result: Some(RecordResult::Corrected), text: answer };
    let told =
        app.record_correction_step(clerk.clone(), None, entry.id, checked.version, told).await?;
    let handed = RecordStep::Deliver {
        n: 2,
        on,
        method: ServiceMethod::InPerson,
        tracking: String::new(),
        signed_on: Some(on),
        evidence: "申请人当面签收".to_owned(),
    };
    app.record_correction_step(clerk.clone(), None, entry.id, told.version, handed).await?;
    Ok(())
}

/// Where somebody works.
#[derive(Clone, Copy)]
struct Placing<'a> {
    agency: Option<AgencyId>,
    unit: Option<UnitId>,
    label: &'a str,
}

async fn first_administrator(
    app: &App,
    book: &book::County,
    accounts: &mut Vec<DemoAccount>,
) -> Result<Principal, AppError> {
    let person = &book.administrator;
    let made = app.create_first_administrator(&person.login, &person.name).await?;
    accounts.push(account(person, &book.name, Some(made.password)));
    let login = made.login;
    let row = app.store.read(move |conn| users::find_by_login(conn, &login)).await?;
    let row = row.ok_or(AppError::NotFound("系统管理员"))?;
    keep_password(app, UserId(row.id)).await?;
    Ok(principal(UserId(row.id), person, None))
}

async fn enrol(
    app: &App,
    administrator: &Principal,
    person: &Person,
    placing: Placing<'_>,
    accounts: &mut Vec<DemoAccount>,
) -> Result<Principal, AppError> {
    let input = PersonInput {
        login: person.login.clone(),
        name: person.name.clone(),
        agency_id: placing.agency,
        unit_id: placing.unit,
        email: Some(format!("{}@example.cn", person.login)),
        roles: person.roles.clone(),
    };
    let Enrolled { person: entered, password } =
        app.enrol(administrator, once("people", &person.login), input).await?;
    keep_password(app, entered.id).await?;
    accounts.push(account(person, placing.label, password));
    Ok(principal(entered.id, person, placing.agency))
}

/// Lets a person of the demo keep the password they were given: it was made for this database and
/// shown once, to the one person who is going to play them all.
async fn keep_password(app: &App, id: UserId) -> Result<(), AppError> {
    app.store
        .write(move |conn| {
            let row = users::get(conn, id.0)?;
            users::update(conn, UserRow { must_change: false, ..row }).map(|_| ())
        })
        .await
        .map_err(AppError::Store)
}

fn principal(user: UserId, person: &Person, agency: Option<AgencyId>) -> Principal {
    let (name, roles) = (person.name.clone(), person.roles.clone());
    let (deputyships, branch) = (Vec::new(), Vec::new());
    Principal { user, name, agency, roles, deputyships, branch }
}

fn account(person: &Person, agency: &str, password: Option<String>) -> DemoAccount {
    let roles: Vec<&str> = person.roles.iter().map(|role| role.label()).collect();
    DemoAccount {
        login: person.login.clone(),
        name: person.name.clone(),
        agency: agency.to_owned(),
        roles: roles.join("、"),
        password: password.unwrap_or_default(),
    }
}

/// Keys of the demo's own: each of its agencies and people is entered once.
fn once(what: &str, key: &str) -> Once {
    Once {
        actor: "demo".to_owned(),
        key: format!("demo/{what}/{key}"),
        route: format!("demo {what}"),
        request_sha256: ledger::digest(&key.into()),
    }
}
