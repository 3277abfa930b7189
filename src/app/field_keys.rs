//! The keys of the installation and the database that was written with them: do they belong
//! together, which key sealed what, and the change from one key for fields to the next.
//!
//! See `docs/decisions/0012-field-keys.md`.

use uuid::Uuid;

use crate::db::known_keys::{self, FIELDS, INSTALLATION};
use crate::db::sealed::{self, COLUMNS, Column};
use crate::db::{Conn, events};
use crate::keys::RingError;

use super::{App, AppError, ledger};

/// Texts replaced in one transaction: few, so that a server beside it does not wait.
const BATCH: i64 = 100;

/// Why keys and database do not go together. Texts are for the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The database was written under another secret.
    #[error(
        "数据库是用另一把密钥写成的，现有密钥不能打开加密数据、核对台账封印；请从备份恢复原来的 secret.key \
         或者 GONGKAI_SECRET_KEY (the database belongs to another secret key)"
    )]
    OtherInstallation,
    /// Keys for fields are missing.
    #[error(
        "缺少数据库中的数据所用的加密密钥（编号 {}）；请从备份恢复 field.keys 或者设置 \
         GONGKAI_FIELD_KEYS (keys for encrypted fields are missing)",
        .0.join("、")
    )]
    Missing(Vec<String>),
    /// The key file.
    #[error("{0}")]
    Ring(#[from] RingError),
    /// The database, or a fault of the program.
    #[error("{0}")]
    App(#[from] AppError),
}

impl From<crate::db::StoreError> for KeyFault {
    fn from(error: crate::db::StoreError) -> Self {
        Self::App(AppError::Store(error))
    }
}

/// A key for fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// Eight hexadecimal digits that give nothing away.
    pub id: String,
    /// Whether new texts are sealed with it.
    pub active: bool,
    /// Whether it is at hand.
    pub present: bool,
    /// Since when this database knows it.
    pub since: Option<chrono::DateTime<chrono::Utc>>,
    /// How many texts it seals.
    pub texts: i64,
}

/// What a change of keys came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key that is active now.
    pub active: String,
    /// Texts sealed anew.
    pub texts: usize,
    /// Texts that could not be opened, with their places. The keys they need are kept.
    pub faults: Vec<String>,
}

impl App {
    /// Refuses keys that do not belong to the database. `enter` also puts on record with which keys
    /// it is written from now on. Blocks.
    ///
    /// # Errors
    ///
    /// [`KeyFault`].
    pub fn check_keys(&self, enter: bool) -> Result<(), KeyFault> {
        let app = self.clone();
        self.store.read_blocking(move |conn| app.keys_fit(conn))?;
        if enter {
            let app = self.clone();
            self.store.write_blocking(move |conn| app.enter_keys(conn))?;
        }
        Ok(())
    }

