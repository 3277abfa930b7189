//! Passwords: which are accepted, how they are stored and checked.
//!
//! Hashing is slow on purpose (19 MiB and some 15 ms each): call [`hash`], [`verify`] and
//! [`dummy_verify`] on the blocking pool, never on a task that serves requests.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};

/// Memory in KiB, passes and lanes: the least that OWASP recommends for argon2id.
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Shortest password accepted, in characters.
pub const SHORTEST: usize = 10;
/// Longest password accepted, in characters; keeps the work of one attempt bounded.
pub const LONGEST: usize = 200;
/// A password of fewer different characters is a pattern, not a secret.
const FEWEST_DIFFERENT: usize = 5;

/// Of the ten or more characters of which these are the most used, in lower case.
const COMMON: &[&str] = &[
    "0123456789",
    "0987654321",
    "1234567890",
    "12345678910",
    "123456789a",
    "123456789q",
    "1357924680",
    "147258369a",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "1qazxsw2345",
    "a123456789",
    "aa12345678",
    "abc1234567",
    "abc123456789",
    "abcd123456",
    "abcd1234567",
    "abcdefghij",
    "admin12345",
    "admin123456",
    "admin@12345",
    "administrator",
    "asdfghjkl1",
    "asdfghjkl123",
    "changeme123",
    "gongkai123",
    "gongkai1234",
    "gongkai12345",
    "iloveyou123",
    "letmein123",
    "mima123456",
    "p@ssw0rd123",
    "p@ssword123",
    "passw0rd123",
    "password12",
    "password123",
    "password1234",
    "q123456789",
    "q1w2e3r4t5",
    "qq123456789",
    "qwer123456",
    "qwerasdfzxcv",
    "qwerty12345",
    "qwerty123456",
    "qwertyuiop",
    "qwertyuiop123",
    "root123456",
    "w123456789",
    "welcome123",
    "woaini1314",
    "woaini1314520",
    "woaini520520",
    "xinxigongkai",
    "xxgk123456",
    "z123456789",
    "zhengfu123",
    "zxcvbnm123",
    "zxcvbnm1234",
];

/// Hash of a password nobody has, made at the cost of every other; see [`dummy_verify`].
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z29uZ2thaS1ub2JvZHkhIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why a password is not accepted. Displays what to do, in Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than [`SHORTEST`] characters.
    #[error("密码至少需要 {SHORTEST} 个字符")]
    TooShort,
    /// More than [`LONGEST`] characters.
    #[error("密码最多 {LONGEST} 个字符")]
    TooLong,
    /// Contains the sign-in name.
    #[error("密码中不能包含登录名，请换一个")]
    ContainsLogin,
    /// Hardly any different characters.
    #[error("密码中重复的字符太多，请换一个更难猜的")]
    Repetitive,
    /// Among the first that anybody tries.
    #[error("这个密码太常见，容易被猜到，请换一个")]
    Common,
}

/// A hash could not be made or is none.
#[derive(Debug, thiserror::Error)]
#[error("password hash: {0}")]
pub struct HashError(String);

impl From<Error> for HashError {
    fn from(why: Error) -> Self {
        Self(why.to_string())
    }
}

/// Whether `password` may be the password of the account `login`.
///
/// # Errors
///
/// The first rule it breaks.
pub fn check(password: &str, login: &str) -> Result<(), WeakPassword> {
    let lower = password.to_lowercase();
    let login = login.trim().to_lowercase();
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(WeakPassword::TooShort);
    }
    if length > LONGEST {
        return Err(WeakPassword::TooLong);
    }
    // A name of one or two letters is in many a good password by chance.
    if login.chars().count() > 2 && lower.contains(&login) {
        return Err(WeakPassword::ContainsLogin);
    }
    if lower.chars().collect::<std::collections::BTreeSet<_>>().len() < FEWEST_DIFFERENT {
        return Err(WeakPassword::Repetitive);
    }
    if COMMON.contains(&lower.as_str()) {
        return Err(WeakPassword::Common);
    }
    Ok(())
}

/// The argon2id hash to store, with its own random salt, in PHC form.
///
/// # Errors
///
/// [`HashError`] if the system gives no randomness.
pub fn hash(password: &str) -> Result<String, HashError> {
    Ok(argon2()?.hash_password(password.as_bytes())?.to_string())
}

/// Whether `password` is the one `stored` was made from.
///
/// # Errors
///
/// [`HashError`] if `stored` is no argon2 hash; a wrong password is `false`, not an error.
pub fn verify(password: &str, stored: &str) -> Result<bool, HashError> {
    let stored = PasswordHash::new(stored).map_err(|why| HashError(why.to_string()))?;
    match argon2()?.verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(why) => Err(why.into()),
    }
}

/// Takes as long as [`verify`] and finds nothing: to be called when the sign-in name is unknown, so
/// that the time of the answer does not tell which names exist.
pub fn dummy_verify(password: &str) {
    // Neither outcome matters; the optimiser cannot know that.
    std::hint::black_box(verify(password, NOBODY).is_ok_and(|found| found));
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let (memory, passes, lanes) = COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|why| HashError(why.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}
