//! Mail as `.eml` files in a folder: what happens while no mail server is set.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use futures_util::future::{BoxFuture, FutureExt};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::message::{Sender, compose};
use super::{Mail, MailError, Mailer};

/// Writes each mail as `<outbox id>.eml`, readable by the owner of the process only. A mail that is
/// sent again finds its file there and leaves it.
#[derive(Debug)]
pub struct FolderMailer {
    folder: PathBuf,
    sender: Sender,
}

impl FolderMailer {
    /// Mail from `sender` into `folder`, which is made when the first mail comes.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, sender: Sender) -> Self {
        Self { folder: folder.into(), sender }
    }
}

impl Mailer for FolderMailer {
    fn send<'a>(&'a self, mail: &'a Mail) -> BoxFuture<'a, Result<(), MailError>> {
        async {
            let bytes = compose(&self.sender, mail)?.formatted();
            let (folder, name) = (self.folder.clone(), format!("{}.eml", mail.id));
            match spawn_blocking(move || write(&folder, &name, &bytes)).await {
                Ok(written) => written.map_err(MailError::temporary),
                Err(why) => Err(MailError::temporary(why)),
            }
        }
        .boxed()
    }

    fn stays_here(&self) -> bool {
        true
    }
}

/// Puts the file into the folder, complete or not at all, and on the disk before it returns.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let place = folder.join(name);
    if place.try_exists()? {
        return Ok(());
    }
    if !folder.try_exists()? {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        if let Some(parent) = folder.canonicalize()?.parent() {
            File::open(parent)?.sync_all()?;
        }
    }
    let draft = folder.join(format!(".{name}.{}", Uuid::new_v4().simple()));
    let written = fill(&draft, bytes).and_then(|()| fs::rename(&draft, &place));
    if written.is_err() {
        // The reason why it was not written counts, not that the rest cannot be removed either.
        drop(fs::remove_file(&draft));
    }
    written.and_then(|()| File::open(folder)?.sync_all())
}

fn fill(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(bytes)?;
    file.sync_all()
}
