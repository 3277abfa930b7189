//! Where in a text something stands, in words: paragraph, or table, row and cell.

/// A table that is open.
#[derive(Clone, Copy)]
struct Table {
    n: usize,
    row: usize,
    cell: usize,
}

/// The place that has been reached.
#[derive(Default)]
pub(super) struct Places {
    label: String,
    paragraphs: usize,
    counted: usize,
    tables: Vec<Table>,
}

impl Places {
    /// The beginning of a text of this name.
    pub(super) fn of(label: &str) -> Self {
        Self { label: label.to_owned(), ..Self::default() }
    }

    /// A tag that opens.
    pub(super) fn open(&mut self, name: &str) {
        match name {
            "w:p" => self.paragraphs += 1,
            "w:tbl" => {
                self.counted += 1;
                self.tables.push(Table { n: self.counted, row: 0, cell: 0 });
            }
            "w:tr" => {
                if let Some(table) = self.tables.last_mut() {
                    *table = Table { row: table.row + 1, cell: 0, ..*table };
                }
            }
            "w:tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell += 1;
                }
            }
            _ => {}
        }
    }

    /// A tag that closes.
    pub(super) fn close(&mut self, name: &str) {
        if name == "w:tbl" {
            self.tables.pop();
        }
    }

    /// Number of the paragraph that was opened last, from 1.
    pub(super) const fn paragraph(&self) -> usize {
        self.paragraphs
    }

    /// The place, with a paragraph where it is in no table.
    pub(super) fn here(&self, paragraph: Option<usize>) -> String {
        let label = &self.label;
        match (self.tables.last(), paragraph) {
            (Some(Table { n, row, cell }), _) => format!("{label}表格{n}第{row}行第{cell}格"),
            (None, Some(n)) => format!("{label}第{n}段"),
            (None, None) => label.clone(),
        }
    }
}
