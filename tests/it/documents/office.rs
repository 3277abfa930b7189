//! The DOCX as an office program sets it: the pages and the lines of the PDF.
//!
//! LibreOffice stands for Word and WPS, which no test can run. The names in the DOCX are those of an
//! office computer; a font configuration of the test lets our fonts stand in for them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use gongkai::documents::{Block, Layout, Notice, docx};

use super::reader::{run, squeezed};
use super::{CODES, ENGINE, given_notice};
use crate::support::variables::test_variable;

/// The names of an office computer, and who stands in for them.
const STAND_INS: [(&str, &str); 6] = [
    ("仿宋_GB2312", "FandolFang R"),
    ("楷体_GB2312", "FandolKai"),
    ("方正小标宋简体", "Noto Serif CJK SC"),
    ("黑体", "Noto Sans CJK SC"),
    ("宋体", "Noto Serif CJK SC"),
    ("Times New Roman", "Liberation Serif"),
];

/// The notices that are compared: each wording, and a text whose every line is full.
fn notices() -> BTreeMap<String, Notice> {
    let mut all: BTreeMap<String, Notice> =
        CODES.iter().map(|code| ((*code).to_owned(), given_notice(code))).collect();
    for code in ["reply_u1", "correction"] {
        let full = Block::paragraph("永".repeat(28 * 60));
        let notice =
            Notice { blocks: vec![full, Block::paragraph("此复")], ..given_notice(code) };
        all.insert(format!("full_{code}"), notice);
    }
    all
}

/// A folder with what LibreOffice makes of every DOCX. `None` where there is no LibreOffice; a failure
/// instead if `GONGKAI_TEST_OFFICE=require`, as `make test` sets it.
fn converted() -> Option<tempfile::TempDir> {
    let there = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !there {
        let required = test_variable("GONGKAI_TEST_OFFICE").is_some_and(|value| value == "require");
        assert!(!required, "LibreOffice is not installed: scripts/setup.sh test installs it");
        eprintln!("skipped: LibreOffice is not installed (scripts/setup.sh test)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    std::fs::write(place.join("fonts.conf"), fonts(place.join("cache").to_str().unwrap())).unwrap();
    for (name, notice) in notices() {
        std::fs::write(place.join(format!("{name}.docx")), docx(&notice).unwrap()).unwrap();
    }
    convert(place, "docx", "fodt");
    for path in files(place, "fodt") {
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, as_the_docx_says(&text)).unwrap();
    }
    convert(place, "fodt", "pdf");
    Some(folder)
}

/// What LibreOffice 7.4 does not take from the DOCX, although it can do it and Word and WPS do: no space
/// between ideographs and digits (`w:autoSpaceDE`, unread), nothing over the edge (`w:overflowPunct`,
/// read the wrong way round).
fn as_the_docx_says(text: &str) -> String {
    let spaced = "style:text-autospace=\"ideograph-alpha\"";
    let hanging = "style:punctuation-wrap=\"hanging\"";
    assert!(
        text.contains(spaced) && text.contains(hanging),
        "LibreOffice has learned: mend the test"
    );
    text.replace(spaced, "style:text-autospace=\"none\"")
        .replace(hanging, "style:punctuation-wrap=\"simple\"")
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|found| found == ending)).collect()
}

