//! `gongkai bundle export`: the bundle of a case into a file, for the operator.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::failure::Failure;
use super::service::{load, runtime, start_beside};
use crate::app::bundle::BundleOrder;
use crate::domain::evidence::BundleForm;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// 导出一件申请的证据材料或者归档案卷（zip），并记入审计日志
    Export {
        /// 受理编号
        #[arg(value_name = "NUMBER")]
        number: String,
        /// 写入的文件；已有的文件不覆盖
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 用途，如案号；记入审计日志
        #[arg(long)]
        purpose: String,
        /// 导出归档案卷（附卷内目录、备考表），而不是证据材料
        #[arg(long)]
        volume: bool,
    },
}

pub(super) fn run(
    command: &Command,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let Command::Export { number, out: path, purpose, volume } = command;
    let form = if *volume { BundleForm::Volume } else { BundleForm::Evidence };
    let app = start_beside(&load(settings)?)?;
    let order = BundleOrder { form, purpose: purpose.clone() };
    let refused = |why: String| Failure::Refused { code: "refused", message: why };
    let cannot = |error: std::io::Error| refused(format!("无法写入 {}：{error}", path.display()));
    let bundle = runtime()
        .block_on(app.bundle_by_operator(number, order))
        .map_err(|error| refused(error.to_string()))?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Personal data: for the operator's eyes until it is handed on.
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut target = options.open(path).map_err(cannot)?;
    let mut source = bundle.file;
    std::io::copy(&mut source, &mut target).and_then(|_| target.sync_all()).map_err(cannot)?;
    writeln!(out, "已导出{}：{}（{}字节）", form.label(), path.display(), bundle.size)?;
    Ok(ExitCode::SUCCESS)
}
