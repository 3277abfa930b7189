//! The units (内设机构) of an agency, kept by administrators; people are placed in them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::units::{self as rows, UnitRow};
use crate::db::{Conn, StoreError};
use crate::domain::ids::{AgencyId, UnitId};
use crate::domain::text::{self, LINE_MAX};

use super::audit::{self, Note};
use super::once::Once;
use super::{App, AppError, Principal, agencies};

const UNKNOWN: AppError = AppError::NotFound("该内设机构");

/// A unit, as entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitInput {
    /// Name, unique in its agency.
    pub name: String,
    /// Whether people can be placed in it.
    #[serde(default = "yes")]
    pub active: bool,
}

const fn yes() -> bool {
    true
}

/// A unit on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unit {
    /// Identifier.
    pub id: UnitId,
    /// Its agency.
    pub agency_id: AgencyId,
    /// Name.
    pub name: String,
    /// Whether people can be placed in it.
    pub active: bool,
    /// Version, for `If-Match`.
    pub version: i32,
}

impl App {
    /// The units of an agency, in the order they were entered.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for an agency that is not the person's to see.
    pub async fn units(&self, who: &Principal, agency: AgencyId) -> Result<Vec<Unit>, AppError> {
        if agencies::may_keep(who).is_err() && !who.scope()?.includes(agency) {
            return Err(AppError::NotFound("该机关"));
        }
        let found = self.store.read(move |conn| rows::of_agency(conn, agency.0)).await?;
        Ok(found.into_iter().map(Unit::from).collect())
    }

    /// Enters a unit.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
    pub async fn create_unit(
        &self,
        who: &Principal,
        once: Once,
        agency: AgencyId,
        input: UnitInput,
    ) -> Result<Unit, AppError> {
        agencies::may_keep(who)?;
        let (name, who) = (checked(&input.name)?, who.clone());
        self.write_once(Some(once), move |conn, app| {
            agencies::load(conn, agency)?.ok_or(AppError::NotFound("该机关"))?;
            let now = app.clock.now();
            let row = UnitRow {
                id: Uuid::now_v7(),
                agency_id: agency.0,
                name,
                active: input.active,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone()).map_err(taken)?;
            audit::note(conn, app, Some(&who), Note::done("create", "unit", row.id))?;
            Ok(row.into())
        })
        .await
    }

    /// Changes a unit, if nobody else did since `version`.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`];
    /// [`AppError::Conflict`] `changed`.
    pub async fn change_unit(
        &self,
        who: &Principal,
        id: UnitId,
        version: i32,
        input: UnitInput,
    ) -> Result<Unit, AppError> {
        agencies::may_keep(who)?;
        let name = checked(&input.name)?;
        let (app, who) = (self.clone(), who.clone());
        self.store
            .write(move |conn| {
                let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
                let updated_at = app.clock.now();
                let next = UnitRow { name, active: input.active, version, updated_at, ..row };
                let stored = rows::update(conn, next).map_err(taken)?;
                audit::note(conn, &app, Some(&who), Note::done("change", "unit", id.0))?;
                Ok(stored.into())
            })
            .await
    }
}

/// Refuses a unit in which nobody of `agency` can be placed.
pub(super) fn check(
    conn: &mut Conn,
    unit: Option<UnitId>,
    agency: Option<AgencyId>,
) -> Result<(), AppError> {
    let Some(unit) = unit else { return Ok(()) };
    let row = rows::find(conn, unit.0)?;
    match row.filter(|row| row.active && Some(AgencyId(row.agency_id)) == agency) {
        Some(_) => Ok(()),
        None => Err(AppError::field("unit_id", "unknown_unit", "所在机关没有这个内设机构")),
    }
}

fn checked(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::field("name", "required", "请填写内设机构名称"));
    }
    if !text::faults(name, LINE_MAX).is_empty() {
        let message = format!("名称不能超过{LINE_MAX}个字，也不能有无法显示的字符");
        return Err(AppError::field("name", "invalid", message));
    }
    Ok(name.to_owned())
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::UniqueViolation { .. } => {
            AppError::field("name", "taken", "本机关已有同名的内设机构")
        }
        StoreError::Stale => AppError::Conflict {
            code: "changed",
            message: "内设机构在您查看之后已被他人修改，请刷新后再改".to_owned(),
        },
        other => other.into(),
    }
}

impl From<UnitRow> for Unit {
    fn from(row: UnitRow) -> Self {
        Self {
            id: UnitId(row.id),
            agency_id: AgencyId(row.agency_id),
            name: row.name,
            active: row.active,
            version: row.version,
        }
    }
}
