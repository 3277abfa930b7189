//! What the check of outgoing files finds in each kind of file, and what it does with files made to
//! break it.

mod hostile;
mod pdfs;
mod release;

use gongkai::documents::inspect::Kind;
use gongkai::domain::finding::{Finding, FindingKind as F};

use crate::documents::ENGINE;
use crate::support::made_files::{docx, package};

/// A resident identity number with its right check digit, a telephone and a bank card.
const IDENTITY: &str = "11010519491231002X";
const PHONE: &str = "13800000000";
const CARD: &str = "4111111111111111";

/// What is found in a file: kind, place and what is shown.
fn found(kind: Kind, bytes: &[u8]) -> Vec<(F, String, String)> {
    let told = |finding: Finding| {
        assert_eq!(finding.label, finding.kind.label());
        (finding.kind, finding.place, finding.shown)
    };
    ENGINE.inspect(kind, bytes).into_iter().map(told).collect()
}

/// The kinds alone.
fn kinds(kind: Kind, bytes: &[u8]) -> Vec<F> {
    found(kind, bytes).into_iter().map(|(kind, ..)| kind).collect()
}

fn one(kind: F, place: &str, shown: &str) -> (F, String, String) {
    (kind, place.to_owned(), shown.to_owned())
}

fn paragraph(runs: &str) -> String {
    format!("<w:p>{runs}</w:p>")
}

fn run(text: &str) -> String {
    format!("<w:r><w:t>{text}</w:t></w:r>")
}

#[test]
fn a_word_file_without_anything_hidden_gives_no_finding() {
    let heading = "<w:p><w:pPr><w:rPr><w:color w:val=\"FF0000\"/></w:rPr></w:pPr></w:p>";
    let shown = "<w:p><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>照常</w:t></w:r></w:p>";
    // white on a coloured cell is a table head
    let head = "<w:tc><w:tcPr><w:shd w:fill=\"1F4E79\"/></w:tcPr><w:p><w:r><w:rPr>\
        <w:color w:val=\"FFFFFF\"/></w:rPr><w:t>社区</w:t></w:r></w:p></w:tc>";
    let link = "<Relationships><Relationship Id=\"r\" Type=\"http://x/hyperlink\" \
        Target=\"https://www.gov.cn/\" TargetMode=\"External\"/></Relationships>";
    let properties = "<cp><dc:creator></dc:creator><dc:title>分配表</dc:title></cp>";
    let file = docx(
        &[heading, shown, head, &paragraph(&run("项目编号 2025-000018，共 3 页"))].concat(),
        &[("word/_rels/document.xml.rels", link), ("docProps/core.xml", properties)],
    );
    assert_eq!(found(Kind::Word, &file), []);
}

#[test]
fn numbers_in_a_word_file_are_found_however_the_runs_cut_them() {
    let cut = format!("{}{}", run("证件：110105194912"), run("31002X。"));
    let body = [paragraph(&run("无")), paragraph(&cut), paragraph(&run("电话138-0000-0000"))];
    let file = docx(
        &body.concat(),
        &[(
            "word/footer1.xml",
            &format!("<w:ftr>{}</w:ftr>", paragraph(&run(&format!("卡号 {CARD}")))),
        )],
    );
    assert_eq!(
        found(Kind::Word, &file),
        [
            one(F::IdentityNumber, "正文第2段", "110***********002X"),
            one(F::Phone, "正文第3段", "138****0000"),
            one(F::BankCard, "页脚", "411*********1111"),
        ]
    );
}

