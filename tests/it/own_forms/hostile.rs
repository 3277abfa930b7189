//! Files that must not become forms: each refused with what is wrong with it, none kept.

use std::io::{Cursor, Write};

use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::files::{HEAD, RELATION, SPACES, changed, p, packed, parts, sent, table, with, word};
use super::path;
use crate::support::client::{Client, Reply};
use crate::support::made_files::package;
use crate::support::test_app::{Backend, TestApp, on_each_backend};

on_each_backend!(
    a_file_that_is_no_plain_word_file_is_refused_with_what_it_is,
    placeholders_that_cannot_be_filled_are_refused_each_with_its_place,
    a_file_is_looked_into_without_being_kept,
);

/// The code and sentence of every fault.
fn faults(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.refusal(), (422, "invalid_input"), "{}", reply.json);
    let faults = reply.json["errors"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    faults
        .map(|fault| {
            assert_eq!(fault["field"], "file");
            (text(&fault["code"]), text(&fault["message"]))
        })
        .collect()
}

async fn refused(who: &Client, app: &TestApp, file: Vec<u8>) -> Vec<(String, String)> {
    faults(&sent(who, &path(app), "表", file).await)
}

/// The document of a form as the bytes of one part.
fn bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A relation of the document to something.
fn related(kind: &str, target: &str, mode: &str) -> Vec<u8> {
    let relation = format!(
        "<Relationship Id=\"rId9\" Type=\"{RELATION}/{kind}\" Target=\"{target}\" {mode}/></Relationships>"
    );
    changed(&form(), "word/_rels/document.xml.rels", "</Relationships>", &relation)
}

fn form() -> String {
    p("{{登记编号}}")
}

/// An entry of a name that a reader of ZIP files may take for a path of its own.
fn entry(name: &str) -> Vec<u8> {
    with(&form(), name, "<a/>")
}

