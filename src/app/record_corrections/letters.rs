//! The letters of the register (F38): numbered and frozen with the step that sends them, and printed
//! from nothing but what was frozen.
//!
//! Source: 条例 art. 41; rulebook 5.3.

use uuid::Uuid;

use super::{
    RecordCorrectionForm, RecordCorrectionId, RecordCorrectionRow, UNKNOWN, history, personal,
};
use crate::app::notices::formats::{Document, Format};
use crate::app::notices::proof;
use crate::app::{App, AppError, Principal, agencies, ledger, numbering, seal_pictures, wording};
use crate::db::Conn;
use crate::db::record_letters::{self as rows, RecordLetterRow};
use crate::documents::Notice;
use crate::domain::ids::AgencyId;
use crate::domain::record_correction::{RecordLetter, RecordStep};

const NO_LETTER: AppError = AppError::NotFound("该文书");

/// Writes the letter of a step, the `n`-th of the entry: gives it its number, freezes its text.
/// Nothing for a step that sends none.
///
/// # Errors
///
/// [`AppError::Unprintable`] naming the characters no font can draw; failures of the database.
pub(super) fn issue(
    conn: &mut Conn,
    app: &App,
    row: &RecordCorrectionRow,
    n: i32,
    step: &RecordStep,
) -> Result<Option<RecordLetter>, AppError> {
    let Some(series) = step.letter() else { return Ok(None) };
    let id = AgencyId(row.agency_id);
    let agency = agencies::load(conn, id)?.ok_or(AppError::NotFound("该机关"))?;
    let form = personal::whole(app, row)?;
    let number = numbering::next(conn, app, series, id)?;
    let sheet = wording::record_correction(app, &agency, row, &form, step)?;
    let notice = Notice { number: Some(number.clone()), ..sheet };
    proof(app, &notice)?;
    let seal = seal_pictures::of_now(conn, agency.id, notice.layout)?;
    let notice = Notice { seal, ..notice };
    let content = serde_json::to_value(&notice).map_err(AppError::broken)?;
    let content_sha256 = ledger::digest(&content);
    let id = Uuid::now_v7();
    let letter = RecordLetterRow {
        id,
        record_correction_id: row.id,
        n,
        number: number.clone(),
        title: notice.title,
        content_cipher: app.keys.seal(&place(id), &content.to_string()),
        content_sha256: content_sha256.clone(),
        issued_on: step.on(),
        created_at: app.clock.now(),
    };
    rows::insert(conn, letter)?;
    Ok(Some(RecordLetter { number, content_sha256 }))
}

/// What a letter says, as it was frozen.
///
/// # Errors
///
/// [`AppError::Broken`] when it does not read as it was written.
pub(in crate::app) fn frozen(app: &App, row: &RecordLetterRow) -> Result<Notice, AppError> {
    let text = app.keys.open(&place(row.id), &row.content_cipher).map_err(AppError::broken)?;
    let content = serde_json::from_str(&text).map_err(AppError::broken)?;
    if ledger::digest(&content) != row.content_sha256 {
        return Err(AppError::Broken(format!("letter {} does not read as written", row.number)));
    }
    serde_json::from_value(content).map_err(AppError::broken)
}

/// Where the sealed text of a letter stands; part of what the cipher binds.
fn place(id: Uuid) -> String {
    format!("record_letters.content_cipher/{id}")
}

impl App {
    /// The letter of the `n`-th step of an entry as PDF; without `n` the newest.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] where there is none, and for another agency's; [`AppError::Broken`]
    /// when it does not read as it was written.
    pub async fn record_letter(
        &self,
        who: &Principal,
        id: RecordCorrectionId,
        n: Option<i32>,
    ) -> Result<Document, AppError> {
        let entry = self.record_row(who, id).await?;
        let letters = self.store.read(move |conn| rows::of_entry(conn, id.0)).await?;
        let wanted = |row: &RecordLetterRow| n.is_none_or(|n| row.n == n);
        match letters.into_iter().rev().find(wanted) {
            Some(row) => self.set(frozen(self, &row)?, Format::Pdf).await,
            None => self.unnumbered_letter(&entry, n).await,
        }
    }

    /// The letter of a step taken before letters were frozen: set from the entry.
    async fn unnumbered_letter(
        &self,
        row: &RecordCorrectionRow,
        n: Option<i32>,
    ) -> Result<Document, AppError> {
        let steps = history(row)?.into_iter().zip(1..);
        let told = steps.filter(|(deed, at)| {
            deed.step.letter().is_some() && deed.letter.is_none() && n.is_none_or(|n| n == *at)
        });
        let (deed, _) = told.last().ok_or(NO_LETTER)?;
        let form: RecordCorrectionForm = personal::whole(self, row)?;
        let agency = self.agency(AgencyId(row.agency_id)).await?;
        let sheet = wording::record_correction(self, &agency, row, &form, &deed.step)?;
        self.set(sheet, Format::Pdf).await
    }

    pub(super) async fn record_row(
        &self,
        who: &Principal,
        id: RecordCorrectionId,
    ) -> Result<RecordCorrectionRow, AppError> {
        let scope = who.scope()?;
        let row =
            self.store.read(move |conn| crate::db::record_corrections::find(conn, id.0)).await?;
        row.filter(|row| scope.includes(AgencyId(row.agency_id))).ok_or(UNKNOWN)
    }
}
