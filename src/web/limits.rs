//! How often one address may ask for what could be abused: guessing passwords and query codes,
//! flooding an agency with forms, fetching what is open to all without end.
//!
//! Each process counts for itself. What must hold across processes – locking an account after wrong
//! passwords – is in the database.

use std::future::{Ready, ready};
use std::marker::PhantomData;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::ApiError;
use super::client::ClientAddress;

/// Requests a minute that one address may make, by class. Zero means: as many as it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PerMinute {
    /// Attempts to sign in or to prolong a sign-in.
    pub sign_in: u32,
    /// Look-ups with number and query code.
    pub tracking: u32,
    /// Forms filed.
    pub filing: u32,
    /// What everybody reads: published information and its files, agencies, the calendar, the clock.
    pub reading: u32,
}

impl PerMinute {
    /// No limit at all: for measurements, and behind something that limits already.
    pub const UNLIMITED: Self = Self { sign_in: 0, tracking: 0, filing: 0, reading: 0 };
}

/// An office of some dozens of people behind one address can all sign in at eight o'clock; a
/// citizen can mistype a code; nobody files twenty forms a minute by hand; whoever reads turns pages, and
/// an office reads behind one address.
impl Default for PerMinute {
    fn default() -> Self {
        Self { sign_in: 60, tracking: 30, filing: 20, reading: 600 }
    }
}

/// From this many addresses on those that asked long ago are forgotten.
const MANY: usize = 10_000;

/// The counters of a process.
pub struct Limits {
    sign_in: Counter,
    tracking: Counter,
    filing: Counter,
    reading: Counter,
}

type Counter = Option<DefaultKeyedRateLimiter<IpAddr>>;

impl Limits {
    /// Fresh counters.
    #[must_use]
    pub fn new(per_minute: PerMinute) -> Self {
        let counter = |most| NonZeroU32::new(most).map(Quota::per_minute).map(RateLimiter::keyed);
        Self {
            sign_in: counter(per_minute.sign_in),
            tracking: counter(per_minute.tracking),
            filing: counter(per_minute.filing),
            reading: counter(per_minute.reading),
        }
    }
}

/// A class of requests that are counted together.
pub trait Class: 'static {
    /// Its counter.
    fn counter(limits: &Limits) -> Option<&DefaultKeyedRateLimiter<IpAddr>>;
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $field:ident;)+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;

            impl Class for $name {
                fn counter(limits: &Limits) -> Option<&DefaultKeyedRateLimiter<IpAddr>> {
                    limits.$field.as_ref()
                }
            }
        )+
    };
}

classes! {
    /// Signing in.
    SignIn = sign_in;
    /// Looking up a request with its query code.
    Tracking = tracking;
    /// Filing a request.
    Filing = filing;
    /// Reading what is open to everybody.
    Reading = reading;
}

/// First argument of a handler that not everybody may call without end.
#[derive(Debug)]
pub struct Limited<C>(PhantomData<C>);

impl<C: Class> FromRequest for Limited<C> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit::<C>(req))
    }
}

fn admit<C: Class>(req: &HttpRequest) -> Result<Limited<C>, ApiError> {
    let limits = req.app_data::<Data<Limits>>().ok_or_else(|| ApiError::broken("no limits"))?;
    let (Some(counter), Some(client)) = (C::counter(limits), ClientAddress::of(req)) else {
        return Ok(Limited(PhantomData));
    };
    if counter.len() > MANY {
        counter.retain_recent();
    }
    match counter.check_key(&client.counted_as()) {
        Ok(()) => Ok(Limited(PhantomData)),
        Err(early) => Err(too_many(early.wait_time_from(DefaultClock::default().now()))),
    }
}

fn too_many(wait: Duration) -> ApiError {
    let detail = "操作过于频繁，请稍后再试";
    ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail)
        .with_retry_after(wait.as_secs().saturating_add(1))
}
