//! Settings that say where something is: database, files, mail server, sender, proxies.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use url::Url;

use super::secret::Secret;
use super::value::Value;

/// Which database is used. `Debug` shows no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded database in this file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, by a URL as libpq reads it.
    Postgres(Secret),
}

impl DatabaseUrl {
    /// The URL, password included: `sqlite:PATH` or `postgres://…`.
    pub fn expose(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => url.expose().to_owned(),
        }
    }
}

impl Value for DatabaseUrl {
    // A PostgreSQL URL may hold a password.
    const SECRET: bool = true;

    fn form() -> String {
        "sqlite:文件 或 postgres://用户:密码@主机:端口/库 (sqlite:FILE or postgres://…)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // A private in-memory database would be another one for every connection of the pool.
            return (!path.is_empty() && !path.contains(":memory:"))
                .then(|| Self::Sqlite(PathBuf::from(path)));
        }
        let rest =
            text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))?;
        (!rest.is_empty() && !rest.contains(char::is_whitespace))
            .then(|| Self::Postgres(Secret::new(text)))
    }
}

/// Where files are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StorageUrl {
    /// A folder on this machine.
    Folder(PathBuf),
    /// A bucket of an S3-compatible store.
    S3 {
        /// Name of the bucket.
        bucket: String,
        /// What every key starts with; empty, or without slash at either end.
        prefix: String,
    },
}

impl Value for StorageUrl {
    fn form() -> String {
        "目录 或 s3://存储桶/前缀 (folder or s3://bucket/prefix)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let Some(rest) = text.strip_prefix("s3://") else {
            return (!text.is_empty() && !text.contains("://"))
                .then(|| Self::Folder(PathBuf::from(text)));
        };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        (bucket.len() >= 3 && bucket.chars().all(good)).then(|| Self::S3 {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
        })
    }
}

/// Mail server, with name and password if it wants them. `Debug` shows no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpUrl(Secret);

impl SmtpUrl {
    /// The URL, password included.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl Value for SmtpUrl {
    const SECRET: bool = true;

    fn form() -> String {
        "smtp://用户:密码@主机:端口 或 smtps://… (mail server)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        (matches!(url.scheme(), "smtp" | "smtps") && url.has_host())
            .then(|| Self(Secret::new(text)))
    }
}

/// A mail address, with or without a name: `单位 <a@b.example>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailAddress(String);

impl MailAddress {
    /// As written in the settings.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for MailAddress {
    fn form() -> String {
        "邮箱地址，如 单位名称 <name@example.cn> (mail address)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let address = match text.split_once('<') {
            Some((_, rest)) => rest.strip_suffix('>')?,
            None => text,
        };
        let (local, domain) = address.split_once('@')?;
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_graphic() && !"@<>,;".contains(c))
        };
        (plain(local) && plain(domain) && !text.contains(['\r', '\n']))
            .then(|| Self(text.to_owned()))
    }
}

/// An address or a network in CIDR form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    prefix: u32,
}

impl Network {
    /// Whether `address` lies in this network. IPv4 and IPv6 never match each other.
    pub fn contains(&self, address: IpAddr) -> bool {
        let same_head = |ours: u128, theirs: u128, width: u32| {
            ours.checked_shr(width - self.prefix) == theirs.checked_shr(width - self.prefix)
        };
        match (self.address, address) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same_head(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                same_head(ours.to_bits(), theirs.to_bits(), 128)
            }
            _ => false,
        }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

impl Value for Network {
    fn form() -> String {
        "IP 地址或网段，如 10.0.0.0/8 (address or network)".to_owned()
    }

    fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            Some(digits) => digits.parse().ok().filter(|prefix| *prefix <= width)?,
            None => width,
        };
        Some(Self { address, prefix })
    }
}
