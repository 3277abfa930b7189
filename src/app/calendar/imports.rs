//! Bringing a year into the calendar of record: one person proposes, another confirms, and either is
//! on record. Taking an import back goes the same way.
//!
//! Source: rulebook C11; 国务院办公厅 yearly notice.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::audit::{self, Note};
use crate::app::once::Once;
use crate::app::{App, AppError, Principal};
use crate::db::calendar::{self as rows, ImportRow};
use crate::db::{Conn, StoreError};
use crate::domain::calendar::{Calendar, YearTable};
use crate::domain::calendar_import::{
    self as domain, CalendarSource, Format, ImportState, LONGEST_REASON, ReadYear, Source,
};
use crate::domain::ids::CalendarImportId;

const UNKNOWN: AppError = AppError::NotFound("该次导入");
/// How many imports one answer lists; there is one a year.
const PAGE: i64 = 200;

/// An import as people see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CalendarImportView {
    /// Its id.
    pub id: CalendarImportId,
    /// The year.
    pub year: i32,
    /// What was brought in.
    pub format: Format,
    /// Document number.
    pub document: String,
    /// Day of the document.
    pub document_on: NaiveDate,
    /// Where it stands.
    pub state: ImportState,
    /// The same in Chinese.
    pub state_label: String,
    /// What is worth a second look.
    pub notes: Vec<String>,
    /// What the persons said.
    pub reason: String,
    /// Version of the calendar it was compared with.
    pub base_version: i32,
    /// The version it takes back.
    pub reverses: Option<i32>,
    /// The version of the calendar it made.
    pub calendar_version: Option<i32>,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who confirmed or declined it; empty while it waits.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// When every open case had been looked at.
    pub refolded_at: Option<DateTime<Utc>>,
    /// Cases whose dates it has changed so far.
    pub changed_cases: i64,
    /// Version of this entry.
    pub version: i32,
}

/// Why an import is declined or taken back.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarReason {
    /// The reason, for the record.
    pub reason: String,
}

impl App {
    /// Proposes a year. `who` is nobody at the machine itself.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] naming the first line or sentence that does not stand.
    pub async fn propose_calendar(
        &self,
        who: Option<Principal>,
        once: Option<Once>,
        source: CalendarSource,
    ) -> Result<CalendarImportView, AppError> {
        who.as_ref().map_or(Ok(()), Principal::may_keep_calendar)?;
        let read = source.read(self.today()).map_err(|fault| AppError::Invalid(vec![fault]))?;
        self.write_once(once, move |conn, app| {
            let (calendar, notes) =
                domain::onto(&read, &app.calendar).map_err(|f| AppError::Invalid(vec![f]))?;
            if calendar.version() == app.calendar.version() {
                return Err(conflict("calendar_unchanged", "这一年的安排与现行日历相同，不必导入"));
            }
            let ReadYear { table, document, document_on } = read;
            let row = app.proposal(who.as_ref(), (source.format, table.year), document_on);
            let row = ImportRow {
                document,
                source_text: source.text,
                table_csv: calendar.year_csv(table.year).unwrap_or_default(),
                reason: source.reason.trim().to_owned(),
                notes: serde_json::json!(notes),
                ..row
            };
            app.enter(conn, who.as_ref(), "propose", row)
        })
        .await
    }

    /// Proposes to take a version back: the year becomes what it was before.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`] while it is not in force, or when the year was imported again since.
    pub async fn reverse_calendar(
        &self,
        who: Principal,
        once: Option<Once>,
        id: CalendarImportId,
        reason: CalendarReason,
    ) -> Result<CalendarImportView, AppError> {
        who.may_keep_calendar()?;
        let reason = stated(&reason)?;
        self.write_once(once, move |conn, app| {
            let wrong = rows::import(conn, id.0)?.ok_or(UNKNOWN)?;
            let seq = wrong
                .seq
                .ok_or_else(|| conflict("calendar_not_in_force", "这次导入没有生效，不必撤销"))?;
            let later = rows::versions(conn)?
                .into_iter()
                .any(|version| version.seq > seq && version.year == Some(wrong.year));
            if later {
                let message = "这一年此后又有新的版本，请先撤销最近的一次";
                return Err(conflict("calendar_superseded", message));
            }
            let before = app.calendar_as_of(conn, seq - 1)?;
            let row = app.proposal(Some(&who), (Format::Reversal, wrong.year), wrong.document_on);
            let row = ImportRow {
                document: wrong.document,
                table_csv: before.year_csv(wrong.year).unwrap_or_default(),
                reverses: Some(seq),
                reason,
                ..row
            };
            app.enter(conn, Some(&who), "propose_reversal", row)
        })
        .await
    }

