//! Passwords: accepted or not, stored, checked in equal time.

use std::time::Instant;

use gongkai::passwords::{WeakPassword, check, dummy_verify, hash, verify};

#[test]
fn a_password_is_known_again_by_its_hash_and_another_is_not() {
    let stored = hash("公开-申请-2026").unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    assert!(verify("公开-申请-2026", &stored).unwrap());
    assert!(!verify("公开-申请-2025", &stored).unwrap());
    assert!(!verify("", &stored).unwrap());
    assert_ne!(hash("公开-申请-2026").unwrap(), stored, "the salt is used twice");
    assert!(verify("公开-申请-2026", "not a hash").is_err());
}

#[test]
fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let stored = hash("correct horse battery").unwrap();
    let fastest = |work: &dyn Fn()| {
        let time = |_| {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        (0..5).map(time).min().unwrap()
    };
    let known = fastest(&|| assert!(!verify("wrong", &stored).unwrap()));
    let unknown = fastest(&|| dummy_verify("wrong"));
    let ratio = unknown.as_secs_f64() / known.as_secs_f64();
    assert!((0.5..2.0).contains(&ratio), "{known:?} for a known name, {unknown:?} for an unknown");
}

#[test]
fn a_weak_password_is_refused_with_what_to_do() {
    for (password, refused) in [
        ("Kx7_fjord", Some(WeakPassword::TooShort)),
        ("天地玄黄宇宙洪荒日月", None),
        ("天地玄黄宇宙洪荒日", Some(WeakPassword::TooShort)),
        ("Wang.Xiaoming-88", Some(WeakPassword::ContainsLogin)),
        ("aaaabbbbcccc", Some(WeakPassword::Repetitive)),
        ("1231231231231", Some(WeakPassword::Repetitive)),
        ("PassWord123", Some(WeakPassword::Common)),
        ("1qaz2wsx3edc", Some(WeakPassword::Common)),
        ("plum-river-43-stone", None),
    ] {
        assert_eq!(check(password, "wang.xiaoming").err(), refused, "{password}");
    }
    assert_eq!(check(&"abcdefg".repeat(40), "li"), Err(WeakPassword::TooLong));
    assert_eq!(check("lively-river-43", "li"), Ok(()), "two letters are in many passwords");
    assert_eq!(WeakPassword::TooShort.to_string(), "密码至少需要 10 个字符");
}
