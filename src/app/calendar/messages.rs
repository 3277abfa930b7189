//! Who is told of changed dates: the officer of the cases, in one mail for a version; the applicant,
//! where a date they could know has moved, by a mail queued with the entry.
//!
//! Source: rulebook C11. A limit of the applicant's own never moves nearer; the agency's own limit may
//! move either way, and then the applicant is told, because the receipt and the progress page named it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chrono::NaiveDate;
use uuid::Uuid;

use super::settling::Settled;
use crate::app::outbox::messages::{Message, message_job, queue_message};
use crate::app::{App, AppError, personal};
use crate::db::agencies::{self as agency_rows, AgencyRow};
use crate::db::applications::{self, ApplicationRow};
use crate::db::calendar::{self as rows, ChangeRow, ChangedRequest, VersionRow, Which};
use crate::db::outbox::{self, NewJob};
use crate::db::requests::{self, RequestRow};
use crate::db::{Conn, users};
use crate::domain::calendar_import::Source;
use crate::domain::dates::long;
use crate::domain::policy::Role;

/// Changes told in one transaction; more than any officer has at once.
const MOST: i64 = 2_000;
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

/// Tells one officer; and applicants whose mail was not queued with the entry.
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

/// Mails the applicant of a change that an earlier program entered without the mail.
fn tell_applicant(
    conn: &mut Conn,
    app: &App,
    version: &VersionRow,
    change: &ChangedRequest,
) -> Result<(), AppError> {
    let request = requests::get(conn, change.request_id)?;
    let entered = ChangeRow {
        request_id: change.request_id,
        entry_seq: change.entry_seq,
        calendar_seq: version.seq,
        old_on: change.old_on,
        new_on: change.new_on,
        told: false,
        concerns_applicant: true,
        applicant_told: false,
    };
    if let Some(mail) = to_applicant(conn, app, version, (&request, &entered))? {
        outbox::enqueue_all(conn, vec![mail], app.clock.now())?;
    }
    Ok(())
}

/// Puts the mails to the applicants of these cases together, where one is told and gave an address;
/// the progress page tells everybody.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn address(
    conn: &mut Conn,
    app: &App,
    version: &VersionRow,
    cases: &mut [Settled],
) -> Result<(), AppError> {
    let told: Vec<Uuid> = cases.iter().filter_map(|c| Some(c.to_tell()?.0.id)).collect();
    if told.is_empty() {
        return Ok(());
    }
    let forms = applications::by_requests(conn, &told)?.into_iter();
    let mut forms: BTreeMap<Uuid, ApplicationRow> =
        forms.map(|row| (row.request_id, row)).collect();
    let mut agencies: BTreeMap<Uuid, AgencyRow> = BTreeMap::new();
    for case in cases {
        let Some((row, change)) = case.to_tell() else { continue };
        let Some(form) = forms.remove(&row.id) else { continue };
        let agency = match agencies.entry(row.agency_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(agency_rows::get(conn, row.agency_id)?),
        };
        case.mail = mail(app, version, (row, change), (agency, &form))?;
    }
    Ok(())
}

/// The mail to the applicant of one case.
///
/// # Errors
///
/// Failures of the database.
pub(super) fn to_applicant(
    conn: &mut Conn,
    app: &App,
    version: &VersionRow,
    (row, change): (&RequestRow, &ChangeRow),
) -> Result<Option<NewJob>, AppError> {
    let agency = agency_rows::get(conn, row.agency_id)?;
    let form = applications::get(conn, row.id)?;
    mail(app, version, (row, change), (&agency, &form))
}

fn mail(
    app: &App,
    version: &VersionRow,
    (row, change): (&RequestRow, &ChangeRow),
    (agency, form): (&AgencyRow, &ApplicationRow),
) -> Result<Option<NewJob>, AppError> {
    let application = match personal::complete(app, form) {
        Ok(application) => application,
        Err(error) => {
            // A form that cannot be opened keeps nobody's dates from moving; `gongkai verify` tells.
            tracing::error!(request = %row.id, %error, "the applicant cannot be told");
            return Ok(None);
        }
    };
    let to = application.applicant.email.trim();
    if to.is_empty() {
        return Ok(None);
    }
    let body = format!(
        "您好：\n\n您向{agency}提出的政府信息公开申请（受理编号：{number}），因{why}，期限由{old}变更为{new}。\n\n\
         查询办理进度：{url}/track\n咨询电话：{phone}\n\n本邮件由系统自动发出，请勿直接回复。\n{agency}\n",
        agency = agency.name,
        number = row.number,
        why = why(version),
        old = shown(change.old_on),
        new = shown(change.new_on),
        url = app.settings.public_url,
        phone = agency.phone,
    );
    let message = Message {
        subject: format!("办理期限有变化（受理编号：{}）", row.number), body
    };
    let key = format!("calendar/{}/{}/{}", version.seq, row.id, change.entry_seq);
    Ok(Some(message_job(app, (Some(row.id), key), to, message)?))
}
