//! Agencies' own wording of the documents (文书用语): drafted, tried out, compared, approved by a second
//! person, in force from a day.

pub mod in_force;
mod views;

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::db::editions::{self as rows, EditionRow};
use crate::db::{Conn, StoreError};
use crate::documents::wording::Wording;
use crate::domain::edition::{self, EditionForm, EditionState, EditionStep};
use crate::domain::ids::{AgencyId, EditionId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::request::FieldFault;

use super::audit::{self, Note};
use super::notices::formats::{Document, Format};
use super::once::Once;
use super::{App, AppError, Principal, agencies};

pub use views::{EditionDiff, EditionView, FieldView, TemplateView};

const UNKNOWN: AppError = AppError::NotFound("该文书用语");
const NO_AGENCY: AppError = AppError::NotFound("该机关");

/// What an edition is compared with.
#[derive(Debug, Clone, Default, Deserialize, IntoParams, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Against {
    /// Number of another edition of the same template; none: the built-in text.
    #[serde(default)]
    pub edition: Option<i32>,
}

impl App {
    /// Drafts an edition of a template for an agency.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`]; [`AppError::Invalid`] with every fault of the
    /// text, that of its trial included.
    pub async fn draft_edition(
        &self,
        who: Principal,
        once: Option<Once>,
        (agency, template): (AgencyId, String),
        form: EditionForm,
    ) -> Result<EditionView, AppError> {
        drafts(&who, agency)?;
        let base = self.wording.template(&template).map_err(|_unknown| UNKNOWN)?.version;
        check(&self.wording, &template, &form)?;
        self.write_once(once, move |conn, app| {
            agencies::load(conn, agency)?.ok_or(NO_AGENCY)?;
            let before = rows::of_agency(conn, agency.0, Some(&template))?;
            let now = app.clock.now();
            let row = EditionRow {
                id: Uuid::now_v7(),
                agency_id: agency.0,
                template,
                n: before.first().map_or(0, |newest| newest.n) + 1,
                state: EditionState::Draft,
                body: form.body,
                base: i32::try_from(base).map_err(AppError::broken)?,
                why: form.why.trim().to_owned(),
                drafted_by: who.user.0,
                decided_by: None,
                return_reason: None,
                from_on: None,
                seq: None,
                version: 1,
                created_at: now,
                updated_at: now,
            };
            rows::insert(conn, row.clone()).map_err(beaten)?;
            audit::note(conn, app, Some(&who), Note::done("create", "edition", row.id))?;
            views::edition(conn, app, row)
        })
        .await
    }

    /// Writes a draft anew that was seen at version `seen`.
    ///
    /// # Errors
    ///
    /// As [`App::draft_edition`]; [`AppError::Refused`] for another's draft or one that is none any more;
    /// [`AppError::Conflict`] `changed`.
    pub async fn change_edition(
        &self,
        who: Principal,
        id: EditionId,
        seen: i32,
        form: EditionForm,
    ) -> Result<EditionView, AppError> {
        let template = self.edition(&who, id).await?.template;
        check(&self.wording, &template, &form)?;
        self.write_once(None, move |conn, app| {
            let row = seen_at(conn, &who, id, seen)?;
            // Who may submit it may write it, and while it can be submitted.
            let actor = (who.user, app.today());
            edition::decide(row.state, UserId(row.drafted_by), &EditionStep::Submit, actor)
                .map_err(Refusal::from)?;
            let base = app.wording.template(&row.template).map_err(AppError::broken)?.version;
            let row = EditionRow {
                body: form.body,
                why: form.why.trim().to_owned(),
                base: i32::try_from(base).map_err(AppError::broken)?,
                updated_at: app.clock.now(),
                ..row
            };
            let row = rows::update(conn, row).map_err(beaten)?;
            audit::note(conn, app, Some(&who), Note::done("change", "edition", row.id))?;
            views::edition(conn, app, row)
        })
        .await
    }

