//! Hidden data in files that are to go out: looked for when a file is to be supplied, kept by its digest,
//! and on record in the case, where it holds the reply back until it is removed or answered for.
//!
//! Source: 条例 art. 15, 37; 个人信息保护法 art. 25, 28.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, oneshot};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::file_findings::{self as rows, FileFindingsRow};
use crate::db::files::{self, FileRow};
use crate::db::{Conn, StoreError};
use crate::documents::inspect::{Kind, RULES};
use crate::domain::command::Command;
use crate::domain::decide;
use crate::domain::event::Actor;
use crate::domain::file::Supplied;
use crate::domain::finding::{self, Finding, FindingKind};
use crate::domain::ids::{FileId, RequestId, UserId};
use crate::domain::policy::Action;
use crate::storage::MediaType;

use super::ledger::{self, Loaded};
use super::{App, AppError, Principal};

/// How long somebody waits for a file to be looked into. Then it counts as not looked into.
const PATIENCE: Duration = Duration::from_secs(60);

/// Files looked into at the same time: each may take memory many times its size.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Stack for readers of nested files.
const STACK: usize = 64 * 1024 * 1024;

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct FindingsView {
    /// The file.
    pub file: FileId,
    /// Its name.
    pub name: String,
    /// SHA-256 of what was looked into.
    pub sha256: String,
    /// Version of the rules by which; none while nobody has looked.
    pub rules: Option<u16>,
    /// What was found, numbers and names masked.
    pub findings: Vec<Finding>,
    /// Whether nothing stands against handing it out: nothing was found, or somebody answers for it.
    pub settled: bool,
    /// Who answers for it.
    pub confirmed: Option<FindingsConfirmed>,
}

/// Who says that what was found may stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FindingsConfirmed {
    /// Who.
    pub by: Option<UserId>,
    /// Why.
    pub reason: String,
    /// Position in the ledger.
    pub seq: i32,
}

/// What was found in a file, not yet on record.
#[derive(Clone)]
pub(super) struct Looked {
    findings: Vec<Finding>,
    fresh: Option<FileFindingsRow>,
}

impl Looked {
    /// The step that puts it on record.
    pub(super) fn command(&self, file: FileId) -> Command {
        let found = finding::counted(&self.findings);
        Command::RecordInspection { file, rules: RULES, found }
    }

    /// Keeps what was found for the next file of the same bytes.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub(super) fn keep(self, conn: &mut Conn) -> Result<(), AppError> {
        self.fresh.map_or(Ok(()), |row| Ok(rows::keep(conn, row)?))
    }
}

impl App {
    /// What was found in a file that is to be supplied.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's and for files that are not to go out.
    pub async fn findings(
        &self,
        principal: &Principal,
        id: FileId,
    ) -> Result<FindingsView, AppError> {
        let row = self.own_file(principal, id).await?;
        let app = self.clone();
        self.store
            .read(move |conn| {
                let loaded = ledger::load(conn, &app, row.request_id)?;
                view(conn, &app, &loaded, row)
            })
            .await
    }

    /// Looks into a file that is to be supplied, anew if the rules have changed meanwhile.
    ///
    /// # Errors
    ///
    /// As [`App::findings`]; [`AppError::Forbidden`]; failures of the file store.
    pub async fn inspect(
        &self,
        principal: &Principal,
        id: FileId,
    ) -> Result<FindingsView, AppError> {
        let row = self.own_file(principal, id).await?;
        let request = RequestId(row.request_id);
        principal.may(Action::AddFile, self.request(principal, request).await?.agency)?;
        let looked = self.look_into(&row).await?;
        let actor = principal.actor();
        self.record_look(actor, row, looked).await
    }

