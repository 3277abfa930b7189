//! Envelopes, labels, bound letters and the register, read back with programs that share no code with ours.

mod register;

use std::process::Command;

use gongkai::documents::print::bound::{Bound, Letter, Line, PostingList};
use gongkai::documents::print::envelope::Envelopes;
use gongkai::documents::print::label::Labels;
use gongkai::documents::print::{Ends, PrintError};
use gongkai::domain::post::{Copy, EnvelopeSize, LabelSheet};

use super::layout::lines;
use super::reader::{Saved, pdf_text, run, squeezed};
use super::{ENGINE, given_notice};
use crate::support::day;
use crate::support::variables::test_variable;

/// A letter as any.
pub fn ends() -> Ends {
    Ends {
        name: "龚䶮喆𬱖".into(),
        attention: String::new(),
        address: "湖南省长沙市宁乡市玉潭街道一环北路88号鸿源大厦3栋2单元1603室".into(),
        postcode: "410600".into(),
        sender: "宁乡市行政审批服务局政务公开办公室".into(),
        sender_address: "湖南省长沙市宁乡市金洲大道二段101号".into(),
        sender_postcode: "410604".into(),
        number: "宁政公开复〔2026〕5号".into(),
        way: "EMS特快专递".into(),
        tracking: "1234567890123".into(),
    }
}

/// What every file that is not joined of others promises.
fn is_sound(pdf: &[u8], name: &str) {
    keep(pdf, name);
    let saved = Saved::new(pdf, "n.pdf");
    let verdict = run("qpdf", &["--check", saved.path()]);
    assert!(verdict.contains("No syntax or stream encoding errors"), "{name}: {verdict}");
    let fonts = run("pdffonts", &[saved.path()]);
    let rows: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row.matches(" yes").count() == 3),
        "{name}: {fonts}"
    );
    let labels = run("pdfinfo", &["-meta", saved.path()]);
    for label in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
        assert!(labels.contains(label), "{name}: {label} not in {labels}");
    }
}

/// Puts a file where somebody looks at it, if a folder is named for that.
fn keep(pdf: &[u8], name: &str) {
    if let Some(folder) = test_variable("GONGKAI_TEST_KEEP") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.pdf")), pdf).unwrap();
    }
}

/// Width and height of every page in millimetres, and how many there are.
fn page_sizes(pdf: &[u8]) -> Vec<(f64, f64)> {
    let facts = run("pdfinfo", &["-f", "1", "-l", "9999", Saved::new(pdf, "n.pdf").path()]);
    let size = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let mm = |at: usize| words[at].parse::<f64>().unwrap() / 72.0 * 25.4;
        (mm(3), mm(5))
    };
    let pages = facts.lines().filter(|l| l.starts_with("Page ") && l.contains(" size:"));
    pages.map(size).collect()
}

fn is_about(measured: (f64, f64), wanted: (f64, f64)) -> bool {
    (measured.0 - wanted.0).abs() < 0.2 && (measured.1 - wanted.1).abs() < 0.2
}

/// What stands on a page, white space left out.
fn page_text(pdf: &[u8], page: usize) -> String {
    let page = page.to_string();
    let saved = Saved::new(pdf, "n.pdf");
    squeezed(&run("pdftotext", &["-raw", "-f", &page, "-l", &page, saved.path(), "-"]))
}

/// The bar codes of the first page, as a scanner reads them.
fn codes(pdf: &[u8]) -> String {
    let saved = Saved::new(pdf, "n.pdf");
    let picture = saved.folder().join("n");
    let picture = picture.to_str().unwrap();
    run(
        "pdftoppm",
        &["-r", "300", "-f", "1", "-l", "1", "-png", "-singlefile", saved.path(), picture],
    );
    let read = Command::new("zbarimg").args(["-q", &format!("{picture}.png")]).output();
    String::from_utf8(read.unwrap().stdout).unwrap()
}

