//! Collects every limit of the county that presses: read from the rows that queues read. Only a
//! request that waits for others is replayed, since its row does not say whether its limit rests.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use uuid::Uuid;

use crate::app::{App, AppError, ledger};
use crate::db::Conn;
use crate::db::reminders::pressing::{self as rows, PressingRequest};
use crate::domain::calendar::Calendar;
use crate::domain::record_correction::last_day;
use crate::domain::reminder::{self, Limit, LimitKind, RequestFacts};
use crate::domain::state::State;

/// Who has a matter on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Desk {
    /// The officer of the case; without one, whoever gives cases out.
    Officer(Option<Uuid>),
    /// Whoever entered it in the register.
    Recorder(Uuid),
    /// The heads of the agency.
    Heads,
    /// Those who supervise the agency.
    Supervisors,
}

/// A limit with what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pressing {
    pub(super) limit: Limit,
    pub(super) agency: Uuid,
    /// The request, complaint, rating, or entry of the register of corrections.
    pub(super) object: Uuid,
    /// Number of the remedy; 0 elsewhere.
    pub(super) n: i32,
    /// The request, where it is about one.
    pub(super) request: Option<Uuid>,
    pub(super) number: String,
    pub(super) desk: Desk,
    pub(super) state: Option<State>,
}

/// What presses; and the requests of which nobody can tell.
pub(super) type Collected = (Vec<Pressing>, BTreeSet<Uuid>);

/// All that press on `today`, in no order.
///
/// # Errors
///
/// Failures of the database. A request whose ledger does not stand is left out, and logged.
pub(super) fn collect(conn: &mut Conn, app: &App, today: NaiveDate) -> Result<Collected, AppError> {
    let upto = reminder::horizon(&app.calendar, today);
    let (mut found, mut unread) = (Vec::new(), BTreeSet::new());
    for row in rows::requests(conn, upto)? {
        match facts(conn, app, &row, today) {
            Ok(facts) => found.extend(of_request(&row, &facts)),
            Err(AppError::Store(error)) => return Err(error.into()),
            Err(error) => {
                tracing::error!(request = %row.id, %error, "nobody can be reminded");
                unread.insert(row.id);
            }
        }
    }
    found.extend(remedies(conn, upto)?);
    found.extend(registers(conn, &app.calendar, upto)?);
    for pressing in &mut found {
        let limit = &mut pressing.limit;
        limit.provisional |= reminder::is_estimated(&app.calendar, today, limit.on);
    }
    Ok((found, unread))
}

/// What is known of a request; whether its limit rests only its ledger tells.
fn facts(
    conn: &mut Conn,
    app: &App,
    row: &PressingRequest,
    today: NaiveDate,
) -> Result<RequestFacts, AppError> {
    let mut facts = RequestFacts {
        state: row.state,
        governing: row.governing,
        queue_on: row.queue_on,
        due_on: row.due_on,
        conservative_due_on: row.conservative_due_on,
        provisional: row.provisional,
        suspended: false,
        passed: None,
    };
    let waits = matches!(row.state, State::ThirdPartyPending | State::AgencyPending);
    if waits || row.proposal.is_some() {
        let loaded = ledger::load(conn, app, row.id)?;
        facts.suspended = reminder::is_suspended(&loaded.case, &app.calendar, today);
        facts.passed = reminder::passed(&loaded.case);
    }
    Ok(facts)
}

fn of_request<'a>(
    row: &'a PressingRequest,
    facts: &RequestFacts,
) -> impl Iterator<Item = Pressing> + use<'a> {
    reminder::limits(facts).into_iter().map(|limit| Pressing {
        limit,
        agency: row.agency_id,
        object: row.id,
        n: 0,
        request: Some(row.id),
        number: row.number.clone(),
        desk: Desk::Officer(row.officer_id),
        state: Some(row.state),
    })
}

fn remedies(conn: &mut Conn, upto: NaiveDate) -> Result<Vec<Pressing>, AppError> {
    let rows = rows::remedies(conn, upto)?.into_iter();
    let pressing = rows.filter_map(|((request, n, on, provisional), (agency, number, officer))| {
        Some(Pressing {
            limit: Limit { kind: LimitKind::RemedyAnswer, on: on?, provisional },
            agency,
            object: request,
            n,
            request: Some(request),
            number,
            desk: Desk::Officer(officer),
            state: None,
        })
    });
    Ok(pressing.collect())
}

/// What presses on the registers beside the requests.
fn registers(
    conn: &mut Conn,
    calendar: &Calendar,
    upto: NaiveDate,
) -> Result<Vec<Pressing>, AppError> {
    let mut found = Vec::new();
    let entry = |kind, on, agency, (object, number), desk| Pressing {
        limit: Limit { kind, on, provisional: false },
        agency,
        object,
        n: 0,
        request: None,
        number,
        desk,
        state: None,
    };
    for (id, agency, number, on, by) in rows::record_corrections(conn, upto)? {
        let (kind, on) = (LimitKind::RecordCorrection, last_day(on, calendar));
        found.push(entry(kind, on, agency, (id, number), Desk::Recorder(by)));
    }
    for (id, agency, number, on, statement) in rows::complaints(conn)? {
        if let Some(on) = statement.filter(|on| *on <= upto) {
            let of = (id, number.clone());
            found.push(entry(LimitKind::ComplaintStatement, on, agency, of, Desk::Heads));
        }
        if on <= upto {
            let on = last_day(on, calendar);
            found.push(entry(LimitKind::Complaint, on, agency, (id, number), Desk::Supervisors));
        }
    }
    for (id, request, on, agency, number) in rows::ratings(conn, upto)? {
        if let Some(on) = on {
            let rating = entry(LimitKind::Rating, on, agency, (id, number), Desk::Heads);
            found.push(Pressing { request: Some(request), ..rating });
        }
    }
    Ok(found)
}
