//! The agencies of the county: the public guide, kept by administrators.

pub mod merges;
pub(super) mod tree;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::db::agencies::{self, AgencyRow};
use crate::db::{Conn, StoreError};
use crate::domain::agency::{Agency, AgencyProfile};
use crate::domain::ids::AgencyId;
use crate::domain::policy::Role;
use crate::domain::request::FieldFault;

use super::audit::{self, Note};
use super::once::Once;
use super::{App, AppError, Principal};

use tree::check_parent;

/// Greatest serial number; three digits of a request number.
const LAST_SERIAL: u16 = 999;

/// A changed agency.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyChange {
    /// All that is said of it.
    pub profile: AgencyProfile,
    /// Whether it takes new requests.
    pub active: bool,
}

impl App {
    /// The agencies in the order they were entered; `inactive` ones too if asked for.
    ///
    /// # Errors
    ///
    /// Only failures of the database.
    pub async fn agencies(&self, inactive: bool) -> Result<Vec<Agency>, AppError> {
        self.store
            .read(move |conn| agencies::list(conn, !inactive)?.into_iter().map(agency).collect())
            .await
    }

    /// One agency.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`].
    pub async fn agency(&self, id: AgencyId) -> Result<Agency, AppError> {
        self.store.read(move |conn| load(conn, id)?.ok_or(UNKNOWN)).await
    }

    /// Enters an agency under the next serial number.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault of the profile.
    pub async fn create_agency(
        &self,
        who: &Principal,
        once: Once,
        profile: AgencyProfile,
    ) -> Result<Agency, AppError> {
        may_keep(who)?;
        check(&profile)?;
        let who = who.clone();
        self.write_once(Some(once), move |conn, app| app.insert_agency(conn, &who, profile)).await
    }

    fn insert_agency(
        &self,
        conn: &mut Conn,
        who: &Principal,
        profile: AgencyProfile,
    ) -> Result<Agency, AppError> {
        let agency = Agency {
            id: AgencyId::new(),
            serial: next_serial(conn)?,
            profile,
            active: true,
            merged_into: None,
            merged_on: None,
            merged_by: None,
            version: 1,
        };
        check_parent(conn, &agency)?;
        let now = self.clock.now();
        let row = AgencyRow { created_at: now, updated_at: now, ..row_of(agency.clone()) };
        agencies::insert(conn, row).map_err(taken)?;
        audit::note(conn, self, Some(who), Note::done("create", "agency", agency.id.0))?;
        Ok(agency)
    }

    /// Replaces what is said of an agency, if nobody changed it since `version`.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`], and
    /// [`AppError::Conflict`] `changed`.
    pub async fn change_agency(
        &self,
        who: &Principal,
        id: AgencyId,
        version: i32,
        change: AgencyChange,
    ) -> Result<Agency, AppError> {
        may_keep(who)?;
        check(&change.profile)?;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |conn| {
                let row = agencies::find(conn, id.0)?.ok_or(UNKNOWN)?;
                let AgencyChange { profile, active } = change;
                let profile_payment = profile.payment.clone();
                let before = agency(row.clone())?;
                if before.merged_into.is_some() {
                    return Err(merges::is_merged());
                }
                let next = Agency { profile, active, version, ..before };
                check_parent(conn, &next)?;
                let next = AgencyRow {
                    channels: row.channels,
                    settings: with_payment(row.settings, &profile_payment),
                    created_at: row.created_at,
                    updated_at: app.clock.now(),
                    ..row_of(next)
                };
                let stored = agencies::update(conn, next).map_err(taken)?;
                audit::note(conn, &app, Some(&who), Note::done("change", "agency", id.0))?;
                agency(stored)
            })
            .await
    }
}

/// Where the settings of an agency keep how to pay.
const PAYMENT: &str = "payment";

