//! The command line: one subcommand per file, parsed here and dispatched.
//!
//! Results go to standard output. A refusal is one line of JSON on standard error, exit status 2.

mod archive;
mod bundle;
mod calendar;
mod clock;
mod config;
mod failure;
mod fee;
mod keys;
mod outbox;
mod service;
mod specimens;

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use self::failure::Failure;
use crate::clock::{Clock, SystemClock};

/// 政府信息依申请公开办理系统
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, about, arg_required_else_help = true)]
struct Cli {
    /// 设置文件（默认为当前目录的 gongkai.toml，若存在）
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// 计算答复期限：从标准输入读取 JSON，输出 JSON
    Clock(clock::Args),
    /// 计算信息处理费（元）
    Fee(fee::Args),
    /// 查看、检查工作日历
    Calendar(calendar::Args),
    /// 列出、检查设置
    Config(config::Args),
    /// 启动服务（网页、API，并在同一进程内办理队列任务）
    Serve(service::ServeArgs),
    /// 只办理队列任务：生成文书、发送邮件
    Work,
    /// 巡查一次期限：提示逾期未补正、未缴费，登记征求意见期满的效力
    Sweep,
    /// 核对全部台账、文书和文件是否与记录时一致
    Verify(service::VerifyArgs),
    /// 导出证据材料、归档案卷
    #[command(subcommand)]
    Bundle(bundle::Command),
    /// 查看档案的保管期限
    #[command(subcommand)]
    Archive(archive::Command),
    /// 查看、重新排队后台任务
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// 查看、更换加密个人信息的密钥
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// 生成全部文书的样张（不涉及任何案件）
    Specimens(specimens::Args),
    /// 建立第一位系统管理员
    #[command(subcommand)]
    Admin(service::AdminCommand),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let mut out = std::io::stdout().lock();
    let result = run(cli, &SystemClock, &mut out).and_then(|status| {
        out.flush()?;
        Ok(status)
    });
    result.unwrap_or_else(|failure| failure.report(&mut std::io::stderr().lock()))
}

fn run(cli: Cli, clock: &dyn Clock, out: &mut dyn Write) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Clock(args) => clock::run(&args, clock.today(), &mut std::io::stdin().lock(), out),
        Command::Fee(args) => fee::run(&args, out),
        Command::Calendar(args) => calendar::run(&args, cli.config.as_deref(), clock.today(), out),
        Command::Config(args) => config::run(&args, cli.config.as_deref(), out),
        Command::Serve(args) => service::serve(&args, cli.config.as_deref(), out),
        Command::Work => service::work(cli.config.as_deref()),
        Command::Sweep => service::sweep(cli.config.as_deref(), out),
        Command::Verify(args) => service::verify(&args, cli.config.as_deref(), out),
        Command::Bundle(command) => bundle::run(&command, cli.config.as_deref(), out),
        Command::Archive(command) => archive::run(&command, cli.config.as_deref(), out),
        Command::Outbox(command) => outbox::run(&command, cli.config.as_deref(), out),
        Command::Keys(command) => keys::run(&command, cli.config.as_deref(), out),
        Command::Specimens(args) => specimens::run(&args, cli.config.as_deref(), out),
        Command::Admin(command) => service::admin(&command, cli.config.as_deref(), out),
    }
}
