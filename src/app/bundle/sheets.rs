//! The sheets that lie on top of the bundle: 证据目录 (F46), 卷内目录 and 备考表 (F45), as PDF/A.

use serde_json::{Map, Value, json};

use super::contents::Contents;
use super::format::{self, Missing};
use crate::app::wording::Facts;
use crate::app::{App, AppError};
use crate::documents::Notice;
use crate::documents::notice::chinese_date;
use crate::domain::evidence::{BundleForm, Exhibit};

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
        let number = exhibit.number.as_ref().map_or_else(String::new, |n| format!("{n}，"));
        let title = format!("{}（{number}{}）", exhibit.title, chinese_date(exhibit.on));
        let (source, proves) = (exhibit.source.clone(), exhibit.proves.clone());
        [exhibit.no.to_string(), title, source, proves, pages(exhibit)]
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
    let line = |exhibit: &Exhibit| {
        let number = exhibit.number.clone().unwrap_or_default();
        let (source, title) = (exhibit.source.clone(), exhibit.title.clone());
        [exhibit.no.to_string(), number, source, title, chinese_date(exhibit.on), pages(exhibit)]
    };
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

/// How many pages it has; nothing where they cannot be counted.
fn pages(exhibit: &Exhibit) -> String {
    exhibit.pages.map(|pages| pages.to_string()).unwrap_or_default()
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
    // A file name that an applicant gave must not keep a list from being printed.
    let notice = app.engine.spelled_throughout(&notice);
    app.engine.pdf(&notice).map_err(|error| AppError::Unprintable(error.to_string()))
}
