//! Forms that agencies made themselves under verification: each version is kept as it was checked.

use crate::app::App;
use crate::app::own_forms::key;
use crate::db::own_forms as rows;
use crate::db::{Conn, StoreError};

use super::Expected;

impl App {
    /// What the file store must hold of them.
    pub(super) async fn kept_own_forms(&self) -> Result<Vec<Expected>, StoreError> {
        let read = |conn: &mut Conn| {
            let all = rows::all_versions(conn)?.into_iter();
            let expected = |(name, n, sha256): (String, i32, String)| Expected {
                what: format!("自制表格“{name}”第{n}版"),
                key: key(&sha256),
                sha256,
            };
            Ok(all.map(expected).collect())
        };
        self.store.read(read).await
    }
}
