//! What was supplied on request, or may be opened again, is published for everybody: drafted by one
//! person, reviewed and published by another, read without an account.
//!
//! Source: 条例 art. 12, 15, 17, 44.

pub(super) mod attest;
mod candidates;
mod public;
mod views;

use uuid::Uuid;

use crate::db::publications::{self as rows, PublicationFilter, PublicationRow};
use crate::db::reassessments::{self, ReassessmentFilter};
use crate::db::{Conn, StoreError, files, requests};
use crate::domain::decide::secrecy;
use crate::domain::file::Release;
use crate::domain::ids::{AgencyId, FileId, PublicationId, RequestId, UserId};
use crate::domain::publication::{self as domain, Pending, PublicationState, PublicationStep};
use crate::domain::reassessment::AssessmentState;
use crate::domain::refusal::{AnsweredRefusal, Refusal};

use super::audit::{self, Note};
use super::ledger::{self, Loaded};
use super::once::Once;
use super::requests::Page;
use super::{App, AppError, Principal};

use attest::attested;
pub use candidates::CandidateView;
pub use public::{PublicEntry, PublicFile};
pub use views::{PublicationDeed, PublicationForm, PublicationQuery, PublicationView};
use views::{deed, found, head, history, read, with, words};

const UNKNOWN: AppError = AppError::NotFound("该公开信息");

impl App {
    /// Drafts a publication of what a request brought.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], [`AppError::Refused`] `not_publishable`, `file_not_publishable`, a
    /// head that is not whole.
    pub async fn draft_publication(
        &self,
        who: Principal,
        once: Option<Once>,
        request: RequestId,
        form: PublicationForm,
    ) -> Result<PublicationView, AppError> {
        let own = who.handles_for()?;
        self.request(&who, request).await?;
        self.inspect_supplied(request).await?;
        self.write_once(once, move |conn, app| {
            let loaded = ledger::load(conn, app, request.0)?;
            who.may_see(AgencyId(loaded.row.agency_id))?;
            if loaded.row.agency_id != own.0 {
                return Err(AppError::NotFound("该申请"));
            }
            let files = chosen(conn, app, &loaded, &form)?;
            let now = app.clock.now();
            let row = PublicationRow {
                id: Uuid::now_v7(),
                agency_id: own.0,
                request_id: request.0,
                title: form.head.title.trim().to_owned(),
                words: words(&form.head),
                head: serde_json::to_value(&form.head).map_err(AppError::broken)?,
                content_check: String::new(),
                findings_kept: String::new(),
                state: PublicationState::Draft,
                secrecy: None,
                published_on: None,
                history: with(&[], deed(app, &who, "起草", "", true))?,
                version: 1,
                created_at: now,
                updated_at: now,
                seal: String::new(),
            };
            let id = row.id;
            rows::insert(conn, attested(app, row, &files), &files)?;
            audit::note(conn, app, Some(&who), Note::done("draft", "publication", id))?;
            read(conn, app, id)
        })
        .await
    }

    /// Writes at a draft that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// As [`App::draft_publication`]; [`AppError::Conflict`] `changed`.
    pub async fn save_publication(
        &self,
        who: Principal,
        id: PublicationId,
        seen: i32,
        form: PublicationForm,
    ) -> Result<PublicationView, AppError> {
        let own = who.handles_for()?;
        self.inspect_published(own, id, seen).await?;
        self.write_once(None, move |conn, app| {
            let row = own_row(conn, own, id, seen)?;
            if row.state != PublicationState::Draft {
                let refusal =
                    AnsweredRefusal::WrongPublicationState { from: row.state, step: "修改" };
                return Err(Refusal::from(refusal).into());
            }
            let loaded = ledger::load(conn, app, row.request_id)?;
            let files = chosen(conn, app, &loaded, &form)?;
            let row = PublicationRow {
                title: form.head.title.trim().to_owned(),
                words: words(&form.head),
                head: serde_json::to_value(&form.head).map_err(AppError::broken)?,
                history: with(&history(&row)?, deed(app, &who, "修改", "", true))?,
                updated_at: app.clock.now(),
                ..row
            };
            rows::update(conn, attested(app, row, &files), Some(&files)).map_err(stale)?;
            read(conn, app, id.0)
        })
        .await
    }

    /// Takes a step on a publication that the person saw at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], [`AppError::Refused`]; [`AppError::Conflict`] `changed`.
    pub async fn publication_step(
        &self,
        who: Principal,
        once: Option<Once>,
        id: PublicationId,
        seen: i32,
        step: PublicationStep,
    ) -> Result<PublicationView, AppError> {
        let own = who.handles_for()?;
        if matches!(step, PublicationStep::Submit { .. } | PublicationStep::Publish) {
            self.inspect_published(own, id, seen).await?;
        }
        self.write_once(once, move |conn, app| {
            let row = own_row(conn, own, id, seen)?;
            let loaded = ledger::load(conn, app, row.request_id)?;
            let past = history(&row)?;
            let head = head(&row)?;
            let traces = found(conn, app, &loaded, &row)?;
            let authors: Vec<UserId> =
                past.iter().filter(|deed| deed.wrote).map(|deed| deed.user).collect();
            let pending = Pending {
                state: row.state,
                authors: &authors,
                head: &head,
                traces: &traces,
                asked_by_person: loaded.row.applicant_kind.is_person(),
                secrecy: row.secrecy,
            };
            let state = domain::decide(&pending, &step, who.user, &who.roles)?;
            if matches!(step, PublicationStep::Submit { .. } | PublicationStep::Publish) {
                let files = rows::files_of(conn, id.0)?;
                let files = files.iter().map(|file| FileId(file.id)).collect();
                chosen(conn, app, &loaded, &PublicationForm { head, files })?;
            }
            let (label, on) = (step.label(), app.today());
            let mut row = PublicationRow { state, updated_at: app.clock.now(), ..row };
            let reason = match step {
                PublicationStep::Submit { content_check, findings_kept } => {
                    row.content_check = content_check.trim().to_owned();
                    row.findings_kept = findings_kept.trim().to_owned();
                    row.secrecy = None;
                    String::new()
                }
                PublicationStep::ReviewSecrecy { finding, opinion } => {
                    row.secrecy = Some(finding);
                    format!("{}：{}", finding.label(), opinion.trim())
                }
                PublicationStep::Return { reason } => {
                    row.secrecy = None;
                    reason
                }
                PublicationStep::Publish => {
                    row.published_on = Some(on);
                    String::new()
                }
                PublicationStep::Withdraw { reason } => reason,
            };
            row.history = with(&past, deed(app, &who, label, &reason, false))?;
            let files = rows::file_ids(conn, id.0)?;
            rows::update(conn, attested(app, row, &files), None).map_err(stale)?;
            audit::note(conn, app, Some(&who), Note::done("step", "publication", id.0))?;
            read(conn, app, id.0)
        })
        .await
    }

