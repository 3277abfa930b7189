//! Who is told of changed dates: the officer of the cases, in one mail for a version; the applicant,
//! where a date they could know has moved.
//!
//! Source: rulebook C11. A limit of the applicant's own never moves nearer; the agency's own limit may
//! move either way, and then the applicant is told, because the receipt and the progress page named it.

use chrono::NaiveDate;
use uuid::Uuid;

use crate::app::outbox::messages::{Message, queue_message};
use crate::app::{App, AppError, personal};
use crate::db::calendar::{self as rows, ChangedRequest, VersionRow, Which};
use crate::db::{Conn, agencies, applications, users};
use crate::domain::calendar_import::Source;
use crate::domain::dates::long;
use crate::domain::policy::Role;

/// Changes told in one transaction; more than any officer has at once.
const MOST: i64 = 500;
/// Cases named in a mail; the rest is counted.
const NAMED: usize = 50;

impl App {
    /// Queues the messages about changed dates of which nobody was told yet; returns how many changes
    /// it dealt with. Each is told once: the mark and the mail share one transaction.
    ///
    /// # Errors
    ///
    /// Failures of the database.
    pub async fn tell_changed_dates(&self) -> Result<usize, AppError> {
        if self.store.read(rows::first_untold).await?.is_none() {
            return Ok(0);
        }
        let app = self.clone();
        self.store.write(move |conn| tell_some(conn, &app)).await
    }
}

/// Tells one officer, and the applicants of the same cases.
fn tell_some(conn: &mut Conn, app: &App) -> Result<usize, AppError> {
    let Some(seq) = rows::first_untold(conn)? else { return Ok(0) };
    let Some(first) = rows::changes(conn, seq, Which::Untold, 1)?.pop() else { return Ok(0) };
    let theirs = Which::UntoldOf { agency: first.agency_id, officer: first.officer_id };
    let changes = rows::changes(conn, seq, theirs, MOST)?;
    let version = rows::version(conn, seq)?;
    for (user, to) in addressees(conn, &first)? {
        let key = format!("calendar/{seq}/{user}/{}/{}", first.request_id, first.entry_seq);
        queue_message(conn, app, (None, key), &to, &digest(&version, &changes))?;
    }
    for change in changes.iter().filter(|change| change.tell_applicant()) {
        tell_applicant(conn, app, &version, change)?;
    }
    rows::told(conn, &changes)?;
    Ok(changes.len())
}

/// The officer; of a case without one, the heads of the agency's office.
fn addressees(conn: &mut Conn, case: &ChangedRequest) -> Result<Vec<(Uuid, String)>, AppError> {
    let people = match case.officer_id {
        Some(officer) => users::find(conn, officer)?.into_iter().collect(),
        None => users::with_role(conn, Role::Head.as_str())?,
    };
    let of_agency = people.into_iter().filter(|user| user.agency_id == Some(case.agency_id));
    let active = of_agency.filter(|user| user.active);
    Ok(active.filter_map(|user| Some((user.id, user.email.filter(|to| !to.is_empty())?))).collect())
}

fn why(version: &VersionRow) -> String {
    match version.source {
        Source::Program => format!("系统更新了节假日安排（{}）", version.document),
        Source::Import => format!("按{}调整节假日安排", version.document),
        Source::Reversal => format!("撤销了一次节假日安排的导入：{}", version.document),
    }
}

fn shown(on: Option<NaiveDate>) -> String {
    on.map_or_else(|| "未定".to_owned(), long)
}

fn digest(version: &VersionRow, changes: &[ChangedRequest]) -> Message {
    let mut body = format!("您好：\n\n{}，下列申请的期限有变化：\n\n", why(version));
    for change in changes.iter().take(NAMED) {
        let (old, new) = (shown(change.old_on), shown(change.new_on));
        body.push_str(&format!("{}：{old} → {new}\n", change.number));
    }
    if let Some(more @ 1..) = changes.len().checked_sub(NAMED) {
        body.push_str(&format!("……另有{more}件，请在系统中查看\n"));
    }
    body.push_str(
        "\n每件申请的台账中记有变化前后的日期和原因。\n本邮件由系统自动发出，请勿直接回复。\n",
    );
    Message {
        subject: format!("节假日安排调整：{}件申请的期限有变化", changes.len()), body
    }
}

/// Mails the applicant, if they gave an address; the progress page tells everybody.
fn tell_applicant(
    conn: &mut Conn,
    app: &App,
    version: &VersionRow,
    change: &ChangedRequest,
) -> Result<(), AppError> {
    let application = personal::complete(app, &applications::get(conn, change.request_id)?)?;
    let to = application.applicant.email.trim();
    if to.is_empty() {
        return Ok(());
    }
    let agency = agencies::get(conn, change.agency_id)?;
    let body = format!(
        "您好：\n\n您向{agency}提出的政府信息公开申请（受理编号：{number}），因{why}，期限由{old}变更为{new}。\n\n\
         查询办理进度：{url}/track\n咨询电话：{phone}\n\n本邮件由系统自动发出，请勿直接回复。\n{agency}\n",
        agency = agency.name,
        number = change.number,
        why = why(version),
        old = shown(change.old_on),
        new = shown(change.new_on),
        url = app.settings.public_url,
        phone = agency.phone,
    );
    let message = Message {
        subject: format!("办理期限有变化（受理编号：{}）", change.number),
        body,
    };
    let key = format!("calendar/{}/{}/{}", version.seq, change.request_id, change.entry_seq);
    queue_message(conn, app, (Some(change.request_id), key), to, &message)
}
