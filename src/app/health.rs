//! Whether the program can do its work: what `/readyz` asks.

use chrono::{Days, TimeDelta};
use serde::Serialize;
use utoipa::ToSchema;

use super::reminders::ROUND;
use super::{App, AppError};
use crate::clock::civil_date;
use crate::db::outbox::{self, OutboxState};
use crate::db::rounds;
use crate::domain::calendar::DAYS_AHEAD;
use crate::domain::reminder;

/// Within this time from the beginning of a day its round is made.
const ROUND_WITHIN: TimeDelta = TimeDelta::hours(1);

/// Written once and looked at each time.
const PROBE: &str = "health/probe";

/// Whether requests can be sent to this process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Readiness {
    /// Whether every needed check holds.
    pub ready: bool,
    /// The checks.
    pub checks: Vec<Check>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Check {
    /// What was checked: `database`, `schema`, `storage`, `outbox`, `calendar`, `reminders`,
    /// `wordings`, `fonts`.
    pub name: &'static str,
    /// Whether it holds.
    pub ok: bool,
    /// Whether the process cannot work without it.
    pub needed: bool,
    /// More about it, in Chinese; nothing internal.
    pub detail: String,
}

impl App {
    /// Looks at everything the program depends on.
    pub async fn readiness(&self) -> Readiness {
        let checks = vec![
            self.database().await,
            self.schema().await,
            self.storage().await,
            self.outbox().await,
            self.calendar_ahead().await,
            self.reminded().await,
            self.worded().await,
            self.fonts(),
        ];
        Readiness { ready: checks.iter().all(|check| check.ok || !check.needed), checks }
    }

    async fn database(&self) -> Check {
        let answer = self.store.ping().await;
        check(
            "database",
            answer.is_ok(),
            if answer.is_ok() { "数据库应答" } else { "数据库没有应答" },
        )
    }

    async fn schema(&self) -> Check {
        let store = self.store.clone();
        let status =
            tokio::task::spawn_blocking(move || store.schema_status().map_err(AppError::from));
        match status.await {
            Ok(Ok(status)) if status.pending.is_empty() && status.unknown.is_empty() => {
                check("schema", true, "表结构与程序一致")
            }
            Ok(Ok(_)) => check("schema", false, "表结构与程序版本不一致"),
            Ok(Err(_)) | Err(_) => check("schema", false, "无法读取表结构版本"),
        }
    }

    async fn storage(&self) -> Check {
        let stored = self.blobs.put_bytes(PROBE, "ok".into()).await;
        check(
            "storage",
            stored.is_ok(),
            if stored.is_ok() { "文件存储应答" } else { "文件存储没有应答" },
        )
    }

    /// Mails and documents that were given up: cases go on, but somebody must look after them.
    async fn outbox(&self) -> Check {
        let counted = self.store.read(|conn| outbox::count(conn, OutboxState::Dead)).await;
        let (ok, detail) = match counted {
            Ok(0) => (true, "没有失败的邮件和文书生成任务".to_owned()),
            Ok(dead) => (false, format!("有 {dead} 项邮件或文书生成任务失败，不再自动重试")),
            Err(_) => (false, "无法读取任务队列".to_owned()),
        };
        Check { needed: false, ..check("outbox", ok, detail) }
    }

    /// A year that is not arranged yet makes dates provisional; cases can still be handled.
    async fn calendar_ahead(&self) -> Check {
        let Ok(app) = self.refreshed().await else {
            return Check { needed: false, ..check("calendar", false, "无法读取日历") };
        };
        let today = self.today();
        let upto = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
        let arranged = app.calendar.is_certain_until(today, upto);
        let version = app.calendar.record();
        let detail = match arranged {
            true => format!("今后{DAYS_AHEAD}天（至 {upto}）的放假安排已载入（日历第{version}版）"),
            false => format!(
                "今后{DAYS_AHEAD}天（至 {upto}）有未安排的日期，相关期限只能暂定；请导入新一年的放假安排\
                 （日历第{version}版）"
            ),
        };
        Check { needed: false, ..check("calendar", arranged, detail) }
    }

    /// Whether the round of reminders was made today, or on the last working day while today is a day of
    /// rest or has only begun: without a worker nobody is reminded, and nobody would notice.
    async fn reminded(&self) -> Check {
        let (Ok(app), Ok(last)) =
            (self.refreshed().await, self.store.read(|conn| rounds::last(conn, ROUND)).await)
        else {
            return Check {
                needed: false,
                ..check("reminders", false, "无法读取期限提醒的运行记录")
            };
        };
        let now = self.clock.now();
        let grace = now.checked_sub_signed(ROUND_WITHIN).unwrap_or(now);
        let wanted = reminder::last_given_on(&app.calendar, civil_date(grace));
        let (ok, detail) = match last {
            Some(last) if last >= wanted => (true, format!("期限提醒已于{last}运行")),
            Some(last) => {
                (false, format!("期限提醒最近一次运行于{last}，{wanted}应当运行而没有运行"))
            }
            None => (false, "期限提醒从未运行，请检查后台任务进程".to_owned()),
        };
        Check { needed: false, ..check("reminders", ok, detail) }
    }

    /// Whether every approved wording of an agency still stands as a template of this program.
    async fn worded(&self) -> Check {
        let Ok(app) = self.refreshed().await else {
            return Check {
                needed: false, ..check("wordings", false, "无法读取机关文书用语")
            };
        };
        let detail = match app.editions.unusable() {
            [] => "各机关文书用语均可使用".to_owned(),
            broken => format!(
                "有机关文书用语与现在的程序不符，暂用系统内置用语，请修改后重新批准：{}",
                broken.join("、")
            ),
        };
        let ok = app.editions.unusable().is_empty();
        Check { needed: false, ..check("wordings", ok, detail) }
    }

    /// Without the fonts the typesetter would not have started.
    fn fonts(&self) -> Check {
        let filled = self.engine.fonts();
        let roles = filled.iter().filter(|role| !role.families.is_empty()).count();
        check("fonts", roles > 0, format!("{roles} 类字体可用，共需 {} 类", filled.len()))
    }
}

fn check(name: &'static str, ok: bool, detail: impl Into<String>) -> Check {
    Check { name, ok, needed: true, detail: detail.into() }
}
