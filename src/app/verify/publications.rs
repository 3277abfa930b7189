//! What is published under verification: each publication reads, with its files and its history, as it was
//! sealed.

use uuid::Uuid;

use crate::app::App;
use crate::app::publications::attest::seal_of;
use crate::db::publications as rows;
use crate::db::{Conn, StoreError};

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
        let files = rows::file_ids(conn, row.id)?;
        let what = match row.seal.as_str() {
            "" => "尚未封存，启动一次服务即可封存",
            seal if seal == seal_of(app, row, &files) => continue,
            _ => "内容、文件或者办理记录与封存时不一致",
        };
        faults.push(format!("公开信息“{}”（{}）：{what}", row.title, row.id));
    }
    Ok((faults, entries.last().map(|row| row.id)))
}
