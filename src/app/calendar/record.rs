//! The calendar of record in this process: which version is used, and how a process learns of a new
//! one that another process put in force.
//!
//! A use case works with one version from its first line to its last. Writes ask the database, in
//! their own transaction, which version is in force; a write that began a moment before a new version
//! keeps the one it began with, says so in its entries and its row, and the refold visits that row
//! afterwards. Reads use the newest version the process knows; a worker looks every second.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::app::{App, AppError};
use crate::db::calendar::{self as rows, VersionRow};
use crate::db::{Conn, StoreError};
use crate::domain::calendar::Calendar;
use crate::domain::calendar_import::Source;

/// The versions this process knows.
#[derive(Debug, Default)]
pub struct CalendarOfRecord {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    newest: Option<Arc<Calendar>>,
    by_number: BTreeMap<i32, Arc<Calendar>>,
}

impl CalendarOfRecord {
    fn newest(&self) -> Option<Arc<Calendar>> {
        self.locked().newest.clone()
    }

    fn known(&self, seq: i32, digest: &str) -> Option<Arc<Calendar>> {
        // A number alone would not do: the transaction that was read may have been rolled back.
        self.locked().by_number.get(&seq).filter(|known| known.version() == digest).cloned()
    }

    fn keep(&self, calendar: &Arc<Calendar>) {
        self.locked().by_number.insert(calendar.record(), Arc::clone(calendar));
    }

    fn use_from_now(&self, calendar: &Arc<Calendar>) {
        self.locked().newest = Some(Arc::clone(calendar));
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// The same use cases with the newest calendar this process knows.
    #[must_use]
    pub fn current(&self) -> Self {
        let calendar = self.record.newest().unwrap_or_else(|| Arc::clone(&self.calendar));
        Self { calendar, editions: self.known_editions.newest(), ..self.clone() }
    }

    /// The same use cases with the calendar, and the wording of the agencies, that are in force as
    /// `conn` sees them.
    ///
    /// # Errors
    ///
    /// Failures of the database; [`AppError::Broken`] when a stored table cannot be read.
    pub fn in_force(&self, conn: &mut Conn) -> Result<Self, AppError> {
        self.with_editions(conn)?.with_calendar(conn)
    }

    fn with_calendar(&self, conn: &mut Conn) -> Result<Self, AppError> {
        let Some((seq, digest)) = rows::current_with_digest(conn)? else {
            return Ok(self.clone());
        };
        if seq == self.calendar.record() && digest == self.calendar.version() {
            return Ok(self.clone());
        }
        let calendar = match self.record.known(seq, &digest) {
            Some(known) => known,
            None => self.read_version(conn, seq)?,
        };
        self.record.use_from_now(&calendar);
        Ok(Self { calendar, ..self.clone() })
    }

    /// Asks the database which calendar is in force; the same use cases with that.
    ///
    /// # Errors
    ///
    /// As [`App::in_force`].
    pub async fn refreshed(&self) -> Result<Self, AppError> {
        let app = self.clone();
        self.store.read(move |conn| app.in_force(conn)).await
    }

    /// The calendar as version `seq` had it; 0 is the one shipped with the program.
    ///
    /// # Errors
    ///
    /// As [`App::in_force`].
    pub fn calendar_as_of(&self, conn: &mut Conn, seq: i32) -> Result<Arc<Calendar>, AppError> {
        if seq == self.calendar.record() {
            return Ok(Arc::clone(&self.calendar));
        }
        if seq == 0 {
            return Ok(Arc::new(Calendar::built_in().clone()));
        }
        let known = self.record.locked().by_number.get(&seq).cloned();
        match known {
            // A version before the one in force has long been committed.
            Some(known) if seq < self.calendar.record() => Ok(known),
            _ => self.read_version(conn, seq),
        }
    }

    fn read_version(&self, conn: &mut Conn, seq: i32) -> Result<Arc<Calendar>, AppError> {
        let row = rows::version(conn, seq)?;
        let calendar = Calendar::from_csv(&row.table_csv).map_err(AppError::broken)?;
        let calendar = Arc::new(calendar.numbered(seq));
        self.record.keep(&calendar);
        Ok(calendar)
    }

    /// Enters the calendar shipped with the program where it says more than the calendar of record:
    /// at the first start, and when a newer program brings a year that nobody imported. What was
    /// imported is never replaced.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub fn adopt_built_in_calendar(&self) -> Result<Self, AppError> {
        let app = self.clone();
        let adopted = self.store.write_blocking(move |conn| app.adopt(conn));
        match adopted {
            // Another process did it in the same moment.
            Err(AppError::Store(StoreError::UniqueViolation { .. })) => {}
            other => other?,
        }
        let app = self.clone();
        self.store.read_blocking(move |conn| app.in_force(conn))
    }

    fn adopt(&self, conn: &mut Conn) -> Result<(), AppError> {
        let shipped = Calendar::built_in();
        let seq = rows::current(conn)?;
        let next = if seq == 0 {
            shipped.clone()
        } else {
            let kept = self.calendar_as_of(conn, seq)?;
            let missing = |year: &i32| !kept.is_arranged(*year);
            let years: Vec<i32> = shipped.years().filter(missing).collect();
            if years.is_empty() {
                return Ok(());
            }
            let new = shipped.exceptions().filter(|day| years.contains(&day.arranged_for));
            let new = new.filter(|day| !kept.exceptions().any(|old| old.date == day.date));
            Calendar::from_exceptions(kept.exceptions().chain(new).cloned().collect::<Vec<_>>())
        };
        let document = format!("gongkai {}", env!("CARGO_PKG_VERSION"));
        let version = self.version_row(seq + 1, Source::Program, None, document, &next);
        Ok(rows::insert_version(conn, version)?)
    }

    /// The row of a version that is put in force now.
    pub(super) fn version_row(
        &self,
        seq: i32,
        source: Source,
        year: Option<i32>,
        document: String,
        calendar: &Calendar,
    ) -> VersionRow {
        VersionRow {
            seq,
            source,
            year,
            document,
            table_csv: calendar.to_csv(),
            digest: calendar.version().to_owned(),
            in_force_at: self.clock.now(),
            refolded_at: None,
        }
    }
}
