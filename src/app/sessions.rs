//! Signing in: password once, then short-lived access tokens prolonged by refresh tokens that are
//! good for one use each.
//!
//! A *family* is one sign-in and everything prolonged from it; it ends at a fixed time, at signing
//! out, at a change of the password, or when one of its refresh tokens is presented twice – then it
//! has been copied, and nobody can tell which of the two is the owner.

mod access;
pub mod passwords;
mod views;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::db::refresh_tokens::{self, Consumed, RefreshTokenRow};
use crate::db::users::{self, UserRow};
use crate::db::{Conn, agencies};
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::Role;
use crate::keys;

use super::audit::{self, Note};
use super::{App, AppError, Principal};

pub use access::Session;
pub use views::{Credentials, Me, PasswordChange, RefreshToken, Tokens};

/// One answer for an unknown name, a wrong password, a locked and a closed account: nobody learns
/// which names exist.
const SIGN_IN_FAILED: AppError = AppError::Unauthenticated {
    code: "sign_in_failed",
    message: "登录名或密码不正确；连续输错多次，账号会暂时锁定，请稍后再试或联系管理员",
};
const SESSION_ENDED: AppError = AppError::Unauthenticated {
    code: "session_ended",
    message: "登录已失效，请重新登录",
};
const TOKEN_REUSED: AppError = AppError::Unauthenticated {
    code: "refresh_token_reused",
    message: "此续签令牌已经用过，可能被他人盗用；为安全起见，本次登录已终止，请重新登录",
};

/// Why a family ended, as stored.
const SIGNED_OUT: &str = "sign_out";
const REUSED: &str = "reuse";
const CLOSED: &str = "account_closed";
/// Why all families of a person ended, as stored.
pub(super) const PASSWORD_CHANGED: &str = "password_change";

impl App {
    /// Signs a person in.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`] `sign_in_failed`, always the same and after the same time.
    pub async fn sign_in(&self, credentials: Credentials) -> Result<Tokens, AppError> {
        let login = credentials.login.trim().to_lowercase();
        let found = self
            .store
            .read(move |conn| Ok::<_, AppError>(users::find_by_login(conn, &login)?))
            .await?;
        let stored = found.as_ref().map(|user| user.password_hash.clone());
        let right = passwords::is_right(credentials.password, stored).await?;
        let app = self.clone();
        let signed_in = self
            .store
            .write(move |conn| match found {
                Some(user) => app.conclude_sign_in(conn, &user, right),
                None => app.note_sign_in(conn, None, "unknown_login").map(|()| None),
            })
            .await?;
        signed_in.ok_or(SIGN_IN_FAILED)
    }

    /// Decides in the transaction, on the row as it is now: of parallel guesses each one counts.
    /// `None` means refused; what was noted of it must be committed.
    fn conclude_sign_in(
        &self,
        conn: &mut Conn,
        checked: &UserRow,
        right: bool,
    ) -> Result<Option<Tokens>, AppError> {
        let now = self.clock.now();
        let user = users::lock(conn, checked.id)?;
        let right = right && user.password_hash == checked.password_hash;
        let verdict = if user.locked_until_at.is_some_and(|until| until > now) {
            "locked"
        } else if !right {
            self.count_wrong_password(conn, &user)?;
            "wrong_password"
        } else if !user.active {
            "inactive"
        } else {
            users::note_sign_in(conn, user.id, true)?;
            let family = Family::new(self, now);
            let tokens = self.issue(conn, &user, family)?;
            self.note_sign_in(conn, Some(user.id), "ok")?;
            return Ok(Some(tokens));
        };
        self.note_sign_in(conn, Some(user.id), verdict)?;
        Ok(None)
    }

    /// Counts a wrong password and locks the account when there were too many. A lock that is over
    /// starts the count anew.
    fn count_wrong_password(&self, conn: &mut Conn, user: &UserRow) -> Result<bool, AppError> {
        let now = self.clock.now();
        if user.locked_until_at.is_some_and(|until| until <= now) {
            users::note_sign_in(conn, user.id, true)?;
        }
        let wrong = users::note_sign_in(conn, user.id, false)?;
        let locked = wrong >= self.settings.login_lock_attempts;
        if locked {
            let until = now + TimeDelta::minutes(self.settings.login_lock_minutes);
            users::lock_until(conn, user.id, until)?;
        }
        Ok(locked)
    }

