//! The agencies' own wording in this process. Like the calendar of record, a use case works with one
//! state of it from its first line to its last; writes ask in their own transaction whether it is the
//! newest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use crate::app::{App, AppError};
use crate::db::Conn;
use crate::db::editions::{self as rows, EditionRow};
use crate::documents::wording::Wording;
use crate::domain::edition;
use crate::domain::ids::AgencyId;

/// All approved editions, ready to be filled in.
#[derive(Default)]
pub struct Editions {
    /// The last approval among them.
    seq: i32,
    approved: BTreeMap<(AgencyId, String), Vec<Approved>>,
    /// Templates of which an approved text no longer stands.
    unusable: Vec<String>,
}

struct Approved {
    from: NaiveDate,
    /// None: back to the built-in text.
    wording: Option<Wording>,
}

impl Editions {
    /// The agency's own text of a template on a day, if it has one then.
    #[must_use]
    pub fn of(&self, agency: AgencyId, template: &str, on: NaiveDate) -> Option<&Wording> {
        let all = self.approved.get(&(agency, template.to_owned()))?;
        edition::in_force(all, |one| one.from, on)?.wording.as_ref()
    }

    /// Templates of which an approved text no longer stands, because the program asks for more: the
    /// built-in text is used instead.
    #[must_use]
    pub fn unusable(&self) -> &[String] {
        &self.unusable
    }

    fn admit(&mut self, builtin: &Wording, row: EditionRow) {
        let (Some(from), Some(seq)) = (row.from_on, row.seq) else { return };
        self.seq = seq;
        let edited = row.body.as_deref().map(|body| edited(builtin, &row, body)).transpose();
        // A newer program may ask for more than an old text says: then the built-in one is lawful.
        let wording = edited.unwrap_or_else(|fault| {
            tracing::error!(edition = %row.id, template = row.template, fault, "edition unusable");
            self.unusable.push(row.template.clone());
            None
        });
        let of = (AgencyId(row.agency_id), row.template);
        self.approved.entry(of).or_default().push(Approved { from, wording });
    }
}

/// A stored text, checked against the template as the program has it now.
///
/// # Errors
///
/// What is wrong with it, in Chinese.
pub(super) fn edited(builtin: &Wording, row: &EditionRow, body: &str) -> Result<Wording, String> {
    let n = u32::try_from(row.n).unwrap_or(0);
    builtin
        .edited(&row.template, n, body)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("；"))
}

/// The newest state this process knows.
#[derive(Default)]
pub struct KnownEditions(Mutex<Arc<Editions>>);

impl KnownEditions {
    pub(in crate::app) fn newest(&self) -> Arc<Editions> {
        Arc::clone(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn use_from_now(&self, editions: &Arc<Editions>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Arc::clone(editions);
    }
}

impl App {
    /// The same use cases with the agencies' own wording as `conn` sees it.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(in crate::app) fn with_editions(&self, conn: &mut Conn) -> Result<Self, AppError> {
        let seq = rows::last_seq(conn)?;
        if seq == self.editions.seq {
            return Ok(self.clone());
        }
        let known = self.known_editions.newest();
        let editions = if seq == known.seq {
            known
        } else {
            let mut editions = Editions::default();
            for row in rows::approved(conn)? {
                editions.admit(&self.wording, row);
            }
            let editions = Arc::new(editions);
            // What a transaction saw that may yet be rolled back is left to the next to see.
            if editions.seq > known.seq {
                self.known_editions.use_from_now(&editions);
            }
            editions
        };
        Ok(Self { editions, ..self.clone() })
    }

    /// The text that agency uses today for a template.
    pub(in crate::app) fn wording_of(&self, agency: AgencyId, template: &str) -> &Wording {
        self.editions.of(agency, template, self.today()).unwrap_or(&self.wording)
    }
}
