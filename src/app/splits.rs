//! Splitting a request (拆分): items become requests of their own. Receipt date and clock of each
//! are those of the request they come from, day by day.
//!
//! Source: 109号 art. 4 (一事一申请); rulebook 1.2 k.

use chrono::Datelike;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::applications;
use crate::db::requests::RequestRow;
use crate::db::{Conn, agencies as agency_rows, events, numbers};
use crate::domain::agency::Agency;
use crate::domain::command::Command;
use crate::domain::decide::{self, split};
use crate::domain::ids::RequestId;
use crate::domain::item::{ItemText, SplitChild};
use crate::domain::number::request_number;
use crate::domain::request::Application;

use super::actions::{application, open_for};
use super::intake::application_row;
use super::ledger::{self, Loaded};
use super::notices::Receipt;
use super::once::Once;
use super::requests::RequestView;
use super::{App, AppError, Principal, agencies};

/// The items of one new request.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Numbers of the items that go there.
    pub items: Vec<u16>,
}

/// What a split left.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SplitView {
    /// The request as it is now.
    pub request: RequestView,
    /// The new requests, in the order of the parts.
    pub children: Vec<RequestView>,
}

impl App {
    /// Splits a request that the person saw at ledger position `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`]: `split_unfit`, `split_too_late`, `unknown_item`; as
    /// [`App::act`] otherwise.
    pub async fn split(
        &self,
        principal: Principal,
        once: Option<Once>,
        id: RequestId,
        seen: i32,
        parts: Vec<Part>,
    ) -> Result<SplitView, AppError> {
        self.write_step(once, id, seen, move |conn, app| {
            let trial = Command::SplitOff { children: Vec::new() };
            let loaded = open_for(conn, app, &principal, id, seen, &trial)?;
            let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
            let nameless = |part: &Part| SplitChild {
                request: RequestId::new(),
                number: String::new(),
                items: part.items.clone(),
            };
            // Refused before a number is taken.
            let children: Vec<SplitChild> = parts.iter().map(nameless).collect();
            let context = app.context(&principal);
            decide::decide(
                &loaded.case,
                &Command::SplitOff { children: children.clone() },
                &context,
            )?;
            let children = numbered(conn, app, &agency, children)?;
            let form = application(conn, app, &loaded)?;
            let mut views = Vec::with_capacity(children.len());
            for child in &children {
                let born = bear(conn, app, &principal, &agency, (&loaded, &form), child)?;
                views.push(app.view_of(born));
            }
            let decision = decide::decide(&loaded.case, &Command::SplitOff { children }, &context)?;
            let loaded = ledger::append(conn, app, loaded, &principal.actor(), decision)?;
            Ok(SplitView { request: app.view_of(loaded), children: views })
        })
        .await
    }
}

fn numbered(
    conn: &mut Conn,
    app: &App,
    agency: &Agency,
    children: Vec<SplitChild>,
) -> Result<Vec<SplitChild>, AppError> {
    let year = app.today().year();
    let number = |child: SplitChild| {
        let n = numbers::next(conn, agency.id.0, numbers::REQUESTS, year)?;
        let number = request_number(year, agency.serial, i64::from(n));
        Ok(SplitChild { number, ..child })
    };
    children.into_iter().map(number).collect()
}

/// Enters one new request with its items, its share of the form and its own 回执.
fn bear(
    conn: &mut Conn,
    app: &App,
    principal: &Principal,
    agency: &Agency,
    (parent, form): (&Loaded, &Application),
    child: &SplitChild,
) -> Result<Loaded, AppError> {
    let rows = events::of_request(conn, parent.row.id)?;
    let entries = rows.iter().map(ledger::entry).collect::<Result<Vec<_>, _>>()?;
    let items: Vec<ItemText> =
        child.items.iter().filter_map(|n| parent.case.item(*n)).map(|i| i.text.clone()).collect();
    let origin = split::Origin {
        request: RequestId(parent.row.id),
        number: parent.row.number.clone(),
        entries: &entries,
        moved: &child.items,
    };
    let decision = split::child(&origin, items.clone(), &app.context(principal))?;
    let titles: Vec<&str> = items.iter().map(|item| item.title.as_str()).collect();
    let description: Vec<&str> =
        items.iter().map(|item| item.description.as_str()).filter(|d| !d.is_empty()).collect();
    let form = Application {
        title: titles.join("；"),
        description: description.join("\n"),
        ..form.clone()
    };
    let now = app.clock.now();
    let row = RequestRow {
        id: child.request.0,
        number: child.number.clone(),
        title: form.title.clone(),
        receipt_decided_by: Some(principal.user.0),
        last_seq: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        ..parent.row.clone()
    };
    let row = ledger::projected(row, &decision.case, &app.calendar);
    let actor = principal.actor();
    let (decision, receipt) = Receipt::draw_up(app, &row, &actor, agency, decision)?;
    let loaded = ledger::begin(conn, app, row, &actor, decision)?;
    applications::insert(conn, application_row(app, child.request.0, &form)?)?;
    receipt.keep(conn, app, &loaded, &form)?;
    Ok(loaded)
}
