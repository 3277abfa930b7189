//! Puts a bundle together: looks at every stored file, makes lists and sheets, and writes the
//! archive into a file without a name. One piece of one file is in memory at a time.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};

use futures_util::StreamExt;
use tokio::runtime::Handle;

use super::contents::{Contents, json_file, sha256};
use super::format::{self, FORMAT, Listed, Manifest, Missing};
use super::probe::probe;
use super::story::{self, Story};
use super::{Bundle, sheets};
use crate::app::{App, AppError};
use crate::documents::pack::Pack;
use crate::domain::evidence::Exhibit;
use crate::storage::StorageError;

/// A stored file that goes along: where it lies, and its line of the manifest.
struct Along {
    key: String,
    listed: Listed,
}

impl App {
    /// Packs what was gathered.
    ///
    /// # Errors
    ///
    /// [`AppError::StorageUnavailable`], [`AppError::Unprintable`]; [`AppError::Broken`] when the
    /// file cannot be written.
    pub(super) async fn pack(&self, mut contents: Contents) -> Result<Bundle, AppError> {
        let (along, missing) = self.look_at_files(&mut contents).await?;
        let (app, runtime) = (self.clone(), Handle::current());
        let packed =
            tokio::task::spawn_blocking(move || write(&app, &runtime, contents, &along, missing));
        packed.await.map_err(AppError::broken)?
    }

    /// Which stored files go along, and which cannot; the exhibits are completed by it.
    async fn look_at_files(
        &self,
        contents: &mut Contents,
    ) -> Result<(Vec<Along>, Vec<Missing>), AppError> {
        let (mut along, mut missing) = (Vec::new(), Vec::new());
        for piece in &mut contents.pieces {
            for stored in std::mem::take(&mut piece.stored) {
                let found = match (stored.held_back, &stored.key) {
                    (Some(why), _) => Err(why),
                    (None, None) => Err("没有生成文件，或者文件的登记不见了"),
                    (None, Some(key)) => probe(&self.blobs, key, &stored.sha256).await?,
                };
                match found {
                    Ok(sound) => {
                        let pages = piece.exhibit.pages.or(sound.pages);
                        piece.exhibit.pages = pages;
                        piece.exhibit.files.push(stored.path.clone());
                        let (bytes, sha256) = (sound.bytes, stored.sha256);
                        let listed = Listed { path: stored.path, bytes, sha256 };
                        along.push(Along { key: stored.key.unwrap_or_default(), listed });
                    }
                    Err(why) => {
                        let title = piece.exhibit.title.clone();
                        let ending = stored.path.rsplit_once('.').map_or("", |(_, ending)| ending);
                        let title = match &piece.exhibit.number {
                            Some(number) => format!("{title}（{number}，{ending}）"),
                            None => title,
                        };
                        piece.exhibit.missing = Some(why.to_owned());
                        missing.push(Missing { title, sha256: stored.sha256, why: why.to_owned() });
                    }
                }
            }
        }
        Ok((along, missing))
    }
}

fn write(
    app: &App,
    runtime: &Handle,
    contents: Contents,
    along: &[Along],
    missing: Vec<Missing>,
) -> Result<Bundle, AppError> {
    let exhibits: Vec<Exhibit> = contents.pieces.iter().map(|p| p.exhibit.clone()).collect();
    let page = story::page(&Story {
        number: &contents.loaded.row.number,
        agency: &contents.agency.profile.name,
        case: &contents.loaded.case,
        calendar: &contents.loaded.calendar,
        application: &contents.application,
        acts: &contents.acts,
        exhibits: &exhibits,
    });
    let mut texts = vec![
        (format::README.to_owned(), story::readme(&contents).into_bytes()),
        (format::STORY.to_owned(), page.into_bytes()),
        json_file(format::CHRONOLOGY, &contents.acts)?,
        json_file(format::EVIDENCE, &exhibits)?,
    ];
    texts.extend(sheets::sheets(app, &contents, &exhibits, &missing)?);
    texts.extend(contents.texts);
    let of_text = |(path, bytes): &(String, Vec<u8>)| {
        let size = u64::try_from(bytes.len()).map_err(AppError::broken)?;
        Ok::<_, AppError>(Listed { path: path.clone(), bytes: size, sha256: sha256(bytes) })
    };
    let mut files = texts.iter().map(of_text).collect::<Result<Vec<_>, _>>()?;
    files.extend(along.iter().map(|along| along.listed.clone()));
    let row = &contents.loaded.row;
    let manifest = Manifest {
        format: FORMAT,
        form: contents.form,
        number: row.number.clone(),
        agency: contents.agency.profile.name.clone(),
        request: row.id,
        entries: contents.acts.len(),
        last_hash: contents.loaded.last_hash.clone(),
        calendar: contents.loaded.calendar.version().to_owned(),
        files,
        missing,
    };
    let (_, manifest) = json_file(format::MANIFEST, &manifest)?;
    let seal = app.keys.digest(super::SEAL_LABEL, &sha256(&manifest));
    let mut pack = Pack::into(nameless(app)?);
    let put = |pack: &mut Pack, path: &str, bytes: &[u8]| {
        let size = u64::try_from(bytes.len()).map_err(AppError::broken)?;
        pack.begin(path, size).and_then(|()| pack.write_all(bytes)).map_err(AppError::broken)
    };
    for (path, bytes) in &texts {
        put(&mut pack, path, bytes)?;
    }
    for along in along {
        copy(app, runtime, &mut pack, along)?;
    }
    put(&mut pack, format::MANIFEST, &manifest)?;
    put(&mut pack, format::SEAL, seal.as_bytes())?;
    let mut file = pack.finish().map_err(AppError::broken)?;
    let size = file.seek(SeekFrom::End(0)).map_err(AppError::broken)?;
    file.seek(SeekFrom::Start(0)).map_err(AppError::broken)?;
    let name = format!("{}_{}.zip", contents.form.label(), contents.loaded.row.number);
    Ok(Bundle { name, size, file })
}

/// Copies a stored file into the archive, piece by piece.
fn copy(app: &App, runtime: &Handle, pack: &mut Pack, along: &Along) -> Result<(), AppError> {
    let Along { key, listed } = along;
    pack.begin(&listed.path, listed.bytes).map_err(AppError::broken)?;
    let mut stream = runtime.block_on(app.blobs.get_stream(key))?.bytes;
    let mut copied = 0_u64;
    while let Some(piece) = runtime.block_on(stream.next()) {
        let piece = piece?;
        copied += u64::try_from(piece.len()).map_err(AppError::broken)?;
        pack.write_all(&piece).map_err(AppError::broken)?;
    }
    if copied == listed.bytes {
        return Ok(());
    }
    // It was sound a moment ago: somebody is at work on the store.
    Err(AppError::from(StorageError::NotFound { key: key.clone() }))
}

/// A file that nobody else can open and that is gone when it is closed, whatever happens.
fn nameless(app: &App) -> Result<File, AppError> {
    let folder = &app.settings.scratch;
    std::fs::create_dir_all(folder).map_err(AppError::broken)?;
    let path = folder.join(uuid::Uuid::now_v7().to_string());
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(&path).map_err(AppError::broken)?;
    std::fs::remove_file(&path).map_err(AppError::broken)?;
    Ok(file)
}