    /// Takes a step on an edition seen at version `seen`.
    ///
    /// # Errors
    ///
    /// [`AppError::Refused`]; [`AppError::Invalid`] when the text does not stand; [`AppError::Conflict`]
    /// `changed`.
    pub async fn edition_step(
        &self,
        who: Principal,
        once: Option<Once>,
        id: EditionId,
        seen: i32,
        step: EditionStep,
    ) -> Result<EditionView, AppError> {
        self.write_once(once, move |conn, app| {
            let row = seen_at(conn, &who, id, seen)?;
            let actor = (who.user, app.today());
            let state = edition::decide(row.state, UserId(row.drafted_by), &step, actor)
                .map_err(Refusal::from)?;
            // The program may have been renewed since it was written.
            if matches!(state, EditionState::Submitted | EditionState::Approved) {
                let form = EditionForm { body: row.body.clone(), why: row.why.clone() };
                check(&app.wording, &row.template, &form)?;
            }
            let row = decided(conn, app, &who, EditionRow { state, ..row }, &step)?;
            let row = rows::update(conn, EditionRow { updated_at: app.clock.now(), ..row });
            let row = row.map_err(beaten)?;
            let verb = match step {
                EditionStep::Submit => "submit",
                EditionStep::Approve { .. } => "approve",
                EditionStep::Return { .. } => "return",
                EditionStep::Discard => "discard",
            };
            audit::note(conn, app, Some(&who), Note::done(verb, "edition", row.id))?;
            views::edition(conn, app, row)
        })
        .await
    }

    /// The templates with what the agency has of its own.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`].
    pub async fn wordings(
        &self,
        who: &Principal,
        agency: AgencyId,
    ) -> Result<Vec<TemplateView>, AppError> {
        reviews(who, agency)?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                agencies::load(conn, agency)?.ok_or(NO_AGENCY)?;
                let own = rows::of_agency(conn, agency.0, None)?;
                Ok(app.wording.templates().map(|one| views::template(&app, one, &own)).collect())
            })
            .await
    }

    /// The editions of one template, newest first.
    ///
    /// # Errors
    ///
    /// As [`App::wordings`].
    pub async fn editions(
        &self,
        who: &Principal,
        agency: AgencyId,
        template: String,
    ) -> Result<Vec<EditionView>, AppError> {
        reviews(who, agency)?;
        self.wording.template(&template).map_err(|_unknown| UNKNOWN)?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let own = rows::of_agency(conn, agency.0, Some(&template))?;
                own.into_iter().map(|row| views::edition(conn, &app, row)).collect()
            })
            .await
    }

    /// One edition.
    ///
    /// # Errors
    ///
    /// As [`App::wordings`].
    pub async fn edition(&self, who: &Principal, id: EditionId) -> Result<EditionView, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |conn| {
                let row = found(conn, &who, id)?;
                views::edition(conn, &app, row)
            })
            .await
    }

    /// The template filled with its made-up sample in the words of an edition.
    ///
    /// # Errors
    ///
    /// As [`App::edition`]; [`AppError::Unprintable`].
    pub async fn edition_trial(
        &self,
        who: &Principal,
        id: EditionId,
        format: Format,
    ) -> Result<Document, AppError> {
        let (app, who) = (self.clone(), who.clone());
        let specimen = self.store.read(move |conn| {
            let row = found(conn, &who, id)?;
            let own = row.body.as_deref().map(|body| in_force::edited(&app.wording, &row, body));
            let own = own.transpose().map_err(AppError::Unprintable)?;
            let wording = own.as_ref().unwrap_or(&app.wording);
            wording.specimen(&row.template).map_err(AppError::broken)
        });
        self.set(specimen.await?, format).await
    }

    /// What an edition changes, line by line.
    ///
    /// # Errors
    ///
    /// As [`App::edition`]; [`AppError::NotFound`] for an edition to compare with that is not there.
    pub async fn edition_diff(
        &self,
        who: &Principal,
        id: EditionId,
        against: Against,
    ) -> Result<EditionDiff, AppError> {
        let (app, who) = (self.clone(), who.clone());
        self.store
            .read(move |conn| {
                let row = found(conn, &who, id)?;
                let other = match against.edition {
                    None => None,
                    Some(n) => {
                        let all = rows::of_agency(conn, row.agency_id, Some(&row.template))?;
                        all.into_iter().find(|other| other.n == n).ok_or(UNKNOWN)?.body
                    }
                };
                let builtin = app.wording.body(&row.template).map_err(AppError::broken)?;
                let [old, new] = [&other, &row.body].map(|body| body.as_deref().unwrap_or(builtin));
                Ok(views::diff(old, new))
            })
            .await
    }
}

