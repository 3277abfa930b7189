//! Page set-up and footers.

use super::super::notice::Layout;
use super::paragraph::{FLUSH, Paragraph, Rule, paragraph};

/// A part of the package that the page set-up refers to.
pub(super) struct Footer {
    /// `default`, `even` or `first`.
    pub(super) kind: &'static str,
    /// File name below `word/`.
    pub(super) file: &'static str,
    /// Id of the relation.
    pub(super) id: &'static str,
    /// Inner XML.
    pub(super) content: String,
}

/// Returns the footers of a layout: page numbers outside, none on the first page of a letter, which
/// has the lower double rule instead. A receipt has none.
pub(super) fn footers(layout: Layout) -> Vec<Footer> {
    let numbered = |kind, file, id, side| Footer { kind, file, id, content: page_number(side) };
    let mut footers = vec![
        numbered("default", "footer1.xml", "rId3", "right"),
        numbered("even", "footer2.xml", "rId4", "left"),
    ];
    match layout {
        Layout::Official => footers,
        Layout::Letter => {
            let rule = Some(Rule::RedDoubleAbove);
            let look = Paragraph { rule, line: 240, left: -397, right: -397, ..FLUSH };
            let content = paragraph(look, "");
            footers.push(Footer { kind: "first", file: "footer3.xml", id: "rId5", content });
            footers
        }
        Layout::Receipt | Layout::Form => Vec::new(),
    }
}

/// Returns the page set-up that closes the body. There is no grid (`w:docGrid`): every line has its exact
/// height, to which Word holds, whereas LibreOffice would widen a title to whole lines of the grid.
pub(super) fn set_up(layout: Layout, footers: &[Footer]) -> String {
    let references: String = footers
        .iter()
        .map(|f| format!("<w:footerReference w:type=\"{}\" r:id=\"{}\"/>", f.kind, f.id))
        .collect();
    // 37, 26, 35 and 28 mm; a letter's head begins at 30 mm, its lower rule stands at 20 mm.
    let margins = match layout {
        Layout::Official => margins(2098, 1474, 1984, 1588, 1350),
        Layout::Letter => margins(1701, 1474, 1984, 1588, 1000),
        Layout::Receipt => margins(680, 1247, 680, 1247, 340),
        Layout::Form => margins(1247, 1134, 1134, 1360, 567),
    };
    let first = if layout == Layout::Letter { "<w:titlePg/>" } else { "" };
    format!(
        "<w:sectPr>{references}<w:pgSz w:w=\"11906\" w:h=\"16838\"/>{margins}\
         <w:cols w:space=\"425\"/>{first}</w:sectPr>"
    )
}

fn margins(top: u32, right: u32, bottom: u32, left: u32, footer: u32) -> String {
    format!(
        "<w:pgMar w:top=\"{top}\" w:right=\"{right}\" w:bottom=\"{bottom}\" w:left=\"{left}\" \
         w:header=\"851\" w:footer=\"{footer}\" w:gutter=\"0\"/>"
    )
}

/// — 1 — in 四号宋体, one character from the outer edge.
fn page_number(side: &str) -> String {
    let look = "<w:rPr><w:rFonts w:ascii=\"宋体\" w:hAnsi=\"宋体\" w:eastAsia=\"宋体\"/>\
                <w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr>";
    let run = |inner: &str| format!("<w:r>{look}{inner}</w:r>");
    let field = |kind: &str| run(&format!("<w:fldChar w:fldCharType=\"{kind}\"/>"));
    let text = |text: &str| run(&format!("<w:t xml:space=\"preserve\">{text}</w:t>"));
    [
        format!("<w:p><w:pPr><w:ind w:{side}=\"280\"/><w:jc w:val=\"{side}\"/></w:pPr>"),
        text("— "),
        field("begin"),
        run("<w:instrText xml:space=\"preserve\"> PAGE </w:instrText>"),
        field("separate"),
        text("1"),
        field("end"),
        text(" —"),
        "</w:p>".to_owned(),
    ]
    .concat()
}
