//! `gongkai outbox list|requeue`: what waits or was given up, and another chance for it.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use uuid::Uuid;

use super::failure::Failure;
use super::service::{load, runtime, start, start_beside};
use crate::app::outbox::upkeep::{JobView, Requeue};
use crate::clock::wall;
use crate::db::Access;
use crate::domain::ids::OutboxId;

/// Most characters shown of an error.
const LONGEST_ERROR: usize = 300;
/// Times as clocks on the wall show them.
const TIME: &str = "%Y-%m-%d %H:%M:%S";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 列出未完成的任务（生成文书、发送邮件）：次数、上次错误、下次尝试
    List {
        /// 只列已放弃的
        #[arg(long)]
        dead: bool,
    },
    /// 把已放弃的任务重新排队
    Requeue {
        /// 任务编号（见 list）
        #[arg(required_unless_present = "all_dead", conflicts_with = "all_dead")]
        id: Option<Uuid>,
        /// 全部已放弃的任务
        #[arg(long)]
        all_dead: bool,
    },
}

pub(super) fn run(
    command: &Command,
    settings: Option<&Path>,
    out: &mut dyn Write,
) -> Result<ExitCode, Failure> {
    let config = load(settings)?;
    match command {
        Command::List { dead } => {
            let app = start(&config, Access::ReadOnly)?;
            let jobs = runtime().block_on(app.waiting_jobs(*dead)).map_err(Failure::start)?;
            for job in &jobs {
                print(job, out)?;
            }
            let given_up = jobs.iter().filter(|job| job.next_try_at.is_none()).count();
            writeln!(out, "共{}项，其中已放弃{given_up}项", jobs.len())?;
        }
        Command::Requeue { id, .. } => {
            let app = start_beside(&config)?;
            let which = id.map_or(Requeue::AllDead, |id| Requeue::One(OutboxId(id)));
            let requeued = runtime().block_on(app.requeue_jobs(which)).map_err(|error| {
                Failure::Refused { code: "refused", message: error.to_string() }
            })?;
            writeln!(out, "已重新排队{requeued}项")?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print(job: &JobView, out: &mut dyn Write) -> Result<(), Failure> {
    let what = match job.kind {
        "mail" => "发送邮件",
        _ => "生成文书",
    };
    let next = match job.next_try_at {
        Some(at) if job.state == "leased" => format!("正在办理（至迟{}）", wall(at).format(TIME)),
        Some(at) => format!("下次{}", wall(at).format(TIME)),
        None => "已放弃".to_owned(),
    };
    let request = job.request.as_deref().unwrap_or("–");
    write!(out, "{}　{what}　申请{request}　已试{}次　{next}", job.id, job.attempts)?;
    if let Some(recipient) = &job.recipient {
        write!(out, "　收件人{recipient}")?;
    }
    writeln!(out)?;
    if let Some(error) = &job.last_error {
        let line: String = error.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        writeln!(out, "    {}", line.chars().take(LONGEST_ERROR).collect::<String>())?;
    }
    Ok(())
}
