//! DOCX: the same content as the PDF, for Word and WPS.

use gongkai::documents::{Block, docx};

use super::reader::{Saved, docx_text, run, sentences, squeezed, straight};
use super::{CODES, given_notice};

#[test]
fn each_docx_says_what_the_notice_says() {
    for code in CODES {
        let notice = given_notice(code);
        let text = docx_text(&docx(&notice).unwrap());
        let copies = if code == "receipt" { 2 } else { 1 };
        let mut parts = sentences(&notice);
        parts.extend(notice.rows.iter().map(|row| squeezed(&row.value)));
        parts.extend(notice.attachments.iter().map(|a| squeezed(a)));
        parts.extend([
            notice.title.clone(),
            format!("{}：", notice.addressee),
            "2026年9月21日".into(),
        ]);
        parts.extend(notice.number.clone());
        for part in parts {
            let found = text.matches(&straight(&part)).count();
            assert!(found >= copies, "{code}: {part} found {found} times in {text}");
        }
    }
}

#[test]
fn the_same_notice_gives_the_same_docx() {
    for code in CODES {
        let notice = given_notice(code);
        assert!(docx(&notice).unwrap() == docx(&notice).unwrap(), "{code}");
    }
}

#[test]
fn every_part_of_the_package_is_there_and_undamaged() {
    for code in CODES {
        let file = Saved::new(&docx(&given_notice(code)).unwrap(), "n.docx");
        let verdict = run("unzip", &["-t", file.path()]);
        assert!(verdict.contains("No errors detected"), "{code}: {verdict}");
        // Every part that a relation names exists
        run("unzip", &["-q", file.path(), "-d", file.folder().to_str().unwrap()]);
        let relations = file.folder().join("word/_rels/document.xml.rels");
        let relations = std::fs::read_to_string(relations).unwrap();
        for target in relations.split("Target=\"").skip(1) {
            let part = target.split('"').next().unwrap();
            assert!(file.folder().join("word").join(part).exists(), "{code}: {part}");
        }
    }
}

#[test]
fn mark_up_in_a_name_stays_text() {
    let mut notice = given_notice("correction");
    notice.addressee = "</w:t><w:br/>&\"王\u{1}\u{FFFE}喆".into();
    notice.blocks = vec![Block::paragraph("a < b && c > d")];
    let text = docx_text(&docx(&notice).unwrap());
    assert!(text.contains("</w:t><w:br/>&\"王喆："), "{text}");
    assert!(text.contains("a<b&&c>d"), "{text}");
}
