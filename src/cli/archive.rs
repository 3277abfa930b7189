//! `gongkai archive expired`: archived cases whose period is over, for the archivist.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use super::failure::Failure;
use super::service::{load, runtime, start};
use crate::db::Access;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 列出保管期限已满的案卷，供鉴定；系统不销毁任何案卷
    Expired,
}

pub(super) fn run(
    command: &Command,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    match command {
        Command::Expired => {
            let app = start(&load(settings)?, Access::ReadOnly)?;
            let files = runtime().block_on(app.all_expired_files()).map_err(Failure::start)?;
            for file in &files {
                let assumed =
                    if file.assumed { "（归档时未登记，按30年计）" } else { "" };
                writeln!(
                    out,
                    "{}　{}　{}　{}{assumed}　{}期满",
                    file.volume, file.number, file.title, file.retention_label, file.ended_on
                )?;
            }
            writeln!(
                out,
                "共{}卷；是否继续保管由机关鉴定后决定，销毁应当两人以上监销",
                files.len()
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