/// What a step writes beside the state.
fn decided(
    conn: &mut Conn,
    app: &App,
    who: &Principal,
    row: EditionRow,
    step: &EditionStep,
) -> Result<EditionRow, AppError> {
    let decided_by = Some(who.user.0);
    Ok(match step {
        EditionStep::Submit => EditionRow { return_reason: None, ..row },
        EditionStep::Discard => row,
        EditionStep::Return { reason } => {
            let return_reason = Some(edition::return_reason(reason)?);
            EditionRow { decided_by, return_reason, ..row }
        }
        EditionStep::Approve { from } => {
            far_enough(app, *from)?;
            let seq = Some(rows::last_seq(conn)? + 1);
            EditionRow { decided_by, from_on: Some(*from), seq, ..row }
        }
    })
}

/// A day of beginning is no slip of the pen.
fn far_enough(app: &App, from: NaiveDate) -> Result<(), AppError> {
    let year = chrono::Days::new(366);
    match app.today().checked_add_days(year) {
        Some(last) if from <= last => Ok(()),
        _ => Err(AppError::field("from", "out_of_range", "启用日期应在一年以内")),
    }
}

fn check(wording: &Wording, template: &str, form: &EditionForm) -> Result<(), AppError> {
    let builtin = wording.body(template).map_err(|_unknown| UNKNOWN)?;
    let mut faults = edition::faults(form, builtin);
    if let Some(body) = form.body.as_deref().filter(|_| faults.is_empty()) {
        let broken = wording.edited(template, 0, body).err().unwrap_or_default();
        faults.extend(broken.iter().map(|fault| FieldFault {
            field: "body",
            code: "wording_broken",
            message: fault.to_string(),
        }));
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

fn found(conn: &mut Conn, who: &Principal, id: EditionId) -> Result<EditionRow, AppError> {
    let row = rows::find(conn, id.0)?.ok_or(UNKNOWN)?;
    match reviews(who, AgencyId(row.agency_id)) {
        Err(AppError::NotFound(_)) => Err(UNKNOWN),
        other => other.map(|()| row),
    }
}

fn seen_at(
    conn: &mut Conn,
    who: &Principal,
    id: EditionId,
    seen: i32,
) -> Result<EditionRow, AppError> {
    let row = found(conn, who, id)?;
    if row.version == seen { Ok(row) } else { Err(changed()) }
}

fn changed() -> AppError {
    AppError::Conflict {
        code: "changed",
        message: "这份文书用语在您查看之后已被修改，请刷新后再操作".to_owned(),
    }
}

/// Somebody else was faster: with the same edition, or with the next number.
fn beaten(error: StoreError) -> AppError {
    match error {
        StoreError::Stale | StoreError::UniqueViolation { .. } => changed(),
        other => other.into(),
    }
}

fn reviews(who: &Principal, agency: AgencyId) -> Result<(), AppError> {
    if edition::may_review(&who.roles, who.agency, agency) {
        return Ok(());
    }
    // Whoever keeps the wording of one agency is not told of another's.
    let keeps = who.agency.is_some_and(|own| edition::may_review(&who.roles, Some(own), own));
    if keeps { Err(NO_AGENCY) } else { Err(AppError::Forbidden(KEEPERS)) }
}

fn drafts(who: &Principal, agency: AgencyId) -> Result<(), AppError> {
    let drafts_at_all =
        who.agency.is_some_and(|own| edition::may_draft(&who.roles, Some(own), own));
    match edition::may_draft(&who.roles, who.agency, agency) {
        true => Ok(()),
        false if drafts_at_all => Err(NO_AGENCY),
        false => Err(AppError::Forbidden(DRAFTERS)),
    }
}

const KEEPERS: &str = "只有公开工作机构负责人、法制审核人员和系统管理员可以查看、复核文书用语";
const DRAFTERS: &str = "只有公开工作机构负责人和系统管理员可以起草文书用语";
