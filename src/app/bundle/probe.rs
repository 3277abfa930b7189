//! Looks at a stored file before it goes into a bundle: is it there, is it what was recorded, how
//! many pages has it? In pieces: no file is held in memory.

use futures_util::StreamExt;
use sha2::{Digest, Sha256};

use crate::app::AppError;
use crate::storage::{BlobStore, StorageError};

/// A file that is there as it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sound {
    /// Size in bytes.
    pub bytes: u64,
    /// Pages, where the file tells them.
    pub pages: Option<usize>,
}

/// Reads a stored file from beginning to end; the inner error says why it cannot go into a bundle.
///
/// # Errors
///
/// [`AppError::StorageUnavailable`]: a store that does not answer is no missing file.
pub(super) async fn probe(
    blobs: &BlobStore,
    key: &str,
    sha256: &str,
) -> Result<Result<Sound, &'static str>, AppError> {
    const LOST: &str = "文件在存储中不见了";
    let mut stream = match blobs.get_stream(key).await {
        Ok(stream) => stream.bytes,
        Err(StorageError::NotFound { .. }) => return Ok(Err(LOST)),
        Err(error) => return Err(error.into()),
    };
    let (mut hasher, mut pages, mut bytes) = (Sha256::new(), Pages::default(), 0_u64);
    while let Some(piece) = stream.next().await {
        let piece = piece?;
        hasher.update(&piece);
        pages.look_at(&piece);
        bytes += u64::try_from(piece.len()).map_err(AppError::broken)?;
    }
    if hex::encode(hasher.finalize()) != sha256 {
        return Ok(Err("文件内容与登记时的摘要不符（已损坏或者被替换）"));
    }
    Ok(Ok(Sound { bytes, pages: pages.count() }))
}

/// Counts the pages of a PDF by its page objects, and takes a picture for one page. Where the
/// objects are packed together, it cannot tell.
#[derive(Default)]
struct Pages {
    seen: usize,
    pdf: bool,
    picture: bool,
    /// The end of the piece before: a mark may lie across two.
    tail: Vec<u8>,
    begun: bool,
}

/// Length of the longest mark and the sign behind it.
const MARK: usize = "/Type /Page".len() + 1;

impl Pages {
    fn look_at(&mut self, piece: &[u8]) {
        if !self.begun && !piece.is_empty() {
            self.begun = true;
            self.pdf = piece.starts_with(b"%PDF-");
            self.picture = piece.starts_with(b"\xFF\xD8\xFF") || piece.starts_with(b"\x89PNG");
        }
        if !self.pdf {
            return;
        }
        let mut window = std::mem::take(&mut self.tail);
        window.extend_from_slice(piece);
        self.seen += marks(&window);
        let keep = window.len().saturating_sub(MARK - 1);
        // What is kept begins inside the longest mark, so that none is counted twice.
        self.tail = window.split_off(keep);
        self.seen -= marks(&self.tail);
    }

    fn count(&self) -> Option<usize> {
        match (self.pdf, self.picture) {
            (true, _) => Some(self.seen + marks(&self.tail)).filter(|n| *n > 0),
            (_, true) => Some(1),
            _ => None,
        }
    }
}

/// Page objects that begin and end within `bytes`.
fn marks(bytes: &[u8]) -> usize {
    let of = |mark: &[u8]| {
        let ends = |window: &&[u8]| {
            window.starts_with(mark)
                && window.get(mark.len()).is_some_and(|next| !next.is_ascii_alphanumeric())
        };
        bytes.windows(mark.len() + 1).filter(ends).count()
    };
    of(b"/Type /Page") + of(b"/Type/Page")
}