#[test]
fn an_envelope_has_its_size_and_leaves_the_places_of_the_post_alone() {
    for size in EnvelopeSize::ALL {
        let kind = Envelopes { size: *size, preprinted: false, date: day("2026-09-14") };
        let pdf = ENGINE.envelopes(kind, &[ends(), ends()]).unwrap();
        is_sound(&pdf, &format!("envelope_{size}"));
        let (width, height) = (f64::from(size.mm().0), f64::from(size.mm().1));
        let sizes = page_sizes(&pdf);
        assert_eq!(sizes.len(), 2);
        assert!(sizes.iter().all(|page| is_about(*page, (width, height))), "{size}: {sizes:?}");

        let text = pdf_text(&pdf);
        for part in [
            "龚䶮喆𬱖收",
            "鸿源大厦3栋2单元1603室",
            "宁政公开复〔2026〕5号",
            "政务公开办公室",
            "邮政编码410604",
        ] {
            assert_eq!(text.matches(part).count(), 2, "{size}: {part} in {text}");
        }
        assert!(codes(&pdf).contains("CODE-128:1234567890123"), "{size}");
        // Nothing but the postcode at the upper left, nothing at all in the strip of the post
        let all = lines(&pdf, 1);
        assert_eq!(
            all.iter()
                .filter(|line| line.top < 26.0 && line.left < 90.0)
                .map(|line| line.text.as_str())
                .collect::<String>(),
            "410600"
        );
        let strip = |line: &&super::layout::Line| {
            line.top > height - 20.0 && line.right > width - 160.0 && line.left < width - 55.0
        };
        assert_eq!(all.iter().filter(strip).count(), 0, "{size}: {all:?}");
        assert!(all.iter().all(|line| line.right < width - 5.0 && line.left > 5.0), "{all:?}");
        // and the same letter makes the same bytes
        assert!(pdf == ENGINE.envelopes(kind, &[ends(), ends()]).unwrap());
    }
    // Paper that has the boxes already gets the texts alone
    let blank = Envelopes { size: EnvelopeSize::Dl, preprinted: true, date: day("2026-09-14") };
    let text = pdf_text(&ENGINE.envelopes(blank, &[ends()]).unwrap());
    assert!(!text.contains("贴邮票处") && text.contains("410600"), "{text}");
}

#[test]
fn labels_fill_the_sheet_from_the_one_that_is_left() {
    for sheet in LabelSheet::ALL {
        let grid = sheet.grid();
        let each = usize::from(grid.labels());
        let letters: Vec<Ends> =
            (0..each).map(|n| Ends { number: format!("第{n}号"), ..ends() }).collect();
        let used = grid.labels() - 2;
        let pdf = ENGINE
            .labels(Labels { sheet: *sheet, used, date: day("2026-09-14") }, &letters)
            .unwrap();
        is_sound(&pdf, &format!("labels_{sheet}"));
        let sizes = page_sizes(&pdf);
        assert_eq!(sizes.len(), 2, "{sheet}");
        assert!(sizes.iter().all(|page| is_about(*page, (210.0, 297.0))), "{sheet}: {sizes:?}");
        // Two on the first sheet, in its last row; the others on the next, from its first row on
        let numbers = |page| {
            let found = lines(&pdf, page).into_iter().filter(|line| line.text.starts_with('第'));
            found.collect::<Vec<_>>()
        };
        let (first, second) = (numbers(1), numbers(2));
        assert_eq!((first.len(), second.len()), (2, each - 2), "{sheet}");
        let row = f64::from(grid.height) / 10.0;
        let last_row = f64::from(grid.top) / 10.0 + row * f64::from(grid.rows - 1);
        assert!(first.iter().all(|line| line.top > last_row && line.top < last_row + row));
        assert!(second[0].top < f64::from(grid.top) / 10.0 + row);
        // No text leaves its label
        for line in lines(&pdf, 2) {
            let column = (line.left - f64::from(grid.left) / 10.0)
                / (f64::from(grid.width + grid.gap) / 10.0);
            let left = f64::from(grid.left) / 10.0
                + column.floor() * f64::from(grid.width + grid.gap) / 10.0;
            assert!(line.right < left + f64::from(grid.width) / 10.0, "{sheet}: {line:?}");
        }
        assert!(codes(&pdf).contains("CODE-128:1234567890123"), "{sheet}");
    }
}

