//! `gongkai calendar show|check|import`: a year at a glance, whether the tables stand and reach far
//! enough, and a new year for the calendar of record.

mod import;

use std::{
    borrow::Cow,
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use chrono::{Datelike, Days, NaiveDate};

use super::failure::Failure;
use super::service::{load as settings, start};
use crate::db::Access;
use crate::domain::{
    calendar::{Calendar, DAYS_AHEAD, ExceptionKind, KNOWN_TOTALS, YEARS},
    dates,
};

/// Exit status of a check that found something.
const CHECK_FAILED: u8 = 1;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// 显示一年的工作日、放假和调休安排
    Show {
        /// 年份（2000–2099）
        #[arg(value_name = "YEAR")]
        year: i32,
        /// 日历文件，替换其中安排的年份
        #[arg(long, value_name = "FILE")]
        calendar: Option<PathBuf>,
    },
    /// 检查日历：已安排的年份、工作日总数、今后120天是否已安排；有问题时退出码为1
    Check {
        /// 日历文件，替换其中安排的年份
        #[arg(long, value_name = "FILE")]
        calendar: Option<PathBuf>,
        /// 从哪一天算起（默认今天）
        #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
        as_of: Option<NaiveDate>,
        /// 检查数据库中的现行日历，而不是随程序提供的日历
        #[arg(long, conflicts_with = "calendar")]
        record: bool,
    },
    /// 导入一年的放假安排（提出，由另一人在系统中复核确认），或者只看影响
    Import(import::Args),
}

pub(super) fn run(
    args: &Args,
    config: Option<&Path>,
    today: NaiveDate,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    match &args.action {
        Action::Show { year, calendar } => {
            let calendar = load(calendar.as_deref())?;
            show(&calendar, *year, out)
        }
        Action::Check { record: true, as_of, .. } => {
            let app = start(&settings(config)?, Access::ReadOnly)?;
            writeln!(out, "现行日历第{}版", app.calendar.record())?;
            check(&app.calendar, as_of.unwrap_or(today), Totals::Noted, out)
        }
        Action::Check { calendar, as_of, .. } => {
            let calendar = load(calendar.as_deref())?;
            check(&calendar, as_of.unwrap_or(today), Totals::Required, out)
        }
        Action::Import(args) => import::run(args, config, out),
    }
}

/// The built-in calendar, with the years of `file` replaced if one is named.
pub(super) fn load(file: Option<&Path>) -> Result<Cow<'static, Calendar>, Failure> {
    let Some(file) = file else { return Ok(Cow::Borrowed(Calendar::built_in())) };
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::malformed(format!("无法读取日历文件 {}：{error}", file.display()))
    })?;
    let merged = Calendar::built_in().with_csv(&text);
    Ok(Cow::Owned(merged.map_err(|error| Failure::malformed(error.to_string()))?))
}

fn show(calendar: &Calendar, year: i32, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let summary = calendar.summary(year).ok_or_else(|| {
        Failure::malformed(format!("年份应在{}至{}之间", YEARS.start(), YEARS.end()))
    })?;
    let basis = if summary.arranged {
        "已安排（国务院办公厅通知）"
    } else {
        "未安排，按法定节假日估算（暂定）"
    };
    writeln!(out, "{year}年  {basis}")?;
    writeln!(out, "工作日合计 {} 天", summary.working_days)?;
    for exception in calendar.exceptions().filter(|e| e.date.year() == year) {
        let what = match exception.kind {
            ExceptionKind::Off => "放假",
            ExceptionKind::Work => "上班",
        };
        let weekday = dates::weekday(exception.date);
        writeln!(out, "{}  {weekday}  {what}  {}", exception.date, exception.festival)?;
    }
    writeln!(out, "日历版本 {}", calendar.version())?;
    Ok(ExitCode::SUCCESS)
}

/// What another total of working days than the known one means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Totals {
    /// A fault: the table is to be the one that was published.
    Required,
    /// Perhaps a holiday prolonged by a later notice, which two persons looked at.
    Noted,
}

fn check(
    calendar: &Calendar,
    from: NaiveDate,
    totals: Totals,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    writeln!(out, "日历版本 {}", calendar.version())?;
    let mut sound = true;
    let mut verified = Vec::new();
    for summary in calendar.years().filter_map(|year| calendar.summary(year)) {
        let known = KNOWN_TOTALS.iter().find(|(year, _)| *year == summary.year);
        let verdict = match known {
            Some((_, total)) if *total == summary.working_days => {
                verified.push(summary.year);
                "，与核对值相符".to_owned()
            }
            Some((_, total)) => {
                sound &= totals == Totals::Noted;
                format!("，与核对值 {total} 不符，请核对")
            }
            None => String::new(),
        };
        writeln!(out, "{}年  工作日 {} 天{verdict}", summary.year, summary.working_days)?;
    }
    let doubtful = calendar.redundant_working_days();
    for date in doubtful.filter(|date| !verified.contains(&date.year())) {
        writeln!(out, "提示：{date} 本来就是工作日，列为上班不起作用，请核对日期")?;
    }
    let upto = from.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(NaiveDate::MAX);
    if calendar.is_certain_until(from, upto) {
        writeln!(out, "{from} 起{DAYS_AHEAD}天（至 {upto}）均已安排")?;
    } else {
        sound = false;
        writeln!(
            out,
            "{from} 起{DAYS_AHEAD}天（至 {upto}）有未安排的日期，相关期限只能暂定；\
             请导入新一年的放假安排（gongkai calendar import）"
        )?;
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::from(CHECK_FAILED) })
}

fn day(text: &str) -> Result<NaiveDate, String> {
    dates::parse(text).ok_or_else(|| "日期应为 YYYY-MM-DD".to_owned())
}
