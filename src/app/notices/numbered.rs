//! The number (文号) of a notice, and the text that is frozen with it.

use chrono::Datelike;
use serde_json::Value;

use crate::app::{App, AppError, ledger, numbering, seal_pictures};
use crate::db::Conn;
use crate::db::notices::NoticeRow;
use crate::db::numbers::{self, DocumentNumberRow};
use crate::documents::Notice;
use crate::domain::agency::Agency;
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::notice::{NoticeKind, NoticeStatus, Series};
use crate::domain::number::{DocumentNumber, Pattern};

/// A notice put together but not yet numbered.
pub(in crate::app) struct Built {
    /// Its id, as the ledger names it.
    pub id: NoticeId,
    /// Its kind.
    pub kind: NoticeKind,
    /// What it says.
    pub notice: Notice,
    /// The number of the original, if that was made on paper before: it bears stamp and number itself.
    pub paper: Option<String>,
}

/// A notice with its number, and the text that is frozen.
pub(in crate::app) struct Numbered {
    notice: Notice,
    content: Value,
    sha256: String,
    number: Option<Given>,
}

/// A 文号 as the register has it.
struct Given {
    series: String,
    year: i32,
    n: i32,
    text: String,
}

/// Allots the number and fixes the text. Both are given back if the transaction fails. What was made
/// on paper keeps the number it has there.
pub(in crate::app) fn number(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    built: Built,
) -> Result<Numbered, AppError> {
    let Built { kind, mut notice, paper, .. } = built;
    let given = match (&paper, kind.series()) {
        (Some(text), _) => {
            let row = numbers::by_text(conn, agency.id.0, text)?;
            let row = row.ok_or_else(|| AppError::Broken(format!("{text} was never taken")))?;
            Some(Given { series: row.series, year: row.year, n: row.n, text: row.text })
        }
        (None, Some(series)) => Some(next(conn, app, agency, series)?),
        (None, None) => None,
    };
    if let Some(given) = &given {
        notice.number = Some(given.text.clone());
    }
    if paper.is_none() {
        notice.seal = seal_pictures::of_now(conn, agency.id, notice.layout)?;
    }
    Numbered::fix(notice, given)
}

fn next(conn: &mut Conn, app: &App, agency: &Agency, series: Series) -> Result<Given, AppError> {
    let year = app.today().year();
    let n = numbers::next(conn, agency.id.0, series.as_str(), year)?;
    let pattern = Pattern::parse(&agency.profile.number_pattern).map_err(AppError::broken)?;
    let allotted = DocumentNumber { series, year, n: i64::from(n) };
    let text = pattern.print(&agency.profile.code_word, &allotted);
    Ok(Given { series: series.as_str().to_owned(), year, n, text })
}

impl Numbered {
    /// Fixes the text of a notice that bears the number of its request.
    pub(super) fn without_number(notice: Notice) -> Result<Self, AppError> {
        Self::fix(notice, None)
    }

    /// Fixes the text of a notice that has the number it will bear.
    fn fix(notice: Notice, number: Option<Given>) -> Result<Self, AppError> {
        let content = serde_json::to_value(&notice).map_err(AppError::broken)?;
        let sha256 = ledger::digest(&content);
        Ok(Self { notice, content, sha256, number })
    }

    /// The number as printed; the number of the request where the notice has none of its own.
    pub(in crate::app) fn text<'t>(&'t self, request_number: &'t str) -> &'t str {
        self.number.as_ref().map_or(request_number, |given| &given.text)
    }

    /// SHA-256 of the frozen text.
    pub(in crate::app) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Puts number and text into a row.
    pub(in crate::app) fn fixed(self, app: &App, row: NoticeRow, by: Option<UserId>) -> NoticeRow {
        let number = self.number.as_ref();
        NoticeRow {
            status: NoticeStatus::Issued,
            title: self.notice.title,
            content: self.content,
            template_code: self.notice.template.code,
            template_version: self.notice.template.version.to_string(),
            series: number.map(|given| given.series.clone()),
            number_year: number.map(|given| given.year),
            number_n: number.map(|given| given.n),
            number: self.number.map(|given| given.text),
            issued_by: by.map(|id| id.0),
            issued_on: Some(app.today()),
            content_sha256: Some(self.sha256),
            updated_at: app.clock.now(),
            ..row
        }
    }
}

/// Enters the number of a notice that is on record: numbers point to their notices.
pub(in crate::app) fn record_number(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    row: &NoticeRow,
) -> Result<(), AppError> {
    let (Some(series), Some(year), Some(n), Some(text)) =
        (&row.series, row.number_year, row.number_n, &row.number)
    else {
        return Ok(());
    };
    let number = numbering::new_row(app, agency.id, (series, year, n), text);
    Ok(numbers::record(conn, DocumentNumberRow { notice_id: Some(row.id), ..number })?)
}

/// Names the notice whose number was taken when its paper was put on record.
pub(super) fn paper_number(
    conn: &mut Conn,
    agency: &Agency,
    row: &NoticeRow,
) -> Result<(), AppError> {
    let (Some(series), Some(year), Some(n)) = (&row.series, row.number_year, row.number_n) else {
        return Ok(());
    };
    Ok(numbers::borne_by(conn, (agency.id.0, series, year, n), row.id)?)
}
