//! Every document with everything in it that people type and old systems export: it is printed whole
//! and within the sheet, or refused with the part and the sign that cannot be printed.

use gongkai::documents::wording::FieldType;
use gongkai::documents::{Block, Notice, RenderError, docx, text};
use serde_json::{Map, Value, json};

use super::reader::{Saved, docx_text, pdf_text, run, squeezed, straight};
use super::{CODES, ENGINE, WORDING, given_notice_with, sample};

const RARE: &str = "龚䶮、王喆、李𬱖、镕玥珺堃祎";
const LATIN: &str = "Gongkai FOIA request No. 42, “Smith & Sons’ Ltd.” 'single' \"double\" <b>bold</b> naïve Ærøskøbing";
const UNBROKEN: &str = "https://gk.example.gov.cn/a/very/long/path?with=parameters&and=more&0123456789=abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789_end";
const COMMANDS: &str = "#panic(\"x\") *b* $x^2$ {{ 7*7 }} {% if %} <w:p>&amp; </table> // /* ]] ~~ = 一 + 二 - 三 @x `c`";
const CONTROLS: &str =
    "甲\u{0}乙\u{7}\u{1b}[31m丙\u{202e}丁\u{feff}戊\u{200b}己\r\n# 庚\n- 辛\t| 壬 | 癸\u{2028}末";
const EMOJI: &str = "请公开👩‍👧🀄的信息";

/// The document with `typed` in every place that takes text, as a use case hands it over.
fn given_typed(code: &str, typed: &str) -> Notice {
    let template = WORDING.template(code).unwrap();
    let mut values: Map<String, Value> = sample(code);
    for field in &template.fields {
        let value = match field.kind {
            FieldType::Text => json!(typed),
            FieldType::List => json!([typed, "第二项", typed]),
            FieldType::Table => json!([vec![typed; field.columns.len()]]),
            FieldType::Date | FieldType::Int | FieldType::Choice => continue,
        };
        values.insert(field.name.clone(), value);
    }
    let notice = given_notice_with(code, &values);
    let addressee = if notice.addressee.is_empty() { String::new() } else { typed.to_owned() };
    Notice { addressee, ..notice }
}

/// A word on a page, in points.
struct Word {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    text: String,
}

/// Width, height and words of each page, as `pdftotext` sees them.
fn pages(pdf: &[u8]) -> Vec<(f64, f64, Vec<Word>)> {
    let xml = run("pdftotext", &["-bbox", Saved::new(pdf, "n.pdf").path(), "-"]);
    let number = |tag: &str, name: &str| -> f64 {
        let rest = tag.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let word = |tag: &str| Word {
        left: number(tag, "xMin"),
        top: number(tag, "yMin"),
        right: number(tag, "xMax"),
        bottom: number(tag, "yMax"),
        text: tag.split_once('>').unwrap().1.split("</word>").next().unwrap().to_owned(),
    };
    xml.split("<page ")
        .skip(1)
        .map(|page| {
            let words = page.split("<word ").skip(1).map(word).collect();
            (number(page, "width"), number(page, "height"), words)
        })
        .collect()
}

/// Whether two stretches share most of the shorter one.
fn covered(one: (f64, f64), other: (f64, f64)) -> bool {
    let shared = one.1.min(other.1) - one.0.max(other.0);
    shared > 0.6 * (one.1 - one.0).min(other.1 - other.0)
}

/// Nothing sticks out of the sheet, and nothing is printed over something else.
fn assert_tidy(code: &str, pdf: &[u8]) {
    // Printers leave about 5 mm white.
    const EDGE: f64 = 14.0;
    for (width, height, mut words) in pages(pdf) {
        words.sort_by(|one, other| one.top.total_cmp(&other.top));
        for word in &words {
            let inside = word.left >= EDGE
                && word.right <= width - EDGE
                && word.top >= EDGE
                && word.bottom <= height - EDGE;
            assert!(inside, "{code}: “{}” ends at {} of {width}", word.text, word.right);
        }
        for (n, one) in words.iter().enumerate() {
            let below = words.iter().skip(n + 1);
            for other in below.take_while(|other| other.top < one.bottom) {
                // Fonts claim more height than they draw, and marks are squeezed together: what hides a
                // word covers most of it.
                let over = covered((one.left, one.right), (other.left, other.right))
                    && covered((one.top, one.bottom), (other.top, other.bottom));
                assert!(!over, "{code}: “{}” over “{}”", one.text, other.text);
            }
        }
    }
}

/// Every text of the notice, as it should be read.
fn texts(notice: &Notice) -> Vec<String> {
    let mut all = vec![notice.addressee.clone()];
    for block in &notice.blocks {
        match block {
            Block::Paragraph { text } | Block::Heading { text, .. } => all.push(text.clone()),
            Block::List { items } => all.extend(items.iter().cloned()),
            Block::Rows { rows, .. } => all.extend(rows.iter().map(|row| row.value.clone())),
            Block::Grid { lines, .. } => all.extend(lines.iter().flatten().cloned()),
        }
    }
    all.extend(notice.rows.iter().map(|row| row.value.clone()));
    all.iter().map(|one| squeezed(&text::clean(one))).filter(|one| !one.is_empty()).collect()
}

/// The text from where it is no longer read.
fn missing<'a>(read: &str, text: &'a str) -> &'a str {
    let ends = text.char_indices().map(|(at, _)| at);
    let last = ends.take_while(|&at| read.contains(&text[..at])).last().unwrap_or(0);
    &text[last..]
}

