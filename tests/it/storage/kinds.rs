//! Which files are accepted, and what becomes of their names.

use std::io::{Cursor, Write};

use gongkai::storage::MediaType as M;
use gongkai::storage::Refusal as R;
use gongkai::storage::{SNIFF_BYTES, clean_file_name, sniff};
use zip::write::{SimpleFileOptions, ZipWriter};

/// A ZIP of these entries, each with some bytes that cannot be compressed away.
fn zip(entries: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in entries {
        zip.start_file(*entry, SimpleFileOptions::default()).unwrap();
        zip.write_all(format!("<?xml version=\"1.0\"?><{entry}/>").as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn word() -> Vec<u8> {
    zip(&["[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "word/document.xml"])
}

fn gb18030(text: &str) -> Vec<u8> {
    // 公开 in GBK, repeated as often as the text has signs.
    [0xB9, 0xAB, 0xBF, 0xAA].repeat(text.chars().count())
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xFF, 0xFE].into_iter().chain(units).collect()
}

const OLE: &[u8] =
    &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0, 0, 0, 0, 0, 0, 0, 0x3E, 0];

#[test]
fn documents_images_and_text_are_known_by_their_content() {
    let excel = zip(&["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"]);
    let libre = zip(&["_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels"]);
    let cut = &"依申请公开".repeat(10_000).into_bytes()[..SNIFF_BYTES];
    for (name, content, kind) in [
        ("方案.pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(), M::Pdf),
        ("申请表.DOCX", word(), M::Docx),
        ("申请表.wps", word(), M::Docx),
        ("没有后缀", word(), M::Docx),
        ("表.xlsx", excel, M::Xlsx),
        ("表.docx", libre, M::Docx),
        ("旧.doc", OLE.to_vec(), M::Doc),
        ("旧.xls", OLE.to_vec(), M::Xls),
        ("版式.ofd", zip(&["OFD.xml", "Doc_0/Document.xml"]), M::Ofd),
        ("版式.ofd", zip(&["Doc_0/Document.xml", "OFD.xml"]), M::Ofd),
        ("照片.png", b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR".to_vec(), M::Png),
        ("照片.png", b"\xFF\xD8\xFF\xE0\0\x10JFIF\0".to_vec(), M::Jpeg),
        ("扫描.tif", b"II*\0\x08\0\0\0\0\0".to_vec(), M::Tiff),
        ("说明.txt", "您好，\r\n\t请公开。".as_bytes().to_vec(), M::Text),
        ("说明.txt", cut.to_vec(), M::Text),
        ("说明.txt", gb18030("请公开"), M::Text),
        ("说明.txt", utf16("请公开😀"), M::Text),
        ("标准.txt", b"MZ/T 039-2013".to_vec(), M::Text),
        ("数据.csv", "年,件\n2025,3 < 4\n".as_bytes().to_vec(), M::Text),
    ] {
        assert_eq!(sniff(&content, name), Ok(kind), "{name}");
    }
}

#[test]
fn programs_pages_and_archives_are_refused_whatever_they_are_called() {
    let program = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0".to_vec();
    let html = b"\xEF\xBB\xBF \r\n<!DOCTYPE html><p>hi".to_vec();
    let script = "说明 <ScRiPt>alert(1)</script>".as_bytes().to_vec();
    let svg = br#"<?xml version="1.0"?><svg onload="alert(1)"/>"#.to_vec();
    let page = utf16("<html><body>");
    for (content, reason) in [
        (program, R::Executable),
        ([b"\x7FELF\x02\x01\x01".to_vec(), vec![0; 57]].concat(), R::Executable),
        (b"#!/bin/sh\nrm -rf /\n".to_vec(), R::Executable),
        (html, R::ActiveContent),
        (script, R::ActiveContent),
        (svg, R::ActiveContent),
        (page, R::ActiveContent),
        (zip(&["申请表.docx", "a.exe"]), R::Archive),
        (zip(&["a/word/document.xml"]), R::Archive),
        (zip(&["META-INF/MANIFEST.MF", "word/a.class"]), R::Archive),
        ([b"PK\x03\x04".to_vec(), vec![0; 5]].concat(), R::Archive),
        (b"Rar!\x1A\x07\x01\0".to_vec(), R::Archive),
        (b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), R::Archive),
        (b"GIF89a\x01\0\x01\0".to_vec(), R::Unknown),
        (vec![0; 100], R::Unknown),
        (vec![], R::Empty),
    ] {
        for name in ["a.txt", "a.pdf", "a.docx", "a.png", "a"] {
            assert_eq!(sniff(&content, name), Err(reason), "{name}: {content:?}");
        }
    }
}

#[test]
fn a_name_that_runs_or_lies_is_refused_whatever_the_content() {
    let pdf = b"%PDF-1.7\n";
    for (name, reason) in [
        ("方案.exe", R::Executable),
        ("方案.pdf.EXE", R::Executable),
        ("方案\u{202E}fdp.exe", R::Executable),
        ("方案.exe.", R::Executable),
        ("方案.exe ", R::Executable),
        ("dir\\方案.js", R::Executable),
        ("方案.html", R::ActiveContent),
        ("方案.svg", R::ActiveContent),
        ("方案.docx", R::NameDisagrees { found: M::Pdf }),
        ("方案.dat", R::NameDisagrees { found: M::Pdf }),
    ] {
        assert_eq!(sniff(pdf, name), Err(reason), "{name}");
    }
    assert_eq!(sniff("文字".as_bytes(), "方案.pdf"), Err(R::NameDisagrees { found: M::Text }));
    assert_eq!(sniff(OLE, "安装.msi"), Err(R::Executable));
    assert_eq!(sniff(OLE, "安装.pdf"), Err(R::Unknown));
    let advice = R::NameDisagrees { found: M::Pdf }.to_string();
    assert_eq!(advice, "文件内容是PDF 文件，与文件名的后缀不符，请改正后缀后重新上传");
}

#[test]
fn a_hostile_name_becomes_a_plain_one_and_chinese_stays() {
    for (given, kept) in [
        ("关于某某路的答复（2026）.pdf", "关于某某路的答复（2026）.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\王\\申请表.docx", "申请表.docx"),
        ("发票\u{202E}fdp.exe", "发票fdp.exe"),
        ("a\0b\r\nc\u{7}.txt", "ab c.txt"),
        ("  . 申请　 表 .pdf . ", "申请 表 .pdf"),
        ("a<b>:\"|?*.pdf", "a_b______.pdf"),
        ("nul.pdf", "_nul.pdf"),
        ("COM1", "_COM1"),
        ("common.pdf", "common.pdf"),
        ("\u{200B}\u{FEFF}.", "未命名文件"),
        ("", "未命名文件"),
        ("a/", "未命名文件"),
        (".bashrc", "bashrc"),
    ] {
        assert_eq!(clean_file_name(given), kept, "{given:?}");
    }
    let long = clean_file_name(&format!("{}.pdf", "公".repeat(300)));
    assert_eq!(long, format!("{}.pdf", "公".repeat(65)));
    assert!(clean_file_name(&"公".repeat(300)).len() <= 200);
}

proptest::proptest! {
    #[test]
    fn a_cleaned_name_is_short_clean_and_cleaning_it_again_changes_nothing(given in "\\PC{0,300}|.{0,300}") {
        let name = clean_file_name(&given);
        proptest::prop_assert!(!name.is_empty() && name.len() <= 201, "{}", name.len());
        let clean = !name.contains(['/', '\\', '\0', '\n', '"', '\u{202E}']);
        proptest::prop_assert!(clean, "{:?}", name);
        proptest::prop_assert_eq!(clean_file_name(&name), name);
    }

    #[test]
    fn no_bytes_make_the_sniffer_panic(content in proptest::collection::vec(proptest::num::u8::ANY, 0..600), mark in 0_usize..5) {
        let marks: [&[u8]; 5] = [b"", b"PK\x03\x04", b"\xFF\xFE", OLE, b"II*\0"];
        let _ = sniff(&[marks[mark], &content].concat(), "a.docx");
    }
}
