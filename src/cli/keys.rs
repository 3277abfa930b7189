//! `keys status` and `keys rotate`: which key seals what, and the change to a new one.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;

use super::failure::Failure;
use super::service::{load, start};
use crate::app::App;
use crate::app::field_keys::KeyFault;
use crate::db::Access;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// 列出密钥编号、是否在用、各加密了多少项
    Status,
    /// 换用新密钥并重新加密全部个人信息；服务可以照常运行，中断后用 --resume 继续
    Rotate {
        /// 不产生新密钥，只用现用密钥继续重新加密
        #[arg(long)]
        resume: bool,
    },
}

pub(super) fn run(
    command: &KeysCommand,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let config = load(settings)?;
    match command {
        KeysCommand::Status => status(&start(&config, Access::ReadOnly)?, out),
        KeysCommand::Rotate { resume } => {
            // Beside a running server the database is shared; alone it is migrated first.
            let app = match start(&config, Access::Exclusive) {
                Ok(app) => app,
                Err(_) => start(&config, Access::Shared)?,
            };
            rotate(&app, *resume, out)
        }
    }
}

fn status(app: &App, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let keys = app.field_key_status().map_err(Failure::start)?;
    let mut complete = true;
    for key in keys {
        let standing = match (key.active, key.present) {
            (true, _) => "现用",
            (false, true) => "旧",
            (false, false) => "缺失",
        };
        let since = key.since.map_or_else(|| "—".to_owned(), |at| at.date_naive().to_string());
        writeln!(out, "{}　{standing}　自{since}　加密{}项", key.id, key.texts)?;
        complete &= key.present || key.texts == 0;
    }
    Ok(if complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn rotate(app: &App, resume: bool, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let rotated = app.rotate_field_keys(resume).map_err(|fault| match fault {
        KeyFault::Ring(ring) => Failure::Refused { code: "refused", message: ring.to_string() },
        other => Failure::start(other),
    })?;
    for fault in &rotated.faults {
        writeln!(out, "× {fault}")?;
    }
    writeln!(out, "现用密钥：{}，已重新加密{}项。", rotated.active, rotated.texts)?;
    writeln!(out, "旧密钥仍须保存：备份中的数据要用它打开。")?;
    Ok(if rotated.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
