//! Calls the independent readers.

use std::path::Path;
use std::process::Command;

use gongkai::documents::{Block, Notice};

/// Runs a reader and returns what it prints; the test fails if it complains.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|e| panic!("{program}: {e}; see the top of documents.rs"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {errors}");
    // Lossy: pdfinfo prints the titles of headings in UTF-16 among its UTF-8.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A file that vanishes with the test.
pub struct Saved(tempfile::TempDir, String);

impl Saved {
    pub fn new(bytes: &[u8], name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        Self(folder, path.to_str().unwrap().to_owned())
    }

    pub fn path(&self) -> &str {
        &self.1
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }
}

/// Everything a reader would have read aloud, in that order, without white space. Page numbers and
/// rules are not part of it.
pub fn pdf_text(pdf: &[u8]) -> String {
    let tree = run("pdfinfo", &["-struct-text", Saved::new(pdf, "n.pdf").path()]);
    let text = |line: &str| Some(squeezed(line.trim().strip_prefix('"')?.strip_suffix('"')?));
    tree.lines().filter_map(text).collect()
}

/// The same of a DOCX. This reader writes curly quotation marks straight.
pub fn docx_text(docx: &[u8]) -> String {
    squeezed(&run("docx2txt", &[Saved::new(docx, "n.docx").path(), "-"]))
}

/// What [`docx_text`] makes of a text.
pub fn straight(text: &str) -> String {
    squeezed(text).replace(['“', '”'], "\"").replace(['‘', '’'], "'")
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect()
}

/// Every sentence of the body.
pub fn sentences(notice: &Notice) -> Vec<String> {
    let mut all = Vec::new();
    for block in &notice.blocks {
        match block {
            Block::Paragraph { text } | Block::Heading { text, .. } => all.push(squeezed(text)),
            Block::List { items } => all.extend(items.iter().map(|i| squeezed(i))),
            Block::Rows { rows, .. } => all.extend(rows.iter().map(|row| squeezed(&row.value))),
            Block::Grid { lines, .. } => all.extend(lines.iter().flatten().map(|c| squeezed(c))),
        }
    }
    all
}
