//! The register of corrections of records (更正申请) under verification: each entry is sealed, its
//! history leads where it stands, and every letter it speaks of reads as it was written.

use uuid::Uuid;

use crate::app::App;
use crate::app::record_corrections::{self as register, letters};
use crate::db::record_corrections::{self as rows, RecordCorrectionRow};
use crate::db::record_letters::{self, RecordLetterRow};
use crate::db::{Conn, StoreError};
use crate::domain::record_correction::{
    self as domain, RecordDeed, RecordStanding, RecordState, RecordStep,
};

use super::PAGE;

/// Looks at the next entries; tells what is not as it was written.
pub(super) fn page(
    conn: &mut Conn,
    app: &App,
    after: Uuid,
) -> Result<(Vec<String>, Option<Uuid>), StoreError> {
    let entries = rows::after(conn, after, PAGE)?;
    let mut faults = Vec::new();
    for row in &entries {
        let letters = record_letters::of_entry(conn, row.id)?;
        let found = check(app, row, &letters);
        faults.extend(found.into_iter().map(|what| format!("更正申请{}：{what}", row.number)));
    }
    Ok((faults, entries.last().map(|row| row.id)))
}

fn check(app: &App, row: &RecordCorrectionRow, letters: &[RecordLetterRow]) -> Vec<&'static str> {
    let mut faults = Vec::new();
    match register::seal_of(app, row) {
        Ok(seal) if seal == row.seal => {}
        Ok(_) if row.seal.is_empty() => faults.push("尚未封存，启动一次服务即可封存"),
        Ok(_) => faults.push("内容与登记时不一致"),
        Err(_) => faults.push("内容无法解密"),
    }
    let Ok(history) = register::history(row) else {
        faults.push("办理记录无法读取");
        return faults;
    };
    let due_on = domain::due_on(row.received_on);
    if leads_to(row, &history) != Some((row.state, row.answered_on)) || row.due_on != due_on {
        faults.push("办理记录与所处状态不一致");
    }
    let told = history.iter().zip(1..).filter_map(|(deed, n)| Some((n, deed.letter.as_ref()?)));
    let told: Vec<_> = told.collect();
    for (n, letter) in &told {
        match letters.iter().find(|row| row.n == *n) {
            None => faults.push("记录的文书不存在"),
            Some(row) => {
                let said = (&letter.number, &letter.content_sha256);
                if said != (&row.number, &row.content_sha256) || letters::frozen(app, row).is_err()
                {
                    faults.push("文书与签发时不一致");
                }
            }
        }
    }
    if letters.iter().any(|row| told.iter().all(|(n, _)| *n != row.n)) {
        faults.push("有办理记录没有提到的文书");
    }
    faults
}

/// State and day of the answer to which the history leads; nothing when a step was not allowed.
fn leads_to(
    row: &RecordCorrectionRow,
    history: &[RecordDeed],
) -> Option<(RecordState, Option<chrono::NaiveDate>)> {
    let mut stands = (RecordState::Received, None);
    for (n, RecordDeed { step, .. }) in history.iter().enumerate() {
        let before = history.get(..n).unwrap_or_default();
        let standing = RecordStanding::of(stands.0, row.received_on, before);
        let mut step = step.clone();
        // Before results were asked for, an answer stated none.
        if let RecordStep::Answer { result, .. } = &mut step {
            result.get_or_insert(standing.result());
        }
        let state = domain::decide(&standing, &step, step.latest()).ok()?;
        let answered = matches!(step, RecordStep::Answer { .. }).then_some(step.on());
        stands = (state, answered.or(stands.1));
    }
    Some(stands)
}
