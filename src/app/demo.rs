//! The demo county: fictional agencies, people and requests, to look around in and to try things
//! out. The content is data (`assets/demo`); here it is only lived through.
//!
//! Nothing is written past the use cases. Each request of the last year is filed, examined,
//! answered and served by the same methods that the pages call, with a clock that is set to the day
//! it happened. What a use case would refuse cannot come into the demo.

mod aftermath;
mod book;
mod calendar;
mod county;
mod course;
mod days;
mod items;
mod redaction;
mod replies;
mod scene;
mod script;
mod stage;

use std::sync::Arc;

use serde::Serialize;

use crate::clock::ManualClock;
use crate::db::{agencies, requests, users};

use self::book::Book;
use self::days::PastDays;
use self::stage::Stage;
use super::{App, AppError};

/// What was put into the database. No `Debug`: it holds passwords.
#[derive(Clone, Serialize)]
pub struct DemoSummary {
    /// Name of the county.
    pub county: String,
    /// Everybody who can sign in.
    pub accounts: Vec<DemoAccount>,
    /// How many requests there are.
    pub requests: usize,
    /// A few of them, to try the tracking page with.
    pub tickets: Vec<DemoTicket>,
}

/// Somebody of the demo county. No `Debug`: it holds a password.
#[derive(Clone, Serialize)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: String,
    /// Name.
    pub name: String,
    /// Short name of the agency, or the county for those who work for all of it.
    pub agency: String,
    /// Roles in Chinese.
    pub roles: String,
    /// One-time password, fresh for this database and stored nowhere.
    pub password: String,
}

/// A request of the demo county with what its applicant has in hand. No `Debug`: it holds a code.
#[derive(Clone, Serialize)]
pub struct DemoTicket {
    /// 受理编号.
    pub number: String,
    /// 查询码.
    pub code: String,
    /// What was asked for.
    pub title: String,
    /// Where it stands, in Chinese.
    pub state: String,
}

/// How far the demo county has come into a database.
enum Found {
    /// Nobody and nothing is there.
    Nothing,
    /// The demo county, but not all of it: the program was stopped while entering it.
    Part,
    /// The whole demo county, or data that are none of ours.
    Data,
}

impl App {
    /// Enters the demo county into an empty database: `None` if there are data already.
    ///
    /// It happens over the year up to yesterday. The passwords are in the answer and nowhere else.
    ///
    /// # Errors
    ///
    /// [`AppError::Conflict`] `demo_interrupted` when an earlier try was stopped half-way,
    /// `demo_would_mail` when mail leaves the house: the addresses are made up, and nobody knows
    /// what a server does with them.
    pub async fn seed_demo(&self) -> Result<Option<DemoSummary>, AppError> {
        let book = Book::open()?;
        match self.demo_found(&book).await? {
            Found::Nothing => {}
            Found::Data => return Ok(None),
            Found::Part => {
                return Err(AppError::Conflict {
                    code: "demo_interrupted",
                    message:
                        "上次装入演示县时中断，数据不完整；请删除数据（make clean-data）后再试"
                            .to_owned(),
                });
            }
        }
        if !self.mailer.stays_here() {
            return Err(AppError::Conflict {
                code: "demo_would_mail",
                message: "已设置邮件服务器，不能装入演示县，以免向虚构的地址发信".to_owned(),
            });
        }
        let days = PastDays::before(&self.calendar, self.today(), book.length())?;
        let clock = Arc::new(ManualClock::on(days.first()));
        let app = Self { clock: clock.clone(), ..self.clone() };
        let (county, accounts) = county::enter(&app, &book).await?;
        let tickets = Stage::new(app, clock, &book, &county, &days).play().await?;
        self.wake.notify_one();
        Ok(Some(DemoSummary {
            county: book.county.name.clone(),
            accounts,
            requests: book.requests.len(),
            tickets,
        }))
    }

    async fn demo_found(&self, book: &Book) -> Result<Found, AppError> {
        let login = book.county.administrator.login.clone();
        let wanted = book.requests.len();
        self.store
            .read(move |conn| {
                let limit = i64::try_from(wanted).map_err(AppError::broken)?;
                if users::find_by_login(conn, &login)?.is_some() {
                    let entered = requests::ids(conn, None, limit)?.len();
                    return Ok(if entered < wanted { Found::Part } else { Found::Data });
                }
                let empty =
                    users::list(conn, None)?.is_empty() && agencies::list(conn, false)?.is_empty();
                Ok(if empty { Found::Nothing } else { Found::Data })
            })
            .await
    }
}