fn every_document_prints(typed: &str) {
    for code in CODES {
        let notice = given_typed(code, typed);
        let pdf = ENGINE.pdf(&notice).unwrap_or_else(|e| panic!("{code}: {e}"));
        let read = pdf_text(&pdf);
        for text in texts(&notice) {
            assert!(read.contains(&text), "{code} lacks {}", missing(&read, &text));
        }
        assert!(!read.contains('\u{fffd}') && !read.contains('□'), "{code}: {read}");
        assert_tidy(code, &pdf);
        // Word's file says the same
        let written = straight(&docx_text(&docx(&notice).unwrap()));
        for text in texts(&notice) {
            assert!(written.contains(&straight(&text)), "{code} as DOCX lacks: {text}\n{written}");
        }
    }
}

#[test]
fn rare_names_latin_and_quotes_are_printed_in_every_field_of_every_document() {
    every_document_prints(&[RARE, LATIN].join("；"));
}

#[test]
fn commands_of_every_language_are_printed_in_every_field_of_every_document() {
    every_document_prints(COMMANDS);
}

#[test]
fn long_addresses_and_control_characters_are_printed_in_every_field_of_every_document() {
    every_document_prints(&[UNBROKEN, CONTROLS].join("；"));
}

#[test]
fn control_characters_and_line_breaks_leave_one_line_of_text_in_every_document() {
    for code in CODES {
        let (plain, typed) = (given_typed(code, "甲乙"), given_typed(code, CONTROLS));
        // No value opens a paragraph, a heading, an item, a row or a cell of its own
        let shape = |notice: &Notice| {
            let kind = |block: &Block| match block {
                Block::List { items } => (std::mem::discriminant(block), items.len()),
                Block::Rows { rows, .. } => (std::mem::discriminant(block), rows.len()),
                Block::Grid { lines, .. } => (std::mem::discriminant(block), lines.len()),
                _ => (std::mem::discriminant(block), 0),
            };
            notice.blocks.iter().map(kind).collect::<Vec<_>>()
        };
        assert_eq!(shape(&plain), shape(&typed), "{code}");
    }
}

#[test]
fn a_description_of_4000_characters_is_printed_whole_in_every_document() {
    let long: String = (0..400).map(|n| format!("第{n:04}句公开。")).collect();
    assert!(long.chars().count() >= 4000 - 400);
    for code in CODES {
        // In one field at a time: nobody writes 4,000 characters twelve times into one form
        let template = WORDING.template(code).unwrap();
        let texts = template.fields.iter().filter(|field| field.kind == FieldType::Text);
        for field in texts {
            let mut values = sample(code);
            values.insert(field.name.clone(), json!(long));
            let notice = given_notice_with(code, &values);
            let pdf = ENGINE.pdf(&notice).unwrap_or_else(|e| panic!("{code}: {e}"));
            let read = run("pdftotext", &[Saved::new(&pdf, "n.pdf").path(), "-"]);
            assert!(read.matches('句').count() >= 400, "{code}, {}: {read}", field.name);
            assert_tidy(&format!("{code}, {}", field.name), &pdf);
        }
    }
}

#[test]
fn a_sign_no_font_draws_is_refused_by_name_in_every_field_of_every_document() {
    for code in CODES {
        let template = WORDING.template(code).unwrap();
        for field in &template.fields {
            let typed = match field.kind {
                FieldType::Text => json!(EMOJI),
                FieldType::List => json!([EMOJI]),
                FieldType::Table => json!([vec![EMOJI; field.columns.len()]]),
                _ => continue,
            };
            let mut values = sample(code);
            values.insert(field.name.clone(), typed);
            let notice = given_notice_with(code, &values);
            let shown = texts(&notice).iter().any(|text| text.contains('🀄'));
            match ENGINE.pdf(&notice) {
                Err(RenderError::MissingGlyphs { missing }) => {
                    assert!(missing.iter().any(|one| one.character == '🀄'), "{code}");
                    assert!(missing.iter().all(|one| !one.field.is_empty()), "{code}");
                }
                Err(other) => panic!("{code}, {}: {other}", field.name),
                Ok(_) => assert!(!shown, "{code}: {} is printed with a box", field.name),
            }
        }
    }
}
