//! The register of an agency (依申请公开台账) on paper and for a spreadsheet. Personal data is masked in it
//! as in every list, and each printing stands in the audit log.
//!
//! Source: 条例 art. 50; 个人信息保护法 art. 6.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::db::agencies as agency_rows;
use crate::db::register::{self as rows, RegisterFilter};
use crate::db::requests::RequestRow;
use crate::documents::notice::chinese_date;
use crate::documents::print::register::{COLUMNS, Register};
use crate::domain::applicant::mask_name;
use crate::domain::dates;
use crate::domain::ids::AgencyId;
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::state::State;
use crate::domain::traces;

use super::audit::{self, Note};
use super::notices::formats::Document;
use super::{App, AppError, Principal, agencies};

/// The action under which a printing stands in the audit log.
const PRINTED: &str = "register.print";

/// Requests on paper, and in a file for a spreadsheet, at most. A sheet of 2,000 has some 110 pages and takes
/// a quarter of a gigabyte to set.
const ON_PAPER: i64 = 2_000;
const IN_A_FILE: i64 = 50_000;

/// In which file format a register goes out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegisterFormat {
    /// PDF/A, A4 landscape.
    #[default]
    Pdf,
    /// CSV in UTF-8, for spreadsheets.
    Csv,
}

/// What a register is narrowed by: what lists of requests know as well, and a period.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegisterQuery {
    /// First day of arrival; the first of January of the last day's year, if nothing is said.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub from: Option<NaiveDate>,
    /// Last day of arrival; today, if nothing is said.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub to: Option<NaiveDate>,
    /// Only in this state.
    #[serde(default)]
    pub state: Option<State>,
    /// Only open (`true`) or only ended ones; both, if nothing is said.
    #[serde(default)]
    pub open: Option<bool>,
    /// Only my own.
    #[serde(default)]
    pub mine: bool,
    /// Only with this proposal.
    #[serde(default)]
    pub proposal: Option<Proposal>,
    /// Only this number.
    #[serde(default)]
    pub number: Option<String>,
    /// As what.
    #[serde(default)]
    pub format: RegisterFormat,
}

impl App {
    /// The register of an agency for a period of arrival.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`] for an agency whose requests the person does not see; [`AppError::Invalid`] for a
    /// period that ends before it begins; `register_too_large`.
    pub async fn printed_register(
        &self,
        principal: Principal,
        agency: AgencyId,
        query: RegisterQuery,
    ) -> Result<Document, AppError> {
        principal.may_see(agency).map_err(|error| match error {
            AppError::NotFound(_) => AppError::NotFound("该机关"),
            other => other,
        })?;
        let today = self.today();
        let to = query.to.unwrap_or(today);
        let from = query.from.or_else(|| NaiveDate::from_ymd_opt(to.year(), 1, 1)).unwrap_or(to);
        if from > to {
            let (after, what) = (from, "起始日期");
            return Err(Refusal::TooEarly { field: "to", on: to, after, what }.into());
        }
        let most = match query.format {
            RegisterFormat::Pdf => ON_PAPER,
            RegisterFormat::Csv => IN_A_FILE,
        };
        let filter = RegisterFilter {
            agency: agency.0,
            from,
            to,
            open: query.open,
            state: query.state,
            officer: query.mine.then_some(principal.user.0),
            proposal: query.proposal,
            number: query.number.clone(),
            limit: most + 1,
        };
        let found = self.store.read(move |conn| {
            let profile = agencies::agency(agency_rows::get(conn, agency.0)?)?.profile;
            Ok::<_, AppError>((profile.name, rows::requests_of(conn, &filter)?))
        });
        let (name, found) = found.await?;
        if i64::try_from(found.len()).unwrap_or(i64::MAX) > most {
            let message = format!(
                "该期间的申请超过{most}件，请缩短期间（from、to）或者加上筛选条件，分次打印"
            );
            return Err(AppError::Conflict { code: "register_too_large", message });
        }
        let register = Register {
            agency: name,
            date: today,
            period: format!("收件日期：{}至{}", chinese_date(from), chinese_date(to)),
            filters: filters(&query),
            totals: totals(&found, today),
            lines: (1_usize..).zip(&found).map(|(n, row)| line(n, row)).collect(),
        };
        let document = self.set_register(register, query.format, (from, to)).await?;
        let app = self.clone();
        let count = found.len();
        self.store
            .write(move |conn| {
                let detail = json!({ "from": from, "to": to, "requests": count });
                let note = Note { detail, ..Note::done(PRINTED, "agency", agency.0) };
                audit::note(conn, &app, Some(&principal), note)
            })
            .await?;
        Ok(document)
    }

