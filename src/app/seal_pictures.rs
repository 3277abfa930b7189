//! The picture of an agency's seal (印章图片): uploaded, looked at, and laid over name and date of what is
//! issued once an administrator has switched it on.
//!
//! A picture has no legal force. Whoever uploads it, and whoever reads that it is in use, is told so; the
//! stamp on paper or the signature of a seal service has it. What was issued keeps its picture.
//! Only the PDF bears it: DOCX and HTML are texts for working and reading.
//!
//! Source: 电子签名法 art. 13; 国务院关于在线政务服务的若干规定 art. 9; GB/T 9704-2012, 7.3.5.1.

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::db::seal_pictures::{self as rows, SealPictureRow};
use crate::db::{Conn, StoreError, agencies as agency_rows};
use crate::documents::{Layout, Notice, Seal, seal_picture};
use crate::domain::calendar_import::is_second_person;
use crate::domain::ids::{AgencyId, UserId};

use super::agencies::may_keep;
use super::audit::{self, Note};
use super::notices::formats::Document;
use super::{App, AppError, Principal};

/// What everybody is told who has to do with the picture.
pub const NO_FORCE: &str =
    "印章图片不具有法律效力。正式文书应当加盖印章，或者使用可靠的电子签名、电子印章。";

/// The picture of an agency's seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SealPictureView {
    /// The agency.
    pub agency: AgencyId,
    /// SHA-256 of the picture; none while there is no picture.
    pub sha256: Option<String>,
    /// Points across.
    pub width: i32,
    /// Points down.
    pub height: i32,
    /// Whether notices issued from now on bear it.
    pub in_use: bool,
    /// That the picture has no legal force.
    pub statement: &'static str,
    /// Version for compare-and-set; 0 while there is no picture.
    pub version: i32,
}

impl SealPictureView {
    fn of(agency: AgencyId, row: Option<SealPictureRow>) -> Self {
        let (width, height) = row.as_ref().map_or((0, 0), |row| (row.width, row.height));
        Self {
            agency,
            width,
            height,
            in_use: row.as_ref().is_some_and(|row| row.in_use),
            statement: NO_FORCE,
            version: row.as_ref().map_or(0, |row| row.version),
            sha256: row.map(|row| row.sha256),
        }
    }
}

/// Where the file store keeps a picture.
fn key(sha256: &str) -> String {
    format!("seals/{sha256}.png")
}

const NO_PICTURE: AppError = AppError::NotFound("印章图片");

impl App {
    /// What is on record of the picture of an agency's seal.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`], [`AppError::NotFound`] for an unknown agency.
    pub async fn seal_picture(
        &self,
        who: &Principal,
        agency: AgencyId,
    ) -> Result<SealPictureView, AppError> {
        may_keep(who)?;
        self.agency(agency).await?;
        let row = self.store.read(move |conn| rows::find(conn, agency.0)).await?;
        Ok(SealPictureView::of(agency, row))
    }

    /// The picture itself.
    ///
    /// # Errors
    ///
    /// Those of [`App::seal_picture`]; [`AppError::NotFound`] while there is none.
    pub async fn seal_image(
        &self,
        who: &Principal,
        agency: AgencyId,
    ) -> Result<Document, AppError> {
        let sha256 = self.seal_picture(who, agency).await?.sha256.ok_or(NO_PICTURE)?;
        let bytes = self.blobs.get(&key(&sha256)).await?.to_vec();
        let name = "印章图片（不具有法律效力）.png".to_owned();
        Ok(Document { name, media_type: "image/png", sha256, bytes })
    }

