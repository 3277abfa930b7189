//! The library of reasons (理由库): added by heads for their agency and by supervisors for the
//! county, picked by officers for a reply, and followed by how the reply fared.

mod views;

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::Conn;
use crate::db::notices::NoticeRow;
use crate::db::reason_texts::{self as rows, ReasonTextFilter, ReasonTextRow, ReasonUseRow};
use crate::domain::ids::{AgencyId, NoticeId, ReasonTextId, RequestId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Role;
use crate::domain::reason_text::{ReasonTextForm, fits};
use crate::domain::reply::ReplyContent;
use crate::domain::text::TEXT_MAX;

use super::audit::{self, Note};
use super::once::Once;
use super::principal::Scope;
use super::requests::Page;
use super::{App, AppError, Principal};

pub use views::{FaredView, ReasonTextView, ReasonUseView, UseRemedy};
use views::{view, views};

const UNKNOWN: AppError = AppError::NotFound("该理由");

/// Which entries are listed.
#[derive(Debug, Clone, Default)]
pub struct ReasonTextQuery {
    /// Only for this outcome.
    pub outcome: Option<Outcome>,
    /// Only with these words.
    pub words: Option<String>,
    /// Retired ones as well.
    pub retired: bool,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many, 1–200; 50 when not given.
    pub limit: Option<i64>,
}

/// Why an entry is retired.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Retirement {
    /// Why, such as the decision that found it wanting.
    pub why: String,
}

impl App {
    /// Adds an entry: for their agency by a head, for the county by a supervisor. What it replaces is
    /// retired with it.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for everybody else; [`AppError::Invalid`] with every fault;
    /// [`AppError::Conflict`] `changed` when what it replaces is retired already.
    pub async fn add_reason_text(
        &self,
        who: Principal,
        once: Option<Once>,
        form: ReasonTextForm,
    ) -> Result<ReasonTextView, AppError> {
        let agency = keeper(&who)?;
        let faults = form.faults();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        self.write_once(once, move |conn, app| {
            if let Some(earlier) = form.replaces {
                let row = kept(conn, &who, earlier)?;
                let message = "没有这条可以替换的理由";
                let unknown = || AppError::field("replaces", "unknown_reason_text", message);
                let row = row.ok_or_else(unknown)?;
                retire(conn, app, row, "已由新的理由替换")?;
            }
            let (id, now) = (Uuid::now_v7(), app.clock.now());
            let row = ReasonTextRow {
                id,
                agency_id: agency.map(|agency| agency.0),
                outcome: form.outcome,
                article: form.article.trim().to_owned(),
                title: form.title.trim().to_owned(),
                wording: form.wording.trim().to_owned(),
                notes: form.notes.trim().to_owned(),
                replaces: form.replaces.map(|earlier| earlier.0),
                retired_on: None,
                retired_why: String::new(),
                added_by: who.user.0,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone())?;
            audit::note(conn, app, Some(&who), Note::done("create", "reason_text", id))?;
            view(conn, row)
        })
        .await
    }

    /// Retires an entry seen at version `seen`: it stays readable and is offered no more.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Invalid`] without a reason;
    /// [`AppError::Conflict`] `changed`.
    pub async fn retire_reason_text(
        &self,
        who: Principal,
        once: Option<Once>,
        id: ReasonTextId,
        seen: i32,
        retirement: Retirement,
    ) -> Result<ReasonTextView, AppError> {
        keeper(&who)?;
        let why = retirement.why.trim().to_owned();
        if why.is_empty() {
            return Err(AppError::field("why", "required", "请填写停用的理由"));
        }
        if why.chars().nth(TEXT_MAX).is_some() {
            return Err(AppError::field("why", "too_long", "停用的理由过长"));
        }
        self.write_once(once, move |conn, app| {
            let row = kept(conn, &who, id)?.ok_or(UNKNOWN)?;
            if row.version != seen {
                return Err(changed());
            }
            let row = retire(conn, app, row, &why)?;
            audit::note(conn, app, Some(&who), Note::done("retire", "reason_text", id.0))?;
            view(conn, row)
        })
        .await
    }

