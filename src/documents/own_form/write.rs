//! Writing a filled text: everything as it was, the placeholders replaced, rows repeated.

use super::story::{Piece, Span, Story};
use crate::documents::docx::escaped;
use crate::documents::text::clean;
use crate::domain::own_form::{Line, NOTHING, Values};

/// A text on its way out.
struct Writing<'a> {
    xml: &'a str,
    story: &'a Story,
    values: &'a Values,
    most: usize,
    out: String,
}

/// The filled text; `None` if it becomes longer than `most` bytes.
pub(super) fn filled(xml: &str, story: &Story, values: &Values, most: usize) -> Option<String> {
    let mut writing = Writing { xml, story, values, most, out: String::with_capacity(xml.len()) };
    writing.pieces(&story.pieces, None)?;
    Some(writing.out)
}

impl Writing<'_> {
    /// `line`: the line of the list whose row is written, and whether it is the first.
    fn pieces(&mut self, pieces: &[Piece], line: Option<(&Line, bool)>) -> Option<()> {
        for piece in pieces {
            match piece {
                Piece::Raw(range) => self.out.push_str(self.xml.get(range.clone())?),
                Piece::Once(range) => {
                    if line.is_none_or(|(_, first)| first) {
                        self.out.push_str(self.xml.get(range.clone())?);
                    }
                }
                Piece::Text(n) => self.text(*n, line.map(|(line, _)| line))?,
                Piece::Rows(list, row) => {
                    let lines = self.values.lines(*list);
                    if lines.is_empty() {
                        self.pieces(row, Some((&Line::new(), true)))?;
                    }
                    for (n, line) in lines.iter().enumerate() {
                        self.pieces(row, Some((line, n == 0)))?;
                    }
                }
            }
            if self.out.len() > self.most {
                return None;
            }
        }
        Some(())
    }

    fn text(&mut self, n: usize, line: Option<&Line>) -> Option<()> {
        let run = self.story.texts.get(n)?;
        let Some(spans) = &run.spans else {
            self.out.push_str(self.xml.get(run.range.clone())?);
            return Some(());
        };
        self.out.push_str("<w:t xml:space=\"preserve\">");
        for span in spans {
            match span {
                Span::Plain(plain) => self.out.push_str(&escaped(plain)),
                Span::Value(placeholder) => {
                    let text = self.values.text(*placeholder, line).unwrap_or(NOTHING);
                    self.out.push_str(&lines(text));
                }
            }
        }
        self.out.push_str("</w:t>");
        Some(())
    }
}

/// A text of several lines as a run writes it; what no printer prints is left out.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let lines = text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    let lines: Vec<String> = lines.map(|line| escaped(&clean(line))).collect();
    lines.join("</w:t><w:br/><w:t xml:space=\"preserve\">")
}
