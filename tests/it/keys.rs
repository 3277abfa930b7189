//! Keys: derived apart, known by fixed examples, sealed texts that cannot be moved or changed.

use std::collections::BTreeSet;

use gongkai::domain::ids::RequestId;
use gongkai::keys::{Keys, OpenError, random_password, random_token};
use proptest::prelude::*;

const PLACE: &str = "applications.name/1";

/// The keys of the secret 00 01 02 … 1f.
fn keys() -> Keys {
    Keys::from_secret(&std::array::from_fn(|i| u8::try_from(i).unwrap()))
}

fn request() -> RequestId {
    "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap()
}

/// Computed by another implementation (Python's `hmac` and `cryptography`) from `keys.rs`'s text.
/// When one of these changes, existing receipts, sealed fields and sessions stop working.
#[test]
fn the_same_secret_gives_the_same_values_for_ever() {
    let keys = keys();
    assert_eq!(
        hex::encode(keys.jwt()),
        "19ce9935b6b2fda9b6c3691c182cd94d24b19339a37a20669b84ca80bf99cd63"
    );
    assert_eq!(keys.query_code(request()), "S6YN-BH5T");
    assert_eq!(
        keys.digest("applications.identity", "11010119900307123X"),
        "44711d65a1620dd28c1f6abaee8c2e5dbdbc555de29361571d9139dd1c270f9d"
    );
    assert_eq!(
        keys.token_hash("abc"),
        "5d5019f341dda39e598d0738046e5faf1046bc7224f2783d57a30efab02e236d"
    );
    let sealed = "gk1.2140542d.AAECAwQFBgcICQoLuetKIr7p1aUjmAO7c6yiZaaowefg3w";
    assert_eq!(keys.open(PLACE, sealed).unwrap(), "张三");
}

#[test]
fn another_secret_gives_other_values_everywhere() {
    let (ours, other) = (keys(), Keys::from_secret(&[7; 32]));
    assert_ne!(ours.jwt(), other.jwt());
    assert_ne!(ours.query_code(request()), other.query_code(request()));
    assert_ne!(ours.digest("a", "b"), other.digest("a", "b"));
    assert_ne!(ours.token_hash("a"), other.token_hash("a"));
    assert_eq!(other.open(PLACE, &ours.seal(PLACE, "张三")), Err(OpenError::OtherKey));
}

#[test]
fn a_purpose_or_label_changes_the_value() {
    let keys = keys();
    let values =
        [keys.digest("", "a"), keys.token_hash("a"), keys.digest("a", ""), keys.digest("b", "a")];
    assert_eq!(BTreeSet::from(values).len(), 4);
    assert_ne!(keys.digest("ab", "c"), keys.digest("a", "bc"), "label and text run together");
    assert_ne!(keys.digest("", "A"), hex::encode(keys.jwt()));
}

#[test]
fn a_query_code_is_eight_plain_signs_and_forgives_how_it_is_typed() {
    let keys = keys();
    for typed in [
        "S6YN-BH5T",
        "s6ynbh5t",
        " S6YN BH5T ",
        "Ｓ６ＹＮ－ＢＨ５Ｔ",
        "s6yn—bh5t",
        "S6YN\u{200B}BH5T",
    ] {
        assert!(keys.verify_query_code(request(), typed), "{typed:?}");
    }
    for wrong in ["", "S6YN-BH5", "S6YN-BH5TT", "S6YN-BH5S", "S6YN-BH5", "????-????", "张三"] {
        assert!(!keys.verify_query_code(request(), wrong), "{wrong:?}");
    }
    assert!(!keys.verify_query_code(RequestId::new(), "S6YN-BH5T"), "code of another request");
}

proptest! {
    #[test]
    fn every_query_code_can_be_read_out_with_lookalikes(id in any::<u128>()) {
        let (keys, request) = (keys(), RequestId(uuid::Uuid::from_u128(id)));
        let code = keys.query_code(request);

        prop_assert_eq!(code.len(), 9);
        prop_assert!(code.chars().enumerate().all(|(i, c)| match i {
            4 => c == '-',
            _ => c.is_ascii_digit() || (c.is_ascii_uppercase() && !"ILOU".contains(c)),
        }), "{}", code);
        let heard = code.replace('0', "o").replace('1', "l").replace('V', "u");
        prop_assert!(keys.verify_query_code(request, &heard));
    }

    #[test]
    fn what_was_sealed_opens_only_unchanged_and_in_its_place(text in ".*", at in any::<prop::sample::Index>()) {
        let keys = keys();
        let sealed = keys.seal(PLACE, &text);

        prop_assert_eq!(keys.open(PLACE, &sealed), Ok(text.clone()));
        prop_assert_eq!(keys.open("applications.name/2", &sealed), Err(OpenError::Tampered));
        prop_assert_ne!(keys.seal(PLACE, &text), sealed.clone(), "the nonce is used twice");

        let mut changed = sealed.into_bytes();
        let at = at.index(changed.len());
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        prop_assert!(keys.open(PLACE, std::str::from_utf8(&changed).unwrap()).is_err());
    }
}

#[test]
fn what_is_no_sealed_text_is_malformed() {
    for text in
        ["", "张三", "gk1", "gk1.2140542d", "gk1.2140542d.", "gk1.2140542d.!!", "gk2.2140542d.AAAA"]
    {
        assert_eq!(keys().open(PLACE, text), Err(OpenError::Malformed), "{text:?}");
    }
}

#[test]
fn a_digest_finds_the_same_text_typed_otherwise() {
    let keys = keys();
    let digest = |text| keys.digest("applications.identity", text);
    assert_eq!(digest("11010119900307123X"), digest(" １１０１０１ 19900307 123ｘ\u{FEFF}"));
    assert_eq!(digest("王 小明"), digest("王　小明"));
    assert_ne!(digest("11010119900307123X"), digest("110101199003071230"));
}

#[test]
fn random_secrets_are_long_typable_and_never_the_same() {
    let tokens: BTreeSet<String> = (0..200).map(|_| random_token()).collect();
    assert_eq!(tokens.len(), 200);
    assert!(tokens.iter().all(|t| t.len() == 43 && !t.contains(['+', '/', '='])));

    let passwords: BTreeSet<String> = (0..200).map(|_| random_password()).collect();
    assert_eq!(passwords.len(), 200);
    for password in &passwords {
        let groups: Vec<&str> = password.split('-').collect();
        assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 4), "{password}");
        assert!(!password.contains(['i', 'l', 'o', 'u']), "{password}");
        assert_eq!(gongkai::passwords::check(password, "admin"), Ok(()), "{password}");
    }
    let signs: BTreeSet<char> = passwords.iter().flat_map(|p| p.chars()).collect();
    assert_eq!(signs.len(), 33, "32 signs and the dash: 5 bits a sign, 80 bits in all");
}

#[test]
fn nothing_of_a_key_is_shown() {
    assert_eq!(format!("{:?}", keys()), "Keys(…)");
}
