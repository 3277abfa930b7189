//! Traces of people in a text that is to be published: numbers of identity documents, telephones,
//! bank cards, and the name of whoever asked.
//!
//! Source: 条例 art. 15; 个人信息保护法 art. 25, 28; rulebook 9.1.

use serde::{Deserialize, Serialize};

use super::applicant::{identity_number_is_sound, mask_number};
use super::text_enum::text_enum;

text_enum!(
    /// What a trace looks like.
    TraceKind {
        /// 居民身份证号码, with its right check digit.
        IdentityNumber = "identity_number", "居民身份证号码";
        /// A mobile telephone.
        Phone = "phone", "手机号码";
        /// A bank card, with its right check digit.
        BankCard = "bank_card", "银行卡号";
        /// Whoever asked.
        Applicant = "applicant", "申请人姓名（名称）";
    }
);

/// A trace that was found; the number masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Trace {
    /// What it looks like.
    pub kind: TraceKind,
    /// The same in Chinese.
    pub label: String,
    /// Where it stands: a field, or the name of a file.
    pub place: String,
    /// It, masked.
    pub shown: String,
}

/// The traces of numbers in a text. Full-width digits count, and one space or hyphen between digits
/// does not hide a number.
#[must_use]
pub fn numbers(place: &str, text: &str) -> Vec<Trace> {
    let mut found: Vec<Trace> = Vec::new();
    for run in runs(text) {
        let whole = run.concat();
        let mut numbers: Vec<&str> =
            run.iter().map(String::as_str).filter(|group| kind_of(group).is_some()).collect();
        // Groups are put together only where none of them is a number by itself.
        if numbers.is_empty() {
            numbers.push(&whole);
        }
        for number in numbers {
            let Some(kind) = kind_of(number) else { continue };
            let trace = Trace {
                kind,
                label: kind.label().to_owned(),
                place: place.to_owned(),
                shown: shown(kind, number),
            };
            if !found.contains(&trace) {
                found.push(trace);
            }
        }
    }
    found
}

/// The text with the numbers in it masked, for lists, timelines and logs.
#[must_use]
pub fn masked(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let found = (ascii(*sign).is_some()
            && at.checked_sub(1).is_none_or(|b| !is_digit(&signs, b)))
        .then(|| number_at(&signs, at))
        .flatten();
        match found {
            Some((kind, number, end)) => {
                shown.push_str(&self::shown(kind, &number));
                at = end;
            }
            None => {
                shown.push(*sign);
                at += 1;
            }
        }
    }
    shown
}

fn is_digit(signs: &[char], at: usize) -> bool {
    signs.get(at).copied().and_then(ascii).is_some()
}

/// The number that begins at a place, with its end: one group of digits, or several that single
/// spaces or hyphens join. A group that is a number by itself goes before what follows it.
fn number_at(signs: &[char], start: usize) -> Option<(TraceKind, String, usize)> {
    let mut number = String::new();
    let mut at = start;
    loop {
        while let Some(digit) = signs.get(at).copied().and_then(ascii) {
            number.push(digit);
            at += 1;
        }
        if let Some(kind) = kind_of(&number) {
            return Some((kind, number, at));
        }
        let joins = signs.get(at).is_some_and(|c| matches!(c, ' ' | '-' | '\u{3000}' | '－'));
        if !joins || !is_digit(signs, at + 1) || number.len() > 19 {
            return None;
        }
        at += 1;
    }
}

/// The name of whoever asked, where it stands in the text.
#[must_use]
pub fn name(place: &str, text: &str, name: &str) -> Option<Trace> {
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let name = plain(name);
    let there = name.chars().count() > 1 && plain(text).contains(&name);
    there.then(|| Trace {
        kind: TraceKind::Applicant,
        label: TraceKind::Applicant.label().to_owned(),
        place: place.to_owned(),
        shown: super::applicant::mask_name(&name),
    })
}

fn shown(kind: TraceKind, number: &str) -> String {
    match kind {
        TraceKind::Phone => super::personal::mask_phone(number),
        _ => mask_number(number),
    }
}

/// Groups of digits that one space or hyphen joins.
fn runs(text: &str) -> Vec<Vec<String>> {
    let mut runs = Vec::new();
    let mut run: Vec<String> = Vec::new();
    let mut group = String::new();
    let mut gap = 0;
    for c in text.chars().chain(['\n', '\n']) {
        match ascii(c) {
            Some(digit) => {
                group.push(digit);
                gap = 0;
            }
            None => {
                if !group.is_empty() {
                    run.push(std::mem::take(&mut group));
                }
                gap += if matches!(c, ' ' | '-' | '\u{3000}' | '－') { 1 } else { 2 };
                if gap > 1 && !run.is_empty() {
                    runs.push(std::mem::take(&mut run));
                }
            }
        }
    }
    runs
}

/// The digit a sign stands for; X is the check digit of an identity number.
fn ascii(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        'x' | 'X' | 'ｘ' | 'Ｘ' => Some('X'),
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
        _ => None,
    }
}

fn kind_of(number: &str) -> Option<TraceKind> {
    let digits = number.bytes().all(|b| b.is_ascii_digit());
    let phone = number.strip_prefix("86").filter(|rest| rest.len() == 11).unwrap_or(number);
    if number.len() == 18 && identity_number_is_sound(number) {
        Some(TraceKind::IdentityNumber)
    } else if digits && (16..=19).contains(&number.len()) && sums_up(number) {
        Some(TraceKind::BankCard)
    } else if digits
        && phone.len() == 11
        && phone.starts_with('1')
        && phone.as_bytes().get(1) > Some(&b'2')
    {
        Some(TraceKind::Phone)
    } else {
        None
    }
}

/// Whether the check digit of a card is right. Source: ISO/IEC 7812-1 annex B.
fn sums_up(number: &str) -> bool {
    let digits = number.chars().rev().filter_map(|c| c.to_digit(10));
    let sum: u32 = digits
        .zip([false, true].into_iter().cycle())
        .map(|(digit, double)| match (digit, double) {
            (digit, false) => digit,
            (digit, true) if digit > 4 => digit * 2 - 9,
            (digit, true) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}
