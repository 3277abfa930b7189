//! The bundle of a case (证据材料, 归档案卷): everything a reviewing body, a court or an archive needs, in
//! one file that can be checked without this program's database.
//!
//! Source: 行政复议法 art. 44, 48, 54, 70; 行政诉讼法 art. 34, 67; 条例 art. 45; 档案法 art. 13, 14.

mod build;
pub mod check;
mod contents;
pub mod format;
mod probe;
mod sheets;
mod story;

use std::fs::File;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Conn;
use crate::db::requests::{self, RequestRow};
use crate::domain::evidence::{BundleForm, Exhibit};
use crate::domain::ids::{AgencyId, RequestId};
use crate::domain::personal::PersonalField;
use crate::domain::policy::Role;

use super::audit::{self, Note};
use super::once::Once;
use super::personal::{self, OPENED};
use super::{App, AppError, Principal};
use contents::{Contents, Sight};

/// The action under which an export stands in the audit log.
const EXPORTED: &str = "bundle.export";

/// Under which label the manifest is sealed.
const SEAL_LABEL: &str = "bundle.manifest";

/// What somebody wants exported, and why.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BundleOrder {
    /// What it is for: 证据材料, unless something else is said.
    #[serde(default = "evidence")]
    pub form: BundleForm,
    /// For which proceedings; it is recorded.
    pub purpose: String,
}

const fn evidence() -> BundleForm {
    BundleForm::Evidence
}

/// A bundle, ready to be sent.
pub struct Bundle {
    /// File name.
    pub name: String,
    /// Length in bytes.
    pub size: u64,
    /// The archive, at its beginning; it has no name and is gone when closed.
    pub file: File,
}

/// What a bundle would hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct BundlePlan {
    /// 受理编号.
    pub number: String,
    /// What it is for.
    pub form: BundleForm,
    /// The list of evidence; pages are counted when the bundle is made.
    pub exhibits: Vec<Exhibit>,
    /// The personal data that would be opened, by name of the field. Empty for supervisors, whose
    /// bundle holds the application masked.
    pub opens: Vec<String>,
}

impl App {
    /// What the bundle of a request would hold. Nothing is opened by looking.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`] for others than the officer of the case, the heads of its agency and
    /// supervisors; [`AppError::NotFound`], also for another agency's request.
    pub async fn bundle_plan(
        &self,
        principal: Principal,
        id: RequestId,
        form: BundleForm,
    ) -> Result<BundlePlan, AppError> {
        let app = self.clone();
        self.store
            .read(move |conn| {
                let row = requests::find(conn, id.0)?.ok_or(AppError::NotFound("该申请"))?;
                let sight = sight(&principal, &row)?;
                let contents = Contents::gather(conn, &app, id, (form, sight))?;
                let opens = match sight {
                    Sight::Complete => contents::opened(&contents.application),
                    Sight::Masked => Vec::new(),
                };
                let exhibits = contents.pieces.into_iter().map(|piece| {
                    let held = piece.stored.iter().find_map(|stored| stored.held_back);
                    let files = piece.stored.into_iter().map(|stored| stored.path);
                    Exhibit {
                        files: piece.exhibit.files.into_iter().chain(files).collect(),
                        missing: piece.exhibit.missing.or_else(|| held.map(ToOwned::to_owned)),
                        ..piece.exhibit
                    }
                });
                Ok(BundlePlan {
                    number: row.number,
                    form,
                    exhibits: exhibits.collect(),
                    opens: opens.iter().map(|field| field.label().to_owned()).collect(),
                })
            })
            .await
    }