    /// A page of the library: the county's entries and one's agency's, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for people without cases; [`AppError::Invalid`] for a bad cursor.
    pub async fn reason_texts(
        &self,
        who: &Principal,
        query: ReasonTextQuery,
    ) -> Result<Page<ReasonTextView>, AppError> {
        let bad =
            |_| AppError::field("cursor", "malformed_cursor", "分页位置无效，请从第一页重新打开");
        let limit = query.limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"));
        }
        let words = query.words.map(|words| words.trim().to_owned());
        let filter = ReasonTextFilter {
            agencies: who.scope()?.ids(),
            outcome: query.outcome,
            retired: query.retired,
            words: words.filter(|words| !words.is_empty()),
            after: query.cursor.map(|cursor| cursor.parse()).transpose().map_err(bad)?,
            limit: limit + 1,
        };
        self.store
            .read(move |conn| {
                let mut found = rows::list(conn, &filter)?;
                let page = usize::try_from(limit).unwrap_or(usize::MAX);
                let more = found.len() > page;
                found.truncate(page);
                let next = found.last().filter(|_| more).map(|row| row.id.to_string());
                Ok(Page { items: views(conn, found)?, next })
            })
            .await
    }

    /// One entry.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn reason_text(
        &self,
        who: &Principal,
        id: ReasonTextId,
    ) -> Result<ReasonTextView, AppError> {
        let scope = who.scope()?;
        self.store
            .read(move |conn| {
                let row = readable(conn, &scope, id)?;
                view(conn, row)
            })
            .await
    }

    /// The replies that used an entry, newest first; of a county's entry those of one's own agency.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn reason_uses(
        &self,
        who: &Principal,
        id: ReasonTextId,
    ) -> Result<Vec<ReasonUseView>, AppError> {
        let scope = who.scope()?;
        self.store
            .read(move |conn| {
                readable(conn, &scope, id)?;
                let fared = rows::fared(conn, &[id.0])?;
                let uses = rows::uses(conn, &[id.0])?.into_iter();
                let own = uses.filter(|(_, _, of, _)| scope.includes(AgencyId(*of)));
                let against = |notice: Uuid| {
                    let remedies = fared.iter().filter(move |f| f.notice_id == notice);
                    remedies.map(|f| UseRemedy {
                        remedy: f.kind,
                        body: f.body.clone(),
                        id: f.case_number.clone(),
                        result: f.result,
                    })
                };
                Ok(own
                    .map(|(used, number, _, request_number)| ReasonUseView {
                        notice: NoticeId(used.notice_id),
                        number,
                        request: RequestId(used.request_id),
                        request_number,
                        issued_on: used.issued_on,
                        remedies: against(used.notice_id).collect(),
                    })
                    .collect())
            })
            .await
    }
}

/// Refuses a draft that names an entry which is not there, retired, or for another outcome.
///
/// # Errors
///
/// [`AppError::Invalid`] for the field `reason_texts`.
pub(super) fn check(
    conn: &mut Conn,
    agency: AgencyId,
    content: &ReplyContent,
) -> Result<(), AppError> {
    for id in &content.reason_texts {
        let row = rows::find(conn, id.0)?;
        let row = row.filter(|row| row.agency_id.is_none_or(|own| own == agency.0));
        let Some(row) = row else {
            let message = "理由库中没有所选的理由";
            return Err(AppError::field("reason_texts", "unknown_reason_text", message));
        };
        fits(row.outcome, row.retired_on.is_some(), content.outcome)
            .map_err(|unfit| AppError::Invalid(vec![unfit.fault(&row.title)]))?;
    }
    Ok(())
}

/// Puts on record which entries a reply that is being issued was built on.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn record_uses(
    conn: &mut Conn,
    app: &App,
    notice: &NoticeRow,
    contents: &[ReplyContent],
) -> Result<(), AppError> {
    let mut used: Vec<Uuid> =
        contents.iter().flat_map(|content| content.reason_texts.iter().map(|id| id.0)).collect();
    used.sort_unstable();
    used.dedup();
    let row = |reason_id| ReasonUseRow {
        reason_id,
        notice_id: notice.id,
        request_id: notice.request_id,
        issued_on: app.today(),
    };
    Ok(rows::record_uses(conn, used.into_iter().map(row).collect())?)
}

fn retire(
    conn: &mut Conn,
    app: &App,
    row: ReasonTextRow,
    why: &str,
) -> Result<ReasonTextRow, AppError> {
    if row.retired_on.is_some() {
        return Err(changed());
    }
    let row = ReasonTextRow {
        retired_on: Some(app.today()),
        retired_why: why.to_owned(),
        updated_at: app.clock.now(),
        ..row
    };
    rows::update(conn, row).map_err(|error| match error {
        crate::db::StoreError::Stale => changed(),
        other => other.into(),
    })
}

/// Whose entries the person adds to: their agency's, or (`None`) the county's.
fn keeper(who: &Principal) -> Result<Option<AgencyId>, AppError> {
    match who.agency {
        None if who.is(Role::Supervisor) => Ok(None),
        Some(agency) if who.is(Role::Supervisor) || who.is(Role::Head) => Ok(Some(agency)),
        _ => Err(AppError::Forbidden("理由库由政府信息公开工作机构负责人和主管部门维护")),
    }
}

/// Whether the person may retire an entry: of their agency or branch, the county's only if they
/// watch over all of it.
fn keeps(who: &Principal, row: &ReasonTextRow) -> Result<bool, AppError> {
    keeper(who)?;
    let scope = who.scope()?;
    Ok(match row.agency_id {
        Some(of) => scope.includes(AgencyId(of)),
        None => scope == Scope::County,
    })
}

/// The entry, if the person may retire it.
fn kept(
    conn: &mut Conn,
    who: &Principal,
    id: ReasonTextId,
) -> Result<Option<ReasonTextRow>, AppError> {
    match rows::find(conn, id.0)? {
        Some(row) if keeps(who, &row)? => Ok(Some(row)),
        _ => Ok(None),
    }
}

fn readable(conn: &mut Conn, scope: &Scope, id: ReasonTextId) -> Result<ReasonTextRow, AppError> {
    let seen = |row: &ReasonTextRow| row.agency_id.is_none_or(|of| scope.includes(AgencyId(of)));
    rows::find(conn, id.0)?.filter(seen).ok_or(UNKNOWN)
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "这条理由在您查看之后已有变化，请刷新后再办".to_owned(),
    }
}
