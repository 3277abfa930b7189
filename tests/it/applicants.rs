//! The application form: identity numbers, contact, everything wrong named at once.

use gongkai::domain::applicant::{
    ApplicantKind, CredentialKind, credit_code_is_sound, identity_number_is_sound, mask_addresses,
    mask_name, mask_number,
};
use gongkai::domain::event::ServiceMethod;
use gongkai::domain::refusal::Refusal;
use gongkai::domain::request::{Agent, Applicant, Application, DeliveryWay, SupplyForm};
use proptest::prelude::*;

/// GB 11643-1999, annex: the worked example of the standard.
const ID: &str = "11010519491231002X";
/// GB 32100-2015: built by the rule of the standard; the agency does not exist.
const CREDIT_CODE: &str = "91350100M000100Y43";

fn application() -> Application {
    Application {
        applicant: Applicant {
            kind: ApplicantKind::NaturalPerson,
            name: "张某".to_owned(),
            credential_kind: CredentialKind::ResidentId,
            credential_number: ID.to_owned(),
            legal_representative: String::new(),
            contact_person: String::new(),
            phone: "0731-12345678".to_owned(),
            email: String::new(),
            address: String::new(),
            postcode: String::new(),
        },
        agent: None,
        co_applicants: Vec::new(),
        title: "2025年度部门决算".to_owned(),
        document_number: String::new(),
        description: String::new(),
        supply_form: SupplyForm::Electronic,
        delivery_way: DeliveryWay::Online,
        electronic_service: true,
    }
}

fn faults(change: impl FnOnce(&mut Application)) -> Vec<(&'static str, &'static str)> {
    let mut form = application();
    change(&mut form);
    form.faults().into_iter().map(|fault| (fault.field, fault.code)).collect()
}

#[test]
fn a_complete_form_has_no_fault_and_no_warning() {
    assert_eq!(faults(|_| {}), []);
    assert_eq!(application().warnings(), []);
}

#[test]
fn everything_wrong_is_named_at_once() {
    let wrong = faults(|form| {
        form.applicant.name = " ".to_owned();
        form.applicant.credential_number = String::new();
        form.applicant.phone = "12".to_owned();
        form.applicant.email = "not an address".to_owned();
        form.applicant.postcode = "41060".to_owned();
        form.agent = Some(Agent {
            name: String::new(),
            credential_number: String::new(),
            phone: String::new(),
            authority: String::new(),
        });
        form.title = String::new();
        form.description = "\u{1b}[31m".to_owned();
    });
    assert_eq!(
        wrong,
        [
            ("applicant.name", "required"),
            ("applicant.credential_number", "required"),
            ("applicant.phone", "invalid_phone"),
            ("applicant.email", "invalid_email"),
            ("applicant.postcode", "invalid_postcode"),
            ("agent.name", "required"),
            ("agent.credential_number", "required"),
            ("title", "required"),
            ("description", "control_characters"),
        ]
    );
}

/// 条例 art. 29 ¶2 (1): name, proof of identity and contact; one contact is enough.
#[test]
fn one_way_of_contact_is_enough_and_none_is_not() {
    let none = |form: &mut Application| form.applicant.phone.clear();
    assert_eq!(faults(none), [("applicant.phone", "contact_missing")]);
    for contact in [0, 1] {
        let wrong = faults(|form| {
            form.applicant.phone.clear();
            let a = &mut form.applicant;
            let field = if contact == 0 { &mut a.email } else { &mut a.address };
            *field = "zhang@example.cn".to_owned();
        });
        assert_eq!(wrong, []);
    }
}

#[test]
fn the_way_of_delivery_needs_its_address() {
    let by = |way| faults(|form| form.delivery_way = way);
    assert_eq!(by(DeliveryWay::Email), [("applicant.email", "required")]);
    assert_eq!(by(DeliveryWay::Post), [("applicant.address", "required")]);
    assert_eq!(by(DeliveryWay::Pickup), []);
}

#[test]
fn texts_have_a_length_and_no_control_characters() {
    assert_eq!(faults(|f| f.title = "文".repeat(201)), [("title", "too_long")]);
    assert_eq!(faults(|f| f.title = "文".repeat(200)), []);
    assert_eq!(faults(|f| f.title = "甲\n乙".to_owned()), [("title", "control_characters")]);
    assert_eq!(faults(|f| f.description = "甲\n乙".to_owned()), []);
    assert_eq!(faults(|f| f.description = "文".repeat(5_001)), [("description", "too_long")]);
    assert_eq!(faults(|f| f.applicant.name = "名".repeat(101)), [("applicant.name", "too_long")]);
    // Digits in order, but a megabyte of blanks between them.
    let blanks =
        |f: &mut Application| f.applicant.phone = format!("138{}12345678", " ".repeat(1 << 20));
    assert_eq!(faults(blanks), [("applicant.phone", "too_long")]);
}

