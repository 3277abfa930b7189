//! `gongkai config list|check`: what can be set, and whether what is set holds.

use std::{io::Write, path::Path, process::ExitCode};

use super::failure::Failure;
use crate::config::{self, Config};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// 列出全部设置：键名、环境变量、含义、格式、默认值
    List {
        /// 输出为 Markdown（docs/settings.md 的内容）
        #[arg(long)]
        markdown: bool,
    },
    /// 检查设置文件和环境变量，一次列出全部错误
    Check,
}

pub(super) fn run(
    args: &Args,
    file: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    match args.action {
        Action::List { markdown: true } => write!(out, "{}", config::markdown())?,
        Action::List { markdown: false } => write!(out, "{}", config::list())?,
        Action::Check => {
            Config::from_process(file)?;
            writeln!(out, "设置无误")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
