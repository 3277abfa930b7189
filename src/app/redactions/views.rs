//! Masked copies as people see them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppError;
use crate::db::redactions::RedactionRow;
use crate::domain::ids::{FileId, RedactionId, RequestId, UserId};
use crate::domain::redaction::{Ground, Mask, RedactionState};

/// A masked copy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RedactionView {
    /// Its id.
    pub id: RedactionId,
    /// The request.
    pub request: RequestId,
    /// What it was made from.
    pub file: FileId,
    /// Name of the copy.
    pub name: String,
    /// Where it stands.
    pub state: RedactionState,
    /// The same in Chinese.
    pub state_label: String,
    /// Pages, the last being the list of masks.
    pub pages: i32,
    /// The masks (遮盖清单).
    pub masks: Vec<MaskView>,
    /// SHA-256 of the copy, hexadecimal.
    pub sha256: String,
    /// Its length in bytes.
    pub size: i64,
    /// Who made it.
    pub made_by: UserId,
    /// Who decided on it.
    pub decided_by: Option<UserId>,
    /// The day of that.
    pub decided_on: Option<NaiveDate>,
    /// Why it was thrown away.
    pub reason: String,
    /// The supplied file it became.
    pub result: Option<FileId>,
    /// Version, for `If-Match`.
    pub version: i32,
}

/// A mask with its number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct MaskView {
    /// Its number on the copy and in the list.
    pub n: usize,
    /// The page, from 1.
    pub page: usize,
    /// From the left, in points.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// Why.
    pub ground: Ground,
    /// The same in Chinese.
    pub ground_label: String,
}

pub(super) fn masks(row: &RedactionRow) -> Result<Vec<Mask>, AppError> {
    serde_json::from_value(row.masks.clone()).map_err(AppError::broken)
}

pub(super) fn view(row: RedactionRow) -> Result<RedactionView, AppError> {
    let masks = (1..).zip(masks(&row)?).map(|(n, mask)| MaskView {
        n,
        page: mask.page,
        x: mask.x,
        y: mask.y,
        width: mask.width,
        height: mask.height,
        ground: mask.ground,
        ground_label: mask.ground.label().to_owned(),
    });
    Ok(RedactionView {
        id: RedactionId(row.id),
        request: RequestId(row.request_id),
        file: FileId(row.file_id),
        masks: masks.collect(),
        name: row.name,
        state: row.state,
        state_label: row.state.label().to_owned(),
        pages: row.pages,
        sha256: row.result_sha256,
        size: row.result_bytes,
        made_by: UserId(row.made_by),
        decided_by: row.decided_by.map(UserId),
        decided_on: row.decided_on,
        reason: row.reason,
        result: row.result_file_id.map(FileId),
        version: row.version,
    })
}
