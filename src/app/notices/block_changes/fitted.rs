//! The changes that a draft keeps, and the reply that they make of the template's words.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::app::actions::application;
use crate::app::ledger::Loaded;
use crate::app::notices::beside::CHANGES;
use crate::app::notices::setting::reply_notice;
use crate::app::{App, AppError, agencies};
use crate::db::notices::NoticeRow;
use crate::db::{Conn, agencies as agency_rows};
use crate::documents::Notice;
use crate::documents::notice::Block;
use crate::domain::block_change::{BlockChange, BlockForm, DraftBlock, placed};
use crate::domain::event::Written;
use crate::domain::ids::UserId;

/// A change on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::app::notices) struct KeptChange {
    /// What is changed.
    pub(in crate::app::notices) change: BlockChange,
    /// By whom.
    pub(in crate::app::notices) by: UserId,
    /// By name.
    pub(super) by_name: String,
    /// When.
    pub(super) at: DateTime<Utc>,
}

/// The changes of a draft's words.
pub(in crate::app::notices) fn kept(row: &NoticeRow) -> Vec<KeptChange> {
    let changes = row.fields.get(CHANGES);
    changes.and_then(|changes| Vec::deserialize(changes).ok()).unwrap_or_default()
}

/// What the ledger says of how a text came about, its authors apart.
pub(in crate::app::notices) fn written(row: &NoticeRow) -> Written {
    Written { changed_blocks: kept(row).len(), authors: Vec::new() }
}

/// Refuses a draft with a change of words that are no longer there.
///
/// # Errors
///
/// [`AppError::Conflict`] `changes_outdated`.
pub(in crate::app::notices) fn still_fit(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    row: &NoticeRow,
) -> Result<(), AppError> {
    if kept(row).is_empty() {
        return Ok(());
    }
    let agency = agencies::agency(agency_rows::get(conn, loaded.row.agency_id)?)?;
    let form = application(conn, app, loaded)?;
    reply_notice(conn, app, &agency, loaded, (row, &form)).map(|_| ())
}

/// A reply with all changes of its words.
///
/// # Errors
///
/// As [`still_fit`].
pub(in crate::app::notices) fn applied(plain: Notice, row: &NoticeRow) -> Result<Notice, AppError> {
    let (notice, outdated) = fitting(plain, row)?;
    if outdated.is_empty() {
        return Ok(notice);
    }
    let listed: Vec<String> = outdated.iter().map(|n| format!("第{n}段")).collect();
    Err(AppError::Conflict {
        code: "changes_outdated",
        message: format!(
            "文稿{}的改动所针对的文字已经变化，请核对后重新改动或者撤销改动",
            listed.join("、")
        ),
    })
}

/// A reply with those changes of its words that fit, and the numbers of the blocks of the others.
pub(in crate::app::notices) fn fitting(
    plain: Notice,
    row: &NoticeRow,
) -> Result<(Notice, Vec<usize>), AppError> {
    let kept = kept(row);
    let changes: Vec<&BlockChange> = kept.iter().map(|kept| &kept.change).collect();
    let places = placed(&blocks(&plain), &changes);
    let mut outdated = Vec::new();
    let mut printed: Vec<Vec<Block>> =
        plain.blocks.iter().cloned().map(|block| vec![block]).collect();
    for (change, place) in changes.into_iter().zip(places) {
        match place.and_then(|at| printed.get_mut(at)) {
            Some(block) => *block = changed(block.first(), change),
            None => outdated.push(change.block),
        }
    }
    Ok((Notice { blocks: printed.into_iter().flatten().collect(), ..plain }, outdated))
}

/// A block as changed: lines of a list stay a list, all else becomes paragraphs.
fn changed(block: Option<&Block>, change: &BlockChange) -> Vec<Block> {
    let lines = change.lines().map(str::to_owned);
    if matches!(block, Some(Block::List { .. })) {
        let items: Vec<String> = lines.collect();
        return if items.is_empty() { Vec::new() } else { vec![Block::List { items }] };
    }
    lines.map(|text| Block::Paragraph { text }).collect()
}

/// The blocks as the rules look at them. Replies have no tables.
pub(super) fn blocks(notice: &Notice) -> Vec<DraftBlock> {
    let block = |block: &Block| match block {
        Block::Heading { text, .. } => DraftBlock { form: BlockForm::Heading, text: text.clone() },
        Block::List { items } => DraftBlock { form: BlockForm::List, text: items.join("\n") },
        Block::Paragraph { text } => DraftBlock { form: BlockForm::Paragraph, text: text.clone() },
        Block::Rows { .. } | Block::Grid { .. } => {
            DraftBlock { form: BlockForm::Heading, text: String::new() }
        }
    };
    notice.blocks.iter().map(block).collect()
}