/// What fits is set within its box, what does not is refused; nothing sticks out.
#[test]
fn hostile_addresses_fit_or_are_refused() {
    let dl = Envelopes { size: EnvelopeSize::Dl, preprinted: false, date: day("2026-09-14") };
    let nest = "）".repeat(200);
    let texts = [
        "永".repeat(200),
        "W".repeat(200),
        "i".repeat(200),
        nest,
        "、。，".repeat(66),
        "A4纸（".repeat(40),
        "https://example.cn/".repeat(10),
        "#panic(\"x\") *b* $x^2$ // --".into(),
        "8".repeat(200),
        "永 ".repeat(100),
    ];
    for (n, text) in texts.into_iter().enumerate() {
        let letter = Ends { address: text.clone(), ..ends() };
        for sheet in LabelSheet::ALL {
            stays_on_its_label(*sheet, &letter, &format!("label {n} {sheet}"));
        }
        let pdf = ENGINE.envelopes(dl, std::slice::from_ref(&letter)).unwrap();
        keep(&pdf, &format!("hostile_{n}"));
        assert_eq!(page_sizes(&pdf).len(), 1);
        let read = page_text(&pdf, 1);
        assert!(read.contains(&squeezed(&text)), "case {n}: {read}");
        for line in lines(&pdf, 1) {
            assert!(
                line.right < 200.0 || line.left > 100.0 && line.right < 215.0,
                "case {n}: {line:?}"
            );
        }
        // The name still stands above the number of the notice
        let all = lines(&pdf, 1);
        let name = all.iter().find(|line| line.text.contains("收")).unwrap();
        let number = all.iter().find(|line| line.text.contains("〔2026〕")).unwrap();
        assert!(name.top + 3.0 < number.top, "case {n}: {all:?}");
    }
    let endless = Ends { address: "永".repeat(4000), ..ends() };
    let nth = |error: PrintError| match error {
        PrintError::TooLong { nth, .. } => nth,
        other => panic!("{other}"),
    };
    assert_eq!(nth(ENGINE.envelopes(dl, &[ends(), endless.clone()]).unwrap_err()), 1);
    let small = Labels { sheet: LabelSheet::ThreeByEight, used: 0, date: day("2026-09-14") };
    assert_eq!(nth(ENGINE.labels(small, &[ends(), ends(), endless]).unwrap_err()), 2);
    let number = Ends { number: "永".repeat(80), ..ends() };
    assert_eq!(nth(ENGINE.envelopes(dl, std::slice::from_ref(&number)).unwrap_err()), 0);
    assert_eq!(nth(ENGINE.labels(small, &[number]).unwrap_err()), 0);
    let sender = Ends { sender_address: "永".repeat(400), ..ends() };
    assert_eq!(nth(ENGINE.envelopes(dl, &[sender]).unwrap_err()), 0);
}

/// A letter that is too long for a label is refused; any other stays within it, from above: address, name,
/// numbers, sender.
fn stays_on_its_label(sheet: LabelSheet, letter: &Ends, name: &str) {
    let kind = Labels { sheet, used: 0, date: day("2026-09-14") };
    let pdf = match ENGINE.labels(kind, std::slice::from_ref(letter)) {
        Ok(pdf) => pdf,
        Err(PrintError::TooLong { nth: 0, .. }) => return,
        Err(other) => panic!("{name}: {other}"),
    };
    keep(&pdf, &name.replace(' ', "_"));
    let grid = sheet.grid();
    let (right, bottom) = (
        f64::from(grid.left + grid.width) / 10.0 - 2.0,
        f64::from(grid.top + grid.height) / 10.0 - 2.0,
    );
    let all = lines(&pdf, 1);
    assert!(all.iter().all(|line| line.right < right && line.top < bottom), "{name}: {all:?}");
    let place = |what: &str| all.iter().find(|line| line.text.contains(what)).unwrap().top;
    assert!(place("收") + 2.0 < place("〔2026〕"), "{name}: {all:?}");
    assert!(place("〔2026〕") + 1.0 < place("寄："), "{name}: {all:?}");
}

fn posting_list(lines: usize) -> PostingList {
    let line = |n| Line {
        n,
        number: format!("宁政公开复〔2026〕{n}号"),
        to: "龚*喆".into(),
        place: "湖南省长沙市宁乡市****".into(),
        way: "EMS特快专递".into(),
        tracking: format!("{:013}", 1_234_567_000_000 + n),
    };
    PostingList {
        agency: "宁乡市行政审批服务局".into(),
        date: day("2026-09-14"),
        lines: (1..=lines).map(line).collect(),
        totals: format!("共{lines}件：EMS特快专递{lines}件。"),
    }
}

