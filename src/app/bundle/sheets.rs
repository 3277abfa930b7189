//! The sheets that lie on top of the bundle: 证据目录 (F46), 卷内目录 and 备考表 (F45), as PDF/A.

use serde_json::{Map, Value, json};

use super::contents::Contents;
use super::format::{self, Missing};
use crate::app::wording::Facts;
use crate::app::{App, AppError};
use crate::documents::notice::chinese_date;
use crate::documents::{Block, Notice, RenderError, Row};
use crate::domain::evidence::{BundleForm, Exhibit};

/// What stands for a sign that no font can draw: an applicant's file name must not keep a list from
/// being printed.
const UNKNOWN_SIGN: &str = "□";

/// The sheets of a bundle: path and PDF.
///
/// # Errors
///
/// [`AppError::Unprintable`] when the layout fails.
pub(super) fn sheets(
    app: &App,
    contents: &Contents,
    exhibits: &[Exhibit],
    missing: &[Missing],
) -> Result<Vec<(String, Vec<u8>)>, AppError> {
    let mut done =
        vec![(format::CATALOGUE, "evidence_list", evidence(contents, exhibits, missing))];
    if contents.form == BundleForm::Volume {
        done.push((format::CONTENTS, "volume_list", volume(contents, exhibits)));
        done.push((format::REMARKS, "volume_note", remarks(contents, exhibits, missing)));
    }
    done.into_iter()
        .map(|(path, code, fields)| Ok((path.to_owned(), sheet(app, contents, code, &fields)?)))
        .collect()
}

fn evidence(contents: &Contents, exhibits: &[Exhibit], missing: &[Missing]) -> Map<String, Value> {
    let told = |exhibit: &Exhibit| {
        let (source, proves) = (&exhibit.source, &exhibit.proves);
        format!("{}。来源：{source}。证明目的：{proves}", line(exhibit))
    };
    let mut fields = common(contents);
    fields.insert("收到日期".into(), json!(contents.loaded.case.received_on));
    fields.insert("证据".into(), json!(exhibits.iter().map(told).collect::<Vec<_>>()));
    if !missing.is_empty() {
        fields.insert("未提交".into(), json!(absent(missing)));
    }
    fields
}

fn volume(contents: &Contents, exhibits: &[Exhibit]) -> Map<String, Value> {
    let mut fields = common(contents);
    if let Some((volume, retention)) = &contents.archived {
        fields.insert("案卷号".into(), json!(volume));
        if let Some(retention) = retention {
            fields.insert("保管期限".into(), json!(retention.label()));
        }
    }
    fields.insert("文件".into(), json!(exhibits.iter().map(line).collect::<Vec<_>>()));
    fields
}

fn remarks(contents: &Contents, exhibits: &[Exhibit], missing: &[Missing]) -> Map<String, Value> {
    let mut fields = common(contents);
    fields.remove("申请事项");
    let pages: usize = exhibits.iter().filter_map(|exhibit| exhibit.pages).sum();
    fields.insert("件数".into(), json!(exhibits.len().to_string()));
    fields.insert("页数".into(), json!(pages.to_string()));
    if !missing.is_empty() {
        fields.insert("情况".into(), json!(absent(missing)));
    }
    fields
}

fn common(contents: &Contents) -> Map<String, Value> {
    let mut fields = Map::new();
    fields.insert("登记编号".into(), json!(contents.loaded.row.number));
    fields.insert("申请事项".into(), json!(contents.application.title));
    fields
}

fn line(exhibit: &Exhibit) -> String {
    let number = exhibit.number.as_ref().map_or_else(String::new, |number| format!("{number}，"));
    let pages = exhibit.pages.map_or("页数未计".to_owned(), |pages| format!("{pages}页"));
    let on = chinese_date(exhibit.on);
    format!("{}.{}（{number}{on}，{pages}）", exhibit.no, exhibit.title)
}

fn absent(missing: &[Missing]) -> Vec<String> {
    missing.iter().map(|missing| format!("{}：{}", missing.title, missing.why)).collect()
}

fn sheet(
    app: &App,
    contents: &Contents,
    code: &str,
    fields: &Map<String, Value>,
) -> Result<Vec<u8>, AppError> {
    let row = &contents.loaded.row;
    let facts = Facts { agency: &contents.agency, row, date: contents.as_of };
    let notice = facts.notice(app, code, fields)?;
    let addressee = match code {
        "evidence_list" => "行政复议机关、人民法院",
        _ => "存卷",
    };
    let notice = Notice { addressee: addressee.to_owned(), ..notice };
    let set = match app.engine.pdf(&notice) {
        Err(RenderError::MissingGlyphs { missing }) => {
            let without = missing.iter().fold(notice, |notice, sign| drawn(notice, sign.character));
            app.engine.pdf(&without)
        }
        other => other,
    };
    set.map_err(|error| AppError::Unprintable(error.to_string()))
}

/// The sheet with a sign replaced by one that can be drawn.
fn drawn(notice: Notice, sign: char) -> Notice {
    let text = |text: String| text.replace(sign, UNKNOWN_SIGN);
    let blocks = notice.blocks.into_iter().map(|block| match block {
        Block::Paragraph { text: t } => Block::Paragraph { text: text(t) },
        Block::Heading { level, text: t } => Block::Heading { level, text: text(t) },
        Block::List { items } => Block::List { items: items.into_iter().map(text).collect() },
        Block::Rows { group, rows } => Block::Rows {
            group,
            rows: rows.into_iter().map(|row| Row { value: text(row.value), ..row }).collect(),
        },
        Block::Grid { columns, lines } => {
            let cells = |line: Vec<String>| line.into_iter().map(text).collect();
            Block::Grid { columns, lines: lines.into_iter().map(cells).collect() }
        }
    });
    Notice { blocks: blocks.collect(), ..notice }
}
