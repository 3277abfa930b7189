//! What the system knows of the number under which an application that was entered twice goes on.

use crate::db::requests as rows;
use crate::db::{Conn, applications};
use crate::domain::case::Case;
use crate::domain::command::{Command, ConfirmEnd, ProposeEnd};
use crate::domain::other_end::Twin;
use crate::domain::outcome::Outcome;

use super::AppError;
use super::ledger::Loaded;

/// The command with what is known of the other number, where it names one.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn filled(
    conn: &mut Conn,
    loaded: &Loaded,
    command: Command,
) -> Result<Command, AppError> {
    Ok(match command {
        Command::ProposeEnd(propose) => {
            let twin = twin(conn, loaded, &propose.goes_on_as)?;
            Command::ProposeEnd(ProposeEnd { twin, ..propose })
        }
        Command::ConfirmEnd(_) => {
            let number = proposed_number(&loaded.case);
            Command::ConfirmEnd(ConfirmEnd { twin: twin(conn, loaded, &number)? })
        }
        other => other,
    })
}

fn proposed_number(case: &Case) -> String {
    case.end_proposed.as_ref().map(|proposed| proposed.end.goes_on_as.clone()).unwrap_or_default()
}

fn twin(conn: &mut Conn, loaded: &Loaded, number: &str) -> Result<Option<Twin>, AppError> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(None);
    }
    let own =
        |row: &rows::RequestRow| row.agency_id == loaded.row.agency_id && row.id != loaded.row.id;
    let Some(row) = rows::find_by_number(conn, number)?.filter(own) else { return Ok(None) };
    let key = applications::get(conn, loaded.row.id)?.applicant_key;
    let same_applicant = applications::get(conn, row.id)?.applicant_key == key;
    // What ended without reply carries nothing on: two cannot end in each other's favour.
    let goes_on = !matches!(row.outcome, Some(Outcome::O1 | Outcome::O2 | Outcome::O3));
    Ok(Some(Twin { arrived_on: row.arrived_on, same_applicant, goes_on }))
}
