//! Reminders (期限提醒): read by those who were reminded, and by the supervisors of a branch; made by
//! the sweep in `reminders/rounds.rs`.

mod limits;
mod mails;
mod people;
mod rounds;
mod withdrawals;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use rounds::ROUND;
pub use rounds::ReminderReport;

use crate::db::reminders::{self as rows, ReminderFilter, Titled};
use crate::db::{Conn, users};
use crate::domain::ids::{AgencyId, ReminderId, RequestId, UserId};
use crate::domain::policy::Role;
use crate::domain::reminder::{LimitKind, ReminderStage, Withdrawal, shown_title};

use super::once::Once;
use super::requests::Page;
use super::{App, AppError, Principal};

/// A reminder, as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReminderView {
    /// Its id.
    pub id: ReminderId,
    /// Which limit.
    pub kind: LimitKind,
    /// The same in Chinese.
    pub kind_label: String,
    /// How near it was.
    pub stage: ReminderStage,
    /// The same in Chinese.
    pub stage_label: String,
    /// The agency whose limit it is.
    pub agency: AgencyId,
    /// The request, where it is about one.
    pub request: Option<RequestId>,
    /// Number in the register.
    pub number: String,
    /// What was asked for; numbers are hidden.
    pub title: Option<String>,
    /// The last day.
    pub limit_on: NaiveDate,
    /// Whether that may still change: an estimated calendar, an open consultation.
    pub provisional: bool,
    /// What to do next.
    pub next_step: String,
    /// Who was told.
    pub recipient: UserId,
    /// By name.
    pub recipient_name: String,
    /// The absent colleague in whose place.
    pub on_behalf_of: Option<String>,
    /// The day it was made.
    pub made_on: NaiveDate,
    /// Whether a message has told it. Whoever has had today's is told the next working day.
    pub told: bool,
    /// When the person marked it as seen.
    pub seen_at: Option<DateTime<Utc>>,
    /// The day on which its limit had ceased to press: nothing is to be done any more.
    #[serde(default)]
    pub withdrawn_on: Option<NaiveDate>,
    /// Why.
    #[serde(default)]
    pub withdrawn_why: Option<Withdrawal>,
    /// The same in Chinese.
    #[serde(default)]
    pub withdrawn_label: Option<String>,
}

/// Which reminders.
#[derive(Debug, Clone, Default)]
pub struct ReminderQuery {
    /// Those given to everybody in the branch, for its supervisors; else only one's own.
    pub branch: bool,
    /// Only about limits of this agency.
    pub agency: Option<AgencyId>,
    /// Only seen ones, or those not seen that still stand.
    pub seen: Option<bool>,
    /// Where the page before ended.
    pub cursor: Option<ReminderId>,
    /// How many: 1–200, by default 50.
    pub limit: Option<i64>,
}

/// How many were marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Seen {
    /// How many of the reminders named are seen now.
    pub seen: i64,
}

/// Most reminders marked at a time.
const MOST: usize = 200;

impl App {
    /// A page of reminders, newest first: one's own, or those of the branch one supervises.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for the branch of whoever supervises none; [`AppError::NotFound`] for
    /// an agency outside it; [`AppError::Invalid`] for a bad `limit`.
    pub async fn reminders(
        &self,
        who: &Principal,
        query: ReminderQuery,
    ) -> Result<Page<ReminderView>, AppError> {
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let agencies = if query.branch {
            if !who.is(Role::Supervisor) {
                return Err(AppError::Forbidden("只有监督员可以查看本系统的期限提醒"));
            }
            let scope = who.scope()?.narrowed(query.agency);
            scope.ok_or(AppError::NotFound("该机关"))?.ids()
        } else {
            query.agency.map(|agency| vec![agency.0])
        };
        let filter = ReminderFilter {
            user: (!query.branch).then_some(who.user.0),
            agencies,
            seen: query.seen,
            before: query.cursor.map(|id| id.0),
            limit: limit + 1,
        };
        self.store
            .read(move |conn| {
                let mut found = rows::list(conn, &filter)?;
                let page = usize::try_from(limit).unwrap_or(usize::MAX);
                let more = found.len() > page;
                found.truncate(page);
                let next = found.last().filter(|_| more).map(|(row, _)| row.id.to_string());
                let mut names = BTreeMap::new();
                let items = found.into_iter().map(|row| view(conn, &mut names, row));
                Ok(Page { items: items.collect::<Result<_, AppError>>()?, next })
            })
            .await
    }

    /// Marks reminders of one's own as seen; once seen they stay so.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] when one of them is not the person's, and then none is marked;
    /// [`AppError::Invalid`] for more than two hundred.
    pub async fn see_reminders(
        &self,
        who: &Principal,
        once: Once,
        ids: Vec<ReminderId>,
    ) -> Result<Seen, AppError> {
        let user = who.user.0;
        let ids: std::collections::BTreeSet<Uuid> = ids.into_iter().map(|id| id.0).collect();
        if ids.len() > MOST {
            return Err(AppError::field("ids", "out_of_range", "一次最多标记200条提醒"));
        }
        let ids: Vec<Uuid> = ids.into_iter().collect();
        self.write_once(Some(once), move |conn, app| {
            let seen = rows::see(conn, user, &ids, app.clock.now())?;
            if usize::try_from(seen).ok() != Some(ids.len()) {
                return Err(AppError::NotFound("这些提醒中的一条"));
            }
            Ok(Seen { seen })
        })
        .await
    }
}

/// Names of people, each looked up once.
type Names = BTreeMap<Uuid, String>;

fn name(conn: &mut Conn, names: &mut Names, user: Uuid) -> Result<String, AppError> {
    if let Some(known) = names.get(&user) {
        return Ok(known.clone());
    }
    let found = users::find(conn, user)?.map(|row| row.name).unwrap_or_default();
    names.insert(user, found.clone());
    Ok(found)
}

fn view(
    conn: &mut Conn,
    names: &mut Names,
    (row, title): Titled,
) -> Result<ReminderView, AppError> {
    let on_behalf_of = row.for_user_id.map(|absent| name(conn, names, absent)).transpose()?;
    Ok(ReminderView {
        id: ReminderId(row.id),
        kind: row.kind,
        kind_label: row.kind.label().to_owned(),
        stage: row.stage,
        stage_label: row.stage.label().to_owned(),
        agency: AgencyId(row.agency_id),
        request: row.request_id.map(RequestId),
        number: row.number,
        title: title.as_deref().map(shown_title),
        limit_on: row.limit_on,
        provisional: row.provisional,
        next_step: row.next_step,
        recipient: UserId(row.user_id),
        recipient_name: name(conn, names, row.user_id)?,
        on_behalf_of,
        made_on: row.made_on,
        told: row.digest_id.is_some(),
        seen_at: row.seen_at,
        withdrawn_on: row.withdrawn_on,
        withdrawn_why: row.withdrawn_why,
        withdrawn_label: row.withdrawn_why.map(|why| why.label().to_owned()),
    })
}