    /// Confirms a proposal as the second person: a new version is in force from now on, and the
    /// refold begins. Confirming again what one has confirmed changes nothing.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`]: `second_person_needed`; `calendar_moved` when another version came into
    /// force since the proposal was compared; `calendar_decided`. [`StoreError::Stale`].
    pub async fn confirm_calendar(
        &self,
        who: Principal,
        id: CalendarImportId,
        seen: i32,
    ) -> Result<CalendarImportView, AppError> {
        who.may_keep_calendar()?;
        let confirmed = self.write_once(None, move |conn, app| {
            let row = rows::import(conn, id.0)?.ok_or(UNKNOWN)?;
            if row.state == ImportState::InForce && row.decided_by == Some(who.user.0) {
                return view(conn, row);
            }
            undecided(&row, seen)?;
            if !domain::is_second_person(row.proposed_by.map(crate::domain::ids::UserId), who.user)
            {
                return Err(conflict("second_person_needed", "请由提出人以外的另一人复核确认"));
            }
            if row.base_seq != app.calendar.record() {
                let message = "日历在提出之后已有新的版本，请重新提出并重新核对影响";
                return Err(conflict("calendar_moved", message));
            }
            let (calendar, source) = app.proposed(conn, &row)?;
            let seq = row.base_seq + 1;
            let document = match source {
                Source::Reversal => format!("{}（{}）", row.document, row.reason),
                Source::Import | Source::Program => row.document.clone(),
            };
            let version = app.version_row(seq, source, Some(row.year), document, &calendar);
            rows::insert_version(conn, version).map_err(|error| match error {
                StoreError::UniqueViolation { .. } => StoreError::Stale,
                other => other,
            })?;
            let row = app.decided(row, &who, ImportState::InForce);
            app.settle_import(conn, &who, "confirm", ImportRow { seq: Some(seq), ..row })
        });
        let view = confirmed.await?;
        // What this process shows next is shown by the new calendar.
        self.refreshed().await?;
        Ok(view)
    }

    /// Declines a proposal, or takes back one's own.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`] `calendar_decided`; [`AppError::Invalid`] without a reason.
    pub async fn reject_calendar(
        &self,
        who: Principal,
        id: CalendarImportId,
        seen: i32,
        reason: CalendarReason,
    ) -> Result<CalendarImportView, AppError> {
        who.may_keep_calendar()?;
        let reason = stated(&reason)?;
        self.write_once(None, move |conn, app| {
            let row = rows::import(conn, id.0)?.ok_or(UNKNOWN)?;
            undecided(&row, seen)?;
            let row = app.decided(ImportRow { reason, ..row }, &who, ImportState::Rejected);
            app.settle_import(conn, &who, "reject", row)
        })
        .await
    }