    fn keys_fit(&self, conn: &mut Conn) -> Result<(), KeyFault> {
        let installation = known_keys::of_purpose(conn, INSTALLATION)?;
        let ours = match installation.first() {
            Some(known) => known.id == self.keys.id(),
            // A database from before keys were put on record: its first seal tells.
            None => events::any(conn)?.is_none_or(|row| ledger::seal(self, &row.hash) == row.seal),
        };
        if !ours {
            return Err(KeyFault::OtherInstallation);
        }
        let present = self.keys.field_key_ids();
        let needed = known_keys::of_purpose(conn, FIELDS)?.into_iter();
        let missing: Vec<String> = needed
            .filter(|key| key.retired_at.is_none() && !present.contains(&key.id))
            .map(|key| key.id)
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(KeyFault::Missing(missing)) }
    }

    fn enter_keys(&self, conn: &mut Conn) -> Result<(), AppError> {
        let now = self.clock.now();
        known_keys::enter(conn, INSTALLATION, self.keys.id(), now)?;
        for id in self.keys.field_key_ids() {
            known_keys::enter(conn, FIELDS, &id, now)?;
        }
        Ok(())
    }

    /// Makes a new key for fields active and seals everything anew with it; with `resume`, only
    /// goes on sealing with the key that is active already. Blocks.
    ///
    /// Each batch is one transaction and each text is replaced only if it is still the one that was
    /// read, so a kill in the middle, or a server at work beside it, does no harm.
    ///
    /// # Errors
    ///
    /// [`KeyFault::Ring`] where the keys stand in the settings; failures of the database.
    pub fn rotate_field_keys(&self, resume: bool) -> Result<Rotated, KeyFault> {
        if !resume {
            self.keys.add_field_key()?;
        }
        let app = self.clone();
        self.store.write_blocking(move |conn| app.enter_keys(conn))?;
        let mut texts = 0;
        // A server beside us may seal with the old key until it looks: hence a second round.
        let mut faults = Vec::new();
        for _round in 0..2 {
            faults.clear();
            for column in COLUMNS {
                texts += self.reseal(column, &mut faults)?;
            }
        }
        let prefix = self.keys.active_prefix();
        let app = self.clone();
        self.store.write_blocking(move |conn| app.retire_unused(conn))?;
        let active = prefix.split('.').nth(1).unwrap_or_default().to_owned();
        Ok(Rotated { active, texts, faults })
    }

    fn reseal(&self, column: Column, faults: &mut Vec<String>) -> Result<usize, AppError> {
        let mut done = 0;
        let mut after = Uuid::nil();
        loop {
            let app = self.clone();
            let (last, sealed, bad) =
                self.store.write_blocking(move |conn| app.reseal_batch(conn, column, after))?;
            done += sealed;
            faults.extend(bad);
            match last {
                Some(last) => after = last,
                None => return Ok(done),
            }
        }
    }

    fn reseal_batch(
        &self,
        conn: &mut Conn,
        column: Column,
        after: Uuid,
    ) -> Result<(Option<Uuid>, usize, Vec<String>), AppError> {
        let read = sealed::others(conn, column, &self.keys.active_prefix(), after, BATCH)?;
        let (mut done, mut faults) = (0, Vec::new());
        for old in &read {
            let place = column.place(old.id);
            match self.keys.open(&place, &old.text) {
                Ok(text) => {
                    let new = self.keys.seal(&place, &text);
                    done += usize::from(sealed::replace(conn, column, old, &new)?);
                }
                Err(why) => faults.push(format!("{place}：{why}")),
            }
        }
        Ok((read.last().map(|row| row.id), done, faults))
    }

    /// Notes which keys nothing is sealed with any more. The first, derived from the secret, is
    /// always at hand, but it too is noted.
    fn retire_unused(&self, conn: &mut Conn) -> Result<(), AppError> {
        let now = self.clock.now();
        for status in self.statuses(conn)? {
            let unused = status.texts == 0 && !status.active;
            known_keys::retire(conn, &status.id, unused.then_some(now))?;
        }
        Ok(())
    }

    /// Every key for fields, what it is used for and whether it is at hand. Blocks.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub fn field_key_status(&self) -> Result<Vec<KeyStatus>, KeyFault> {
        let app = self.clone();
        Ok(self.store.read_blocking(move |conn| app.statuses(conn))?)
    }

    fn statuses(&self, conn: &mut Conn) -> Result<Vec<KeyStatus>, AppError> {
        let present = self.keys.field_key_ids();
        let known = known_keys::of_purpose(conn, FIELDS)?;
        let mut counts = Vec::new();
        for column in COLUMNS {
            counts.extend(sealed::count(conn, column)?);
        }
        let mut ids: Vec<String> = known.iter().map(|key| key.id.clone()).collect();
        let used = counts.iter().filter_map(|count| count.prefix.split('.').nth(1));
        for id in present.iter().map(String::as_str).chain(used) {
            if !ids.iter().any(|there| there == id) {
                ids.push(id.to_owned());
            }
        }
        Ok(ids
            .into_iter()
            .map(|id| KeyStatus {
                active: present.last() == Some(&id),
                present: present.contains(&id),
                since: known.iter().find(|key| key.id == id).map(|key| key.since_at),
                texts: counts
                    .iter()
                    .filter(|count| count.prefix.split('.').nth(1) == Some(id.as_str()))
                    .map(|count| count.texts)
                    .sum(),
                id,
            })
            .collect())
    }
}