    fn note_sign_in(
        &self,
        conn: &mut Conn,
        user: Option<Uuid>,
        verdict: &str,
    ) -> Result<(), AppError> {
        let outcome = if verdict == "ok" { "ok" } else { "refused" };
        let detail = json!({ "reason": verdict });
        let note =
            Note { action: "sign_in", object_kind: "user", object_id: user, outcome, detail };
        audit::note(conn, self, None, note)
    }

    /// Exchanges a refresh token for new tokens of the same family.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`]: `refresh_token_reused` for one that was used before (the
    /// family is ended), `session_ended` for any other that is no good.
    pub async fn refresh(&self, token: RefreshToken) -> Result<Tokens, AppError> {
        let hash = self.keys.token_hash(&token.refresh_token);
        let app = self.clone();
        // A refusal is a value here: an error would roll back what it must leave behind.
        self.store.write(move |conn| app.rotate(conn, &hash)).await?
    }

    fn rotate(&self, conn: &mut Conn, hash: &str) -> Result<Result<Tokens, AppError>, AppError> {
        let now = self.clock.now();
        match refresh_tokens::consume(conn, hash, now)? {
            Consumed::Fresh(row) => {
                let user = users::get(conn, row.user_id)?;
                if !user.active {
                    refresh_tokens::revoke_family(conn, row.family_id, now, CLOSED)?;
                    return Ok(Err(SESSION_ENDED));
                }
                let family = Family { id: row.family_id, ends_at: row.expires_at };
                Ok(Ok(self.issue(conn, &user, family)?))
            }
            Consumed::Reused(row) => {
                refresh_tokens::revoke_family(conn, row.family_id, now, REUSED)?;
                let note = Note {
                    action: "refresh_token_reused",
                    object_kind: "user",
                    object_id: Some(row.user_id),
                    outcome: "refused",
                    detail: json!({ "family": row.family_id }),
                };
                audit::note(conn, self, None, note)?;
                Ok(Err(TOKEN_REUSED))
            }
            Consumed::Revoked(_) | Consumed::Expired(_) | Consumed::Unknown => {
                Ok(Err(SESSION_ENDED))
            }
        }
    }

    /// Ends a sign-in. Its access token is good for some minutes yet, but cannot be prolonged.
    ///
    /// # Errors
    ///
    /// Only failures of the database.
    pub async fn sign_out(&self, session: &Session) -> Result<(), AppError> {
        let (app, session) = (self.clone(), session.clone());
        self.store
            .write(move |conn| {
                refresh_tokens::revoke_family(conn, session.family, app.clock.now(), SIGNED_OUT)?;
                let who = &session.principal;
                audit::note(conn, &app, Some(who), Note::done("sign_out", "user", who.user.0))
            })
            .await
    }

    /// The person of a sign-in as they are on record now.
    ///
    /// # Errors
    ///
    /// Only failures of the database.
    pub async fn me(&self, session: &Session) -> Result<Me, AppError> {
        let id = session.principal.user.0;
        self.store
            .read(move |conn| {
                let user = users::get(conn, id)?;
                me(conn, &user)
            })
            .await
    }

    /// Changes a person's own password and ends all their sign-ins but a new one.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] for `current_password` (counted like a wrong password at sign-in) and
    /// `new_password`; `session_ended` when the account is locked or closed.
    pub async fn change_password(
        &self,
        session: &Session,
        change: PasswordChange,
    ) -> Result<Tokens, AppError> {
        let id = session.principal.user.0;
        let user = self.store.read(move |conn| Ok::<_, AppError>(users::get(conn, id)?)).await?;
        passwords::check_new(&change, &user.login)?;
        let PasswordChange { current_password, new_password } = change;
        let stored = Some(user.password_hash.clone());
        let right = passwords::is_right(current_password, stored).await?;
        let hash = passwords::hash(new_password).await?;
        let (app, session) = (self.clone(), session.clone());
        self.store
            .write(move |conn| app.replace_password(conn, &session, &user, right.then_some(hash)))
            .await?
    }

