//! Values that must not be shown, and the signing key with its file.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use uuid::Uuid;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::value::Value;

/// Text whose `Debug` shows nothing and whose memory is wiped at the end.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Never log it, never put it into an error.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Value for Secret {
    const SECRET: bool = true;

    fn form() -> String {
        "密文 (secret text)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::new(text))
    }
}

/// 32 random bytes from which every other key is derived.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; 32]);

/// Why the signing key cannot be had. The file's content is never shown.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// Reading or writing failed.
    #[error("密钥文件 {} 无法读写 (cannot be read or written): {source}", path.display())]
    File {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("密钥文件 {} 的内容不是 64 位十六进制数 (not 64 hexadecimal digits)", path.display())]
    Malformed {
        /// The key file.
        path: PathBuf,
    },
    /// Others than the owner could read or change the key.
    #[error("密钥文件 {p} 权限过宽，请运行 (too open, run): chmod 600 {p}", p = path.display())]
    TooOpen {
        /// The key file.
        path: PathBuf,
    },
}

impl SecretKey {
    /// The key itself. Derive from it, do not use it directly.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads the key file; makes it with a fresh key and mode 0600 if it is not there.
    ///
    /// Two processes that start at the same time end with the same key: the file appears complete
    /// or not at all, and whoever comes second reads the first one's.
    ///
    /// # Errors
    ///
    /// See [`SecretKeyError`].
    pub fn load_or_create(path: &Path) -> Result<Self, SecretKeyError> {
        let failed = |source| SecretKeyError::File { path: path.to_path_buf(), source };
        match fs::metadata(path) {
            Ok(_) => {}
            Err(why) if why.kind() == ErrorKind::NotFound => create(path).map_err(failed)?,
            Err(why) => return Err(failed(why)),
        }
        if fs::metadata(path).map_err(failed)?.mode() & 0o077 != 0 {
            return Err(SecretKeyError::TooOpen { path: path.to_path_buf() });
        }
        let text = Secret::new(fs::read_to_string(path).map_err(failed)?);
        Self::parse(text.expose().trim())
            .ok_or_else(|| SecretKeyError::Malformed { path: path.to_path_buf() })
    }
}

/// Writes a fresh key beside `path` and links it into place; leaves an existing file alone.
fn create(path: &Path) -> io::Result<()> {
    let mut key = [0_u8; 32];
    rand::fill(&mut key);
    let text = Secret::new(format!("{}\n", hex::encode(key)));
    key.zeroize();

    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{}.tmp", Uuid::new_v4()));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(text.expose().as_bytes())?;
    file.sync_all()?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    match linked {
        Err(why) if why.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

impl Value for SecretKey {
    const SECRET: bool = true;

    fn form() -> String {
        "64 位十六进制数，可用 openssl rand -hex 32 生成 (64 hexadecimal digits)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut key = [0_u8; 32];
        hex::decode_to_slice(text, &mut key).ok()?;
        Some(Self(key))
    }
}
