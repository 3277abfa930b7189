//! Use cases: who may, load, decide, store – in one transaction each – and what follows queued in
//! the same transaction. No SQL and no HTTP here.

pub mod actions;
pub mod agencies;
pub mod audit;
pub mod bundle;
pub mod calendar;
pub mod chains;
pub mod closing;
pub mod complaints;
pub mod consultations;
pub mod deliveries;
pub mod demo;
pub mod deputies;
pub mod desks;
pub mod differences;
pub mod editions;
pub mod entries;
pub mod error;
pub mod expired_files;
pub mod fees;
pub mod field_keys;
pub mod files;
pub mod findings;
pub mod forms;
pub mod health;
pub mod intake;
pub mod items;
pub mod joint;
pub mod ledger;
pub mod notices;
mod numbering;
pub mod once;
pub mod orphans;
mod other_ends;
pub mod outbox;
pub mod own_forms;
pub mod people;
pub mod personal;
pub mod post;
pub mod principal;
pub mod publications;
pub mod ratings;
pub mod reason_texts;
pub mod reassessments;
pub mod record_corrections;
pub mod redactions;
pub mod register;
pub mod related;
pub mod remedies;
pub mod reminders;
pub mod requests;
pub mod retention;
pub mod seal_pictures;
pub mod sessions;
pub mod similar;
pub mod splits;
pub mod standing;
pub mod suggestions;
pub mod sweep;
pub mod tracking;
pub mod units;
pub mod verify;
pub mod what_if;
mod wording;

use std::sync::Arc;

use chrono::NaiveDate;

pub use error::AppError;
pub use principal::Principal;

use self::calendar::record::CalendarOfRecord;
use self::editions::in_force::{Editions, KnownEditions};
use crate::clock::Clock;
use crate::db::Store;
use crate::documents::{Engine, Wording};
use crate::domain::archiving::RetentionRules;
use crate::domain::calendar::Calendar;
use crate::domain::chain::Approvals;
use crate::domain::consultation::AgencyClock;
use crate::domain::decide::Context;
use crate::domain::ids::UserId;
use crate::domain::policy::Role;
use crate::domain::reminder::Plan;
use crate::domain::volume::ReasonRequestClock;
use crate::keys::Keys;
use crate::mail::Mailer;
use crate::signing::Signer;
use crate::storage::BlobStore;

/// What the use cases need to know of the installation.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Address under which people reach the service, without a slash at the end.
    pub public_url: String,
    /// Folder for files that are being put together; they have no name there.
    pub scratch: std::path::PathBuf,
    /// Largest upload in bytes.
    pub upload_max_bytes: u64,
    /// How long cases are kept.
    pub retention: RetentionRules,
    /// How long a file may take to come in.
    pub upload_time: std::time::Duration,
    /// Files an applicant may add to one request online.
    pub applicant_files: usize,
    /// Days after which a stored upload that no row names is removed.
    pub orphan_days: i64,
    /// Minutes an access token is good for.
    pub access_token_minutes: i64,
    /// Days a sign-in can be prolonged without the password.
    pub refresh_token_days: i64,
    /// Working days to correct that are proposed to the officer.
    pub correction_period_wd: u32,
    /// Working days to put a bad rating right.
    pub rating_fix_wd: u32,
    /// Who is reminded of limits at which stages.
    pub reminders: Plan,
    /// From how many different applicants on released information is proposed for publication.
    pub publish_from_applicants: u32,
    /// Months after which what was withheld is assessed again.
    pub reassess_months: u32,
    /// Whether withdrawn and lapsed requests count in the month of the processing fee.
    pub fee_count_unhandled: bool,
    /// Wrong passwords until the account is locked.
    pub login_lock_attempts: i32,
    /// Minutes it stays locked.
    pub login_lock_minutes: i64,
    /// Days over which requests of the same people are counted.
    pub volume_period_days: u32,
    /// Days after it is told by which a deferred reply must be due.
    pub longest_deferral_days: u32,
    /// Whether the limit runs while reasons of a high volume are awaited.
    pub reason_request_clock: ReasonRequestClock,
    /// Whether asking an agency that did not make the information stops the limit.
    pub agency_consultation_clock: AgencyClock,
}

/// Everything the use cases work with. Cloning is cheap.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The calendar these use cases work with: one version of the calendar of record.
    pub calendar: Arc<Calendar>,
    /// The versions this process knows.
    pub record: Arc<CalendarOfRecord>,
    /// The present time.
    pub clock: Arc<dyn Clock>,
    /// Sets notices.
    pub engine: Arc<Engine>,
    /// The built-in wording of notices.
    pub wording: Arc<Wording>,
    /// The agencies' own editions these use cases work with.
    pub editions: Arc<Editions>,
    /// The newest ones this process knows.
    pub known_editions: Arc<KnownEditions>,
    /// Files.
    pub blobs: BlobStore,
    /// Sends mail.
    pub mailer: Arc<dyn Mailer>,
    /// Signs issued notices, where a signing program is set.
    pub signer: Option<Arc<Signer>>,
    /// Keys of the installation.
    pub keys: Arc<Keys>,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Wakes the worker of this process when something was queued.
    pub wake: Arc<tokio::sync::Notify>,
    /// The request id of the HTTP call these use cases work for; none in jobs and commands.
    pub call: Option<Arc<str>>,
}

impl App {
    /// Today in Asia/Shanghai.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// The same use cases on behalf of one HTTP call: what they leave in the audit log names it.
    #[must_use]
    pub fn on_behalf_of(&self, call: &str) -> Self {
        Self { call: Some(call.into()), ..self.current() }
    }

    /// What a decision may know when `principal` acts.
    fn context<'a>(&'a self, principal: &'a Principal) -> Context<'a> {
        let approvals = Approvals { chains: None, deputyships: &principal.deputyships };
        Context { approvals, ..self.context_of(Some(principal.user), &principal.roles) }
    }

    /// What a decision may know when nobody of the agency acts.
    fn context_of<'a>(&'a self, actor: Option<UserId>, roles: &'a [Role]) -> Context<'a> {
        let approvals = Approvals::default();
        let (calendar, retention) = (&self.calendar, self.settings.retention);
        let longest_deferral_days = self.settings.longest_deferral_days;
        let today = self.today();
        Context { calendar, today, actor, roles, approvals, retention, longest_deferral_days }
    }
}