/// Converts all files of a kind in one run, with a profile that nobody else uses.
fn convert(folder: &Path, from: &str, to: &str) {
    let output = Command::new("timeout")
        .args(["--kill-after=5", "80", "soffice"])
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--norestore", "--convert-to", to, "--outdir"])
        .arg(folder)
        .args(files(folder, from))
        .env("FONTCONFIG_FILE", folder.join("fonts.conf"))
        .env("HOME", folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(files(folder, to).len(), files(folder, from).len(), "{output:?}");
}

fn fonts(cache: &str) -> String {
    let stand_in = |(name, font): &(&str, &str)| {
        format!(
            "<match target=\"pattern\"><test name=\"family\"><string>{name}</string></test>\
             <edit name=\"family\" mode=\"assign\" binding=\"strong\"><string>{font}</string>\
             </edit></match>"
        )
    };
    let stand_ins: String = STAND_INS.iter().map(stand_in).collect();
    format!(
        "<?xml version=\"1.0\"?><fontconfig><dir>{}/assets/fonts</dir><dir>/usr/share/fonts</dir>\
         <cachedir>{cache}</cachedir>{stand_ins}</fontconfig>",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// The lines of each page from top to bottom, without white space and page numbers. What a font draws
/// higher or lower by a hair stands on the same line.
fn lines(pdf: &Path) -> Vec<Vec<String>> {
    let xml = run("pdftotext", &["-bbox", pdf.to_str().unwrap(), "-"]);
    let number = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!("{name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    let page = |page: &str| {
        let mut words: Vec<(f64, f64, String)> = page
            .split("<word ")
            .skip(1)
            .map(|word| {
                let (tag, rest) = word.split_once('>').unwrap();
                let middle = f64::midpoint(number(tag, "yMin"), number(tag, "yMax"));
                let text = rest.split("</word>").next().unwrap();
                (middle, number(tag, "xMin"), squeezed(text))
            })
            .collect();
        words.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut lines: Vec<(f64, Vec<(f64, String)>)> = Vec::new();
        for (y, x, text) in words {
            match lines.last_mut() {
                Some((at, line)) if (y - *at).abs() < 6.0 => line.push((x, text)),
                _ => lines.push((y, vec![(x, text)])),
            }
        }
        let joined = lines.into_iter().map(|(_, mut line)| {
            line.sort_by(|a, b| a.0.total_cmp(&b.0));
            line.into_iter().map(|(_, text)| text).collect::<String>()
        });
        // Page numbers, and what stands beside the codes of a fee notice, which the DOCX gives as text.
        let beside =
            |line: &String| line.contains("缴费或者查询") || line == "登记编号：20260914003";
        joined.filter(|line| !line.starts_with('—') && !beside(line)).collect()
    };
    xml.split("<page ").skip(1).map(page).collect()
}

/// Most lines in a hundred that may end elsewhere than in the PDF. Where two punctuation marks stand
/// side by side the PDF sets them closer, and how close an office program does is its own affair; the
/// paragraph still takes the same number of lines.
const ELSEWHERE: usize = 10;

/// One test, because one run of the office program sets all of them.
#[test]
fn an_office_program_sets_the_pages_and_lines_of_the_pdf_and_28_characters_to_the_line() {
    let Some(folder) = converted() else { return };
    let (mut found, mut all, mut elsewhere) = (Vec::new(), 0, Vec::new());
    for (name, notice) in notices() {
        let path = folder.path().join(format!("{name}.ours"));
        std::fs::write(&path, ENGINE.pdf(&notice).unwrap()).unwrap();
        let ours = lines(&path);
        let theirs = lines(&folder.path().join(format!("{name}.pdf")));
        if ours.len() != theirs.len() {
            found.push(format!("{name}: {} pages in the PDF, {} there", ours.len(), theirs.len()));
        }
        // Cells of a table are not lines of a page: of forms and receipts the pages are counted.
        if !matches!(notice.layout, Layout::Official | Layout::Letter) {
            continue;
        }
        for ((ours, theirs), page) in ours.iter().zip(&theirs).zip(1..) {
            if ours.len() != theirs.len() {
                let (n, m) = (ours.len(), theirs.len());
                let lines = format!("{n} lines in the PDF, {m} there: {theirs:?}");
                found.push(format!("{name}, page {page}: {lines}"));
            }
            all += ours.len();
            let differ = ours.iter().zip(theirs).filter(|(a, b)| a != b);
            elsewhere.extend(differ.map(|(a, b)| format!("{name}: {a} | {b}")));
        }
        if name.starts_with("full_") {
            let full = theirs.iter().flatten().filter(|line| line.starts_with("永永"));
            let lengths: Vec<usize> = full.map(|line| line.chars().count()).collect();
            // The first line is two characters in; the last holds what is left.
            let within = &lengths[1..lengths.len() - 1];
            assert!(within.len() >= 58 && within.iter().all(|n| *n == 28), "{name}: {lengths:?}");
            let second = theirs[1].iter().filter(|line| line.starts_with("永永")).count();
            assert_eq!(second, 22, "lines on the second page of {name}");
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(all > 900, "only {all} lines were compared");
    let share = elsewhere.len() * 100;
    assert!(share <= all * ELSEWHERE, "{} of {all}: {elsewhere:#?}", elsewhere.len());
}
