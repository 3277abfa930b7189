//! Bringing a year into the calendar of record: what is proposed, who may confirm it, when it can be
//! taken back.
//!
//! Source: 国务院办公厅关于…部分节假日安排的通知 (every November); rulebook C11, C12.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Notice, NoticeFault, TableFault, YearTable, document_number};
use super::ids::UserId;
use super::request::FieldFault;
use super::text_enum::text_enum;

/// Longest document number.
const LONGEST_NUMBER: usize = 40;
/// Longest reason.
pub const LONGEST_REASON: usize = 500;

text_enum!(
    /// Where a version of the calendar came from.
    Source {
        /// It came with the program.
        Program = "program", "随程序提供";
        /// A year was imported.
        Import = "import", "导入";
        /// An import was taken back.
        Reversal = "reversal", "撤销导入";
    }
);

text_enum!(
    /// What was brought in.
    Format {
        /// A table `date,kind,festival,arranged_for`.
        Csv = "csv", "CSV 表格";
        /// The notice of the State Council's General Office as published.
        Notice = "notice", "通知原文";
        /// Nothing new: an earlier state comes back.
        Reversal = "reversal", "撤销";
    }
);

text_enum!(
    /// Where an import stands.
    ImportState {
        /// It waits for a second person.
        Proposed = "proposed", "待复核";
        /// It made a version of the calendar.
        InForce = "in_force", "已生效";
        /// The second person declined, or the first took it back.
        Rejected = "rejected", "未采用";
    }
);

/// A year as it is sent in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSource {
    /// `csv` or `notice`.
    pub format: Format,
    /// The table or the notice, whole.
    pub text: String,
    /// Document number such as 国办发明电〔2025〕7号; may be left out where the notice bears it.
    #[serde(default)]
    pub document: String,
    /// The day of the document; may be left out where the notice bears it.
    #[serde(default)]
    pub document_on: Option<NaiveDate>,
    /// Anything the second person should know.
    #[serde(default)]
    pub reason: String,
}

/// A year that was read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadYear {
    /// Its days.
    pub table: YearTable,
    /// Document number.
    pub document: String,
    /// Day of the document.
    pub document_on: NaiveDate,
}

impl CalendarSource {
    /// Reads and checks what was sent, all but its place among the other years.
    ///
    /// # Errors
    ///
    /// A [`FieldFault`]: the first sentence or line that is not understood, a missing or another
    /// document number or date.
    pub fn read(&self, today: NaiveDate) -> Result<ReadYear, FieldFault> {
        let (table, number, dated) = match self.format {
            Format::Csv => (YearTable::from_csv(&self.text).map_err(table_fault)?, None, None),
            Format::Notice => {
                let notice = Notice::parse(&self.text).map_err(notice_fault)?;
                (notice.table, notice.document, notice.document_on)
            }
            Format::Reversal => {
                return Err(fault("format", "unknown_value", "请选择 csv 或者 notice"));
            }
        };
        let given = self.document.trim();
        let document = match (number, given) {
            (Some(number), "") => number,
            (Some(number), given) if number != given => {
                let message = format!("通知原文的文号是{number}，与填写的不一致");
                return Err(fault("document", "document_differs", message));
            }
            (_, given) => given.to_owned(),
        };
        let sound = document_number(&document).is_some_and(|number| number == document);
        if !sound || document.chars().count() > LONGEST_NUMBER {
            let message = "请填写通知的文号，如 国办发明电〔2025〕7号";
            return Err(fault("document", "document_number", message));
        }
        let document_on = match (dated, self.document_on) {
            (Some(dated), Some(given)) if dated != given => {
                let message = format!("通知原文的日期是{dated}，与填写的不一致");
                return Err(fault("document_on", "document_differs", message));
            }
            (dated, given) => dated.or(given),
        };
        let document_on = document_on.filter(|on| *on <= today).ok_or_else(|| {
            fault("document_on", "document_date", "请填写通知的成文日期，不能晚于今天")
        })?;
        if self.reason.chars().count() > LONGEST_REASON {
            let message = format!("说明不能超过{LONGEST_REASON}个字");
            return Err(fault("reason", "too_long", message));
        }
        Ok(ReadYear { table, document, document_on })
    }
}

/// `calendar` as it is with `read`, and what is worth a second look.
///
/// # Errors
///
/// A [`FieldFault`] where the year does not fit.
pub fn onto(read: &ReadYear, calendar: &Calendar) -> Result<(Calendar, Vec<String>), FieldFault> {
    read.table.onto(calendar).map_err(table_fault)
}

/// `now` with one year put back as it was in `before`, other years left alone.
#[must_use]
pub fn restored(now: &Calendar, before: &Calendar, year: i32) -> Calendar {
    let others = now.exceptions().filter(|day| day.arranged_for != year);
    let earlier = before.exceptions().filter(|day| day.arranged_for == year);
    Calendar::from_exceptions(others.chain(earlier).cloned().collect::<Vec<_>>())
}

/// Whether `second` may confirm what `first` proposed: two persons look at it. What the operator
/// proposed at the machine any person with the role may confirm.
#[must_use]
pub fn is_second_person(first: Option<UserId>, second: UserId) -> bool {
    first != Some(second)
}

fn fault(field: &'static str, code: &'static str, message: impl Into<String>) -> FieldFault {
    FieldFault { field, code, message: message.into() }
}

fn table_fault(error: TableFault) -> FieldFault {
    fault("text", error.code(), error.to_string())
}

fn notice_fault(error: NoticeFault) -> FieldFault {
    fault("text", error.code(), error.to_string())
}