fn text_of(settings: &Value, key: &str) -> String {
    settings.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

const UNKNOWN: AppError = AppError::NotFound("该机关");

/// The agency with this id, if there is one.
pub(super) fn load(conn: &mut Conn, id: AgencyId) -> Result<Option<Agency>, AppError> {
    agencies::find(conn, id.0)?.map(agency).transpose()
}

/// Who keeps the guide.
pub(super) fn may_keep(who: &Principal) -> Result<(), AppError> {
    match who.is(Role::Administrator) {
        true => Ok(()),
        false => Err(AppError::Forbidden("只有系统管理员可以维护机关资料")),
    }
}

fn check(profile: &AgencyProfile) -> Result<(), AppError> {
    let faults: Vec<FieldFault> = profile
        .faults()
        .into_iter()
        .map(|fault| FieldFault { field: fault.field, code: "invalid", message: fault.message })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// One more than the greatest ever given: agencies are never deleted, so none comes twice.
fn next_serial(conn: &mut Conn) -> Result<u16, AppError> {
    let serials = agencies::list(conn, false)?.into_iter().map(|row| row.serial);
    let next = serials.max().unwrap_or(0) + 1;
    u16::try_from(next).ok().filter(|serial| *serial <= LAST_SERIAL).ok_or(AppError::Conflict {
        code: "serials_exhausted",
        message: format!("机关编号已用到 {LAST_SERIAL}，不能再增加机关"),
    })
}

/// A name, or in a race a serial number, that another agency bears.
fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::UniqueViolation { constraint } if constraint == "agencies_name_key" => {
            AppError::field("name", "taken", "已有同名的机关")
        }
        StoreError::UniqueViolation { .. } => StoreError::Busy("serial number".to_owned()).into(),
        StoreError::Stale => AppError::Conflict {
            code: "changed",
            message: "机关资料在您查看之后已被他人修改，请刷新后再改".to_owned(),
        },
        other => other.into(),
    }
}

/// The row of an agency, without what only the database keeps of it.
fn row_of(agency: Agency) -> AgencyRow {
    let Agency { id, serial, profile, active, merged_into, merged_on, merged_by, version } = agency;
    let (channels, settings) = (json!([]), with_payment(json!({}), &profile.payment));
    AgencyRow {
        id: id.0,
        serial: serial.into(),
        name: profile.name,
        short_name: profile.short_name,
        code_word: profile.code_word,
        level: profile.level.as_str().to_owned(),
        region: profile.region,
        office_name: profile.office_name,
        address: profile.address,
        postcode: profile.postcode,
        phone: profile.phone,
        fax: profile.fax,
        email: profile.email,
        office_hours: profile.office_hours,
        channels,
        review_body: profile.review_body,
        court: profile.court,
        review_online_url: profile.review_online_url,
        number_pattern: profile.number_pattern,
        settings,
        active,
        version,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
        parent_id: profile.parent.map(|id| id.0),
        merged_into: merged_into.map(|id| id.0),
        merged_on,
        merged_by,
    }
}

/// The settings of a row with how to pay.
fn with_payment(settings: Value, payment: &str) -> Value {
    let mut settings = settings;
    if let Some(all) = settings.as_object_mut() {
        all.insert(PAYMENT.to_owned(), json!(payment));
    }
    settings
}

/// The agency of a row.
pub(super) fn agency(row: AgencyRow) -> Result<Agency, AppError> {
    Ok(Agency {
        id: AgencyId(row.id),
        serial: u16::try_from(row.serial).map_err(AppError::broken)?,
        active: row.active,
        merged_into: row.merged_into.map(AgencyId),
        merged_on: row.merged_on,
        merged_by: row.merged_by,
        version: row.version,
        profile: AgencyProfile {
            level: row.level.parse().map_err(AppError::broken)?,
            name: row.name,
            short_name: row.short_name,
            code_word: row.code_word,
            region: row.region,
            office_name: row.office_name,
            address: row.address,
            postcode: row.postcode,
            phone: row.phone,
            fax: row.fax,
            email: row.email,
            office_hours: row.office_hours,
            review_body: row.review_body,
            court: row.court,
            review_online_url: row.review_online_url,
            payment: text_of(&row.settings, PAYMENT),
            number_pattern: row.number_pattern,
            parent: row.parent_id.map(AgencyId),
        },
    })
}
