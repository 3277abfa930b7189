//! What signing in takes and gives.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::{AgencyId, UserId};
use crate::domain::policy::Role;

/// Name and password. `Debug` shows neither.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// Sign-in name; case does not matter.
    pub login: String,
    /// Password.
    #[schema(format = Password)]
    pub password: String,
}

/// A refresh token to be exchanged. `Debug` does not show it.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshToken {
    /// The one given last.
    pub refresh_token: String,
}

/// Old and new password. `Debug` shows neither.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The password as it is.
    #[schema(format = Password)]
    pub current_password: String,
    /// The password to be.
    #[schema(format = Password, min_length = 10, max_length = 200)]
    pub new_password: String,
}

/// What a sign-in gives. `Debug` shows no token.
#[derive(Clone, Serialize, ToSchema)]
pub struct Tokens {
    /// To be sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds the access token is good for.
    pub expires_in: i64,
    /// Good for one exchange.
    pub refresh_token: String,
    /// When the sign-in ends for good.
    pub refresh_expires_at: DateTime<Utc>,
    /// Who signed in.
    pub me: Me,
}

/// A person who is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Me {
    /// Account.
    pub id: UserId,
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// The agency they work for.
    pub agency_id: Option<AgencyId>,
    /// Its name.
    pub agency_name: Option<String>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Whether nothing can be done before the password is changed.
    pub must_change_password: bool,
}

macro_rules! opaque {
    ($($name:ident)+) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        })+
    };
}

opaque!(Credentials RefreshToken PasswordChange Tokens);
