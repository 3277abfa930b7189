//! Names of files as people give them, made harmless for showing, storing and downloading.

/// Longest name kept, in bytes of UTF-8: below the 255 that file systems take.
const LONGEST: usize = 200;
/// A longer ending is no ending.
const LONGEST_ENDING: usize = 10;
const NAMELESS: &str = "未命名文件";

/// `given` without folders, control and direction signs and what Windows forbids in names, at most
/// 200 bytes long with its ending kept. Chinese stays as it is. Never empty.
#[must_use]
pub fn clean_file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = last.chars().filter(|c| !is_invisible(*c)).map(replace).collect();
    let words: Vec<&str> = shown.split_whitespace().collect();
    let name = words.join(" ");
    let name = name.trim_matches(['.', ' ']);
    if name.is_empty() {
        return NAMELESS.to_owned();
    }
    let name = if is_device(name) { format!("_{name}") } else { name.to_owned() };
    shorten(&name)
}

/// The ending in lower case, without the dot.
pub(super) fn ending(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    let good = !stem.is_empty() && !ending.is_empty() && ending.len() <= LONGEST_ENDING;
    good.then(|| ending.to_ascii_lowercase())
}

/// Controls, and signs that make a name read otherwise than it is: `发票\u{202E}fdp.exe`.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c,
            '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

fn replace(c: char) -> char {
    if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c }
}

/// Names Windows keeps for devices, whatever the ending.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim().to_ascii_uppercase();
    let numbered = |device: &str| {
        let number = stem.strip_prefix(device);
        number.is_some_and(|n| n.len() == 1 && n.chars().all(|c| c.is_ascii_digit()))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

fn shorten(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let tail = match name.rsplit_once('.') {
        Some((_, tail)) if ending(name).is_some() => format!(".{tail}"),
        _ => String::new(),
    };
    let stem = name.strip_suffix(tail.as_str()).unwrap_or(name);
    let end = stem.floor_char_boundary(LONGEST.saturating_sub(tail.len()));
    let kept = stem.get(..end).unwrap_or_default();
    format!("{}{tail}", kept.trim_end_matches(['.', ' ']))
}
