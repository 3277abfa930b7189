//! Word files as an office has them, made by hand, and read back by readers that are not ours.

use std::io::Write;
use std::process::Command;

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use uuid::Uuid;

use crate::support::client::{Client, Reply};
use crate::support::made_files::package;

pub const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
pub const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
pub const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const KIND: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The parts of a Word file with this body, a header and a footer.
pub fn parts(body: &str) -> Vec<(String, String)> {
    let relations = |inner: &str| {
        format!("{HEAD}<Relationships xmlns=\"{PACKAGE}/relationships\">{inner}</Relationships>")
    };
    let one = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{RELATION}/{kind}\" Target=\"{target}\"/>")
    };
    let kind = |name: &str, kind: &str| {
        format!("<Override PartName=\"/word/{name}.xml\" ContentType=\"{KIND}.{kind}+xml\"/>")
    };
    let types = format!(
        "{HEAD}<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}</Types>",
        kind("document", "document.main"),
        kind("header1", "header"),
        kind("footer1", "footer"),
    );
    let document = format!(
        "{HEAD}<w:document {SPACES}><w:body>{body}<w:sectPr>\
         <w:headerReference w:type=\"default\" r:id=\"rId1\"/>\
         <w:footerReference w:type=\"default\" r:id=\"rId2\"/></w:sectPr></w:body></w:document>"
    );
    let inner = [one("rId1", "header", "header1.xml"), one("rId2", "footer", "footer1.xml")];
    let header = format!("{HEAD}<w:hdr {SPACES}>{}</w:hdr>", p("{{机关名称}}"));
    let footer = format!(
        "{HEAD}<w:ftr {SPACES}><w:p><w:r><w:t>打印：{{{{print.by}}}}　{{{{print.date}}}}　第</w:t></w:r>\
         <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>\
         <w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:ftr>"
    );
    [
        ("[Content_Types].xml", types),
        ("_rels/.rels", relations(&one("rId1", "officeDocument", "word/document.xml"))),
        ("word/_rels/document.xml.rels", relations(&inner.concat())),
        ("word/document.xml", document),
        ("word/header1.xml", header),
        ("word/footer1.xml", footer),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

/// A file of these parts.
pub fn packed(parts: &[(String, String)]) -> Vec<u8> {
    let parts: Vec<(&str, &str)> = parts.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    package(&parts)
}

/// A Word file with this body, a header and a footer.
pub fn word(body: &str) -> Vec<u8> {
    packed(&parts(body))
}

/// The same with a part more, or another in the place of one.
pub fn with(body: &str, name: &str, text: &str) -> Vec<u8> {
    let mut parts = parts(body);
    parts.retain(|(known, _)| known != name);
    parts.push((name.to_owned(), text.to_owned()));
    packed(&parts)
}

/// The same with something in a part changed.
pub fn changed(body: &str, name: &str, from: &str, to: &str) -> Vec<u8> {
    let mut parts = parts(body);
    let (_, text) = parts.iter_mut().find(|(known, _)| known == name).unwrap();
    assert!(text.contains(from), "{name}: no {from}");
    *text = text.replacen(from, to, 1);
    packed(&parts)
}

/// A paragraph.
pub fn p(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// A table of these rows of cells.
pub fn table(rows: &[&[&str]]) -> String {
    let cell = |text: &&str| {
        format!("<w:tc><w:tcPr><w:tcW w:w=\"2000\" w:type=\"dxa\"/></w:tcPr>{}</w:tc>", p(text))
    };
    let row =
        |cells: &&[&str]| format!("<w:tr>{}</w:tr>", cells.iter().map(cell).collect::<String>());
    let grid = "<w:gridCol w:w=\"2000\"/>".repeat(rows[0].len());
    format!(
        "<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{}</w:tbl>",
        rows.iter().map(row).collect::<String>()
    )
}

/// Sends a file as a form of this name.
pub async fn sent(who: &Client, path: &str, name: &str, file: Vec<u8>) -> Reply {
    sent_once(who, path, name, file, &Uuid::now_v7().to_string()).await
}

/// The same under this key.
pub async fn sent_once(who: &Client, path: &str, name: &str, file: Vec<u8>, key: &str) -> Reply {
    let file = Part::bytes(file).file_name("本局办理单.docx");
    let form = Form::new()
        .text("name", name.to_owned())
        .text("purpose", "本局办理政府信息公开申请")
        .text("description", "打印后随案卷流转")
        .part("file", file);
    let request = who.request(Method::POST, path).header("Idempotency-Key", key);
    who.send(request.multipart(form)).await
}

/// A part of a file, unpacked by `unzip`.
pub fn part(file: &[u8], name: &str) -> String {
    let mut kept = tempfile::NamedTempFile::new().unwrap();
    kept.write_all(file).unwrap();
    let output = Command::new("unzip").arg("-p").arg(kept.path()).arg(name).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a part, a line for each paragraph, as Python's XML reader finds it.
pub fn text(file: &[u8], name: &str) -> String {
    const READER: &str = "
import sys, zipfile, xml.etree.ElementTree as tree
w = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
for name in archive.namelist():
    if name.endswith(('.xml', '.rels')):
        tree.fromstring(archive.read(name))
for p in tree.fromstring(archive.read(sys.argv[2])).iter(w + 'p'):
    said = {w + 't': lambda t: t.text or '', w + 'br': lambda t: '|', w + 'tab': lambda t: '\\t'}
    print(''.join(said[e.tag](e) for run in p.iter(w + 'r') for e in run if e.tag in said))
";
    let mut kept = tempfile::NamedTempFile::new().unwrap();
    kept.write_all(file).unwrap();
    let output = Command::new("python3").args(["-c", READER]).arg(kept.path()).arg(name).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A file as LibreOffice writes it anew, as `docx` or `pdf`. `None` where there is no LibreOffice.
pub fn saved_as(kind: &str, file: &[u8]) -> Option<Vec<u8>> {
    let there = Command::new("soffice").arg("--version").output().is_ok_and(|o| o.status.success());
    if !there {
        let required = crate::support::variables::test_variable("GONGKAI_TEST_OFFICE");
        assert!(required.is_none_or(|value| value != "require"), "LibreOffice is not installed");
        eprintln!("skipped: LibreOffice is not installed (scripts/setup.sh test)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.docx");
    std::fs::write(&path, file).unwrap();
    let output = Command::new("timeout")
        .args(["--kill-after=5", "80", "soffice"])
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args(["--headless", "--norestore", "--convert-to", kind, "--outdir"])
        .arg(folder.path().join("saved"))
        .arg(&path)
        .env("HOME", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    Some(std::fs::read(folder.path().join(format!("saved/form.{kind}"))).unwrap())
}
