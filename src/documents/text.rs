//! Makes text printable: what people paste and old systems export, without what no printer prints.
//!
//! PDF/A refuses private-use characters and byte-order marks, and XML refuses control characters.
//! A notice must not fail because of either.

/// The characters of GBK rows FE50–FEA0, which Windows once mapped to U+E815–U+E864 in this order.
/// GB 18030 has given each of them a place in Unicode since. 䶮 is the one met in personal names.
///
/// Source: GB 18030-2022, annex D.
const FROM_E815: &str = "\
    ⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠\
    ⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺\
    䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻";

/// Vertical punctuation of GBK rows A6D9–A6F3, once mapped to U+E78D–U+E796 in this order.
const FROM_E78D: &str =
    "\u{FE10}\u{FE12}\u{FE11}\u{FE13}\u{FE14}\u{FE15}\u{FE16}\u{FE17}\u{FE18}\u{FE19}";

/// Returns `raw` as one printable line.
///
/// Line breaks, tabs and odd blanks become a plain space; control characters, byte-order marks,
/// zero-width characters, directional and variation selectors vanish; the private-use characters
/// of old GBK data become the characters they stand for. Blanks at either end are cut.
pub fn clean(raw: &str) -> String {
    let line: String = raw.chars().filter_map(printable).collect();
    line.trim().to_owned()
}

fn printable(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => Some(' '),
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' => None,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' => None,
        // Variation selectors choose between shapes of one character; the common shape is printed.
        '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}' => None,
        '\u{FFFE}' | '\u{FFFF}' => None,
        '\u{E815}'..='\u{E864}' => nth(FROM_E815, c, '\u{E815}'),
        '\u{E78D}'..='\u{E796}' => nth(FROM_E78D, c, '\u{E78D}'),
        '\u{E7C7}' => Some('\u{1E3F}'),
        c if c.is_control() => None,
        c => Some(c),
    }
}

fn nth(table: &str, c: char, first: char) -> Option<char> {
    let place = u32::from(c).checked_sub(u32::from(first))?;
    table.chars().nth(usize::try_from(place).ok()?)
}

/// Lets long runs of ASCII break: adds zero-width spaces, which leave no mark on paper.
///
/// Without them such a run would stick out over the margin. Web addresses are left alone: Typst
/// breaks them by itself, and one copied from the PDF must still work.
pub fn breakable(text: &str) -> String {
    broken(text, usize::MAX, &|run| !run.contains("://"))
}

/// The same for a cell of a table in which `fit` characters have room, where no web address fits: it
/// may break as well. The layouts set these places as gaps of no width, so that it can still be copied.
pub fn breakable_in_cell(text: &str, fit: usize) -> String {
    broken(text, fit.max(1), &|_| true)
}

fn broken(text: &str, fit: usize, may_break: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(of_a_run) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| !of_a_run(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        let breaks = run.chars().count() > LONG_RUN.min(fit) && may_break(run);
        out.push_str(before);
        for (index, c) in run.chars().enumerate() {
            if breaks && index > 0 && index % BREAK_EVERY.min(fit) == 0 {
                out.push('\u{200B}');
            }
            out.push(c);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Latin letters, digits and signs, between which no line ends by itself.
fn of_a_run(c: char) -> bool {
    c.is_ascii_graphic() || ('\u{C0}'..='\u{24F}').contains(&c)
}

/// Runs up to this many characters stay whole: numbers, dates, telephone numbers.
const LONG_RUN: usize = 24;

/// Longer ones may break after so many characters.
const BREAK_EVERY: usize = 12;
