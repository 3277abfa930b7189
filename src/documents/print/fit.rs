//! How large a text may be set so that it stays in its box.
//!
//! Reckoned, not tried: a size that is found here always fits, since every sign is taken at its widest.

/// Millimetres of a point.
const MM_OF_PT: f64 = 25.4 / 72.0;

/// A line is this much higher than its signs.
const LINE: f64 = 1.35;

/// So many letters and digits, or marks, stand together without a place to break.
const RUN: usize = 10;

/// Where a text may break although no rule of writing says so.
const BREAK: char = '\u{200B}';

/// The largest of `sizes` (in points) at which every text, one below the other, stays in a box of
/// `width` and `height` millimetres; `None` if even the last does not. The texts have gone through
/// [`breaking`].
pub(super) fn size(texts: &[&str], (width, height): (f64, f64), sizes: &[f64]) -> Option<f64> {
    let fits = |size: &&f64| {
        let sign = **size * MM_OF_PT;
        let lines: usize = texts.iter().map(|text| lines(text, width / sign)).sum();
        count(lines) * sign * LINE <= height
    };
    sizes.iter().find(fits).copied()
}

/// The text with places to break in long runs of letters and digits, and of marks that must not open
/// a line: they would stick out over the edge. What was put in leaves no mark on paper.
pub(super) fn breaking(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    let mut kind = None;
    for c in text.chars() {
        let this = if c.is_ascii_graphic() {
            Some(true)
        } else if c.is_alphanumeric() || c == ' ' {
            None
        } else {
            Some(false)
        };
        run = if this.is_some() && this == kind { run + 1 } else { 0 };
        kind = this;
        if run == RUN {
            out.push(BREAK);
            run = 0;
        }
        out.push(c);
    }
    out
}

/// Into how many lines a text breaks at most in a box that is `room` characters wide.
fn lines(text: &str, room: f64) -> usize {
    let (mut lines, mut used, mut piece) = (1, 0.0, 0.0);
    let mut whole = true;
    for c in text.chars() {
        let joins = c.is_ascii_graphic() || !c.is_alphanumeric();
        if !(joins && whole) || c == BREAK || c == ' ' {
            used += piece;
            piece = 0.0;
        }
        whole = joins;
        piece += breadth(c);
        // A Chinese character takes the mark behind it along to the next line.
        if used + piece > room - 1.0 && used > 0.0 {
            lines += 1;
            used = 0.0;
        }
    }
    lines
}

/// The breadth of a sign against a Chinese character, never too small.
fn breadth(c: char) -> f64 {
    match c {
        BREAK => 0.0,
        'i' | 'j' | 'l' | ' ' | '.' | ',' | ':' | ';' | '-' | '\'' => 0.4,
        'm' | 'w' => 1.0,
        'a'..='z' | '0'..='9' => 0.6,
        _ => 1.0,
    }
}

fn count(lines: usize) -> f64 {
    u32::try_from(lines).map_or(f64::MAX, f64::from)
}
