//! Plain text, in UTF-8, UTF-16 or GB 18030: only numbers can be in it.

use super::Report;
use crate::documents::pdf::Unread;

/// Most lines that are looked at.
const MOST_LINES: usize = 1_000_000;

pub(super) fn look(report: &mut Report, bytes: &[u8]) -> Result<(), Unread> {
    for (n, line) in decoded(bytes).lines().enumerate() {
        if n >= MOST_LINES {
            return Err(Unread::TooLarge);
        }
        report.text(&format!("第{}行", n + 1), line);
    }
    Ok(())
}

fn decoded(bytes: &[u8]) -> String {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xFF, 0xFE, ..] => u16::from_le_bytes,
        [0xFE, 0xFF, ..] => u16::from_be_bytes,
        _ => {
            return match std::str::from_utf8(bytes) {
                Ok(text) => text.to_owned(),
                Err(_no_utf8) => digits_of_gb18030(bytes),
            };
        }
    };
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
    String::from_utf16_lossy(&units)
}

/// What matters of GB 18030: ASCII, full-width digits, and that everything else is no digit.
fn digits_of_gb18030(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        rest = match rest {
            [] => return text,
            [byte @ 0x00..=0x7F, rest @ ..] => {
                text.push(char::from(*byte));
                rest
            }
            [0x81..=0xFE, 0x30..=0x39, _, _, rest @ ..] => {
                text.push('\u{FFFD}');
                rest
            }
            [0xA3, digit @ 0xB0..=0xB9, rest @ ..] => {
                text.push(char::from(digit - 0xB0 + b'0'));
                rest
            }
            [_, 0x40..=0xFE, rest @ ..] | [_, rest @ ..] => {
                text.push('\u{FFFD}');
                rest
            }
        };
    }
}