    /// The imports, newest first.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn calendar_imports(&self) -> Result<Vec<CalendarImportView>, AppError> {
        self.store
            .read(|conn| {
                let found = rows::imports(conn, PAGE)?;
                found.into_iter().map(|row| view(conn, row)).collect()
            })
            .await
    }

    /// One import.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`].
    pub async fn calendar_import(
        &self,
        id: CalendarImportId,
    ) -> Result<CalendarImportView, AppError> {
        self.store
            .read(move |conn| {
                let row = rows::import(conn, id.0)?.ok_or(UNKNOWN)?;
                view(conn, row)
            })
            .await
    }

    /// The calendar that a proposal would put in force.
    pub(super) fn proposed(
        &self,
        conn: &mut Conn,
        row: &ImportRow,
    ) -> Result<(Calendar, Source), AppError> {
        if let Some(wrong) = row.reverses {
            let before = self.calendar_as_of(conn, wrong - 1)?;
            return Ok((domain::restored(&self.calendar, &before, row.year), Source::Reversal));
        }
        let table = YearTable::from_csv(&row.table_csv).map_err(AppError::broken)?;
        let (calendar, _) = table.onto(&self.calendar).map_err(AppError::broken)?;
        Ok((calendar, Source::Import))
    }

    fn proposal(
        &self,
        who: Option<&Principal>,
        (format, year): (Format, i32),
        document_on: NaiveDate,
    ) -> ImportRow {
        ImportRow {
            id: Uuid::now_v7(),
            year,
            format,
            document: String::new(),
            document_on,
            source_text: String::new(),
            table_csv: String::new(),
            base_seq: self.calendar.record(),
            reverses: None,
            reason: String::new(),
            notes: serde_json::json!([]),
            state: ImportState::Proposed,
            proposed_by: who.map(|who| who.user.0),
            proposed_label: who.map_or_else(|| "命令行".to_owned(), |who| who.actor().label),
            proposed_at: self.clock.now(),
            decided_by: None,
            decided_label: String::new(),
            decided_at: None,
            seq: None,
            version: 1,
        }
    }

    fn decided(&self, row: ImportRow, who: &Principal, state: ImportState) -> ImportRow {
        ImportRow {
            state,
            decided_by: Some(who.user.0),
            decided_label: who.actor().label,
            decided_at: Some(self.clock.now()),
            ..row
        }
    }

    fn enter(
        &self,
        conn: &mut Conn,
        who: Option<&Principal>,
        action: &str,
        row: ImportRow,
    ) -> Result<CalendarImportView, AppError> {
        rows::insert_import(conn, row.clone())?;
        self.note_import(conn, who, action, &row)?;
        view(conn, row)
    }

    fn settle_import(
        &self,
        conn: &mut Conn,
        who: &Principal,
        action: &str,
        row: ImportRow,
    ) -> Result<CalendarImportView, AppError> {
        let row = rows::update_import(conn, row)?;
        self.note_import(conn, Some(who), action, &row)?;
        view(conn, row)
    }

    fn note_import(
        &self,
        conn: &mut Conn,
        who: Option<&Principal>,
        action: &str,
        row: &ImportRow,
    ) -> Result<(), AppError> {
        let detail = serde_json::json!({
            "year": row.year, "document": row.document, "calendar_version": row.seq,
            "reverses": row.reverses,
        });
        let note = Note { detail, ..Note::done(action, "calendar_import", row.id) };
        audit::note(conn, self, who, note)
    }
}

fn undecided(row: &ImportRow, seen: i32) -> Result<(), AppError> {
    if row.state != ImportState::Proposed {
        return Err(conflict("calendar_decided", "这次导入已有结论"));
    }
    if row.version != seen {
        return Err(AppError::Store(StoreError::Stale));
    }
    Ok(())
}

fn stated(reason: &CalendarReason) -> Result<String, AppError> {
    let reason = reason.reason.trim();
    match reason.chars().count() {
        0 => Err(AppError::field("reason", "required", "请填写理由")),
        1..=LONGEST_REASON => Ok(reason.to_owned()),
        _ => {
            Err(AppError::field("reason", "too_long", format!("理由不能超过{LONGEST_REASON}个字")))
        }
    }
}

fn conflict(code: &'static str, message: &str) -> AppError {
    AppError::Conflict { code, message: message.to_owned() }
}

fn view(conn: &mut Conn, row: ImportRow) -> Result<CalendarImportView, AppError> {
    let (changed_cases, refolded_at) = match row.seq {
        Some(seq) => (rows::count_changes(conn, seq)?, rows::version(conn, seq)?.refolded_at),
        None => (0, None),
    };
    Ok(CalendarImportView {
        id: CalendarImportId(row.id),
        year: row.year,
        format: row.format,
        document: row.document,
        document_on: row.document_on,
        state: row.state,
        state_label: row.state.label().to_owned(),
        notes: serde_json::from_value(row.notes).map_err(AppError::broken)?,
        reason: row.reason,
        base_version: row.base_seq,
        reverses: row.reverses,
        calendar_version: row.seq,
        proposed_by: row.proposed_label,
        proposed_at: row.proposed_at,
        decided_by: row.decided_label,
        decided_at: row.decided_at,
        refolded_at,
        changed_cases,
        version: row.version,
    })
}
