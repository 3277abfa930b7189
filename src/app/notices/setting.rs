//! The draft reply as it would print now.

use crate::app::actions::application;
use crate::app::ledger::{self, Loaded};
use crate::app::wording::{self, Facts};
use crate::app::{App, AppError, Principal, agencies, joint};
use crate::db::notices::{self as rows, NoticeRow};
use crate::db::{Conn, agencies as agency_rows};
use crate::documents::Notice;
use crate::domain::agency::Agency;
use crate::domain::ids::NoticeId;
use crate::domain::notice::NoticeStatus;
use crate::domain::request::Application;

use super::assembled::{content, is_assembled};
use super::block_changes::{applied, fitting};
use super::rendering;

impl App {
    /// The reply as it would print now, without number.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`]; [`AppError::Invalid`] while fields the wording needs are empty.
    pub async fn preview(&self, principal: Principal, id: NoticeId) -> Result<Notice, AppError> {
        self.notice(&principal, id).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let row = rows::get(conn, id.0)?;
                let loaded = ledger::load(conn, &app, row.request_id)?;
                if row.status == NoticeStatus::Issued {
                    return rendering::to_read(row);
                }
                let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
                let form = application(conn, &app, &loaded)?;
                let plain = as_worded(conn, &app, &agency, &loaded, (&row, &form))?;
                Ok(fitting(plain, &row)?.0)
            })
            .await
    }
}

/// The reply with the changes of its words, all of them.
///
/// # Errors
///
/// [`AppError::Conflict`] `changes_outdated` when a change is about words that are no longer there; those
/// of [`as_worded`].
pub(super) fn reply_notice(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    loaded: &Loaded,
    (row, form): (&NoticeRow, &Application),
) -> Result<Notice, AppError> {
    applied(as_worded(conn, app, agency, loaded, (row, form))?, row)
}

/// The reply as its template words it.
///
/// # Errors
///
/// [`AppError::Unprintable`] when the wording does not take the facts.
pub(super) fn as_worded(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    loaded: &Loaded,
    (row, form): (&NoticeRow, &Application),
) -> Result<Notice, AppError> {
    let facts = Facts { agency, row: &loaded.row, date: app.today() };
    let online = form.is_served_online();
    if !is_assembled(row) {
        return wording::reply(app, &facts, &content(row)?, online);
    }
    let others = joint::others(conn, app, loaded)?;
    let contents = joint::contents(loaded, &others)?;
    wording::by_item(app, &facts, &contents.iter().collect::<Vec<_>>(), online)
}
