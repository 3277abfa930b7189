//! What tests share.

pub mod backends;
pub mod cases;
pub mod client;
pub mod cut_off;
pub mod html;
pub mod made_files;
pub mod postgres;
pub mod rust_source;
pub mod s3_fake;
pub mod smtp_sink;
pub mod test_app;
pub mod variables;

use std::path::{Path, PathBuf};

use chrono::NaiveDate;

/// A date from `YYYY-MM-DD`.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The folder that holds `Cargo.toml`.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The text of a file of the repository; a path that is not there fails the test.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = repository().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Every file below `folder` (relative to the repository) with this extension, sorted, as paths
/// relative to the repository. A folder that is not there has none.
pub fn files_below(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![repository().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path.strip_prefix(repository()).unwrap().to_path_buf());
            }
        }
    }
    found.sort();
    found
}
