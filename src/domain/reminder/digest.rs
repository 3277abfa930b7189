//! The one message a person gets on a day: all their reminders, the most urgent first, as plain text.
//!
//! It leaves the house by mail. It names no applicant and no third party, and numbers in a title
//! are hidden. Source: 个人信息保护法 art. 6, 51; rulebook 9.1.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::{LimitKind, ReminderStage};
use crate::domain::applicant::mask_addresses;
use crate::domain::dates;
use crate::domain::personal::mask_digits;

/// Characters of a title that are shown.
const TITLE_MAX: usize = 40;

/// A reminder, as the message tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How near.
    pub stage: ReminderStage,
    /// What.
    pub kind: LimitKind,
    /// Number in the register.
    pub number: String,
    /// What was asked for, for a request.
    pub title: Option<String>,
    /// The last day.
    pub limit_on: NaiveDate,
    /// Whether that may still change.
    pub provisional: bool,
    /// What to do.
    pub next_step: String,
    /// The absent colleague in whose place the person is told.
    pub for_whom: Option<String>,
}

/// Subject and text of the message to a person.
#[must_use]
pub fn digest(name: &str, on: NaiveDate, mut lines: Vec<Line>, url: &str) -> (String, String) {
    lines.sort_by(|a, b| {
        (a.stage, a.limit_on, &a.number, a.kind).cmp(&(b.stage, b.limit_on, &b.number, b.kind))
    });
    let of = |stage: ReminderStage| lines.iter().filter(move |line| line.stage == stage);
    let mut counts = Vec::new();
    let mut text = format!(
        "{name}：\n\n截至{}，下列事项的期限需要您留意，按紧急程度排列。\n",
        dates::long(on)
    );
    for stage in ReminderStage::ALL.iter().copied().filter(|stage| of(*stage).count() > 0) {
        let (label, n) = (stage.label(), of(stage).count());
        counts.push(format!("{label}{n}件"));
        let _ = write!(text, "\n【{label}】共{n}件\n");
        for (n, line) in (1..).zip(of(stage)) {
            let _ = write!(text, "{n}. {}", told(line));
        }
    }
    let _ = write!(
        text,
        "\n请登录系统办理：{url}\n\n本邮件由系统自动发出，请勿直接回复。同一事项同一阶段只提醒一次。\n"
    );
    let subject = format!("期限提醒（{}月{}日）：{}", on.month(), on.day(), counts.join("，"));
    (subject, text)
}

fn told(line: &Line) -> String {
    let title = line.title.as_deref().map(|title| format!("《{}》", shown_title(title)));
    let mut text = format!("{}{}", line.number, title.unwrap_or_default());
    if let Some(name) = &line.for_whom {
        let _ = write!(text, "（代{name}）");
    }
    let _ = write!(text, "\n   {}：{}", line.kind.label(), dates::long(line.limit_on));
    if line.provisional {
        text.push_str("（暂定，可能变动）");
    }
    let _ = writeln!(text, "\n   下一步：{}", line.next_step);
    text
}

/// A title as reminders show it: numbers and mail addresses hidden, and not too long.
#[must_use]
pub fn shown_title(title: &str) -> String {
    let masked = mask_digits(&mask_addresses(title.trim()));
    let mut shown: String = masked.chars().take(TITLE_MAX).collect();
    if masked.chars().nth(TITLE_MAX).is_some() {
        shown.push('…');
    }
    shown
}