    async fn set_register(
        &self,
        register: Register,
        format: RegisterFormat,
        (from, to): (NaiveDate, NaiveDate),
    ) -> Result<Document, AppError> {
        let engine = self.engine.clone();
        let set = tokio::task::spawn_blocking(move || match format {
            RegisterFormat::Pdf => engine.register(&register),
            RegisterFormat::Csv => register.csv(),
        });
        let bytes = set.await.map_err(AppError::broken)??;
        let (ending, media_type) = match format {
            RegisterFormat::Pdf => ("pdf", "application/pdf"),
            RegisterFormat::Csv => ("csv", "text/csv; charset=utf-8"),
        };
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let name = format!("依申请公开台账_{from}_{to}.{ending}");
        Ok(Document { name, media_type, sha256, bytes })
    }
}

/// A request as a line; what is not there yet stays empty.
fn line(n: usize, row: &RequestRow) -> [String; COLUMNS] {
    let date = |on: Option<NaiveDate>| on.map_or_else(String::new, |on| on.to_string());
    let due = match row.due_on {
        Some(due) if row.provisional => format!("{due}（暂定）"),
        due => date(due),
    };
    [
        n.to_string(),
        row.number.clone(),
        mask_name(&row.applicant_name),
        row.applicant_kind.label().to_owned(),
        traces::masked(&row.title),
        row.channel.label().to_owned(),
        row.arrived_on.to_string(),
        date(row.received_on),
        due,
        row.state.label().to_owned(),
        row.outcome.map_or_else(String::new, |outcome| outcome.label().to_owned()),
        date(row.reply_on),
    ]
}

/// What the register was narrowed by, in words.
fn filters(query: &RegisterQuery) -> String {
    let mut words = Vec::new();
    words.extend(query.state.map(|state| format!("状态：{}", state.label())));
    words.extend(query.open.map(|open| if open { "未办结" } else { "已办结" }.to_owned()));
    words.extend(query.mine.then(|| "本人承办".to_owned()));
    words.extend(query.proposal.map(|proposal| format!("提示：{}", proposal.label())));
    words.extend(query.number.as_ref().map(|number| format!("登记编号：{number}")));
    if words.is_empty() { String::new() } else { format!("筛选：{}", words.join("，")) }
}

/// How many requests, and of what.
fn totals(found: &[RequestRow], today: NaiveDate) -> Vec<String> {
    let open = found.iter().filter(|row| row.open).count();
    let overdue = found
        .iter()
        .filter(|row| row.state.is_overdue(row.reply_on.is_some(), row.due_on, today))
        .count();
    let counted = |label: &dyn Fn(&RequestRow) -> &'static str| {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        for row in found {
            *counts.entry(label(row)).or_default() += 1;
        }
        let each = counts.into_iter().map(|(label, count)| format!("{label}{count}件"));
        each.collect::<Vec<_>>().join("，")
    };
    let mut lines = vec![format!(
        "共{}件，其中未办结{open}件（已逾期{overdue}件），已办结{}件。",
        found.len(),
        found.len() - open
    )];
    if !found.is_empty() {
        let outcome = |row: &RequestRow| row.outcome.map_or("尚无结果", |one| one.label());
        lines.push(format!("申请人类别：{}。", counted(&|row| row.applicant_kind.label())));
        lines.push(format!("状态：{}。", counted(&|row| row.state.label())));
        lines.push(format!("处理结果：{}。", counted(&outcome)));
    }
    lines
}
