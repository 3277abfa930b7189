//! Access tokens: JWT, signed with HS256 under a key derived for nothing else.
//!
//! They carry who the person is and what roles they bear, so that no request needs a look-up; a
//! change of roles therefore takes effect within the life of a token.

use std::fmt;

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::{App, AppError, Principal};
use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::Role;

const ISSUER: &str = "gongkai";
const AUDIENCE: &str = "gongkai-api";
/// How far the clocks of two servers of one installation may be apart.
const SKEW: TimeDelta = TimeDelta::seconds(30);

const INVALID: AppError = AppError::Unauthenticated {
    code: "token_invalid",
    message: "访问令牌无效，请重新登录",
};
const EXPIRED: AppError = AppError::Unauthenticated {
    code: "token_expired",
    message: "访问令牌已过期，请用续签令牌换取新的，或重新登录",
};

/// A sign-in, as read from a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub principal: Principal,
    /// The sign-in.
    pub family: Uuid,
    /// Whether the person still has a one-time password and must change it first.
    pub must_change: bool,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: UserId,
    iat: i64,
    nbf: i64,
    exp: i64,
    name: String,
    agency: Option<AgencyId>,
    roles: Vec<Role>,
    family: Uuid,
    must_change: bool,
}

/// Never shows a name.
impl fmt::Debug for Claims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Claims({})", self.sub)
    }
}

impl App {
    /// A token for a sign-in.
    pub(super) fn access_token(&self, session: &Session) -> Result<String, AppError> {
        let now = self.clock.now();
        let Principal { user, name, agency, roles, .. } = session.principal.clone();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: user,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + TimeDelta::minutes(self.settings.access_token_minutes)).timestamp(),
            name,
            agency,
            roles,
            family: session.family,
            must_change: session.must_change,
        };
        let key = EncodingKey::from_secret(self.keys.jwt());
        encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(AppError::broken)
    }

    /// Reads an access token.
    ///
    /// # Errors
    ///
    /// [`AppError::Unauthenticated`] `token_expired` or `token_invalid`.
    pub fn session(&self, token: &str) -> Result<Session, AppError> {
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        // The library would ask the machine for the time; ours enters through the clock.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let key = DecodingKey::from_secret(self.keys.jwt());
        let claims =
            decode::<Claims>(token, &key, &rules).map_err(|_whatever_is_wrong| INVALID)?.claims;
        let now = self.clock.now();
        if claims.exp <= now.timestamp() {
            return Err(EXPIRED);
        }
        if claims.nbf > (now + SKEW).timestamp() {
            return Err(INVALID);
        }
        let Claims { sub: user, name, agency, roles, family, must_change, .. } = claims;
        let (deputyships, branch) = (Vec::new(), Vec::new());
        let principal = Principal { user, name, agency, roles, deputyships, branch };
        Ok(Session { principal, family, must_change })
    }
}
