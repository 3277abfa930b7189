//! `gongkai clock`: one JSON question on standard input, one JSON answer on standard output.

use std::{
    io::{ErrorKind, Read, Write},
    path::PathBuf,
    process::ExitCode,
};

use chrono::NaiveDate;

use super::{calendar, failure::Failure};
use crate::domain::clock::{self, ClockInput};

/// Largest question in bytes; a case of a thousand events takes about 100 KB.
const LARGEST_INPUT: u64 = 16 * 1024 * 1024;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// 日历文件（date,kind,festival,arranged_for），替换其中安排的年份
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,
}

pub(super) fn run(
    args: &Args,
    today: NaiveDate,
    input: &mut dyn Read,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let calendar = calendar::load(args.calendar.as_deref())?;
    let mut text = String::new();
    input.take(LARGEST_INPUT).read_to_string(&mut text).map_err(|error| match error.kind() {
        ErrorKind::InvalidData => Failure::malformed("标准输入不是 UTF-8 编码的文字"),
        _ => Failure::malformed(format!("无法读取标准输入：{error}")),
    })?;
    let answer = clock::answer(&calendar, &ClockInput::from_json(&text)?, today)?;
    let line = serde_json::to_string(&answer)
        .map_err(|error| Failure::malformed(format!("无法输出结果：{error}")))?;
    writeln!(out, "{line}")?;
    Ok(ExitCode::SUCCESS)
}
