//! Passwords: accepted or not, stored, checked at equal cost.

use gongkai::passwords::{NOBODY, WeakPassword, check, dummy_verify, hash, verify};

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
fn an_unknown_name_costs_the_same_work_as_a_wrong_password() {
    let cost = |stored: &str| stored.splitn(5, '$').take(4).collect::<Vec<_>>().join("$");
    assert_eq!(cost(NOBODY), cost(&hash("correct horse battery").unwrap()));
    // It is a hash like any other: all the work is done before the answer is no.
    assert!(!verify("wrong", NOBODY).unwrap());
    dummy_verify("wrong");
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