#[test]
fn copies_are_marked_outside_of_the_text_and_the_pages_stay_as_they_are() {
    let notice = given_notice("reply_u1");
    let pages = ENGINE.pages(&notice).unwrap();
    let frozen = ENGINE.pdf(&notice).unwrap();
    let letter = |copies| Letter {
        pdf: frozen.clone(),
        marks: Copy::of(copies, true).map(|copy| copy.map(Copy::mark)).collect(),
    };
    let bound = |letters, list, duplex| {
        let (title, date) = ("交寄文书".to_owned(), day("2026-09-14"));
        ENGINE.bind_letters(Bound { title, date, list, letters, duplex }).unwrap()
    };
    let two = bound(vec![letter(2)], None, false);
    keep(&two, "two_copies");
    assert_eq!(page_sizes(&two).len(), 2 * pages);
    assert!(page_sizes(&two).iter().all(|page| is_about(*page, (210.0, 297.0))));
    let verdict = run("qpdf", &["--check", Saved::new(&two, "n.pdf").path()]);
    assert!(verdict.contains("No syntax or stream encoding errors"), "{verdict}");
    let fonts = run("pdffonts", &[Saved::new(&two, "n.pdf").path()]);
    assert!(fonts.lines().skip(2).all(|row| row.matches(" yes").count() >= 2), "{fonts}");

    for page in 1..=2 * pages {
        let (mark, own) = match page <= pages {
            true => ("第一份交申请人", page),
            false => ("第二份存档", page - pages),
        };
        let printed = page_text(&two, page);
        assert!(printed.contains(mark), "{page}: {printed}");
        assert_eq!(printed.replacen(mark, "", 1), page_text(&frozen, own), "{page}");
        // above every other text
        let place = lines(&two, page);
        let marks: String =
            place.iter().filter(|line| line.top < 20.0).map(|line| line.text.as_str()).collect();
        assert_eq!(squeezed(&marks), mark, "{place:?}");
    }
    // One copy needs no mark
    assert!(!page_text(&bound(vec![letter(1)], None, false), 1).contains("第一份"));
    // On both sides each copy begins on a sheet of its own, and so does the first behind the list
    let both = bound(vec![letter(2), letter(1)], Some(posting_list(1)), true);
    keep(&both, "duplex");
    let whole = pages + pages % 2;
    assert_eq!(page_sizes(&both).len(), 2 + 3 * whole, "{pages}");
    assert!(page_text(&both, 1).contains("交寄清单") && page_text(&both, 3).contains("第一份"));
    assert!(both == bound(vec![letter(2), letter(1)], Some(posting_list(1)), true));
}

#[test]
fn a_damaged_file_is_named_and_no_more_is_bound_than_a_printer_takes() {
    let frozen = ENGINE.pdf(&given_notice("receipt")).unwrap();
    let good = || Letter { pdf: frozen.clone(), marks: vec![None; 3] };
    let bound = |letters| Bound {
        title: "交寄文书".to_owned(),
        date: day("2026-09-14"),
        list: None,
        letters,
        duplex: false,
    };
    let broken = Letter { pdf: b"%PDF-1.7 nothing".to_vec(), marks: vec![None] };
    let refused = ENGINE.bind_letters(bound(vec![good(), broken])).unwrap_err();
    assert!(matches!(refused, PrintError::Unread { nth: 1, .. }), "{refused}");
    let many = (0..600).map(|_| good()).collect();
    let refused = ENGINE.bind_letters(bound(many)).unwrap_err();
    assert!(matches!(refused, PrintError::Unread { nth: 500, .. }), "{refused}");
}

#[test]
fn the_list_of_a_large_post_repeats_its_head_on_every_page() {
    let pdf = ENGINE.posting_list(&posting_list(60)).unwrap();
    is_sound(&pdf, "list");
    let pages = page_sizes(&pdf).len();
    assert!(pages > 1);
    for page in 1..=pages {
        let all = lines(&pdf, page);
        assert!(all.iter().any(|line| line.text == "文书编号"), "{page}: {all:?}");
    }
    let text = pdf_text(&pdf);
    for n in 1..=60 {
        assert!(text.contains(&format!("{:013}", 1_234_567_000_000_u64 + n)), "{n}");
    }
    assert!(text.contains("共60件") && text.contains("收寄人员（签名）"), "{text}");
}