async fn a_file_that_is_no_plain_word_file_is_refused_with_what_it_is(app: TestApp) {
    let head = app.head().await;
    let open = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    let deep = format!("{open}{}{}", form(), "</w:tc></w:tr></w:tbl>".repeat(100_000));
    let long = p(&"{{登记编号}}{{某项}}".repeat(100_000));
    let external = "TargetMode=\"External\"";
    let main = "document.main+xml";
    let field = |instruction: &str| {
        word(&format!(
            "{}<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>{instruction}\
             <w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>",
            form()
        ))
    };
    let doctype = |inner: &str| {
        let document = format!(
            "{HEAD}{inner}<w:document {SPACES}><w:body>{}</w:body></w:document>",
            p("&x;{{登记编号}}")
        );
        with("", "word/document.xml", &document)
    };
    let damaged = "form_file_damaged";
    let active = "form_active_content";
    let bomb = vec![b' '; 40 * 1024 * 1024];
    let mut many = parts(&form());
    many.extend((0..600).map(|n| (format!("word/media{n}.xml"), "<a/>".to_owned())));
    let mut huge = word(&form());
    huge.resize(6 * 1024 * 1024, 0);
    let mut cut = word(&form());
    cut.truncate(cut.len() / 2);
    let mut protected = word(&form());
    // The flag of an encrypted entry, in the first header and in the directory.
    protected[6] |= 1;
    let directory = protected.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    protected[directory + 8] |= 1;

    for (name, file, code, told) in [
        ("nothing", Vec::new(), damaged, "另存为"),
        ("a PDF", b"%PDF-1.7".to_vec(), damaged, "另存为"),
        ("half a file", cut, damaged, "另存为"),
        ("too long", huge, "form_file_too_large", "5MB"),
        ("too many parts", packed(&many), "form_file_too_large", "500"),
        ("nested deep", word(&deep), damaged, "另存为"),
        ("one long paragraph", word(&long), "too_many_placeholders", "500"),
        ("a bomb", bytes(&[("word/document.xml", &bomb)]), "form_file_too_large", "解压"),
        (
            "an old .doc",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(),
            "form_file_protected",
            "密码",
        ),
        ("a protected part", protected, "form_file_protected", "密码"),
        ("a plain archive", package(&[("a.txt", "x")]), "form_file_kind", "不是 Word 文档"),
        (
            "a template",
            changed(&form(), "[Content_Types].xml", main, "template.main+xml"),
            "form_file_kind",
            "另存为",
        ),
        (
            "a file with macros",
            changed(
                &form(),
                "[Content_Types].xml",
                "vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                "vnd.ms-word.document.macroEnabled.main",
            ),
            active,
            "宏",
        ),
        ("macros", entry("word/vbaProject.bin"), active, "宏"),
        ("an object", entry("word/embeddings/oleObject1.bin"), active, "嵌入"),
        ("a program", entry("word/media/image1.exe"), active, "嵌入"),
        ("a page", entry("word/afchunk.html"), active, "嵌入"),
        ("a drawing that may run", entry("word/media/image1.svg"), active, "嵌入"),
        (
            "a template of its own",
            related("attachedTemplate", "file:///C:/a.dotm", external),
            active,
            "attachedTemplate",
        ),
        (
            "a picture elsewhere",
            related("image", "http://example.cn/a.png", external),
            active,
            "外部链接",
        ),
        (
            "a link into a network",
            related("hyperlink", "\\\\host\\share", external),
            active,
            "外部链接",
        ),
        (
            "a link without saying so",
            related("image", "file:///etc/passwd", ""),
            active,
            "外部链接",
        ),
        ("an inserted document", related("aFChunk", "chunk.xml", ""), active, "aFChunk"),
        ("an object by relation", related("oleObject", "a.xml", ""), active, "oleObject"),
        (
            "an inserted document in the text",
            word(&format!("{}<w:altChunk r:id=\"rId9\"/>", form())),
            active,
            "altChunk",
        ),
        (
            "an object in the text",
            word(&format!("{}<w:p><w:r><w:object/></w:r></w:p>", form())),
            active,
            "对象",
        ),
        ("mail merge", entry_of("word/settings.xml", "<w:mailMerge/>"), active, "邮件合并"),
        (
            "DDE",
            field("<w:r><w:instrText>DDEAUTO c:\\\\cmd.exe</w:instrText></w:r>"),
            active,
            "DDEAUTO",
        ),
        (
            "DDE in two runs",
            field(
                "<w:r><w:instrText> DD</w:instrText></w:r><w:r><w:instrText>E x</w:instrText></w:r>",
            ),
            active,
            "DDE",
        ),
        (
            "a fetched picture",
            word(&format!(
                "{}<w:p><w:fldSimple w:instr=\"INCLUDEPICTURE &quot;http://a/b&quot;\"/></w:p>",
                form()
            )),
            active,
            "INCLUDEPICTURE",
        ),
        ("entities", doctype("<!DOCTYPE a [<!ENTITY x \"y\">]>"), active, "DTD"),
        (
            "an entity from elsewhere",
            doctype("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"),
            active,
            "DTD",
        ),
        ("an unknown entity", doctype(""), damaged, "word/document.xml"),
        ("no XML", with("", "word/document.xml", "<w:document"), damaged, "另存为"),
        ("not closed", with("", "word/document.xml", "<w:document>"), damaged, "另存为"),
        (
            "tags across",
            changed(&form(), "word/document.xml", "</w:t></w:r>", "</w:r></w:t>"),
            damaged,
            "另存为",
        ),
        ("a control sign", word(&p("{{登记编号}}&#1;")), damaged, "另存为"),
        (
            "another language",
            changed(
                &form(),
                "word/document.xml",
                "wordprocessingml/2006/main",
                "wordprocessingml/2006/mine",
            ),
            damaged,
            "另存为",
        ),
        (
            "a change",
            word(&format!(
                "{}<w:p><w:ins w:author=\"张三\"><w:r><w:t>新</w:t></w:r></w:ins></w:p>",
                form()
            )),
            "form_traces",
            "修订",
        ),
        (
            "a changed header",
            changed(&form(), "word/header1.xml", "<w:p>", "<w:p><w:del w:author=\"张三\"/>"),
            "form_traces",
            "修订",
        ),
        (
            "a comment",
            entry_of("word/comments.xml", "<w:comment w:id=\"1\"/>"),
            "form_traces",
            "批注",
        ),
        ("a way up", entry("../../etc/cron.d/a.xml"), damaged, "路径"),
        ("a way from the root", entry("/etc/a.xml"), damaged, "路径"),
        ("a way with a drive", entry("C:\\a.xml"), damaged, "路径"),
        ("the document twice", entry("WORD/document.xml"), damaged, "另存为"),
    ] {
        let found = refused(&head, &app, file).await;
        assert!(
            found.iter().any(|(c, said)| c == code && said.contains(told)),
            "{name}: {found:?}"
        );
        assert!(found.iter().all(|(_, said)| !said.contains("{}")), "{name}: {found:?}");
    }
    assert_eq!(head.get(&format!("{}?retired=true", path(&app))).await.json, json!([]));
    let kept = std::fs::read_dir(app.folder.path().join("files").join("own-forms"));
    assert!(kept.is_err(), "something was kept");
}

/// A part of this name with something in it.
fn entry_of(name: &str, inner: &str) -> Vec<u8> {
    with(&form(), name, &format!("{HEAD}<w:x {SPACES}>{inner}</w:x>"))
}