#[test]
fn a_wrong_identity_number_is_a_warning_and_a_wrong_credit_code_a_fault() {
    let mut form = application();
    form.applicant.credential_number = "110105194912310021".to_owned();
    assert_eq!(form.faults(), []);
    let codes: Vec<_> = form.warnings().into_iter().map(|w| (w.field, w.code)).collect();
    assert_eq!(codes, [("applicant.credential_number", "identity_check_digit")]);
    // Other documents exist and have no check digit.
    form.applicant.credential_kind = CredentialKind::Passport;
    assert_eq!(form.warnings(), []);

    let code = |number: &str| {
        let number = number.to_owned();
        faults(move |form| {
            form.applicant.kind = ApplicantKind::Commercial;
            form.applicant.credential_kind = CredentialKind::CreditCode;
            form.applicant.credential_number = number;
        })
    };
    assert_eq!(code(CREDIT_CODE), []);
    let wrong = [("applicant.credential_number", "invalid_credit_code")];
    assert_eq!(code("91350100M000100Y44"), wrong);
}

#[test]
fn a_purpose_is_no_field_of_the_form() {
    // 条例 art. 29 asks for none; the 2007 law did.
    let mut json = serde_json::to_value(application()).unwrap();
    assert!(serde_json::from_value::<Application>(json.clone()).is_ok());
    json["purpose"] = "生产、生活、科研".into();
    assert!(serde_json::from_value::<Application>(json).is_err());
}

#[test]
fn identity_numbers_are_checked_as_the_standard_says() {
    for sound in [ID, "11010519491231002x", "440524188001010014"] {
        assert!(identity_number_is_sound(sound), "{sound}");
    }
    for broken in
        ["", "110105194912310021", "1101051949123100X2", "110105491231002", "一一0105194912310020"]
    {
        assert!(!identity_number_is_sound(broken), "{broken}");
    }
}

#[test]
fn credit_codes_are_checked_as_the_standard_says() {
    assert!(credit_code_is_sound(CREDIT_CODE));
    for broken in ["", "91350100M000100Y4", "91350100M000100Y4I", "9135010OM000100Y43", "代码"] {
        assert!(!credit_code_is_sound(broken), "{broken}");
    }
}

#[test]
fn names_and_numbers_are_masked() {
    for (name, masked) in [
        ("", ""),
        ("张", "张"),
        ("张三", "张*"),
        ("王小明", "王*明"),
        ("宁安县某某有限公司", "宁*司"),
    ] {
        assert_eq!(mask_name(name), masked);
    }
    assert_eq!(mask_number(ID), "110***********002X");
    assert_eq!(mask_number("123456"), "******");
    assert_eq!(mask_number("E12345678"), "*********");
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_changed_place_of_an_identity_number_is_caught(
        at in 0usize..18, digit in 0u8..10,
    ) {
        let mut bytes = ID.as_bytes().to_vec();
        let changed = b'0' + digit;
        prop_assume!(bytes[at] != changed);
        bytes[at] = changed;
        prop_assert!(!identity_number_is_sound(&String::from_utf8(bytes).unwrap()));
    }

    #[test]
    fn a_changed_place_of_a_credit_code_is_caught(
        at in 0usize..18, other in proptest::sample::select(b"0123456789ABCDEFGHJKLMNPQRTUWXY".to_vec()),
    ) {
        let mut bytes = CREDIT_CODE.as_bytes().to_vec();
        prop_assume!(bytes[at] != other);
        bytes[at] = other;
        prop_assert!(!credit_code_is_sound(&String::from_utf8(bytes).unwrap()));
    }

    #[test]
    fn checks_and_masks_take_any_text(text in "\\PC{0,40}") {
        prop_assert!(!identity_number_is_sound(&text) || text.len() == 18);
        prop_assert!(!credit_code_is_sound(&text) || text.len() == 18);
        prop_assert_eq!(mask_number(&text).chars().count(), text.chars().count());
        prop_assert!(mask_name(&text).chars().count() <= 3);
    }
}

#[test]
fn only_who_agreed_to_it_is_served_electronically() {
    let agreed = application();
    let not_agreed = Application { electronic_service: false, ..application() };
    for method in ServiceMethod::ALL {
        assert_eq!(agreed.may_be_served_by(*method), Ok(()), "{method}");
        let refused = not_agreed.may_be_served_by(*method).err();
        let expected =
            (*method == ServiceMethod::Electronic).then_some(Refusal::ElectronicConsentMissing);
        assert_eq!(refused, expected, "{method}");
    }
}

#[test]
fn a_masked_address_tells_the_provider_and_not_the_person() {
    for (text, masked) in [
        ("wang.xm@example.cn", "w***@example.cn"),
        (
            "550 5.1.1 <wang.xm@example.cn>: no such user",
            "550 5.1.1 <w***@example.cn>: no such user",
        ),
        ("王小明@例子.中国，失败", "王***@例子.中国，失败"),
        ("a@b@c.cn d+e@f.cn", "a***@c.cn d***@f.cn"),
        ("@", "***@"),
        ("connection refused (os error 111)", "connection refused (os error 111)"),
    ] {
        assert_eq!(mask_addresses(text), masked);
    }
}
