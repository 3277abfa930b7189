//! PDF files: what is drawn over, drawn in no way, or hangs beside the pages.

use gongkai::documents::inspect::Kind;
use gongkai::domain::finding::FindingKind as F;

use super::{IDENTITY, found, kinds, one};
use crate::support::made_files::{Around, PLAIN_PDF, drawn, stream, text_at};

fn page(operators: &str) -> Vec<u8> {
    drawn(&[operators], &Around::default())
}

#[test]
fn a_plain_page_gives_no_finding() {
    assert_eq!(found(Kind::Pdf, PLAIN_PDF), []);
    // a coloured row below the text, a link, and a frame around it
    let drawn_below =
        format!("0.9 g 10 90 200 30 re f 0 g {} 5 5 290 190 re S", text_at(20, 100, "Total 3"));
    let link = "/Annots [<</Type /Annot /Subtype /Link /Rect [0 0 9 9]>>]";
    let file = drawn(&[&drawn_below], &Around { page: link, ..Around::default() });
    assert_eq!(found(Kind::Pdf, &file), []);
}

#[test]
fn numbers_are_found_on_their_page() {
    let second = text_at(20, 100, &format!("ID {IDENTITY}"));
    let split = "BT /F1 12 Tf 20 60 Td (138) Tj 25 0 Td (0000) Tj 32 0 Td (0000) Tj ET";
    let file = drawn(&["", &[&second, split].concat()], &Around::default());
    assert_eq!(
        found(Kind::Pdf, &file),
        [
            one(F::IdentityNumber, "第2页", "110***********002X"),
            one(F::Phone, "第2页", "138****0000"),
        ]
    );
}

#[test]
fn text_below_a_box_can_be_copied_out_and_is_found() {
    let text = text_at(20, 100, "Zhang San");
    let black = format!("{text} 0 g 15 95 100 20 re f");
    assert_eq!(found(Kind::Pdf, &page(&black)), [one(F::CoveredText, "第1页", "Z…（共8字）")]);
    // a white box hides as well, and so does a picture
    let white = format!("{text} 1 g 15 95 100 20 re f");
    assert_eq!(kinds(Kind::Pdf, &page(&white)), [F::CoveredText]);
    let picture = format!("{text} q 100 0 0 20 15 95 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \u{0} EI Q");
    assert_eq!(kinds(Kind::Pdf, &page(&picture)), [F::CoveredText]);
    let four = format!(
        "{text} q 100 0 0 20 15 95 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \u{1}\u{1}\u{1}\u{1} EI Q"
    );
    assert_eq!(kinds(Kind::Pdf, &page(&four)), [F::CoveredText], "of more than one dot as well");
    // a box through which one can read does not
    let states = "/Resources <</Font <</F1 3 0 R>> /ExtGState <</G <</ca 0.3>>>>>>";
    let marked = format!("{text} /G gs 1 1 0 rg 15 95 100 20 re f");
    let file = drawn(&[&marked], &Around { page: states, ..Around::default() });
    assert_eq!(found(Kind::Pdf, &file), []);
    // nor a line drawn through it
    assert_eq!(found(Kind::Pdf, &page(&format!("{text} 15 104 100 1 re f"))), []);
}

#[test]
fn text_nobody_sees_is_found() {
    let invisible = "BT 3 Tr /F1 12 Tf 20 100 Td (scan) Tj ET";
    assert_eq!(found(Kind::Pdf, &page(invisible)), [one(F::InvisibleText, "第1页", "s…（共4字）")]);
    let outside = text_at(400, 100, "outside");
    assert_eq!(kinds(Kind::Pdf, &page(&outside)), [F::InvisibleText]);
    let white = format!("1 g {}", text_at(20, 100, "white"));
    assert_eq!(found(Kind::Pdf, &page(&white)), [one(F::HiddenText, "第1页", "w…（共5字）")]);
    // white on black is a heading
    let heading = format!("0 g 10 90 200 30 re f {white}");
    assert_eq!(found(Kind::Pdf, &page(&heading)), []);
}

#[test]
fn the_same_holds_on_a_turned_page() {
    let covered = format!("{} 0 g 15 95 150 20 re f", text_at(20, 100, IDENTITY));
    for turn in ["/Rotate 90", "/Rotate 180", "/Rotate 270"] {
        let file = drawn(&[&covered], &Around { page: turn, ..Around::default() });
        assert_eq!(kinds(Kind::Pdf, &file), [F::IdentityNumber, F::CoveredText], "{turn}");
    }
}

#[test]
fn what_hangs_beside_the_pages_is_found() {
    let around = Around {
        catalogue: "/OpenAction <</S /JavaScript /JS (app.alert)>> /OCProperties <</D <</OFF [10 0 R]>>>> \
                    /Names <</EmbeddedFiles <</Names [(a) 11 0 R]>>>> /Metadata 12 0 R",
        page: "/Annots [<</Subtype /Text /Contents (13800000000)>>]",
        trailer: "/Info <</Author (Li Ming) /Creator (WPS)>>",
        objects: vec![
            b"<</Type /OCG /Name (x)>>".to_vec(),
            b"<</Type /Filespec /F (draft.doc) /EF <</F 13 0 R>>>>".to_vec(),
            stream("", "<x:xmpmeta><dc:creator>王*</dc:creator></x:xmpmeta>".as_bytes()),
            stream("", b"inner"),
        ],
    };
    let found = found(Kind::Pdf, &drawn(&[""], &around));
    for wanted in [
        one(F::Author, "文档属性", "作者：L*g（WPS）"),
        one(F::HiddenText, "图层", "1个图层默认不显示，未检查"),
        one(F::Macros, "文件", "JavaScript"),
        one(F::EmbeddedObject, "附件", "d…（共9字）"),
        one(F::Phone, "第1页批注、表单", "138****0000"),
        one(F::Comments, "第1页", "1处"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} in {found:#?}");
    }
    assert_eq!(found.len(), 7, "{found:#?}");
}

#[test]
fn an_earlier_version_within_the_file_is_found() {
    let first = page(&text_at(20, 100, "draft"));
    // saved once more at the end
    let again = [&first[..], b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n%%EOF\n"].concat();
    assert_eq!(found(Kind::Pdf, &again), [one(F::EarlierVersion, "文件", "1个")]);
}