async fn placeholders_that_cannot_be_filled_are_refused_each_with_its_place(app: TestApp) {
    let head = app.head().await;
    for (body, code, told) in [
        (
            p("{{申请人姓名}}"),
            "unknown_placeholder",
            "正文第1段：没有名为“申请人姓名”的占位符，是否应为“申请人”",
        ),
        (p("{{request.numbr}}"), "unknown_placeholder", "是否应为“登记编号”（request.number）"),
        (p("{{}}"), "unknown_placeholder", "正文第1段"),
        (p("{{😀}}"), "unknown_placeholder", "“😀”"),
        (table(&[&["a", "{{收文编号}}"]]), "unknown_placeholder", "正文表格1第1行第2格"),
        (p("{{登记编号"), "placeholder_malformed", "不成对"),
        (p("登记编号}}"), "placeholder_malformed", "不成对"),
        (p("{{登记{{编号}}}}"), "placeholder_malformed", "嵌套"),
        (p("{{{登记编号}}}"), "placeholder_malformed", "嵌套"),
        (p("{{登记</w:t><w:br/><w:t>编号}}"), "placeholder_malformed", "换行"),
        (p(&format!("{{{{{}}}}}", "长".repeat(4_000))), "placeholder_malformed", "花括号"),
        (p("{{事项名称}}"), "list_outside_table", "只能放在表格的行中"),
        (table(&[&["{{事项名称}}", "{{检索人}}"]]), "lists_mixed", "一种"),
        (
            format!(
                "<w:tbl><w:tr><w:tc>{}{}</w:tc></w:tr></w:tbl>",
                p("{{事项名称}}"),
                table(&[&["{{检索人}}"]])
            ),
            "lists_mixed",
            "套",
        ),
        (p("没有"), "unknown_placeholder", "页眉"),
        (p("{{登记编号}}").repeat(501), "too_many_placeholders", "500"),
        (
            format!("{}<w:p><m:t xmlns:m=\"m\">{{{{登记编号}}}}</m:t></w:p>", form()),
            "placeholder_not_fillable",
            "公式",
        ),
    ] {
        let file = match told {
            "页眉" => changed(&body, "word/header1.xml", "机关名称", "机关名"),
            _ => word(&body),
        };
        let found = refused(&head, &app, file).await;
        let one = found.iter().any(|(c, said)| c == code && said.contains(told));
        assert!(one, "{body:.200}: {found:?}");
    }
    // A chart cannot be filled, and a form without anything to fill is none
    let chart =
        refused(&head, &app, with(&form(), "word/charts/chart1.xml", "<a>{{登记编号}}</a>")).await;
    assert_eq!(chart[0].0, "placeholder_not_fillable");
    let mut empty = parts(&p("表"));
    empty.retain(|(name, _)| !name.contains("header1") && !name.contains("footer1"));
    assert_eq!(refused(&head, &app, packed(&empty)).await[0].0, "no_placeholder");
}

async fn a_file_is_looked_into_without_being_kept(app: TestApp) {
    let head = app.head().await;
    let check = async |file: Vec<u8>| {
        let form = Form::new().part("file", Part::bytes(file).file_name("表.docx"));
        let request = head.request(Method::POST, &format!("{}/check", path(&app)));
        head.send(request.multipart(form)).await.expect(200).json
    };
    let core = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:creator>张三丰</dc:creator></cp:coreProperties>";
    let found = check(with(&p("{{申请人}}{{电话}}"), "docProps/core.xml", core)).await;
    assert_eq!(
        (&found["sound"], &found["faults"][0]["code"]),
        (&json!(false), &json!("unknown_placeholder"))
    );
    let [known, unknown] = [&found["placeholders"][0], &found["placeholders"][1]];
    assert_eq!((&known["name"], &known["place"]), (&json!("applicant.name"), &json!("正文第1段")));
    assert_eq!((&unknown["name"], &unknown["text"]), (&Value::Null, &json!("电话")));
    assert_eq!(unknown["suggestion"], "applicant.phone");
    let note = &found["notes"][0];
    assert_eq!(note["kind"], "author");
    assert!(!note["shown"].as_str().unwrap().contains("张三丰"), "{note}");
    let sound = check(word(&form())).await;
    assert_eq!((&sound["sound"], &sound["faults"]), (&json!(true), &json!([])));
    let broken = check(b"PK".to_vec()).await;
    assert_eq!(broken["faults"][0]["code"], "form_file_damaged");
    assert_eq!(head.get(&path(&app)).await.json, json!([]));
}

/// What is kept is what was looked into, whatever else was in the bytes that were sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_beside_the_archive_is_not_kept() {
    let app = TestApp::spawn(Backend::Sqlite).await.unwrap();
    let head = app.head().await;
    let around = [b"MZ#!/bin/sh evil".as_slice(), &word(&form())].concat();
    let form = sent(&head, &path(&app), "表", around).await.expect(201).json;
    let kept = format!("/api/v1/own-forms/{}/versions/1", form["id"].as_str().unwrap());
    let kept = head.get(&kept).await.expect(200).bytes;
    assert!(kept.starts_with(b"PK\x03\x04") && !kept.windows(4).any(|w| w == b"evil"));
}
