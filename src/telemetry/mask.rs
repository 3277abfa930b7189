//! Blots out what looks like personal data in a line of log.

/// Replaces identity numbers (居民身份证号, 15 or 18 places), mobile numbers and mail addresses.
///
/// Works on form alone, so it may blot out an innocent number of the same length, and it cannot
/// know a name: code must not log those in the first place. Ids (UUIDs), times and counts stay.
pub fn mask(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find(is_word) {
        let (gap, tail) = rest.split_at(start);
        out += gap;
        let (word, tail) = tail.split_at(tail.find(|c| !is_word(c)).unwrap_or(tail.len()));
        out += &masked_word(word);
        rest = tail;
    }
    out + rest
}

/// Characters of a mail address or a number; everything else parts words.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '-' | '+' | '%')
}

fn masked_word(word: &str) -> String {
    if let Some((local, domain)) = word.split_once('@')
        && !local.is_empty()
        && domain.contains('.')
    {
        return "[mail]".to_owned();
    }
    word.split_inclusive(|c: char| !c.is_ascii_alphanumeric())
        .map(|part| {
            let run = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let tail = part.strip_prefix(run).unwrap_or_default();
            match personal_number(run) {
                Some(label) => format!("{label}{tail}"),
                None => part.to_owned(),
            }
        })
        .collect()
}

/// What an unbroken run of letters and digits looks like, if personal.
fn personal_number(run: &str) -> Option<&'static str> {
    let digits = run.bytes().filter(u8::is_ascii_digit).count();
    let mobile = |number: &str| {
        number.starts_with('1') && !number.starts_with("10") && !number.starts_with("12")
    };
    match run.len() {
        11 if digits == 11 && mobile(run) => Some("[phone]"),
        13 if digits == 13 && run.strip_prefix("86").is_some_and(mobile) => Some("[phone]"),
        15 if digits == 15 => Some("[id]"),
        18 if digits == 18 => Some("[id]"),
        18 if digits == 17 && run.ends_with(['x', 'X']) => Some("[id]"),
        _ => None,
    }
}
