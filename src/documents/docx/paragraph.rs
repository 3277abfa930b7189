//! Runs and paragraphs of WordprocessingML.
//!
//! The schema wants the properties in a fixed order; Word refuses a file that has them otherwise,
//! so every element is written here and nowhere else. Lengths are in twentieths of a point.

use std::fmt::Write as _;

/// Width of one character of the grid, 28 to a line of 156 mm.
pub(super) const CELL: u32 = 316;
/// Distance of two lines, 22 to a page of 225 mm: a hair less, so that the 22nd is not lost to rounding.
pub(super) const PITCH: u32 = 579;
/// The red of head and rules.
pub(super) const RED: &str = "E60012";

/// How a stretch of text looks.
#[derive(Clone, Copy)]
pub(super) struct Run {
    /// East Asian font family.
    pub(super) font: &'static str,
    /// Size in half points: 32 is 三号.
    pub(super) size: u32,
    /// Red instead of black.
    pub(super) red: bool,
    /// Extra space after each character.
    pub(super) spacing: i32,
    /// Width of the characters in per cent.
    pub(super) width: u32,
}

/// 三号仿宋. Set 0.25 pt closer, so that 28 characters fill a line in Word and in LibreOffice.
pub(super) const FANG: Run =
    Run { font: "仿宋_GB2312", size: 32, red: false, spacing: -5, width: 100 };
/// 三号黑体.
pub(super) const HEI: Run = Run { font: "黑体", ..FANG };
/// 三号楷体.
pub(super) const KAI: Run = Run { font: "楷体_GB2312", ..FANG };
/// 二号小标宋.
pub(super) const TITLE: Run = Run { font: "方正小标宋简体", size: 44, spacing: 0, ..FANG };
/// 四号仿宋 of copies and small print.
pub(super) const SMALL: Run = Run { size: 28, spacing: 0, ..FANG };

/// How a paragraph stands.
#[derive(Clone, Copy)]
pub(super) struct Paragraph {
    /// Stays on the page of the next paragraph.
    pub(super) keep: bool,
    /// Begins a page.
    pub(super) new_page: bool,
    /// Rule above or below, see [`Rule`].
    pub(super) rule: Option<Rule>,
    /// Space above.
    pub(super) before: u32,
    /// Exact line height.
    pub(super) line: u32,
    /// First line two characters in.
    pub(super) indent: bool,
    /// Distance from the left edge; negative reaches into the margin.
    pub(super) left: i32,
    /// Distance from the right edge.
    pub(super) right: i32,
    /// Later lines further in by this much.
    pub(super) hanging: u32,
    /// `left`, `center`, `right` or `both`.
    pub(super) align: &'static str,
}

/// A flush paragraph of the body.
pub(super) const FLUSH: Paragraph = Paragraph {
    keep: false,
    new_page: false,
    rule: None,
    before: 0,
    line: PITCH,
    indent: false,
    left: 0,
    right: 0,
    hanging: 0,
    align: "both",
};
/// A paragraph of the body, two characters in.
pub(super) const INDENTED: Paragraph = Paragraph { indent: true, ..FLUSH };
/// In the middle of the line.
pub(super) const CENTRED: Paragraph = Paragraph { align: "center", ..FLUSH };

/// A line along a paragraph.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// One red line below: 版头.
    RedBelow,
    /// Thick above thin, red, below: head of a letter.
    RedDoubleBelow,
    /// Thin above thick, red, above: foot of a letter.
    RedDoubleAbove,
    /// Black above: 版记.
    BlackAbove,
    /// Black above and below: last line of 版记.
    BlackAround,
    /// Dashed below: where to cut.
    CutBelow,
}

impl Rule {
    fn xml(self) -> String {
        let edge = |side: &str, kind: &str, size: u32, space: u32, colour: &str| {
            format!(
                "<w:{side} w:val=\"{kind}\" w:sz=\"{size}\" w:space=\"{space}\" w:color=\"{colour}\"/>"
            )
        };
        let edges = match self {
            Self::RedBelow => edge("bottom", "single", 12, 11, RED),
            Self::RedDoubleBelow => edge("bottom", "thickThinSmallGap", 24, 10, RED),
            Self::RedDoubleAbove => edge("top", "thinThickSmallGap", 24, 1, RED),
            Self::BlackAbove => edge("top", "single", 8, 1, "000000"),
            Self::BlackAround => {
                edge("top", "single", 6, 1, "000000") + &edge("bottom", "single", 8, 1, "000000")
            }
            Self::CutBelow => edge("bottom", "dashed", 4, 1, "000000"),
        };
        format!("<w:pBdr>{edges}</w:pBdr>")
    }
}

/// Returns a stretch of text.
pub(super) fn run(text: &str, look: Run) -> String {
    let Run { font, size, red, spacing, width } = look;
    let mut xml = format!(
        "<w:r><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" \
         w:eastAsia=\"{font}\" w:cs=\"Times New Roman\" w:hint=\"eastAsia\"/>"
    );
    if red {
        xml += &format!("<w:color w:val=\"{RED}\"/>");
    }
    if spacing != 0 {
        xml += &format!("<w:spacing w:val=\"{spacing}\"/>");
    }
    if width != 100 {
        xml += &format!("<w:w w:val=\"{width}\"/>");
    }
    xml += &format!("<w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr>");
    xml += &format!("<w:t xml:space=\"preserve\">{}</w:t></w:r>", escaped(text));
    xml
}

/// Returns a paragraph around finished runs.
pub(super) fn paragraph(look: Paragraph, runs: &str) -> String {
    let mut xml = "<w:p><w:pPr>".to_owned();
    if look.keep {
        xml += "<w:keepNext/>";
    }
    if look.new_page {
        xml += "<w:pageBreakBefore/>";
    }
    if let Some(rule) = look.rule {
        xml += &rule.xml();
    }
    // Nothing hangs over the edge, as in the PDF; and no extra space between ideographs and digits:
    // the line would lose characters to it.
    xml += "<w:overflowPunct w:val=\"0\"/><w:autoSpaceDE w:val=\"0\"/><w:autoSpaceDN w:val=\"0\"/>";
    xml += &format!(
        "<w:spacing w:before=\"{}\" w:after=\"0\" w:line=\"{}\" w:lineRule=\"exact\"/>",
        look.before, look.line
    );
    xml += &indentation(look);
    xml += &format!("<w:jc w:val=\"{}\"/></w:pPr>{runs}</w:p>", look.align);
    xml
}

/// Returns a paragraph of one look.
pub(super) fn text(look: Paragraph, content: &str, run_look: Run) -> String {
    paragraph(look, &run(content, run_look))
}

/// Returns an empty line.
pub(super) fn blank() -> String {
    text(FLUSH, "", FANG)
}

fn indentation(look: Paragraph) -> String {
    let mut attributes = String::new();
    let mut put = |name: &str, value: i64| {
        if value != 0 {
            // Writing into a String cannot fail.
            let _ = write!(attributes, " w:{name}=\"{value}\"");
        }
    };
    put("left", i64::from(look.left));
    put("right", i64::from(look.right));
    put("hanging", i64::from(look.hanging));
    if look.indent {
        put("firstLineChars", 200);
        put("firstLine", i64::from(2 * CELL));
    }
    if attributes.is_empty() { attributes } else { format!("<w:ind{attributes}/>") }
}

/// Returns text that cannot end the element it stands in.
pub(in crate::documents) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Returns the width of a text in body size: ideographs take a cell, ASCII half of it.
pub(super) fn width_of(text: &str) -> u32 {
    text.chars().map(|c| if c.is_ascii() { CELL / 2 } else { CELL }).sum()
}
