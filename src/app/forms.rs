//! The forms of a case, filled with what its ledger says, to be printed, signed and kept; and the
//! empty ones that applicants take away.
//!
//! Numbers of identity documents, telephones and addresses are masked on every form: whoever needs
//! one opens it for a stated purpose. Each printing stands in the audit log.
//!
//! Source: rulebook 5.3; 个人信息保护法 art. 6, 51.

mod facts;
mod reviews;
mod values;

use serde_json::{Map, Value, json};

use crate::db::{Conn, agencies as agency_rows, events, files};
use crate::documents::Notice;
use crate::domain::event::Entry;
use crate::domain::form::FormKind;
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::own_form::Values;
use crate::domain::personal::masked;

use super::actions::application;
use super::audit::{self, Note};
use super::notices::formats::{Document, Format};
use super::wording::{self, Facts};
use super::{App, AppError, Principal, agencies, ledger};
use facts::Sources;

/// The action under which a printing stands in the audit log.
pub(super) const PRINTED: &str = "form.print";

impl App {
    /// A form of a request, filled with what is on record.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Unprintable`]; `nothing_to_fill_in`
    /// where the case has nothing the form is about.
    pub async fn form(
        &self,
        principal: Principal,
        id: RequestId,
        kind: FormKind,
        format: Format,
    ) -> Result<Document, AppError> {
        let sheet = self.form_sheet(principal, id, kind).await?;
        self.set(sheet, format).await
    }

    /// A page of a form of a request as a picture. It stands in the audit log as the form does.
    ///
    /// # Errors
    ///
    /// Those of [`App::form`]; [`AppError::NotFound`] for a page that is not there.
    pub async fn form_page(
        &self,
        principal: Principal,
        id: RequestId,
        kind: FormKind,
        page: usize,
    ) -> Result<Document, AppError> {
        let sheet = self.form_sheet(principal, id, kind).await?;
        self.page(sheet, page).await
    }

    async fn form_sheet(
        &self,
        principal: Principal,
        id: RequestId,
        kind: FormKind,
    ) -> Result<Notice, AppError> {
        self.request(&principal, id).await?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let date = app.clock.today();
                let filled = of_case(conn, &app, id, |sources| {
                    let (fields, addressee) = sources.fields(kind)?;
                    let row = &sources.loaded.row;
                    let facts = Facts { agency: sources.agency, row, date };
                    let notice = facts.notice(&app, kind.as_str(), &fields)?;
                    Ok((notice, addressee, row.number.clone()))
                });
                let (notice, addressee, number) = filled?;
                let detail = json!({ "form": kind });
                let note = Note { detail, ..Note::done(PRINTED, "request", id.0) };
                audit::note(conn, &app, Some(&principal), note)?;
                let contact = notice.contact.filter(|_| kind == FormKind::Defence);
                let case_number = Some(number);
                Ok::<_, AppError>(Notice { addressee, contact, case_number, ..notice })
            })
            .await
    }

    /// An empty form of an agency, to be filled in by an applicant.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for an unknown agency and for forms that are not for applicants.
    pub async fn blank_form(
        &self,
        agency: AgencyId,
        kind: FormKind,
        format: Format,
    ) -> Result<Document, AppError> {
        if !kind.is_for_applicants() {
            return Err(AppError::NotFound("该空白表格"));
        }
        let agency = self.agency(agency).await?;
        let mut fields: Map<String, Value> = Map::new();
        fields.insert("受理机关".into(), json!(agency.profile.name));
        if kind == FormKind::Application {
            facts::office(&mut fields, &agency, &self.settings.public_url);
        }
        let date = self.clock.today();
        let to = (String::new(), date);
        let sheet = wording::sheet(self, &agency, kind.as_str(), &fields, to)?;
        self.set(Notice { contact: None, ..sheet }, format).await
    }
}

/// Reads what is known of a case, and hands it to `work`.
fn of_case<T>(
    conn: &mut Conn,
    app: &App,
    id: RequestId,
    work: impl FnOnce(&Sources<'_>) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let loaded = ledger::load(conn, app, id.0)?;
    let rows = events::of_request(conn, id.0)?;
    let entries: Vec<Entry> = rows.iter().map(ledger::entry).collect::<Result<_, _>>()?;
    let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
    let whole = application(conn, app, &loaded)?;
    let form = masked(&whole);
    work(&Sources {
        loaded: &loaded,
        entries: &entries,
        agency: &agency,
        form: &form,
        whole: &whole,
        url: &app.settings.public_url,
        calendar: &app.calendar,
    })
}

/// What a case says for the placeholders of forms that agencies made themselves, masked as on the
/// other forms.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn values(
    conn: &mut Conn,
    app: &App,
    who: &Principal,
    id: RequestId,
) -> Result<Values, AppError> {
    let files = files::of_request(conn, id.0)?;
    let today = app.clock.today();
    of_case(conn, app, id, |sources| Ok(sources.values(&files, (today, &who.name))))
}