#[test]
fn comments_changes_and_hidden_text_of_a_word_file_are_found() {
    let deleted =
        "<w:del w:author=\"李经办\"><w:r><w:delText>13800000000</w:delText></w:r></w:del>";
    let inserted = format!("<w:ins w:author=\"李经办\">{}</w:ins>", run("新"));
    let vanished = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>内部意见不公开</w:t></w:r>";
    let white = "<w:r><w:rPr><w:color w:val=\"FFFFFF\"/></w:rPr><w:t>白字</w:t></w:r>";
    let styled = "<w:pPr><w:pStyle w:val=\"Secret\"/></w:pPr><w:r><w:t>样式隐藏</w:t></w:r>";
    let body = [deleted, &inserted, vanished, white, styled].map(paragraph).concat();
    let comments = "<w:comments><w:comment w:author=\"王领导\"><w:p><w:r><w:t>请再斟酌</w:t></w:r>\
        </w:p></w:comment></w:comments>";
    let styles = "<w:styles><w:style w:styleId=\"Secret\"><w:rPr><w:vanish/></w:rPr></w:style>\
        </w:styles>";
    let file = docx(&body, &[("word/comments.xml", comments), ("word/styles.xml", styles)]);
    assert_eq!(
        found(Kind::Word, &file),
        [
            one(F::Phone, "正文第1段（已删除）", "138****0000"),
            one(F::HiddenText, "正文第3段", "内…（共7字）"),
            one(F::HiddenText, "正文第4段", "白…（共2字）"),
            one(F::HiddenText, "正文第5段", "样…（共4字）"),
            one(F::Comments, "正文", "1处（王*导）"),
            one(F::TrackedChanges, "正文", "2处（李*办）"),
        ]
    );
}

#[test]
fn what_a_word_file_carries_along_is_found() {
    let core =
        "<cp><dc:creator>李经办</dc:creator><cp:lastModifiedBy>李经办</cp:lastModifiedBy></cp>";
    let app = "<p><Company>青云县财政局</Company></p>";
    let rels = "<Relationships><Relationship Type=\"http://x/attachedTemplate\" \
        Target=\"file:///C:\\Users\\li\\a.dotm\" TargetMode=\"External\"/></Relationships>";
    let file = docx(
        &paragraph(&run("正文")),
        &[
            ("docProps/core.xml", core),
            ("docProps/app.xml", app),
            ("docProps/custom.xml", "<Properties><property name=\"密级\"/></Properties>"),
            ("word/_rels/settings.xml.rels", rels),
            ("word/embeddings/oleObject1.bin", "x"),
            ("word/vbaProject.bin", "x"),
        ],
    );
    assert_eq!(
        found(Kind::Word, &file),
        [
            one(F::Author, "文档属性", "作者、修改者：李*办"),
            one(F::Author, "文档属性", "单位：青…（共6字）"),
            one(F::Author, "文档属性", "自定义属性1项"),
            one(F::ExternalLink, "外部链接", "f…（共26字）"),
            one(F::EmbeddedObject, "嵌入对象", "oleObject1.bin"),
            one(F::Macros, "宏、控件", "vbaProject.bin"),
        ]
    );
}

#[test]
fn a_spreadsheet_shows_its_hidden_sheets_rows_columns_and_caches() {
    let book = "<workbook><sheets><sheet name=\"分配表\" r:id=\"r1\"/>\
        <sheet name=\"底稿\" state=\"hidden\" r:id=\"r2\"/>\
        <sheet name=\"库\" state=\"veryHidden\" r:id=\"r3\"/></sheets></workbook>";
    let rels = "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>\
        <Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
    let first = "<worksheet><cols><col min=\"3\" hidden=\"1\"/></cols><sheetData>\
        <row hidden=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\"><v>13800000000</v></c></row>\
        <row><c r=\"A2\" t=\"inlineStr\"><is><t>4111 1111 1111 1111</t></is></c></row>\
        </sheetData></worksheet>";
    let strings = "<sst><si><t>无</t></si><si><t>1101051949</t><t>1231002X</t></si></sst>";
    let file = package(&[
        ("[Content_Types].xml", "<Types/>"),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", rels),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", first),
        ("xl/worksheets/sheet2.xml", "<worksheet/>"),
        ("xl/comments1.xml", "<c><authors><author>李经办</author></authors><comment/></c>"),
        ("xl/externalLinks/externalLink1.xml", "<x/>"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "<x/>"),
    ]);
    assert_eq!(
        found(Kind::Spreadsheet, &file),
        [
            one(F::IdentityNumber, "工作表“分配表”A1", "110***********002X"),
            one(F::Phone, "工作表“分配表”B1", "138****0000"),
            one(F::BankCard, "工作表“分配表”A2", "411*********1111"),
            one(F::HiddenCells, "工作表“分配表”", "隐藏1行、1组列"),
            one(F::HiddenSheet, "工作表“底稿”", "隐藏"),
            one(F::HiddenSheet, "工作表“库”", "深度隐藏"),
            one(F::Comments, "工作簿", "1处（李*办）"),
            one(F::ExternalLink, "外部链接", "externalLink1.xml"),
            one(F::PivotCache, "数据透视表", "pivotCacheRecords1.xml"),
        ]
    );
}