    fn replace_password(
        &self,
        conn: &mut Conn,
        session: &Session,
        checked: &UserRow,
        hash: Option<String>,
    ) -> Result<Result<Tokens, AppError>, AppError> {
        let now = self.clock.now();
        let user = users::lock(conn, checked.id)?;
        let locked = user.locked_until_at.is_some_and(|until| until > now);
        if locked || !user.active {
            return Ok(Err(SESSION_ENDED));
        }
        let Some(hash) = hash.filter(|_| user.password_hash == checked.password_hash) else {
            if self.count_wrong_password(conn, &user)? {
                refresh_tokens::revoke_user(conn, user.id, now, "locked")?;
            }
            let fault = AppError::field("current_password", "wrong", "现在的密码不正确");
            return Ok(Err(fault));
        };
        users::note_sign_in(conn, user.id, true)?;
        let next = UserRow { password_hash: hash, must_change: false, updated_at: now, ..user };
        let next =
            users::update(conn, UserRow { failed_logins: 0, locked_until_at: None, ..next })?;
        refresh_tokens::revoke_user(conn, next.id, now, PASSWORD_CHANGED)?;
        let note = Note::done("change_password", "user", next.id);
        audit::note(conn, self, Some(&session.principal), note)?;
        Ok(Ok(self.issue(conn, &next, Family::new(self, now))?))
    }

    /// A new pair of tokens; only a hash of the refresh token is stored.
    fn issue(&self, conn: &mut Conn, user: &UserRow, family: Family) -> Result<Tokens, AppError> {
        let now = self.clock.now();
        let refresh_token = keys::random_token();
        refresh_tokens::insert(
            conn,
            RefreshTokenRow {
                id: Uuid::now_v7(),
                family_id: family.id,
                user_id: user.id,
                token_hash: self.keys.token_hash(&refresh_token),
                created_at: now,
                expires_at: family.ends_at,
                used_at: None,
                revoked_at: None,
                revoked_reason: None,
            },
        )?;
        let session = Session {
            principal: principal(conn, user)?,
            family: family.id,
            must_change: user.must_change,
        };
        Ok(Tokens {
            access_token: self.access_token(&session)?,
            token_type: "Bearer".to_owned(),
            expires_in: self.settings.access_token_minutes * 60,
            refresh_token,
            refresh_expires_at: family.ends_at,
            me: me(conn, user)?,
        })
    }
}

/// One sign-in and the fixed time at which it ends.
struct Family {
    id: Uuid,
    ends_at: DateTime<Utc>,
}

impl Family {
    fn new(app: &App, now: DateTime<Utc>) -> Self {
        let ends_at = now + TimeDelta::days(app.settings.refresh_token_days);
        Self { id: Uuid::now_v7(), ends_at }
    }
}

/// The roles of a person, in the order of [`Role`].
pub(super) fn roles(conn: &mut Conn, user: Uuid) -> Result<Vec<Role>, AppError> {
    let names = users::roles(conn, user)?;
    let roles: Result<Vec<Role>, _> = names.iter().map(|name| name.parse()).collect();
    let mut roles = roles.map_err(AppError::broken)?;
    roles.sort_unstable();
    Ok(roles)
}

fn principal(conn: &mut Conn, user: &UserRow) -> Result<Principal, AppError> {
    Ok(Principal {
        user: UserId(user.id),
        name: user.name.clone(),
        agency: user.agency_id.map(AgencyId),
        roles: roles(conn, user.id)?,
        deputyships: Vec::new(),
        branch: Vec::new(),
    })
}

fn me(conn: &mut Conn, user: &UserRow) -> Result<Me, AppError> {
    let agency = user.agency_id.map(|id| agencies::get(conn, id)).transpose()?;
    Ok(Me {
        id: UserId(user.id),
        login: user.login.clone(),
        name: user.name.clone(),
        agency_id: user.agency_id.map(AgencyId),
        agency_name: agency.map(|agency| agency.name),
        roles: roles(conn, user.id)?,
        must_change_password: user.must_change,
    })
}
