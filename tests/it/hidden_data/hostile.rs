//! Files made to break whoever opens them: each ends as a finding, soon.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use gongkai::documents::inspect::Kind;
use gongkai::domain::finding::FindingKind as F;

use super::{found, kinds};
use crate::support::made_files::{Around, docx, drawn, package, pdf, stream};

const ALL: [Kind; 7] =
    [Kind::Pdf, Kind::Word, Kind::Spreadsheet, Kind::Ofd, Kind::Image, Kind::Text, Kind::Other];

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn bytes_of_another_kind_cannot_be_checked_and_that_is_said() {
    for kind in ALL.into_iter().filter(|kind| *kind != Kind::Text) {
        for bytes in [&b""[..], b"nonsense", b"%PDF-1.7", b"PK\x03\x04", &[0; 5000]] {
            assert_eq!(kinds(kind, bytes), [F::Unchecked], "{kind:?} {bytes:?}");
        }
    }
}

#[test]
fn a_file_cut_anywhere_or_with_a_changed_byte_never_breaks_the_check() {
    let text = "BT /F1 12 Tf 20 100 Td (11010519491231002X) Tj ET 0 g 15 95 100 20 re f";
    let word =
        docx("<w:p><w:r><w:t>13800000000</w:t></w:r></w:p>", &[("docProps/core.xml", "<a/>")]);
    for (kind, whole) in [(Kind::Pdf, drawn(&[text], &Around::default())), (Kind::Word, word)] {
        for at in (0..whole.len()).step_by(7) {
            let _cut = found(kind, &whole[..at]);
            let mut changed = whole.clone();
            changed[at] ^= 0x5A;
            let _changed = found(kind, &changed);
        }
    }
}

#[test]
fn bombs_do_not_go_off() {
    // 300 MB of zeros in a stream, and the same packed twice
    let packed = deflated(&vec![0; 300 * 1024 * 1024]);
    for bytes in [packed.clone(), deflated(&packed)] {
        let objects = vec![stream("/Filter /FlateDecode", &bytes)];
        let file = drawn(&[""], &Around { objects, ..Around::default() });
        assert!(file.len() < 1024 * 1024);
        assert_eq!(kinds(Kind::Pdf, &file), [F::Unchecked]);
    }
    // a part of an Office file that is too large, compressed to little
    let body = " ".repeat(65 * 1024 * 1024);
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(body.as_bytes()).unwrap();
    let file = zip.finish().unwrap().into_inner();
    assert_eq!(kinds(Kind::Word, &file), [F::Unchecked]);
    // entities that multiply
    let laughs = "<!DOCTYPE w [<!ENTITY a \"13800000000\"><!ENTITY b \"&a;&a;\">]>\
        <w:p><w:t>&b;</w:t></w:p>";
    assert_eq!(kinds(Kind::Word, &package(&[("word/document.xml", laughs)])), []);
}

#[test]
fn nesting_and_repetition_without_an_end_are_given_up() {
    let nested = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let objects = vec![nested.clone()];
    let file = drawn(&[""], &Around { objects, ..Around::default() });
    assert_eq!(kinds(Kind::Pdf, &file), [F::Unchecked]);
    // the same where only inflating shows it
    let objects = vec![stream("/Filter /FlateDecode", &deflated(&nested))];
    let file = drawn(&[""], &Around { objects, ..Around::default() });
    assert_eq!(kinds(Kind::Pdf, &file), [F::Unchecked]);
    // forms that draw the next one ten times each
    let mut objects = Vec::new();
    for level in 10..22 {
        let dict = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources <</XObject <</X {} 0 R>>>>",
            level + 1
        );
        objects.push(stream(&dict, "/X Do ".repeat(10).as_bytes()));
    }
    objects.push(stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 1 1 re f"));
    let page = "/Resources <</XObject <</X 10 0 R>>>>";
    let file = drawn(&["/X Do"], &Around { page, objects, ..Around::default() });
    assert_eq!(kinds(Kind::Pdf, &file), [F::Unchecked]);
    // an Office file deep as a well is read, for nobody descends
    let deep = "<w:x>".repeat(100_000);
    assert_eq!(kinds(Kind::Word, &docx(&deep, &[])), []);
}

#[test]
fn files_without_pages_or_behind_a_password_are_not_held_to_be_clean() {
    let empty = pdf(
        &[b"<</Type /Catalog /Pages 2 0 R>>".to_vec(), b"<</Type /Pages /Kids []>>".to_vec()],
        "",
    );
    assert_eq!(kinds(Kind::Pdf, &empty), [F::Unchecked]);
    let locked =
        drawn(&[""], &Around { trailer: "/Encrypt <</Filter /Standard>>", ..Around::default() });
    let seen = found(Kind::Pdf, &locked);
    assert!(seen[0].2.contains("加密"), "{seen:?}");
    assert_eq!(
        found(Kind::Other, b"\xD0\xCF")[0].2,
        "这种格式无法检查，请另存为 PDF、docx 或者 xlsx"
    );
}

#[test]
fn a_font_that_cannot_be_read_is_said_instead_of_passed_over() {
    let font = "/Resources <</Font <</F1 <</Type /Font /Subtype /Type0 /BaseFont /STSong-Light \
        /Encoding /UniGB-UCS2-H /DescendantFonts [<</Type /Font /Subtype /CIDFontType0 \
        /BaseFont /STSong-Light /CIDSystemInfo <</Registry (Adobe) /Ordering (GB1) /Supplement 2>>>>]>>>>>>";
    let objects = vec![
        font.strip_prefix("/Resources <</Font <</F1 ")
            .unwrap()
            .strip_suffix(">>>>")
            .unwrap()
            .into(),
    ];
    let page = "/Resources <</Font <</F1 10 0 R>>>>";
    let file = drawn(
        &["BT /F1 12 Tf 20 100 Td <4E00> Tj ET"],
        &Around { page, objects, ..Around::default() },
    );
    let seen = found(Kind::Pdf, &file);
    assert!(
        seen.iter().any(|(kind, _, shown)| *kind == F::Unchecked && shown.contains("UniGB-UCS2-H")),
        "{seen:?}"
    );
}
