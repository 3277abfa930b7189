//! The one-time key in every form that changes something. Pressing the button twice, or reloading
//! the answer, has one effect: see docs/decisions/0005-idempotency.md.

use actix_web::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use super::trouble::Trouble;
use super::typed::Typed;
use crate::app::App;
use crate::app::once::Once;

/// Name of the hidden field.
pub const KEY: &str = "key";
/// How old a form may be. Shorter than answers are kept, so that the reload of an old answer never
/// files a second time; long enough to fetch a document number from the office and go on.
const GOOD_FOR: TimeDelta = TimeDelta::days(3);

/// A fresh key. It tells when it was made.
pub fn fresh(app: &App) -> String {
    let seconds = u64::try_from(app.clock.now().timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0)).to_string()
}

/// The attempt that this form is.
///
/// # Errors
///
/// [`Trouble`] with a fresh key when the form has none or is too old.
pub fn once(app: &App, route: &str, typed: &Typed) -> Result<Once, Trouble> {
    let key: Option<Uuid> = typed.get(KEY).parse().ok();
    let key = key.filter(|key| made_at(key).is_some_and(|at| is_young(at, app.clock.now())));
    let key = key.ok_or_else(|| {
        let message = "这个页面打开的时间太长，为避免重复提交，已经换成新的一份。\
                       您填写的内容都在，请核对后再提交一次";
        Trouble::of_form(StatusCode::CONFLICT, message).with_fresh_key()
    })?;
    Ok(Once {
        actor: "citizen".to_owned(),
        key: key.to_string(),
        route: format!("POST {route}"),
        request_sha256: typed.sha256(),
    })
}

fn made_at(key: &Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanos) = key.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanos)
}

fn is_young(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    // Another server's clock may be a little ahead.
    (now - GOOD_FOR..now + TimeDelta::hours(1)).contains(&at)
}
