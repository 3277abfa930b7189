//! Elements of HTML: what is opened is closed, and every text is escaped here and nowhere else.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;

use super::super::codes;
use super::super::error::RenderError;
use super::super::notice::{Block, Column, Notice, Row, chinese_date};

/// HTML being written. Writing into a String cannot fail.
pub(super) struct Markup(String);

impl Markup {
    pub(super) const fn new() -> Self {
        Self(String::new())
    }

    pub(super) fn done(self) -> String {
        self.0
    }

    /// Begins an element.
    pub(super) fn open(&mut self, name: &str, class: &str) {
        let _ = writeln!(self.0, "<{name}{}>", classed(class));
    }

    /// Ends an element.
    pub(super) fn close(&mut self, name: &str) {
        let _ = writeln!(self.0, "</{name}>");
    }

    /// An element that holds a text.
    pub(super) fn line(&mut self, name: &str, class: &str, text: &str) {
        let _ = writeln!(self.0, "<{name}{}>{}</{name}>", classed(class), escaped(text));
    }

    /// The same, where there is a text.
    pub(super) fn some(&mut self, name: &str, class: &str, text: Option<&str>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.line(name, class, text);
        }
    }

    /// A date that programs can read as well.
    pub(super) fn date(&mut self, date: NaiveDate) {
        let text = chinese_date(date);
        let _ = writeln!(self.0, "<p class=\"date\"><time datetime=\"{date}\">{text}</time></p>");
    }

    /// A picture inside the file, with the words for those who do not see it.
    pub(super) fn picture(&mut self, class: &str, media_type: &str, bytes: &[u8], alt: &str) {
        let (class, data, alt) = (classed(class), STANDARD.encode(bytes), escaped(alt));
        let _ =
            writeln!(self.0, "<img{class} src=\"data:{media_type};base64,{data}\" alt=\"{alt}\">");
    }

    /// A cell at the head of a row, beside `rows` rows.
    fn row_head(&mut self, rows: usize, class: &str, text: &str) {
        let (span, scope) = match rows {
            1 => (String::new(), "row"),
            n => (format!(" rowspan=\"{n}\""), "rowgroup"),
        };
        let (class, text) = (classed(class), escaped(text));
        let _ = writeln!(self.0, "<th{class} scope=\"{scope}\"{span}>{text}</th>");
    }

    /// An empty line to sign on.
    pub(super) fn sign_here(&mut self, label: &str) {
        let label = escaped(label);
        let _ = writeln!(self.0, "<p>{label}<span class=\"sign-here\"></span></p>");
    }
}

fn classed(class: &str) -> String {
    if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") }
}

/// Returns text that cannot end the element or the attribute it stands in.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out
}

/// The blocks of a body; rows that follow each other make one table.
pub(super) fn body(out: &mut Markup, blocks: &[Block]) {
    let mut blocks = blocks.iter().peekable();
    while let Some(block) = blocks.next() {
        match block {
            Block::Paragraph { text } => out.line("p", "text", text),
            Block::Heading { level: 0 | 1, text } => out.line("h2", "", text),
            Block::Heading { text, .. } => out.line("h3", "", text),
            Block::List { items } => {
                out.open("ul", "items");
                items.iter().for_each(|item| out.line("li", "", item));
                out.close("ul");
            }
            Block::Grid { columns, lines } => grid(out, columns, lines),
            Block::Rows { group, rows } => {
                // With a group there is one column more.
                let grouped = group.is_some();
                let alike = |next: &&Block| matches!(next, Block::Rows { group, .. } if group.is_some() == grouped);
                out.open("table", "facts");
                group_of_rows(out, group.as_deref(), rows);
                while let Some(Block::Rows { group, rows }) = blocks.next_if(alike) {
                    group_of_rows(out, group.as_deref(), rows);
                }
                out.close("table");
            }
        }
    }
}

/// Labels with their facts, beside the name of their group.
pub(super) fn group_of_rows(out: &mut Markup, group: Option<&str>, rows: &[Row]) {
    out.open("tbody", "");
    for (n, row) in rows.iter().enumerate() {
        out.open("tr", "");
        if let Some(name) = group.filter(|_| n == 0) {
            out.row_head(rows.len(), "group", name);
        }
        out.row_head(1, "", &row.label);
        match &row.signed {
            None => out.line("td", "", &row.value),
            Some(signed) => {
                out.open("td", "");
                out.line("span", "value", &row.value);
                out.line("p", "signed", signed);
                out.close("td");
            }
        }
        out.close("tr");
    }
    out.close("tbody");
}

/// Lines below a head.
fn grid(out: &mut Markup, columns: &[Column], lines: &[Vec<String>]) {
    out.open("table", "grid");
    out.open("thead", "");
    out.open("tr", "");
    for column in columns {
        let _ = writeln!(out.0, "<th scope=\"col\">{}</th>", escaped(&column.label));
    }
    out.close("tr");
    out.close("thead");
    out.open("tbody", "");
    for line in lines {
        out.open("tr", "");
        line.iter().for_each(|cell| out.line("td", "", cell));
        out.close("tr");
    }
    out.close("tbody");
    out.close("table");
}

/// The QR code of an address, where there is one, and the number of the case as bars and as text.
pub(super) fn codes(
    out: &mut Markup,
    alt: &str,
    address: &str,
    notice: &Notice,
) -> Result<(), RenderError> {
    if !address.is_empty() {
        out.picture("", "image/svg+xml", codes::qr(address)?.as_bytes(), alt);
    }
    if let Some(number) = &notice.case_number {
        if let Some(bars) = codes::code128(number) {
            let alt = format!("登记编号条形码：{number}");
            out.picture("", "image/svg+xml", bars.as_bytes(), &alt);
        }
        out.line("p", "", &format!("登记编号：{number}"));
    }
    Ok(())
}
