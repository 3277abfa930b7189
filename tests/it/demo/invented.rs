//! Nothing in the demo is anybody's: no person, no place, no telephone.

use gongkai::domain::applicant::{CredentialKind, credit_code_is_sound, identity_number_is_sound};
use gongkai::domain::request::Applicant;

use crate::support::{files_below, read};

#[test]
fn no_applicant_can_be_taken_for_a_real_one() {
    let file: toml::Table = read("assets/demo/applicants.toml").parse().unwrap();
    let applicants = file["applicant"].as_table().unwrap();
    assert!(applicants.len() >= 40);
    for (key, applicant) in applicants {
        let applicant: Applicant = applicant.clone().try_into().unwrap();
        let number = applicant.credential_number.as_str();
        let made_up = match applicant.credential_kind {
            // No region begins with 9999, in identity numbers and in credit codes alike.
            CredentialKind::ResidentId => {
                number.starts_with("9999") && identity_number_is_sound(number)
            }
            CredentialKind::CreditCode => &number[2..6] == "9999" && credit_code_is_sound(number),
            _ => number.contains("9999"),
        };
        assert!(made_up, "{key}: {number}");
        assert!(applicant.phone.starts_with("0700-000"), "{key}: {}", applicant.phone);
        assert!(applicant.postcode.starts_with("9991"), "{key}: {}", applicant.postcode);
    }
}

#[test]
fn nothing_in_the_demo_leads_to_a_real_place_telephone_or_address() {
    const PROVINCES: [&str; 34] = [
        "北京",
        "天津",
        "上海",
        "重庆",
        "河北",
        "山西",
        "辽宁",
        "吉林",
        "黑龙江",
        "江苏",
        "浙江",
        "安徽",
        "福建",
        "江西",
        "山东",
        "河南",
        "湖北",
        "湖南",
        "广东",
        "海南",
        "四川",
        "贵州",
        "云南",
        "陕西",
        "甘肃",
        "青海",
        "台湾",
        "内蒙古",
        "广西",
        "西藏",
        "宁夏",
        "新疆",
        "香港",
        "澳门",
    ];
    for path in files_below("assets/demo", "toml") {
        let text = read(&path);
        for (at, line) in text.lines().enumerate() {
            let place = format!("{}:{}: {line}", path.display(), at + 1);
            assert!(!PROVINCES.iter().any(|name| line.contains(name)), "{place}");
            for run in line.split(|c: char| !c.is_ascii_digit()) {
                assert!(run.len() != 11 || !run.starts_with('1'), "a mobile number? {place}");
            }
            for (before, after) in line.match_indices('-').map(|(i, _)| line.split_at(i)) {
                let code = before.chars().rev().take_while(char::is_ascii_digit).count();
                let rest = after[1..].chars().take_while(char::is_ascii_digit).count();
                let telephone = code >= 3 && rest >= 7;
                assert!(!telephone || before.ends_with("0700"), "{place}");
            }
            for address in line.split("://").skip(1) {
                let host = address.split(['/', '"', '\\']).next().unwrap();
                assert!(host.ends_with("example.cn"), "{place}");
            }
            for address in line.split('@').skip(1) {
                let host = address.split('"').next().unwrap();
                assert!(["example.cn", "example.com"].contains(&host), "{place}");
            }
        }
    }
}
