//! Maps font files into memory. The only unsafe line of the program.
//!
//! Chinese fonts weigh 7 to 27 MB each. Reading them all would cost every process some 90 MB of
//! its own and the start-up time to copy them; mapped pages are shared between processes and only
//! the glyphs in use are ever read.

use std::{fs::File, io, path::Path};

use typst::foundations::Bytes;

/// Opens a font file without copying it.
///
/// # Errors
///
/// The error of the operating system if the file cannot be opened or mapped.
#[expect(unsafe_code, reason = "memory mapping is unsafe by nature, see SAFETY")]
pub(super) fn map(path: &Path) -> io::Result<Bytes> {
    let file = File::open(path)?;
    // SAFETY: the map is read-only, and font files are installed once (`scripts/fonts.sh` moves
    // finished files into place) and not written to while the service runs. Whoever truncates an
    // installed font under a running service crashes it; that is the price of not copying.
    let map = unsafe { memmap2::Mmap::map(&file)? };
    Ok(Bytes::new(map))
}