    /// Takes a picture for an agency whose picture was read at version `seen` (0: there was none). It is
    /// not in use before somebody switches it on, and a new picture is switched on anew.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`]; [`AppError::Invalid`] `seal_picture` with what is
    /// wrong with it; [`AppError::Conflict`] `changed`.
    pub async fn put_seal_picture(
        &self,
        who: Principal,
        agency: AgencyId,
        seen: i32,
        bytes: Vec<u8>,
    ) -> Result<SealPictureView, AppError> {
        may_keep(&who)?;
        self.agency(agency).await?;
        let checked = tokio::task::spawn_blocking(move || seal_picture::check(&bytes));
        let checked = checked.await.map_err(AppError::broken)?;
        let picture = checked
            .map_err(|fault| AppError::field("seal_picture", "seal_picture", fault.to_string()))?;
        let sha256 = hex::encode(Sha256::digest(&picture.png));
        let side = |points| i32::try_from(points).map_err(AppError::broken);
        let (width, height) = (side(picture.width)?, side(picture.height)?);
        // Under its digest: twice the same picture is one file.
        self.blobs.put_bytes(&key(&sha256), picture.png.into()).await?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                let now = app.clock.now();
                let before = rows::find(conn, agency.0)?;
                let row = SealPictureRow {
                    agency_id: agency.0,
                    sha256: sha256.clone(),
                    width,
                    height,
                    in_use: false,
                    uploaded_by: who.user.0,
                    version: seen,
                    created_at: before.as_ref().map_or(now, |row| row.created_at),
                    updated_at: now,
                };
                let stored = match before {
                    None if seen == 0 => {
                        let row = SealPictureRow { version: 1, ..row };
                        rows::insert(conn, row.clone()).map(|()| row)
                    }
                    None => Err(StoreError::Stale),
                    Some(_) => rows::update(conn, row),
                };
                let stored = stored.map_err(changed)?;
                let detail = json!({ "sha256": sha256 });
                let note = Note { detail, ..Note::done("upload", "seal_picture", agency.0) };
                audit::note(conn, &app, Some(&who), note)?;
                Ok(SealPictureView::of(agency, Some(stored)))
            })
            .await
    }

    /// Switches the picture on or off for what is issued from now on. Another administrator than the one
    /// who uploaded it switches it on.
    ///
    /// # Errors
    ///
    /// [`AppError::Forbidden`]; [`AppError::NotFound`], also while there is no picture;
    /// [`AppError::Conflict`] `changed`, `second_person_needed`.
    pub async fn use_seal_picture(
        &self,
        who: Principal,
        agency: AgencyId,
        seen: i32,
        in_use: bool,
    ) -> Result<SealPictureView, AppError> {
        may_keep(&who)?;
        let app = self.clone();
        self.store
            .write(move |conn| {
                agency_rows::find(conn, agency.0)?.ok_or(AppError::NotFound("该机关"))?;
                let row = rows::find(conn, agency.0)?.ok_or(NO_PICTURE)?;
                // Two persons look at what goes out in the agency's name. Off goes it at once.
                if in_use && !is_second_person(Some(UserId(row.uploaded_by)), who.user) {
                    let message = "请由上传人以外的另一名管理员核对后启用".to_owned();
                    return Err(AppError::Conflict { code: "second_person_needed", message });
                }
                let updated_at = app.clock.now();
                let row = SealPictureRow { in_use, version: seen, updated_at, ..row };
                let row = rows::update(conn, row).map_err(changed)?;
                let verb = if in_use { "switch_on" } else { "switch_off" };
                let detail = json!({ "sha256": row.sha256 });
                let note = Note { detail, ..Note::done(verb, "seal_picture", agency.0) };
                audit::note(conn, &app, Some(&who), note)?;
                Ok(SealPictureView::of(agency, Some(row)))
            })
            .await
    }

    /// The notice with the picture it was issued with, for setting.
    ///
    /// # Errors
    ///
    /// [`AppError::FileLost`].
    pub(super) async fn with_seal(&self, notice: Notice) -> Result<Notice, AppError> {
        let Some(seal) = notice.seal else { return Ok(notice) };
        let png = self.blobs.get(&key(&seal.sha256)).await?;
        Ok(Notice { seal: Some(Seal { png, ..seal }), ..notice })
    }
}

fn changed(error: StoreError) -> AppError {
    match error {
        StoreError::Stale | StoreError::UniqueViolation { .. } => AppError::Conflict {
            code: "changed",
            message: "印章图片在您查看之后已被他人更换，请刷新后再改".to_owned(),
        },
        other => other.into(),
    }
}

/// The seal that a notice issued now bears: letters and 公文 of an agency that has switched it on.
pub(super) fn of_now(
    conn: &mut Conn,
    agency: AgencyId,
    layout: Layout,
) -> Result<Option<Seal>, AppError> {
    if !matches!(layout, Layout::Official | Layout::Letter) {
        return Ok(None);
    }
    let row = rows::find(conn, agency.0)?.filter(|row| row.in_use);
    Ok(row.map(|row| Seal { sha256: row.sha256, png: bytes::Bytes::new() }))
}
