//! What Typst may see while it sets one notice: our templates, the data, two pictures, the fonts.
//!
//! No file system, no network, no clock: the same notice always gives the same sheet.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use super::fonts::FontSet;
use super::notice::Layout;

/// Path and text of every layout. Paths are interned for the life of the process, so there is one
/// fixed set of them and none per document.
const TEMPLATES: [(&str, &str); 11] = [
    ("/gongwen.typ", include_str!("../../assets/typst/gongwen.typ")),
    ("/official.typ", include_str!("../../assets/typst/official.typ")),
    ("/letter.typ", include_str!("../../assets/typst/letter.typ")),
    ("/form.typ", include_str!("../../assets/typst/form.typ")),
    ("/receipt.typ", include_str!("../../assets/typst/receipt.typ")),
    ("/contact.typ", include_str!("../../assets/typst/contact.typ")),
    ("/redacted.typ", include_str!("../../assets/typst/redacted.typ")),
    ("/envelope.typ", include_str!("../../assets/typst/envelope.typ")),
    ("/label.typ", include_str!("../../assets/typst/label.typ")),
    ("/bound.typ", include_str!("../../assets/typst/bound.typ")),
    ("/register.typ", include_str!("../../assets/typst/register.typ")),
];

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static SOURCES: LazyLock<HashMap<String, Source>> = LazyLock::new(|| {
    let source = |(path, text): (&str, &str)| {
        let id = id_of(path)?;
        Some((path.to_owned(), Source::new(id, text.to_owned())))
    };
    TEMPLATES.into_iter().filter_map(source).collect()
});

/// The world of one notice.
pub(super) struct Desk<'a> {
    fonts: &'a FontSet,
    main: FileId,
    files: HashMap<&'static str, Bytes>,
}

impl<'a> Desk<'a> {
    /// Lays out the template of `layout` and the files it reads, such as `/data.json`.
    ///
    /// Returns None if the template is not built in.
    pub(super) fn new(
        fonts: &'a FontSet,
        layout: Layout,
        files: HashMap<&'static str, Bytes>,
    ) -> Option<Self> {
        let main = match layout {
            Layout::Official => "/official.typ",
            Layout::Letter => "/letter.typ",
            Layout::Receipt => "/receipt.typ",
            Layout::Form => "/form.typ",
        };
        Self::of(fonts, main, files)
    }

    /// Lays out the template of this path and the files it reads.
    ///
    /// Returns None if the template is not built in.
    pub(super) fn of(
        fonts: &'a FontSet,
        main: &str,
        files: HashMap<&'static str, Bytes>,
    ) -> Option<Self> {
        Some(Self { fonts, main: SOURCES.get(main)?.id(), files })
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SOURCES.get(path_of(id)).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        self.files.get(path_of(id)).cloned().ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn id_of(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The path of the picture of a page. Paths are interned for the life of the process: the pictures of every
/// document share them.
pub(super) fn picture_path(n: usize) -> Option<&'static str> {
    id_of(&format!("/p{n}.png")).map(path_of)
}

fn path_of(id: FileId) -> &'static str {
    id.get().vpath().get_with_slash()
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(path_of(id).into())
}
