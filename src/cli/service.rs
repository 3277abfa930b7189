//! `serve`, `work`, `verify`, `admin create`: the commands that need the whole program.

use std::fs::File;
use std::io::{BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Subcommand;
use tokio_util::sync::CancellationToken;

use super::failure::Failure;
use crate::app::App;
use crate::app::bundle::check;
use crate::app::demo::DemoSummary;
use crate::assembly::assemble;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::db::Access;
use crate::keys::Keys;
use crate::{jobs, telemetry, web};

#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// 空库时装入演示县（虚构的机关、人员和申请）
    #[arg(long)]
    demo: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct VerifyArgs {
    /// 同时读取每个文件，核对摘要
    #[arg(long, conflicts_with = "bundle")]
    files: bool,
    /// 只核对这个证据材料或者归档案卷（zip）；不需要数据库
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// 用本系统的密钥核对封印（只有受理机关能够核对）
    #[arg(long, requires = "bundle")]
    seals: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// 建立第一位系统管理员，口令只显示一次
    Create {
        /// 登录名
        #[arg(long)]
        login: String,
        /// 姓名
        #[arg(long)]
        name: String,
    },
}

/// Serves the pages and the API, with a worker inside unless the settings say otherwise.
pub(super) fn serve(
    args: &ServeArgs,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let config = load(settings)?;
    log(&config)?;
    let app = start(&config, Access::Exclusive)?;
    runtime().block_on(async {
        if args.demo {
            match app.seed_demo().await.map_err(Failure::start)? {
                Some(summary) => print_demo(&summary, out)?,
                None => writeln!(out, "数据库中已有数据，没有再次装入演示县。")?,
            }
        }
        let stop = CancellationToken::new();
        let worker = match config.worker_in_serve {
            true => tokio::spawn(jobs::run(app.clone(), stop.clone())),
            false => tokio::spawn(jobs::keep_calendar(app.clone(), stop.clone())),
        };
        let server = web::server(app.clone(), &config).map_err(Failure::start)?;
        for address in server.addresses() {
            writeln!(
                out,
                "公开系统已启动：http://{address}/　API 文档：http://{address}/api/docs"
            )?;
        }
        out.flush()?;
        let served = server.run().await.map_err(Failure::start);
        stop.cancel();
        worker.await.map_err(Failure::start)?;
        app.store.close().await;
        served.map(|()| ExitCode::SUCCESS)
    })
}

/// Only the worker. On SQLite it cannot run beside `serve`: one process owns the file.
pub(super) fn work(settings: Option<&Path>) -> Result<ExitCode, Failure> {
    let config = load(settings)?;
    log(&config)?;
    let app = start(&config, Access::Exclusive)?;
    runtime().block_on(async {
        let stop = CancellationToken::new();
        let worker = tokio::spawn(jobs::run(app.clone(), stop.clone()));
        web::stop_signal().await.map_err(Failure::start)?;
        stop.cancel();
        worker.await.map_err(Failure::start)?;
        app.store.close().await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Sweeps once, beside a running server too.
pub(super) fn sweep(settings: Option<&Path>, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    let config = load(settings)?;
    // As for `admin create`: beside a running server the database is shared.
    let app = match start(&config, Access::Exclusive) {
        Ok(app) => app,
        Err(_) => start(&config, Access::Shared)?,
    };
    let runtime = runtime();
    match runtime.block_on(app.sweep("command")).map_err(Failure::start)? {
        None => writeln!(out, "另一个进程正在巡查，本次没有重复进行。")?,
        Some(done) => writeln!(
            out,
            "巡查申请{}件，新增记录{}条，未能检查{}件。",
            done.looked_at, done.entries, done.failed
        )?,
    }
    match runtime.block_on(app.remind("command")).map_err(Failure::start)? {
        None => writeln!(out, "另一个进程正在提醒，本次没有重复进行。")?,
        Some(done) => {
            writeln!(out, "新增提醒{}条，当日通知{}份。", done.reminders, done.messages)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Checks the whole record; exit status 1 when anything is not as it was written.
pub(super) fn verify(
    args: &VerifyArgs,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    if let Some(bundle) = &args.bundle {
        return verify_bundle(bundle, args.seals.then_some(settings), out);
    }
    let config = load(settings)?;
    let app = start(&config, Access::ReadOnly)?;
    let report = runtime().block_on(app.verify(args.files)).map_err(Failure::start)?;
    for fault in &report.faults {
        writeln!(out, "× {fault}")?;
    }
    for key in &report.orphans {
        writeln!(out, "· {key}：没有登记指向这个文件（不影响台账，到期由后台任务清除附件）")?;
    }
    writeln!(
        out,
        "核对申请{}件、台账{}条、文件{}个：{}",
        report.requests,
        report.entries,
        report.files,
        if report.faults.is_empty() {
            "全部一致".to_owned()
        } else {
            format!("发现问题{}处", report.faults.len())
        }
    )?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Checks a bundle by itself; with settings also its seals. Exit status 1 when anything is wrong.
fn verify_bundle(
    path: &Path,
    seals: Option<Option<&Path>>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let cannot = |error| Failure::malformed(format!("无法读取 {}：{error}", path.display()));
    let keys = match seals {
        None => None,
        Some(settings) => {
            let secret = load(settings)?.load_secret_key().map_err(Failure::start)?;
            Some(Keys::from_secret(secret.expose()))
        }
    };
    let file = BufReader::new(File::open(path).map_err(cannot)?);
    let report = check::verify_bundle(file, keys.as_ref()).map_err(cannot)?;
    for fault in &report.faults {
        writeln!(out, "× {fault}")?;
    }
    for missing in &report.missing {
        writeln!(out, "· 未收入：{missing}")?;
    }
    if !report.seals {
        writeln!(
            out,
            "· 没有核对封印：封印由受理机关的密钥生成，受理机关可用 --seals 核对；申请表原文、PDF 目录和说明文字\
             只有凭封印才能证明"
        )?;
    }
    let due_on = report.due_on.map_or("无".to_owned(), |due_on| due_on.to_string());
    writeln!(
        out,
        "{} {}：核对台账{}条、文件{}个，答复期限届满日{due_on}：{}",
        report.agency,
        report.number,
        report.entries,
        report.files,
        if report.faults.is_empty() {
            "全部一致".to_owned()
        } else {
            format!("发现问题{}处", report.faults.len())
        }
    )?;
    Ok(if report.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the first administrator.
pub(super) fn admin(
    command: &AdminCommand,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let AdminCommand::Create { login, name } = command;
    let config = load(settings)?;
    let app = start_beside(&config)?;
    let administrator = runtime()
        .block_on(app.create_first_administrator(login, name))
        .map_err(|error| Failure::Refused { code: "refused", message: error.to_string() })?;
    writeln!(out, "已建立系统管理员。")?;
    writeln!(out, "登录名：{}", administrator.login)?;
    writeln!(out, "口令：{}", administrator.password)?;
    writeln!(out, "口令只显示这一次，首次登录后须修改。")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn load(file: Option<&Path>) -> Result<Config, Failure> {
    Config::from_process(file).map_err(Failure::Settings)
}

fn log(config: &Config) -> Result<(), Failure> {
    telemetry::init(config.log_format, &config.log_level).map_err(Failure::start)
}

/// For a command that writes: beside a running server the database is shared; alone it is migrated
/// first.
pub(super) fn start_beside(config: &Config) -> Result<App, Failure> {
    start(config, Access::Exclusive).or_else(|_in_use| start(config, Access::Shared))
}

pub(super) fn start(config: &Config, access: Access) -> Result<App, Failure> {
    assemble(config, Arc::new(SystemClock), access).map_err(Failure::start)
}

pub(super) fn runtime() -> actix_web::rt::SystemRunner {
    actix_web::rt::System::new()
}

fn print_demo(summary: &DemoSummary, out: &mut dyn Write) -> Result<(), Failure> {
    writeln!(out, "已装入演示县（全部虚构）。以下口令只显示这一次：\n")?;
    for account in &summary.accounts {
        writeln!(
            out,
            "  {:<14} {:<26} {}（{}）",
            account.login, account.password, account.agency, account.roles
        )?;
    }
    writeln!(out, "\n可用于查询进度的申请：")?;
    for ticket in &summary.tickets {
        writeln!(out, "  受理编号 {}　查询码 {}　{}", ticket.number, ticket.code, ticket.title)?;
    }
    writeln!(out)?;
    Ok(())
}