#[test]
fn an_ofd_file_shows_author_annotations_and_numbers() {
    let head = "<ofd:OFD><ofd:DocBody><ofd:DocInfo><ofd:Author>李经办</ofd:Author></ofd:DocInfo>\
        </ofd:DocBody></ofd:OFD>";
    let page = format!(
        "<ofd:Page><ofd:TextObject><ofd:TextCode>{IDENTITY}</ofd:TextCode>\
        </ofd:TextObject></ofd:Page>"
    );
    let file = package(&[
        ("OFD.xml", head),
        ("Doc_0/Annots/Page_0/Annotation.xml", "<x/>"),
        ("Doc_0/Pages/Page_0/Content.xml", &page),
    ]);
    assert_eq!(
        found(Kind::Ofd, &file),
        [
            one(F::Author, "文档属性", "作者、制作者：李*办"),
            one(F::Comments, "注释", "Doc_0/Annots/Page_0/Annotation.xml"),
            one(F::IdentityNumber, "Doc_0/Pages/Page_0/Content.xml", "110***********002X"),
        ]
    );
}

#[test]
fn plain_text_is_read_in_the_encodings_of_chinese_offices() {
    let line = format!("一\n电话{PHONE}");
    let utf16: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // 电话 in GBK, then digits, the last three in full width
    let gbk = [&b"\xD2\xBB\n\xB5\xE7\xBB\xB013800000"[..], b"\xA3\xB0\xA3\xB0\xA3\xB0"].concat();
    for bytes in [line.into_bytes(), [&b"\xFF\xFE"[..], &utf16].concat(), gbk] {
        assert_eq!(found(Kind::Text, &bytes), [one(F::Phone, "第2行", "138****0000")]);
    }
    assert_eq!(found(Kind::Text, "编号110105194912310021".as_bytes()), [], "a wrong check digit");
}

#[test]
fn a_picture_tells_where_and_by_whom_it_was_taken() {
    // a TIFF of one directory: an artist, and a directory of places with a latitude
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(b"\x3B\x01\x02\0\x04\0\0\0LiM\0"); // 0x013B Artist
    tiff.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0"); // GPS directory at 38
    tiff.extend(b"\x01\0\x02\0\x05\0\x03\0\0\0\x38\0\0\0\0\0\0\0"); // 2 GPSLatitude, at 56
    tiff.extend([30, 0, 0, 0, 1, 0, 0, 0].repeat(3));
    let wanted = [one(F::Location, "图片", "经纬度"), one(F::Author, "图片", "作者：L*M")];
    assert_eq!(found(Kind::Image, &tiff), wanted);
    // the same within a JPEG
    let exif = [&b"Exif\0\0"[..], &tiff].concat();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let jpeg = [&b"\xFF\xD8\xFF\xE1"[..], &length, &exif, b"\xFF\xD9"].concat();
    assert_eq!(found(Kind::Image, &jpeg), wanted);
    // and in XMP, as other programs write it
    let xmp = "<x:xmpmeta><dc:creator><rdf:Seq><rdf:li>李摄影</rdf:li></rdf:Seq></dc:creator>\
        <exif:GPSLatitude>30,1N</exif:GPSLatitude></x:xmpmeta>";
    let length = u16::try_from(xmp.len() + 2).unwrap().to_be_bytes();
    let jpeg = [&b"\xFF\xD8\xFF\xFE"[..], &length, xmp.as_bytes(), b"\xFF\xD9"].concat();
    assert_eq!(kinds(Kind::Image, &jpeg), [F::Author, F::Location]);
}
