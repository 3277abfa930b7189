//! `gongkai calendar import FILE`: proposes a year for the calendar of record, or shows what it would
//! change. Whoever sits at the machine proposes; a second person confirms in the system.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;

use super::day;
use crate::app::AppError;
use crate::app::calendar::dry_run::CalendarPreview;
use crate::cli::failure::Failure;
use crate::cli::service::{load, runtime, start, start_beside};
use crate::db::Access;
use crate::domain::calendar_import::{CalendarSource, Format};

/// Most bytes read of a file; a table or notice has some kilobytes.
const LONGEST: u64 = 256 * 1024;

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// CSV 表格（date,kind,festival,arranged_for）或者国务院办公厅通知的文本
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// 文号，如 国办发明电〔2025〕7号；通知文本中已有的可以不写
    #[arg(long, default_value = "")]
    document: String,
    /// 成文日期；通知文本中已有的可以不写
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    document_on: Option<NaiveDate>,
    /// 供复核人参考的说明
    #[arg(long, default_value = "")]
    reason: String,
    /// 只列出期限会变化的申请，不写入
    #[arg(long)]
    dry_run: bool,
}

pub(in crate::cli) fn run(
    args: &Args,
    config: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let source = source(args)?;
    let config = load(config)?;
    if args.dry_run {
        let app = start(&config, Access::ReadOnly)?;
        let preview = runtime().block_on(app.preview_calendar(&source)).map_err(refused)?;
        print(&preview, out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let app = start_beside(&config)?;
    let import = runtime()
        .block_on(async {
            let preview = app.preview_calendar(&source).await?;
            Ok::<_, AppError>((preview, app.propose_calendar(None, None, source).await?))
        })
        .map_err(refused);
    let (preview, import) = import?;
    print(&preview, out)?;
    writeln!(
        out,
        "已提出，编号 {}。请另一人（监督员或系统管理员）在系统中核对后确认。",
        import.id
    )?;
    Ok(ExitCode::SUCCESS)
}

fn source(args: &Args) -> Result<CalendarSource, Failure> {
    let unread =
        |why: String| Failure::malformed(format!("无法读取文件 {}：{why}", args.file.display()));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&args.file).map_err(|error| unread(error.to_string()))?;
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| unread(error.to_string()))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LONGEST {
        return Err(unread(format!("超过{LONGEST}字节，不是一年的放假安排")));
    }
    let Ok(text) = String::from_utf8(bytes) else {
        return Err(unread("不是 UTF-8 文本".to_owned()));
    };
    let table = text.trim_start_matches('\u{feff}').trim_start().starts_with("date,");
    Ok(CalendarSource {
        format: if table { Format::Csv } else { Format::Notice },
        text,
        document: args.document.clone(),
        document_on: args.document_on,
        reason: args.reason.clone(),
    })
}

fn print(preview: &CalendarPreview, out: &mut dyn Write) -> Result<(), Failure> {
    let CalendarPreview { year, document, document_on, .. } = preview;
    writeln!(out, "{year}年　{document}（{document_on}）")?;
    writeln!(
        out,
        "工作日合计 {} 天（现行日历 {} 天），{}天的上班、放假有变化",
        preview.working_days, preview.working_days_now, preview.days_moved
    )?;
    for note in &preview.notes {
        writeln!(out, "提示：{note}")?;
    }
    for change in &preview.cases.changes {
        write!(out, "{}", change.number)?;
        for limit in &change.limits {
            let shown = |on: Option<NaiveDate>| on.map_or("–".to_owned(), |on| on.to_string());
            let kept = if limit.is_kept() { "（已告知申请人，不提前）" } else { "" };
            write!(
                out,
                "　{} {} → {}{kept}",
                limit.which.label(),
                shown(limit.old),
                shown(limit.new)
            )?;
        }
        writeln!(out)?;
    }
    let open = preview.cases.open_cases.unwrap_or_default();
    writeln!(out, "未结申请{open}件，其中{}件的期限会变化", preview.cases.changed)?;
    Ok(())
}

/// The first fault, with its stable code.
fn refused(error: AppError) -> Failure {
    match error {
        AppError::Invalid(faults) => match faults.into_iter().next() {
            Some(fault) => Failure::Refused { code: fault.code, message: fault.message },
            None => Failure::malformed("内容有误"),
        },
        AppError::Conflict { code, message } => Failure::Refused { code, message },
        other => Failure::start(other),
    }
}
