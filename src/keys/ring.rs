//! The keys that seal fields: one active, the older ones for reading. The first is derived from the
//! secret of the installation; further ones come from the settings or from a file that
//! `gongkai keys rotate` appends to and every running process follows.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::algorithm::ALGORITHMS;
use super::{Key, SALT, derive, key_id};

/// Why the keys of fields cannot be had. Never shows a key.
#[derive(Debug, thiserror::Error)]
pub enum RingError {
    /// Reading or writing failed.
    #[error("密钥文件 {} 无法读写 (cannot be read or written): {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is no key.
    #[error("密钥文件 {} 第 {line} 行不是密钥 (no key)", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
    },
    /// Others than the owner could read or change it.
    #[error("密钥文件 {p} 权限过宽，请运行 (too open, run): chmod 600 {p}", p = path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
    },
    /// The keys stand in the settings, where the program cannot add one.
    #[error(
        "加密密钥由设置 field_keys 给出：请把新密钥加在最后、重新启动服务，再运行 gongkai keys rotate \
         --resume (add the new key at the end of field_keys, restart, run again with --resume)"
    )]
    InSettings,
}

/// Where further keys come from.
#[derive(Debug, Clone)]
pub enum FieldKeySource {
    /// Nowhere: the derived key alone.
    Derived,
    /// The settings, oldest first.
    Given(Vec<Zeroizing<[u8; 32]>>),
    /// A file, oldest first; it need not be there.
    File(PathBuf),
}

/// One key for fields.
pub(super) struct FieldKey {
    id: String,
    secret: Key,
}

impl FieldKey {
    pub(super) fn new(id: String, secret: Key) -> Self {
        Self { id, secret }
    }

    fn from_secret(secret: &[u8; 32]) -> Self {
        let root = Hkdf::<Sha256>::new(Some(SALT), secret);
        Self { id: key_id(&root), secret: derive(&root, "fields v1") }
    }

    /// Eight hexadecimal digits that give nothing away.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn secret(&self) -> &[u8; 32] {
        &self.secret
    }
}

/// The keys, oldest first; there is always one.
pub(super) struct Ring {
    older: Vec<Arc<FieldKey>>,
    active: Arc<FieldKey>,
}

impl Ring {
    pub(super) fn active(&self) -> &FieldKey {
        &self.active
    }

    pub(super) fn find(&self, id: &str) -> Option<&FieldKey> {
        self.all().find(|key| key.id == id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &FieldKey> {
        self.older.iter().map(AsRef::as_ref).chain([self.active.as_ref()])
    }

    fn of(derived: &Arc<FieldKey>, further: Vec<FieldKey>) -> Self {
        let mut older = vec![Arc::clone(derived)];
        older.extend(further.into_iter().map(Arc::new));
        let active = older.pop().unwrap_or_else(|| Arc::clone(derived));
        Self { older, active }
    }
}

/// The keys as they are now. A file is read again when it has grown: that is how a running server
/// learns of a rotation.
pub(super) struct Fields {
    derived: Arc<FieldKey>,
    source: FieldKeySource,
    loaded: RwLock<(u64, Arc<Ring>)>,
}

impl Fields {
    pub(super) fn derived(key: FieldKey) -> Self {
        let derived = Arc::new(key);
        let ring = Arc::new(Ring::of(&derived, Vec::new()));
        Self { derived, source: FieldKeySource::Derived, loaded: RwLock::new((0, ring)) }
    }

    pub(super) fn with(self, source: FieldKeySource) -> Result<Self, RingError> {
        let (length, further) = match &source {
            FieldKeySource::Derived => (0, Vec::new()),
            FieldKeySource::Given(keys) => {
                (0, keys.iter().map(|key| FieldKey::from_secret(key)).collect())
            }
            FieldKeySource::File(path) => read(path)?,
        };
        let ring = Arc::new(Ring::of(&self.derived, further));
        Ok(Self { derived: self.derived, source, loaded: RwLock::new((length, ring)) })
    }

    pub(super) fn current(&self) -> Arc<Ring> {
        let (length, ring) = {
            let loaded = self.loaded.read().unwrap_or_else(PoisonError::into_inner);
            (loaded.0, Arc::clone(&loaded.1))
        };
        let FieldKeySource::File(path) = &self.source else { return ring };
        if fs::metadata(path).map_or(length, |file| file.len()) == length {
            return ring;
        }
        match read(path) {
            // A file that cannot be read any more must not take away the keys that were read.
            Err(_unreadable) => ring,
            Ok((length, further)) => {
                let ring = Arc::new(Ring::of(&self.derived, further));
                let mut loaded = self.loaded.write().unwrap_or_else(PoisonError::into_inner);
                *loaded = (length, Arc::clone(&ring));
                ring
            }
        }
    }

    /// Makes a new key active and returns its id.
    ///
    /// The line is on disk before anything is sealed with it. Appending never loses a key that
    /// another process appends at the same time.
    pub(super) fn add(&self) -> Result<String, RingError> {
        let FieldKeySource::File(path) = &self.source else { return Err(RingError::InSettings) };
        let mut secret = Key::default();
        rand::fill(secret.as_mut_slice());
        let key = FieldKey::from_secret(&secret);
        let hex = Zeroizing::new(hex::encode(secret.as_slice()));
        let line =
            Zeroizing::new(format!("{} {} {}\n", ALGORITHMS[0].name(), key.id, hex.as_str()));
        append(path, &line).map_err(|source| RingError::File { path: path.clone(), source })?;
        Ok(key.id)
    }
}

/// Appends a line, after cutting off one that a killed process left unfinished.
fn append(path: &Path, line: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    let text = Zeroizing::new(fs::read_to_string(path)?);
    let whole = text.rfind('\n').map_or(0, |end| end + 1);
    if whole < text.len() {
        file.set_len(u64::try_from(whole).map_err(io::Error::other)?)?;
    }
    file.write_all(line.as_bytes())?;
    file.sync_all()
}

/// Reads the keys of a file. A last line without an end was never used: it is left out.
fn read(path: &Path) -> Result<(u64, Vec<FieldKey>), RingError> {
    let failed = |source| RingError::File { path: path.to_path_buf(), source };
    let text = match fs::metadata(path) {
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Ok((0, Vec::new())),
        Err(why) => return Err(failed(why)),
        Ok(file) if file.mode() & 0o077 != 0 => {
            return Err(RingError::TooOpen { path: path.to_path_buf() });
        }
        Ok(_) => Zeroizing::new(fs::read_to_string(path).map_err(failed)?),
    };
    let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let mut keys = Vec::new();
    for (line, text) in (1..).zip(whole.lines()) {
        if !text.trim().is_empty() {
            let malformed = || RingError::Malformed { path: path.to_path_buf(), line };
            keys.push(key_of(text).ok_or_else(malformed)?);
        }
    }
    Ok((length, keys))
}

/// `<algorithm> <id> <64 hexadecimal digits>`; the id must be the key's own.
fn key_of(line: &str) -> Option<FieldKey> {
    let mut words = line.split_whitespace();
    let (algorithm, id, digits) = (words.next()?, words.next()?, words.next()?);
    let mut secret = Key::default();
    hex::decode_to_slice(digits, secret.as_mut_slice()).ok()?;
    let key = FieldKey::from_secret(&secret);
    let known = ALGORITHMS.into_iter().any(|known| known.name() == algorithm);
    (known && key.id == id && words.next().is_none()).then_some(key)
}
