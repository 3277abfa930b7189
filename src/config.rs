//! Settings: one table ([`SETTINGS`]), read from a TOML file, overridden by `GONGKAI_*` variables.
//!
//! This is the only module that reads the process environment. Everything else is handed a
//! [`Config`] (or a value out of it), so a test can vary any setting without touching the process.

mod addresses;
mod error;
mod number;
mod reference;
mod secret;
mod settings;
mod source;
mod value;

use std::path::Path;

pub use addresses::{DatabaseUrl, MailAddress, Network, SmtpUrl, StorageUrl};
pub use error::{ConfigError, Problem};
pub use number::{Bytes, Count};
pub use reference::{list, markdown};
pub use secret::{Secret, SecretKey, SecretKeyError};
pub use settings::{Config, SETTINGS, Setting};
pub use value::{
    AgencyClockSetting, KeepFor, LogFilter, LogFormat, Program, ReasonClock, RemindAt,
    SqliteSynchronous, Value,
};

use source::{CONFIG_VARIABLE, Values};

/// The settings file that is read when none is named, if it is there.
pub const DEFAULT_FILE: &str = "gongkai.toml";

/// Name of the file in `data_dir` that keeps the key where no setting gives it.
pub const SECRET_KEY_FILE: &str = "secret.key";

/// Name of the file of further keys for encrypted fields in the data folder.
pub const FIELD_KEYS_FILE: &str = "field.keys";

impl Config {
    /// Reads the settings of this process: `file` (from `--config`), else the file named by
    /// `GONGKAI_CONFIG`, else [`DEFAULT_FILE`] if present; then the `GONGKAI_*` variables.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every unknown key and every bad value at once.
    pub fn from_process(file: Option<&Path>) -> Result<Self, ConfigError> {
        let env = process_environment();
        let named = file.is_some() || env.iter().any(|(name, _)| name == CONFIG_VARIABLE);
        let default = Path::new(DEFAULT_FILE);
        let file = file.or_else(|| (!named && default.exists()).then_some(default));
        Self::load(file, env)
    }

    /// Settings from `file` (else the file `GONGKAI_CONFIG` names in `env`, else none) and `env`.
    ///
    /// Variables of `env` that do not start with `GONGKAI_` are ignored, and so is an empty one.
    /// Reads nothing else: neither the process environment nor [`DEFAULT_FILE`].
    ///
    /// # Errors
    ///
    /// [`ConfigError`] with every unknown key and every bad value at once.
    pub fn load(
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let values = Values::gather(file, env, &mut problems);
        let config = Self::from_values(&values, &mut problems);
        if let Some(config) = &config {
            config.check_combinations(&mut problems);
        }
        match config {
            Some(config) if problems.is_empty() => Ok(config),
            _ => Err(ConfigError { problems }),
        }
    }

    /// Settings for one test: everything in `dir`, an address the system chooses, quiet logs.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if `dir` is not valid UTF-8.
    pub fn for_tests(dir: &Path) -> Result<Self, ConfigError> {
        let settings = [
            ("GONGKAI_DATA_DIR", dir.display().to_string()),
            ("GONGKAI_LISTEN", "127.0.0.1:0".to_owned()),
            ("GONGKAI_LOG_LEVEL", "warn".to_owned()),
            ("GONGKAI_SQLITE_SYNCHRONOUS", "normal".to_owned()),
        ];
        Self::load(None, settings.map(|(name, value)| (name.to_owned(), value)))
    }

    /// The key that signs tokens and encrypts at rest: the setting `secret_key`, else the file
    /// `secret.key` in `data_dir`, which is made (readable by its owner only) if it is not there.
    ///
    /// # Errors
    ///
    /// [`SecretKeyError`] if the file cannot be read or written, is malformed, or is readable by
    /// others than its owner.
    pub fn load_secret_key(&self) -> Result<SecretKey, SecretKeyError> {
        match &self.secret_key {
            Some(key) => Ok(key.clone()),
            None => SecretKey::load_or_create(&self.data_dir.join(SECRET_KEY_FILE)),
        }
    }

    /// What no setting can see alone: settings that need each other.
    fn check_combinations(&self, problems: &mut Vec<Problem>) {
        if !matches!(self.storage, StorageUrl::S3 { .. }) {
            return;
        }
        for (key, value) in
            [("s3_access_key", &self.s3_access_key), ("s3_secret_key", &self.s3_secret_key)]
        {
            if value.is_none() {
                problems.push(Problem::needed(key, "storage = s3://…"));
            }
        }
    }
}

/// The process environment as text; a name or value that is not UTF-8 keeps its readable part, so
/// that a broken `GONGKAI_*` value is refused by its parser instead of being overlooked.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
fn process_environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .map(|(name, value)| {
            (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
        })
        .collect()
}
