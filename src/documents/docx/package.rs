//! The parts of a DOCX file around the body, and the archive that holds them.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter, result::ZipError};

use super::super::notice::Notice;
use super::paragraph::escaped;
use super::section::{self, Footer};

const HEADER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// Puts the finished body into an archive. Entries carry no time: the bytes stay the same.
pub(super) fn pack(notice: &Notice, body: &str) -> Result<Vec<u8>, ZipError> {
    let footers = section::footers(notice.layout);
    let set_up = section::set_up(notice.layout, &footers);
    let document = element("document", &format!("<w:body>{body}{set_up}</w:body>"));
    let mut parts = vec![
        ("[Content_Types].xml".to_owned(), content_types(&footers)),
        ("_rels/.rels".to_owned(), package_relations()),
        ("word/_rels/document.xml.rels".to_owned(), document_relations(&footers)),
        ("docProps/core.xml".to_owned(), properties(notice)),
        ("word/styles.xml".to_owned(), styles()),
        ("word/settings.xml".to_owned(), settings()),
        ("word/document.xml".to_owned(), document),
    ];
    parts.extend(footers.iter().map(|f| (format!("word/{}", f.file), element("ftr", &f.content))));
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in parts {
        archive.start_file(name, options)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

fn element(name: &str, inner: &str) -> String {
    format!("{HEADER}<w:{name} {NAMESPACES}>{inner}</w:{name}>")
}

fn content_types(footers: &[Footer]) -> String {
    let part = |name: &str, kind: &str| {
        format!("<Override PartName=\"/word/{name}\" ContentType=\"{CONTENT}.{kind}+xml\"/>")
    };
    let footers: String = footers.iter().map(|f| part(f.file, "footer")).collect();
    format!(
        "{HEADER}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>{}{}{}{footers}\
         <Override PartName=\"/docProps/core.xml\" \
         ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>",
        part("document.xml", "document.main"),
        part("styles.xml", "styles"),
        part("settings.xml", "settings"),
    )
}

fn relation(id: &str, kind: &str, target: &str) -> String {
    format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{target}\"/>")
}

fn package_relations() -> String {
    let core = RELATIONS.to_owned() + "/metadata/core-properties";
    let document = relation("rId1", &format!("{RELATION}/officeDocument"), "word/document.xml");
    let properties = relation("rId2", &core, "docProps/core.xml");
    format!("{HEADER}<Relationships xmlns=\"{RELATIONS}\">{document}{properties}</Relationships>")
}

fn document_relations(footers: &[Footer]) -> String {
    let mut inner = relation("rId1", &format!("{RELATION}/styles"), "styles.xml");
    inner += &relation("rId2", &format!("{RELATION}/settings"), "settings.xml");
    for footer in footers {
        inner += &relation(footer.id, &format!("{RELATION}/footer"), footer.file);
    }
    format!("{HEADER}<Relationships xmlns=\"{RELATIONS}\">{inner}</Relationships>")
}

fn properties(notice: &Notice) -> String {
    let number = notice.case_number.as_deref().unwrap_or_default();
    format!(
        "{HEADER}<cp:coreProperties \
         xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
         <dc:subject>{}</dc:subject><dc:creator>{}</dc:creator><dc:language>zh-CN</dc:language>\
         <dcterms:created xsi:type=\"dcterms:W3CDTF\">{}T00:00:00Z</dcterms:created>\
         </cp:coreProperties>",
        escaped(&notice.title),
        escaped(number),
        escaped(&notice.signatory),
        notice.date,
    )
}

/// One default paragraph style, without which LibreOffice goes wrong. No line of a paragraph stands alone on
/// a page (`w:widowControl`): the PDF leaves none either.
fn styles() -> String {
    element(
        "styles",
        "<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New Roman\" \
         w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋_GB2312\" w:cs=\"Times New Roman\"/>\
         <w:kern w:val=\"2\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\" w:bidi=\"ar-SA\"/></w:rPr></w:rPrDefault>\
         <w:pPrDefault/></w:docDefaults><w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\">\
         <w:name w:val=\"Normal\"/><w:qFormat/><w:pPr><w:widowControl/>\
         <w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/><w:jc w:val=\"both\"/></w:pPr>\
         <w:rPr><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/></w:rPr></w:style>",
    )
}

fn settings() -> String {
    element(
        "settings",
        "<w:evenAndOddHeaders/><w:drawingGridHorizontalSpacing w:val=\"158\"/>\
         <w:drawingGridVerticalSpacing w:val=\"579\"/>\
         <w:characterSpacingControl w:val=\"compressPunctuation\"/><w:compat>\
         <w:balanceSingleByteDoubleByteWidth/><w:useFELayout/>\
         <w:compatSetting w:name=\"compatibilityMode\" \
         w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>",
    )
}
