//! What officers change in the words of a draft reply, and who sees it: everybody who sees the draft,
//! before all whoever approves it.

mod fitted;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::app::actions::application;
use crate::app::audit::{self, Note};
use crate::app::differences::{self, WordingLine};
use crate::app::ledger::{self, Loaded};
use crate::app::{App, AppError, Principal, agencies, joint};
use crate::db::notices::{self as rows, NoticeRow};
use crate::db::{Conn, agencies as agency_rows};
use crate::documents::Notice;
use crate::domain::block_change::{
    self, BlockChange, BlockForm, Fact, Protection, placed, protections,
};
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::notice::NoticeStatus;

pub(super) use fitted::{KeptChange, applied, fitting, kept, still_fit, written};

use fitted::blocks;

use super::assembled::{contents, is_assembled};
use super::beside::{self, CHANGES};
use super::drafts::editable;
use super::setting::as_worded;

/// The words of a draft, block by block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftBlocksView {
    /// The draft.
    pub notice: NoticeId,
    /// Its version, for the next change's `If-Match`.
    pub version: i32,
    /// The blocks as the template makes them of the facts; none of what is issued, whose text is fixed.
    pub blocks: Vec<DraftBlockView>,
    /// What was changed in them.
    pub changes: Vec<BlockChangeView>,
}

/// A block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftBlockView {
    /// Its number, from 1.
    pub block: usize,
    /// What it is.
    pub form: BlockForm,
    /// The same in Chinese.
    pub form_label: String,
    /// What the template says; a line each item of a list.
    pub text: String,
    /// What is printed.
    pub printed: Vec<String>,
    /// Whether that was changed.
    pub changed: bool,
    /// Why its words stay, if they do; paragraphs may still be added beside a paragraph.
    pub protection: Option<Protection>,
    /// The same in Chinese.
    pub protection_label: Option<String>,
}

/// A change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlockChangeView {
    /// What is changed.
    #[serde(flatten)]
    pub change: BlockChange,
    /// Who changed it last.
    pub by: UserId,
    /// By name.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the draft says something else by now where this was changed: it cannot be submitted so.
    pub outdated: bool,
    /// Word by word against the template.
    pub lines: Vec<WordingLine>,
}

impl App {
    /// The words of a draft reply block by block, and what was changed in them.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's; [`AppError::Unprintable`] and
    /// [`AppError::Invalid`] while fields the wording needs are empty.
    pub async fn draft_blocks(
        &self,
        principal: &Principal,
        id: NoticeId,
    ) -> Result<DraftBlocksView, AppError> {
        self.notice(principal, id).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let row = rows::get(conn, id.0)?;
                let loaded = ledger::load(conn, &app, row.request_id)?;
                view(conn, &app, &loaded, row)
            })
            .await
    }

    /// Changes the words of a draft that the person saw at version `seen`: `changes` are all there are to
    /// be. None goes back to what the template says.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] with every change that cannot stand; [`AppError::Conflict`] when
    /// somebody else saved meanwhile or it is no draft any more.
    pub async fn change_blocks(
        &self,
        principal: Principal,
        id: NoticeId,
        seen: i32,
        changes: Vec<BlockChange>,
    ) -> Result<DraftBlocksView, AppError> {
        self.write_once(None, move |conn, app| {
            let (row, loaded) = editable(conn, app, &principal, id, seen)?;
            let plain = worded(conn, app, &loaded, &row)?;
            let facts = facts(conn, app, &loaded, &row)?;
            let asked: Vec<&BlockChange> = changes.iter().collect();
            let faults = block_change::faults(&blocks(&plain), &facts, &asked);
            if !faults.is_empty() {
                return Err(AppError::Invalid(faults));
            }
            let (known, now) = (kept(&row), app.clock.now());
            let by_name = principal.actor().label;
            let changes: Vec<KeptChange> = changes
                .into_iter()
                .map(|change| {
                    let same = known.iter().find(|kept| kept.change == change);
                    same.cloned().unwrap_or_else(|| KeptChange {
                        change,
                        by: principal.user,
                        by_name: by_name.clone(),
                        at: now,
                    })
                })
                .collect();
            let numbers: Vec<usize> = changes.iter().map(|kept| kept.change.block).collect();
            let fields = beside::with(row.fields.clone(), CHANGES, json!(changes));
            let fields = if is_assembled(&row) {
                fields
            } else {
                beside::signed(fields, &row, principal.user)
            };
            let row = rows::update(conn, NoticeRow { fields, updated_at: now, ..row })?;
            let note = Note::done("draft.change", "notice", id.0);
            audit::note(
                conn,
                app,
                Some(&principal),
                Note { detail: json!({ "blocks": numbers }), ..note },
            )?;
            view(conn, app, &loaded, row)
        })
        .await
    }
}

fn worded(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: &NoticeRow,
) -> Result<Notice, AppError> {
    let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
    let form = application(conn, app, loaded)?;
    as_worded(conn, app, &agency, loaded, (row, &form))
}

/// What the text states out of fields and register.
fn facts(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: &NoticeRow,
) -> Result<Vec<Fact>, AppError> {
    let others = if is_assembled(row) { joint::others(conn, app, loaded)? } else { Vec::new() };
    let contents = contents(row, loaded, &others)?;
    Ok(contents.iter().flat_map(|content| content.facts()).collect())
}

fn view(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: NoticeRow,
) -> Result<DraftBlocksView, AppError> {
    let fixed = matches!(row.status, NoticeStatus::Issued | NoticeStatus::Voided);
    let drafted = if fixed { Vec::new() } else { blocks(&worded(conn, app, loaded, &row)?) };
    let kept = kept(&row);
    let asked: Vec<&BlockChange> = kept.iter().map(|kept| &kept.change).collect();
    let places = placed(&drafted, &asked);
    let protections = protections(&drafted);
    let shown = (1..).zip(&drafted).zip(protections).map(|((n, block), protection)| {
        let at = places.iter().position(|place| *place == Some(n - 1));
        let change = at.and_then(|at| asked.get(at));
        let printed = change.map_or_else(
            || block.text.lines().map(str::to_owned).collect(),
            |change| change.lines().map(str::to_owned).collect(),
        );
        DraftBlockView {
            block: n,
            form: block.form,
            form_label: block.form.label().to_owned(),
            text: block.text.clone(),
            printed,
            changed: change.is_some(),
            protection,
            protection_label: protection.map(|kept| kept.label().to_owned()),
        }
    });
    let blocks = shown.collect();
    let changes = kept.iter().zip(&places).map(|(kept, place)| BlockChangeView {
        change: kept.change.clone(),
        by: kept.by,
        by_name: kept.by_name.clone(),
        at: kept.at,
        outdated: !fixed && place.is_none(),
        lines: differences::lines(&kept.change.was, &kept.change.text),
    });
    let changes = changes.collect();
    Ok(DraftBlocksView { notice: NoticeId(row.id), version: row.version, blocks, changes })
}