    /// Exports the bundle of a request. The export, its purpose and every field of personal data in
    /// it are on record before the first byte leaves.
    ///
    /// # Errors
    ///
    /// Those of [`App::bundle_plan`]; [`AppError::Invalid`] without a purpose;
    /// [`AppError::StorageUnavailable`].
    ///
    /// Source: 个人信息保护法 art. 51, 54.
    pub async fn bundle(
        &self,
        principal: Principal,
        once: Option<Once>,
        id: RequestId,
        order: BundleOrder,
    ) -> Result<Bundle, AppError> {
        let purpose = personal::stated(&order.purpose)?;
        let form = order.form;
        let sight = self
            .write_once(once, move |conn, app| {
                let row = requests::find(conn, id.0)?.ok_or(AppError::NotFound("该申请"))?;
                let sight = sight(&principal, &row)?;
                record(conn, app, Some(&principal), (id, form, sight), &purpose)?;
                Ok(sight == Sight::Complete)
            })
            .await?;
        let sight = if sight { Sight::Complete } else { Sight::Masked };
        self.make(id, form, sight).await
    }

    /// The same for the operator, at the command line; the record names the program.
    ///
    /// # Errors
    ///
    /// As [`App::bundle`].
    pub async fn bundle_by_operator(
        &self,
        number: &str,
        order: BundleOrder,
    ) -> Result<Bundle, AppError> {
        let purpose = personal::stated(&order.purpose)?;
        let (app, number, form) = (self.clone(), number.trim().to_owned(), order.form);
        let id = self
            .store
            .write(move |conn| {
                let found = requests::find_by_number(conn, &number)?;
                let id = RequestId(found.ok_or(AppError::NotFound("该申请"))?.id);
                record(conn, &app, None, (id, form, Sight::Complete), &purpose)?;
                Ok::<_, AppError>(id)
            })
            .await?;
        self.make(id, form, Sight::Complete).await
    }

    async fn make(
        &self,
        id: RequestId,
        form: BundleForm,
        sight: Sight,
    ) -> Result<Bundle, AppError> {
        let notices = self.store.read(move |conn| contents::issued(conn, id)).await?;
        for notice in notices {
            match self.render(notice).await {
                // Named as missing in the bundle: one document must not hold back all others.
                Ok(_) | Err(AppError::Unprintable(_)) => {}
                Err(AppError::Store(crate::db::StoreError::NotFound)) => {}
                Err(error) => return Err(error),
            }
        }
        let app = self.clone();
        let contents = self
            .store
            .read(move |conn| {
                crate::db::per_backend::tx::read_tx(conn, |conn| {
                    Contents::gather(conn, &app, id, (form, sight))
                })
            })
            .await?;
        self.pack(contents).await
    }
}

/// Who may have a bundle, and how much of the application is in it.
///
/// Supervisors see every case of theirs, but no personal data: their bundle holds the form as they
/// see it everywhere.
fn sight(principal: &Principal, row: &RequestRow) -> Result<Sight, AppError> {
    let agency = AgencyId(row.agency_id);
    principal.may_see(agency)?;
    let of_agency = principal.agency == Some(agency);
    let handles = principal.is(Role::Officer) && row.officer_id == Some(principal.user.0);
    if of_agency && (principal.is(Role::Head) || handles) {
        Ok(Sight::Complete)
    } else if principal.is(Role::Supervisor) {
        Ok(Sight::Masked)
    } else {
        Err(AppError::Forbidden("只有本案承办人、政府信息公开工作机构负责人和监督员可以导出案卷"))
    }
}

/// Puts the export on record, and each field it opens.
fn record(
    conn: &mut Conn,
    app: &App,
    who: Option<&Principal>,
    (id, form, sight): (RequestId, BundleForm, Sight),
    purpose: &str,
) -> Result<(), AppError> {
    let opened: Vec<PersonalField> = match sight {
        Sight::Masked => Vec::new(),
        Sight::Complete => {
            let row = crate::db::applications::get(conn, id.0)?;
            contents::opened(&personal::complete(app, &row)?)
        }
    };
    let detail = serde_json::json!({ "form": form, "purpose": purpose, "opened": opened });
    audit::note(conn, app, who, Note { detail, ..Note::done(EXPORTED, "request", id.0) })?;
    for field in opened {
        let purpose = format!("导出{}：{purpose}", form.label());
        let detail = serde_json::json!({ "field": field, "purpose": purpose });
        audit::note(conn, app, who, Note { detail, ..Note::done(OPENED, "request", id.0) })?;
    }
    Ok(())
}
