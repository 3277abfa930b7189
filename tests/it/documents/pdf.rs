//! PDF: what it says, that it is sound, that it may be kept and read aloud.

use std::process::Command;

use gongkai::documents::{Block, Engine, RenderError};

use super::reader::{Saved, pdf_text, run, sentences};
use super::{CODES, ENGINE, font_folders, given_notice};

#[test]
fn each_notice_reads_as_its_golden_text() {
    for code in CODES {
        let text = pdf_text(&ENGINE.pdf(&given_notice(code)).unwrap());
        let lines = text.replace('。', "。\n").replace('；', "；\n").replace('：', "：\n");
        insta::assert_snapshot!(code, lines);
    }
}

#[test]
fn each_pdf_holds_every_sentence_of_its_notice() {
    for code in CODES {
        let notice = given_notice(code);
        let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
        for sentence in sentences(&notice) {
            assert!(text.contains(&sentence), "{code}: {sentence} not in {text}");
        }
    }
}

#[test]
fn each_pdf_is_sound_archivable_and_says_its_title_and_language() {
    for code in CODES {
        let notice = given_notice(code);
        let pdf = Saved::new(&ENGINE.pdf(&notice).unwrap(), "n.pdf");

        let verdict = run("qpdf", &["--check", pdf.path()]);
        assert!(verdict.contains("No syntax or stream encoding errors"), "{code}: {verdict}");

        let facts = run("pdfinfo", &[pdf.path()]);
        assert!(facts.contains(&notice.title), "{code}: {facts}");
        assert!(facts.contains("登记编号 20260914003"), "{code}: {facts}");
        assert!(facts.contains("宁乡市行政审批服务局"), "{code}: {facts}");
        let tagged = facts.lines().find(|line| line.starts_with("Tagged:")).unwrap();
        assert!(tagged.ends_with("yes"), "{code}: {facts}");

        let labels = run("pdfinfo", &["-meta", pdf.path()]);
        for label in ["pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"] {
            assert!(labels.contains(label), "{code}: {label} not in {labels}");
        }
        let plain = run("qpdf", &["--json", "--json-key=qpdf", pdf.path()]);
        assert!(plain.contains("\"/Lang\": \"u:zh-CN\""), "{code}: no language");

        // Every font is embedded and maps back to text
        let fonts = run("pdffonts", &[pdf.path()]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(rows.len() >= 3, "{fonts}");
        assert!(rows.iter().all(|row| row.matches(" yes").count() == 3), "{code}: {fonts}");
    }
}

#[test]
fn the_same_notice_gives_the_same_bytes_on_every_run() {
    let notice = given_notice("reply_u1");
    let first = ENGINE.pdf(&notice).unwrap();
    assert!(first == ENGINE.pdf(&notice).unwrap(), "one engine, two runs");
    let other = Engine::start(&font_folders()).unwrap();
    assert!(first == other.pdf(&notice).unwrap(), "two engines");

    // And a different notice does not
    let mut changed = notice;
    changed.addressee = "王堃".into();
    assert!(first != ENGINE.pdf(&changed).unwrap());
}

#[test]
fn rare_characters_of_personal_names_are_printed() {
    let mut notice = given_notice("correction");
    notice.addressee = "龚䶮喆玥珺𬱖".into();
    let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
    assert!(text.contains("龚䶮喆玥珺𬱖："), "{text}");

    // Also as old systems export them: 䶮 in the private-use area, a byte-order mark in front
    notice.addressee = "\u{FEFF}龚\u{E863}".into();
    let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
    assert!(text.contains("龚䶮："), "{text}");
}

#[test]
fn a_character_in_no_font_is_named_with_its_field() {
    let mut notice = given_notice("correction");
    notice.addressee = "王\u{323B5}".into();
    notice.blocks.push(Block::paragraph("字\u{323B6}字\u{323B6}"));
    let error = ENGINE.pdf(&notice).unwrap_err();
    assert_eq!(
        error.to_string(),
        "字库中没有下列文字，无法印制：主送中的「\u{323B5}」 U+323B5；正文中的「\u{323B6}」 U+323B6"
    );
}

#[test]
fn what_an_applicant_writes_never_becomes_a_command() {
    let evil = "#panic(\"x\") *b* #include \"/data.json\" $x^2$ // -- <w:p>&amp; {{ 7*7 }}";
    for code in CODES {
        let mut notice = given_notice(code);
        notice.addressee = evil.into();
        notice.blocks.push(Block::paragraph(evil));
        let text = pdf_text(&ENGINE.pdf(&notice).unwrap());
        let expected = super::reader::squeezed(evil);
        assert_eq!(text.matches(&expected).count() % 2, 0, "{code}: {text}");
        assert!(text.contains(&expected), "{code}: {text}");
    }
}

#[test]
fn the_codes_of_a_receipt_can_be_scanned() {
    let picture = ENGINE.png(&given_notice("receipt"), 1, 150).unwrap();
    let picture = Saved::new(&picture, "n.png");
    let output = Command::new("zbarimg").args(["-q", picture.path()]).output();
    let read = String::from_utf8(output.expect("zbar-tools").stdout).unwrap();
    let address = "QR-Code:https://gk.example.gov.cn/track/20260914003";
    let bars = "CODE-128:20260914003";
    assert_eq!(read.lines().filter(|line| *line == address).count(), 2, "{read}");
    assert!(read.lines().any(|line| line == bars), "{read}");
}

#[test]
fn the_codes_of_a_fee_notice_lead_to_payment_and_to_the_case() {
    let notice = given_notice("fee_notice");
    let pages = ENGINE.pages(&notice).unwrap();
    let picture = ENGINE.png(&notice, pages, 150).unwrap();
    let picture = Saved::new(&picture, "n.png");
    let output = Command::new("zbarimg").args(["-q", picture.path()]).output();
    let read = String::from_utf8(output.expect("zbar-tools").stdout).unwrap();
    let codes: Vec<&str> = read.lines().collect();
    assert!(codes.contains(&"QR-Code:https://pay.example.gov.cn/43012400"), "{read}");
    assert!(codes.contains(&"CODE-128:20260914003"), "{read}");
}

#[test]
fn a_page_that_does_not_exist_is_refused() {
    let notice = given_notice("receipt");
    assert!(ENGINE.png(&notice, 1, 72).unwrap().starts_with(b"\x89PNG"));
    for page in [0, 2] {
        let error = ENGINE.png(&notice, page, 72).unwrap_err();
        assert!(matches!(error, RenderError::NoSuchPage { count: 1, .. }), "{error}");
    }
}

#[test]
fn without_fonts_the_engine_says_which_and_where() {
    let empty = tempfile::tempdir().unwrap();
    let folder = empty.path().to_path_buf();
    let error = Engine::start(std::slice::from_ref(&folder)).err().unwrap().to_string();
    for part in [
        "仿宋_GB2312",
        "FandolFang",
        "方正小标宋简体",
        "黑体",
        "GONGKAI_FONT_DIR",
        "scripts/fonts.sh",
    ] {
        assert!(error.contains(part), "{part} not in {error}");
    }
    assert!(error.contains(folder.to_str().unwrap()), "{error}");
}

#[test]
fn the_engine_tells_which_font_plays_which_role() {
    let fonts = ENGINE.fonts();
    let filled = |role| fonts.iter().find(|f| f.role == role).map_or(0, |f| f.families.len());
    for role in ["仿宋", "小标宋", "黑体", "楷体", "宋体", "西文", "符号", "生僻字"]
    {
        assert!(filled(role) > 0, "{role}: {fonts:?}");
    }
}