    /// Looks into files that joined their case before files were looked into. Whoever is late, or
    /// sends the same step again, hears so from the write itself.
    async fn inspect_published(
        &self,
        own: AgencyId,
        id: PublicationId,
        seen: i32,
    ) -> Result<(), AppError> {
        let row = self.store.read(move |conn| own_row(conn, own, id, seen)).await;
        match row {
            Ok(row) => self.inspect_supplied(RequestId(row.request_id)).await,
            Err(AppError::NotFound(_) | AppError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A page of publications, newest first.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`] for an agency the person does not see.
    pub async fn publications(
        &self,
        who: &Principal,
        query: PublicationQuery,
    ) -> Result<Page<PublicationView>, AppError> {
        let scope = who.scope()?.narrowed(query.agency).ok_or(AppError::NotFound("该机关"))?;
        let limit = page_of(query.limit)?;
        let filter = PublicationFilter {
            agencies: scope.ids(),
            state: query.state,
            words: query.words,
            before: query.cursor.map(|id| id.0),
            limit: limit + 1,
        };
        let app = self.clone();
        self.store
            .read(move |conn| {
                let mut ids: Vec<Uuid> =
                    rows::list(conn, &filter)?.into_iter().map(|(row, _)| row.id).collect();
                let page = usize::try_from(limit).unwrap_or(usize::MAX);
                let more = ids.len() > page;
                ids.truncate(page);
                let next = ids.last().filter(|_| more).map(Uuid::to_string);
                let items = ids.into_iter().map(|id| read(conn, &app, id));
                Ok(Page { items: items.collect::<Result<_, AppError>>()?, next })
            })
            .await
    }

    /// A publication, as the agency sees it.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn publication(
        &self,
        who: &Principal,
        id: PublicationId,
    ) -> Result<PublicationView, AppError> {
        let (app, scope) = (self.clone(), who.scope()?);
        self.store
            .read(move |conn| {
                let view = read(conn, &app, id.0)?;
                if scope.includes(view.agency) { Ok(view) } else { Err(UNKNOWN) }
            })
            .await
    }
}

/// The files the form names, each of which may be published; checks the head as well.
fn chosen(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    form: &PublicationForm,
) -> Result<Vec<Uuid>, AppError> {
    form.head.check(app.today())?;
    let case = &loaded.case;
    let opened = ReassessmentFilter {
        request: Some(loaded.row.id),
        state: Some(AssessmentState::Opened),
        limit: 1,
        ..ReassessmentFilter::default()
    };
    let reopened = !reassessments::list(conn, &opened)?.is_empty();
    let sent = case.reply.as_ref().is_some_and(|reply| reply.dispatched_on.is_some());
    if !domain::may_be_published(case.outcome, sent, reopened) {
        return Err(Refusal::from(AnsweredRefusal::NotPublishable).into());
    }
    let mut ids = Vec::with_capacity(form.files.len());
    for file in &form.files {
        if let Some(supplied) = case.supplied_file(*file).filter(|supplied| !supplied.withdrawn) {
            supplied.free_of_hidden_data().map_err(Refusal::from)?;
        }
        let fits = case.supplied_file(*file).is_some_and(|supplied| {
            let open = secrecy::release(case, supplied) == Release::Open;
            !supplied.withdrawn && (open || reopened)
        });
        if !fits || ids.contains(&file.0) {
            return Err(Refusal::from(AnsweredRefusal::FileNotPublishable).into());
        }
        ids.push(files::get(conn, file.0)?.id);
    }
    Ok(ids)
}

fn own_row(
    conn: &mut Conn,
    own: AgencyId,
    id: PublicationId,
    seen: i32,
) -> Result<PublicationRow, AppError> {
    let (row, _) = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
    // Whoever goes on with the request goes on with what was published from it.
    if requests::get(conn, row.request_id)?.agency_id != own.0 {
        return Err(UNKNOWN);
    }
    if row.version == seen { Ok(row) } else { Err(changed()) }
}

pub(super) fn page_of(limit: Option<i64>) -> Result<i64, AppError> {
    let limit = limit.unwrap_or(50);
    if (1..=200).contains(&limit) {
        return Ok(limit);
    }
    Err(AppError::field("limit", "out_of_range", "每页数量应在1至200之间"))
}

fn stale(error: StoreError) -> AppError {
    match error {
        StoreError::Stale => changed(),
        other => other.into(),
    }
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "该公开信息在您查看之后已被他人处理，请刷新后再试".to_owned(),
    }
}
