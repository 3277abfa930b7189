//! `gongkai fee items|pages N`: whole yuan, nothing else, on standard output.

use std::{io::Write, process::ExitCode};

use super::failure::Failure;
use crate::domain::fees;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    scale: Scale,
}

#[derive(Debug, clap::Subcommand)]
enum Scale {
    /// 按件：同一申请人同一自然月向同一机关申请 N 件的合计
    Items {
        /// 件数
        #[arg(value_name = "N", allow_hyphen_values = true)]
        count: String,
    },
    /// 按量：一件申请提供 N 页
    Pages {
        /// 页数
        #[arg(value_name = "N", allow_hyphen_values = true)]
        count: String,
    },
}

pub(super) fn run(args: &Args, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let fen = match &args.scale {
        Scale::Items { count } => fees::month_total_fen(number(count)?),
        Scale::Pages { count } => fees::pages_fen(number(count)?),
    };
    let fen = fen.map_err(|error| Failure::malformed(error.to_string()))?;
    writeln!(out, "{}", fees::whole_yuan(fen))?;
    Ok(ExitCode::SUCCESS)
}

fn number(text: &str) -> Result<u32, Failure> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.parse().ok())
        .flatten()
        .ok_or_else(|| Failure::malformed(format!("数量应为0至{}的整数", fees::LARGEST_INPUT)))
}