    /// A file of a case that the person sees.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub(super) async fn own_file(
        &self,
        principal: &Principal,
        id: FileId,
    ) -> Result<FileRow, AppError> {
        let missing = || AppError::NotFound("该文件");
        let row = self.store.read(move |conn| files::get(conn, id.0)).await;
        let row = row.map_err(|error| match error {
            StoreError::NotFound => missing(),
            other => other.into(),
        })?;
        match self.request(principal, RequestId(row.request_id)).await {
            Err(AppError::NotFound(_)) => Err(missing()),
            Err(other) => Err(other),
            Ok(_) => Ok(row),
        }
    }

    /// Looks into files that joined before files were looked into, so that no reply waits for somebody
    /// to think of it.
    ///
    /// # Errors
    ///
    /// Failures of database and file store.
    pub(super) async fn inspect_supplied(&self, request: RequestId) -> Result<(), AppError> {
        let app = self.clone();
        let waiting = self.store.read(move |conn| {
            let case = ledger::load(conn, &app, request.0)?.case;
            let unseen = |file: &&Supplied| !file.withdrawn && file.inspection.is_none();
            let rows = case.supplied.iter().filter(unseen);
            rows.map(|file| Ok(files::get(conn, file.file.0)?))
                .collect::<Result<Vec<_>, AppError>>()
        });
        for row in waiting.await? {
            let looked = self.look_into(&row).await?;
            let actor = Actor { id: None, label: "系统".to_owned() };
            self.record_look(actor, row, looked).await?;
        }
        Ok(())
    }

    /// Puts on record what was found, unless it is there already.
    async fn record_look(
        &self,
        actor: Actor,
        row: FileRow,
        looked: Looked,
    ) -> Result<FindingsView, AppError> {
        self.write_unseen(None, move |conn, app| {
            let loaded = ledger::load(conn, app, row.request_id)?;
            let file = FileId(row.id);
            let known = loaded.case.supplied_file(file).and_then(|file| file.inspection.as_ref());
            let found = finding::counted(&looked.findings);
            let loaded = if known.is_some_and(|k| k.rules == RULES && k.found == found) {
                loaded
            } else {
                let context = app.context_of(actor.id, &[]);
                let decision = decide::decide(&loaded.case, &looked.command(file), &context)?;
                ledger::append(conn, app, loaded, &actor, decision)?
            };
            looked.keep(conn)?;
            view(conn, app, &loaded, row)
        })
        .await
    }

    /// What a file holds unseen: from memory if the same bytes were looked into before.
    ///
    /// # Errors
    ///
    /// Failures of database and file store.
    pub(super) async fn look_into(&self, row: &FileRow) -> Result<Looked, AppError> {
        let (app, known) = (self.clone(), row.clone());
        let known = self.store.read(move |conn| content(conn, &app, &known)).await?;
        if let Some(known) = known {
            return Ok(Looked { findings: with_name(&row.name, known), fresh: None });
        }
        let bytes = self.blobs.get(&row.storage_key).await?;
        let (kind, engine) = (kind(&row.media_type), self.engine.clone());
        let looked = read_apart(move || engine.inspect(kind, &bytes)).await;
        let Some(found) = looked else {
            // Not kept: another time it may be quicker.
            let why = "检查没有完成，可能文件过于复杂";
            let found = vec![Finding::new(FindingKind::Unchecked, "文件", why)];
            return Ok(Looked { findings: with_name(&row.name, found), fresh: None });
        };
        let id = Uuid::now_v7();
        let text = serde_json::to_string(&found).map_err(AppError::broken)?;
        let fresh = FileFindingsRow {
            id,
            sha256: row.sha256.clone(),
            kind: row.media_type.clone(),
            rules: i32::from(RULES),
            findings_cipher: self.keys.seal(&place(id), &text),
            checked_at: self.clock.now(),
        };
        Ok(Looked { findings: with_name(&row.name, found), fresh: Some(fresh) })
    }
}

/// Reads a file of strangers on a thread of its own, with a deep stack and for a limited time; `None`
/// if nothing comes of it. A thread that never ends keeps its place among those at once.
pub(super) async fn read_apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let permit = tokio::time::timeout(PATIENCE, AT_ONCE.acquire()).await.ok()?.ok()?;
    let (answer, waiting) = oneshot::channel();
    let reader = std::thread::Builder::new().name("reader".to_owned()).stack_size(STACK);
    let started = reader.spawn(move || {
        let _place = permit;
        // Nobody may be waiting any more.
        let _unheard = answer.send(work());
    });
    started.ok()?;
    tokio::time::timeout(PATIENCE, waiting).await.ok()?.ok()
}

/// What the present rules found in the bytes of a file, if they were applied.
///
/// # Errors
///
/// Failures of the database; [`AppError::Broken`] if it does not read as it was written.
pub(super) fn content(
    conn: &mut Conn,
    app: &App,
    file: &FileRow,
) -> Result<Option<Vec<Finding>>, AppError> {
    let row = rows::find(conn, &file.sha256, &file.media_type, i32::from(RULES))?;
    row.map(|row| {
        let text = app.keys.open(&place(row.id), &row.findings_cipher).map_err(AppError::broken)?;
        serde_json::from_str(&text).map_err(AppError::broken)
    })
    .transpose()
}

fn with_name(name: &str, found: Vec<Finding>) -> Vec<Finding> {
    finding::numbers("文件名", name).into_iter().chain(found).collect()
}

fn view(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: FileRow,
) -> Result<FindingsView, AppError> {
    let id = FileId(row.id);
    let supplied = loaded.case.supplied_file(id).ok_or(AppError::NotFound("该文件"))?;
    let seen = supplied.inspection.as_ref();
    let findings = match content(conn, app, &row)? {
        Some(found) => with_name(&row.name, found),
        // Looked into by earlier rules, or without an end: the ledger knows what, not where.
        None => seen.map_or_else(Vec::new, |seen| {
            let told = seen.found.iter();
            told.map(|f| Finding::new(f.kind, "文件", format!("{}处", f.count))).collect()
        }),
    };
    let confirmed = seen.and_then(|seen| seen.confirmed.as_ref());
    Ok(FindingsView {
        file: id,
        name: row.name,
        sha256: row.sha256,
        rules: seen.map(|seen| seen.rules),
        findings,
        settled: supplied.free_of_hidden_data().is_ok(),
        confirmed: confirmed.map(|confirmed| FindingsConfirmed {
            by: confirmed.by,
            reason: confirmed.reason.clone(),
            seq: confirmed.seq,
        }),
    })
}

/// As what a stored file is read.
fn kind(media_type: &str) -> Kind {
    match MediaType::of(media_type) {
        Some(MediaType::Pdf) => Kind::Pdf,
        Some(MediaType::Docx) => Kind::Word,
        Some(MediaType::Xlsx) => Kind::Spreadsheet,
        Some(MediaType::Ofd) => Kind::Ofd,
        Some(MediaType::Png | MediaType::Jpeg | MediaType::Tiff) => Kind::Image,
        Some(MediaType::Text) => Kind::Text,
        Some(MediaType::Doc | MediaType::Xls) | None => Kind::Other,
    }
}

/// Where the sealed findings of a file stand; part of what the cipher binds.
fn place(id: Uuid) -> String {
    format!("file_findings.findings_cipher/{id}")
}
