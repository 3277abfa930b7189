//! Small files as officers have them, made by hand: what they hold is written in the test.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A PDF of one page without anything to find.
pub const PLAIN_PDF: &[u8] = b"%PDF-1.7\n\
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n\
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n\
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 100]>> endobj\n\
trailer <</Root 1 0 R /Size 4>>\n%%EOF\n";

/// A PDF of these objects, numbered from 1, of which the first is the catalogue.
pub fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    for (n, object) in (1..).zip(objects) {
        places.push(file.len());
        file.extend(format!("{n} 0 obj\n").bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    file.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
    for place in places {
        file.extend(format!("{place:010} 00000 n \n").bytes());
    }
    let size = objects.len() + 1;
    let tail =
        format!("trailer\n<</Size {size} /Root 1 0 R {trailer}>>\nstartxref\n{start}\n%%EOF\n");
    file.extend(tail.bytes());
    file
}

/// A stream object with this dictionary.
pub fn stream(dict: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{dict} /Length {}>>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// What a PDF is made of beside its pages.
#[derive(Default)]
pub struct Around<'a> {
    /// Entries of the catalogue.
    pub catalogue: &'a str,
    /// Entries of each page.
    pub page: &'a str,
    /// Entries of the trailer.
    pub trailer: &'a str,
    /// Further objects, numbered from 10.
    pub objects: Vec<Vec<u8>>,
}

/// A PDF in which each page draws these operators, `/F1` being Helvetica; 300 by 200 points.
pub fn drawn(pages: &[&str], around: &Around<'_>) -> Vec<u8> {
    let Around { catalogue, page, trailer, objects } = around;
    let first = 10 + objects.len();
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", first + 2 * n)).collect();
    let mut all: Vec<Vec<u8>> = vec![
        format!("<</Type /Catalog /Pages 2 0 R {catalogue}>>").into_bytes(),
        format!("<</Type /Pages /Kids [{}] /Count {}>>", kids.join(" "), pages.len()).into_bytes(),
        b"<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>".to_vec(),
    ];
    all.extend((4..10).map(|_| b"null".to_vec()));
    all.extend(objects.iter().cloned());
    for (n, operators) in pages.iter().enumerate() {
        let contents = first + 2 * n + 1;
        let size = if page.contains("MediaBox") { "" } else { "/MediaBox [0 0 300 200]" };
        let dict = format!(
            "<</Type /Page /Parent 2 0 R {size} /Resources <</Font <</F1 3 0 R>>>> \
             /Contents {contents} 0 R {page}>>"
        );
        all.push(dict.into_bytes());
        all.push(stream("", operators.as_bytes()));
    }
    pdf(&all, trailer)
}

/// Text at a place, 12 points high.
pub fn text_at(x: u32, y: u32, text: &str) -> String {
    format!("BT /F1 12 Tf {x} {y} Td ({text}) Tj ET\n")
}

/// A ZIP archive of these parts, as Office files are.
pub fn package(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A Word file with this body, and these parts beside it.
pub fn docx(body: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document><w:body>{body}</w:body></w:document>");
    let own = [("[Content_Types].xml", "<Types/>"), ("word/document.xml", document.as_str())];
    package(&[&own[..], parts].concat())
}
