//! Puts the program together from its settings: database, files, mail, documents, keys.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::app::field_keys::KeyFault;
use crate::app::{App, AppError, Settings};
use crate::clock::Clock;
use crate::config::{
    AgencyClockSetting, Config, FIELD_KEYS_FILE, KeepFor, ReasonClock, RemindAt, SECRET_KEY_FILE,
    SqliteSynchronous, StorageUrl,
};
use crate::db::{Access, DbSettings, Store, StoreError, Synchronous, requests};
use crate::documents::{Engine, EngineError, Wording};
use crate::domain::archiving::{Retention, RetentionRules};
use crate::domain::calendar::Calendar;
use crate::domain::consultation::AgencyClock;
use crate::domain::reminder::{Plan, ReminderStage};
use crate::domain::volume::ReasonRequestClock;
use crate::keys::{FieldKeySource, Keys, RingError};
use crate::mail::{FolderMailer, MailError, Mailer, Sender, SmtpMailer};
use crate::signing::Signer;
use crate::storage::{BlobStore, S3, StorageError};

/// Why the program cannot start. Texts are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The database.
    #[error("数据库 (database): {0}")]
    Store(#[from] StoreError),
    /// The file store.
    #[error("文件存储 (storage): {0}")]
    Storage(#[from] StorageError),
    /// The mail settings.
    #[error("邮件 (mail): {0}")]
    Mail(#[from] MailError),
    /// Fonts.
    #[error("字体 (fonts): {0}")]
    Fonts(#[from] EngineError),
    /// Wording templates.
    #[error("文书模板 (wording):\n{0}")]
    Wording(String),
    /// The secret key.
    #[error("密钥 (secret key): {0}")]
    Key(#[from] crate::config::SecretKeyError),
    /// The key file is gone while the database holds requests sealed with it.
    #[error(
        "密钥文件 {} 不见了，而数据库中已有申请；请从备份恢复密钥，或者设置 GONGKAI_SECRET_KEY (the key file is \
         gone: restore it from the back-up)",
        .0.display()
    )]
    KeyLost(PathBuf),
    /// Keys and database do not belong together.
    #[error("密钥 (keys): {0}")]
    Keys(#[from] KeyFault),
    /// The file of keys for fields.
    #[error("密钥 (keys): {0}")]
    Ring(#[from] RingError),
    /// The calendar of record.
    #[error("工作日历 (calendar): {0}")]
    Calendar(AppError),
    /// The data folder.
    #[error("数据目录 (data folder): {0}")]
    DataFolder(#[from] std::io::Error),
}

/// Builds the use cases from the settings. Migrates when the database is opened for serving.
///
/// # Errors
///
/// [`AssemblyError`] naming the part that does not stand.
pub fn assemble(
    config: &Config,
    clock: Arc<dyn Clock>,
    access: Access,
) -> Result<App, AssemblyError> {
    // Personal data and keys: nobody else on the machine looks into a folder made here.
    DirBuilder::new().recursive(true).mode(0o700).create(&config.data_dir)?;
    let store = Store::open(&db_settings(config)?.with_access(access))?;
    if access == Access::Exclusive {
        for version in store.migrate()? {
            tracing::info!(version, "migrated");
        }
    }
    // A key made anew would open nothing that is sealed and break every seal of the ledger.
    let fresh = config.secret_key.is_none() && !config.data_dir.join(SECRET_KEY_FILE).exists();
    if fresh && !store.read_blocking(|conn| requests::ids(conn, None, 1))?.is_empty() {
        return Err(AssemblyError::KeyLost(config.data_dir.join(SECRET_KEY_FILE)));
    }
    let keys = Keys::from_secret(config.load_secret_key()?.expose())
        .with_field_keys(field_keys(config))?;
    let engine = Engine::start(&font_folders(config))?;
    for role in engine.fonts() {
        tracing::debug!(?role, "font");
    }
    let wording = Wording::load().map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        AssemblyError::Wording(lines.join("\n"))
    })?;
    let app = App {
        store,
        calendar: Arc::new(Calendar::built_in().clone()),
        record: Arc::default(),
        clock,
        engine: Arc::new(engine),
        wording: Arc::new(wording),
        blobs: blobs(config)?,
        mailer: mailer(config)?,
        signer: config.sign_program.clone().map(|program| Arc::new(Signer::new(program.0))),
        keys: Arc::new(keys),
        settings: Arc::new(settings(config)),
        wake: Arc::default(),
        call: None,
    };
    app.check_keys(access != Access::ReadOnly)?;
    let app = match access {
        Access::Exclusive => app.adopt_built_in_calendar(),
        Access::Shared | Access::ReadOnly => app.store.read_blocking(|conn| app.in_force(conn)),
    }
    .map_err(AssemblyError::Calendar)?;
    if access == Access::Exclusive {
        let sealed = app.seal_existing().map_err(KeyFault::App)?;
        if sealed > 0 {
            tracing::info!(sealed, "personal data that stood in the clear is sealed now");
        }
        let folded = app.fold_standings().map_err(KeyFault::App)?;
        if folded > 0 {
            tracing::info!(folded, "requests of an earlier version are ready for the queue");
        }
        let listed = app.list_existing_remedies().map_err(KeyFault::App)?;
        if listed > 0 {
            tracing::info!(listed, "remedies that stood in ledgers only are listed now");
        }
    }
    Ok(app)
}

/// Where keys for fields come from, beside the one derived from the secret.
fn field_keys(config: &Config) -> FieldKeySource {
    if config.field_keys.is_empty() {
        return FieldKeySource::File(config.data_dir.join(FIELD_KEYS_FILE));
    }
    FieldKeySource::Given(
        config.field_keys.iter().map(|key| Zeroizing::new(*key.expose())).collect(),
    )
}

fn db_settings(config: &Config) -> Result<DbSettings, StoreError> {
    let mut settings = DbSettings::new(config.database_url.expose().parse()?);
    settings.readers = config.db_pool_size.get();
    settings.pg_pool = config.db_pool_size.get();
    settings.synchronous = match config.sqlite_synchronous {
        SqliteSynchronous::Full => Synchronous::Full,
        SqliteSynchronous::Normal => Synchronous::Normal,
    };
    Ok(settings)
}

/// Where fonts are looked for, best first: the agency's own, the project's, the system's.
pub(crate) fn font_folders(config: &Config) -> Vec<PathBuf> {
    let own = config.font_dir.iter().cloned();
    let shipped = ["assets/fonts", "/usr/share/gongkai/fonts", "/usr/share/fonts"];
    own.chain(shipped.into_iter().map(PathBuf::from)).collect()
}

fn blobs(config: &Config) -> Result<BlobStore, StorageError> {
    match &config.storage {
        StorageUrl::Folder(folder) => BlobStore::folder(folder),
        StorageUrl::S3 { bucket, prefix } => {
            let endpoint = config.s3_endpoint.as_ref().map(ToString::to_string);
            BlobStore::s3(&S3 {
                bucket,
                prefix,
                endpoint: endpoint.as_deref(),
                region: &config.s3_region,
                access_key: config.s3_access_key.as_ref().map_or("", |key| key.expose()),
                secret_key: config.s3_secret_key.as_ref().map_or("", |key| key.expose()),
            })
        }
    }
}

fn mailer(config: &Config) -> Result<Arc<dyn Mailer>, MailError> {
    let sender: Sender = config.mail_from.as_str().parse()?;
    Ok(match &config.smtp_url {
        Some(url) => Arc::new(SmtpMailer::new(url.expose(), sender)?),
        None => Arc::new(FolderMailer::new(config.data_dir.join("mail"), sender)),
    })
}

fn settings(config: &Config) -> Settings {
    Settings {
        public_url: config.public_url.as_str().trim_end_matches('/').to_owned(),
        scratch: config.data_dir.join("scratch"),
        upload_max_bytes: config.upload_max_bytes.get(),
        upload_time: std::time::Duration::from_secs(u64::from(config.upload_seconds.get())),
        applicant_files: usize::try_from(config.applicant_files.get()).unwrap_or(usize::MAX),
        retention: RetentionRules {
            plain: kept(config.retention),
            fee: kept(config.retention_fee),
            remedy: kept(config.retention_remedy),
        },
        orphan_days: i64::from(config.orphan_days.get()),
        access_token_minutes: i64::from(config.access_token_minutes.get()),
        refresh_token_days: i64::from(config.refresh_token_days.get()),
        correction_period_wd: config.correction_period_wd.get(),
        rating_fix_wd: config.rating_fix_wd.get(),
        reminders: Plan {
            handler: stages(&config.remind_handler),
            head: stages(&config.remind_head),
            supervisor: stages(&config.remind_supervisor),
        },
        reassess_months: config.reassess_months.get(),
        publish_from_applicants: config.publish_from_applicants.get(),
        fee_count_unhandled: config.fee_count_unhandled,
        login_lock_attempts: i32::try_from(config.login_lock_attempts.get()).unwrap_or(i32::MAX),
        login_lock_minutes: i64::from(config.login_lock_minutes.get()),
        longest_deferral_days: config.longest_deferral_days.get(),
        volume_period_days: config.volume_period_days.get(),
        reason_request_clock: match config.reason_request_clock {
            ReasonClock::Runs => ReasonRequestClock::Runs,
            ReasonClock::AsCorrection => ReasonRequestClock::AsCorrection,
        },
        agency_consultation_clock: match config.agency_consultation_clock {
            AgencyClockSetting::WrittenAnswer => AgencyClock::WrittenAnswer,
            AgencyClockSetting::AsJoint => AgencyClock::AsJoint,
        },
    }
}

const fn kept(years: KeepFor) -> Retention {
    match years {
        KeepFor::Years10 => Retention::Years10,
        KeepFor::Years30 => Retention::Years30,
        KeepFor::Permanent => Retention::Permanent,
    }
}

fn stages(at: &[RemindAt]) -> Vec<ReminderStage> {
    let stage = |at: &RemindAt| match at {
        RemindAt::Five => ReminderStage::FiveDays,
        RemindAt::Two => ReminderStage::TwoDays,
        RemindAt::LastDay => ReminderStage::LastDay,
        RemindAt::Overdue => ReminderStage::Overdue,
    };
    at.iter().map(stage).collect()
}
