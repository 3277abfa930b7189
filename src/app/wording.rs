//! From the facts of a case to the structured notice: which fields each wording gets.
//!
//! The words stand in `assets/notices`; here they only get their facts. Dates that rest on an
//! estimated calendar are handed over as unknown, so that no notice prints a guess (rulebook C11).

pub mod letters;
pub mod money;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::db::deliveries::DeliveryRow;
use crate::db::notices::NoticeRow;
use crate::db::record_corrections::RecordCorrectionRow;
use crate::db::requests::RequestRow;
use crate::documents::wording::PROVISIONAL_FLAG;
use crate::documents::{Layout, Notice};
use crate::domain::agency::Agency;
use crate::domain::command::{CorrectionDefect, DefectKind};
use crate::domain::outcome::Outcome;
use crate::domain::receipt::Channel;
use crate::domain::record_correction::{RecordCorrectionForm, RecordResult, RecordStep};
use crate::domain::remedy;
use crate::domain::service::Slip;
use crate::domain::volume::{ReasonRequestClock, Volume};

use super::{App, AppError};

mod replies;

pub use replies::{by_item, reply};

/// What every notice of a case says.
pub struct Facts<'a> {
    /// The agency that speaks.
    pub agency: &'a Agency,
    /// The request.
    pub row: &'a RequestRow,
    /// 成文日期.
    pub date: NaiveDate,
}

impl Facts<'_> {
    fn common(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        fields.insert("称谓".into(), json!(self.address_form()));
        fields.insert("收到日期".into(), json!(self.row.received_on));
        fields.insert("提交方式".into(), json!(channel_box(self.row.channel)));
        fields.insert("登记编号".into(), json!(self.row.number));
        fields
    }

    fn address_form(&self) -> &'static str {
        if self.row.applicant_kind.is_person() { "您" } else { "您单位" }
    }

    /// Puts a date, or the promise to tell it once the calendar is published.
    fn put_date(fields: &mut Map<String, Value>, name: &str, date: Option<NaiveDate>, sure: bool) {
        let date = date.filter(|_| sure);
        fields.insert(name.into(), json!(date));
        if date.is_none() {
            fields.insert(PROVISIONAL_FLAG.into(), json!(true));
        }
    }

    /// The notice around the body that the template `code` makes of `fields`.
    pub fn notice(
        &self,
        app: &App,
        code: &str,
        fields: &Map<String, Value>,
    ) -> Result<Notice, AppError> {
        let wording = app.wording_of(self.agency.id, code);
        let broken = |error| AppError::Unprintable(format!("文书无法生成：{error}"));
        let template = wording.template(code).map_err(broken)?;
        let receipt = template.layout == Layout::Receipt;
        let profile = &self.agency.profile;
        let notice = Notice {
            template: wording.reference(code).map_err(broken)?,
            layout: template.layout,
            head: profile.name.clone(),
            number: None,
            title: template.title.clone(),
            addressee: self.row.applicant_name.clone(),
            blocks: wording.blocks(code, fields).map_err(broken)?,
            attachments: Vec::new(),
            signatory: profile.name.clone(),
            date: self.date,
            contact: Some(format!(
                "联系部门：{}，联系电话：{}",
                profile.office_name, profile.phone
            )),
            copies_to: Vec::new(),
            rows: wording.rows(code, fields).map_err(broken)?,
            query_code: None,
            case_number: receipt.then(|| self.row.number.clone()),
            track_url: receipt.then(|| track_url(app, &self.row.number)),
            pay_url: None,
            seal: None,
        };
        let given = [self.row.title.as_str(), self.row.applicant_name.as_str()];
        Ok(spelled(app, &notice, fields, &given))
    }
}

/// Fields that repeat what applicants wrote.
const GIVEN: [&str; 7] =
    ["申请内容", "申请清单", "记录", "不准确之处", "证据", "申请人", "受送达人"];

/// The notice with signs spelled that an applicant wrote and no font draws. What officers write is
/// theirs to correct: they are told before anything is numbered.
///
/// Source: 条例 art. 29, 33: nobody goes without receipt or reply for a sign in a name or a title.
fn spelled(app: &App, notice: &Notice, fields: &Map<String, Value>, given: &[&str]) -> Notice {
    let repeated = GIVEN.iter().filter_map(|name| fields.get(*name));
    let repeated: String = repeated.map(Value::to_string).collect();
    app.engine.spelled(notice, &(given.concat() + &repeated))
}

/// Where the applicant follows the case.
pub fn track_url(app: &App, number: &str) -> String {
    format!("{}/track?number={number}", app.settings.public_url)
}

/// The box of the specimen that the channel ticks.
const fn channel_box(channel: Channel) -> &'static str {
    match channel {
        Channel::Internet | Channel::Email | Channel::Other => "在线",
        Channel::RegisteredPost | Channel::OrdinaryPost => "信函",
        Channel::Fax => "传真",
        Channel::InPerson | Channel::Oral => "当面",
    }
}

/// F03: what was submitted, when it counts as received, and until when the reply is due.
pub fn receipt(app: &App, facts: &Facts<'_>, query_code: String) -> Result<Notice, AppError> {
    let row = facts.row;
    let mut fields = facts.common();
    fields.insert("提交日期".into(), json!(row.arrived_on));
    fields.insert("份数".into(), json!(1));
    fields.insert("提交材料".into(), json!(["《政府信息公开申请书》1份"]));
    fields.insert("申请内容".into(), json!([row.title]));
    fields.insert("查询电话".into(), json!(facts.agency.profile.phone));
    Facts::put_date(&mut fields, "最迟答复日期", row.due_on, !row.provisional);
    let mut notice = facts.notice(app, "receipt", &fields)?;
    notice.query_code = Some(query_code);
    Ok(notice)
}

/// F04: everything to correct, at once, and until when.
pub fn correction(
    app: &App,
    facts: &Facts<'_>,
    until: NaiveDate,
    defects: &[CorrectionDefect],
) -> Result<Notice, AppError> {
    let listed = |kind: DefectKind| -> Vec<&str> {
        defects.iter().filter(|d| d.kind == kind).map(|d| d.guidance.trim()).collect()
    };
    let mut fields = facts.common();
    fields.insert("内容问题".into(), json!(listed(DefectKind::Content)));
    fields.insert("身份材料问题".into(), json!(listed(DefectKind::Identity)));
    fields.insert("申请书问题".into(), json!(listed(DefectKind::Form)));
    fields.insert("补正期限".into(), json!(until));
    fields.insert("提交途径".into(), json!(ways_to_submit(app, facts.agency)));
    facts.notice(app, "correction", &fields)
}

fn ways_to_submit(app: &App, agency: &Agency) -> Vec<String> {
    let profile = &agency.profile;
    let mut ways = vec![
        format!("网上提交：{}/track（凭登记编号和查询码）", app.settings.public_url),
        format!(
            "当面提交或者邮寄：{}{}（邮政编码{}）",
            profile.address, profile.office_name, profile.postcode
        ),
    ];
    if !profile.fax.is_empty() {
        ways.push(format!("传真：{}", profile.fax));
    }
    ways
}

/// F05: how many requests came over which period, which, until when to give reasons, and what follows.
///
/// Source: 条例 art. 35.
pub fn reasons(
    app: &App,
    facts: &Facts<'_>,
    until: NaiveDate,
    clock: ReasonRequestClock,
    volume: &Volume,
) -> Result<Notice, AppError> {
    let counts: Vec<String> = volume
        .periods
        .iter()
        .map(|period| format!("{}以来共提出{}件", plain(period.since), period.count))
        .collect();
    let listed: Vec<String> = volume
        .requests
        .iter()
        .map(|item| format!("{}（{}，{}）", item.title, item.number, plain(item.arrived_on)))
        .collect();
    // Reasons are given on paper: the tracking page takes corrections only.
    let ways: Vec<String> = ways_to_submit(app, facts.agency).into_iter().skip(1).collect();
    let mut fields = facts.common();
    fields.insert("件数统计".into(), json!(counts));
    fields.insert("申请清单".into(), json!(listed));
    fields.insert("说明期限".into(), json!(until));
    fields.insert("期间计算".into(), json!(clock.label()));
    fields.insert("提交途径".into(), json!(ways));
    facts.notice(app, "reasons", &fields)
}

/// A date without its day of the week, for lists.
fn plain(date: NaiveDate) -> String {
    date.format("%Y年%-m月%-d日").to_string()
}

/// The later date of a high volume with good reasons.
///
/// Source: 条例 art. 35.
pub fn deferral(
    app: &App,
    facts: &Facts<'_>,
    until: NaiveDate,
    why: &str,
) -> Result<Notice, AppError> {
    let mut fields = facts.common();
    fields.insert("延迟理由".into(), json!(why));
    fields.insert("最迟答复日期".into(), json!(until));
    facts.notice(app, "deferral", &fields)
}

/// F06: why, how long, until when.
pub fn extension(
    app: &App,
    facts: &Facts<'_>,
    working_days: u16,
    reason: &str,
    until: (Option<NaiveDate>, bool),
) -> Result<Notice, AppError> {
    let mut fields = facts.common();
    fields.insert("延期理由".into(), json!(reason));
    fields.insert("延长工作日".into(), json!(working_days));
    Facts::put_date(&mut fields, "最迟答复日期", until.0, until.1);
    facts.notice(app, "extension", &fields)
}

/// F43: what cannot be decided here, for the authority that decides on secrecy. It tells nothing of
/// the applicant.
///
/// Source: 条例 art. 17 ¶3; 保密法 art. 35.
pub fn secrecy_referral(
    app: &App,
    facts: &Facts<'_>,
    authority: &str,
    items: &[String],
    question: &str,
) -> Result<Notice, AppError> {
    let mut fields = Map::new();
    fields.insert("登记编号".into(), json!(facts.row.number));
    fields.insert("收到日期".into(), json!(facts.row.received_on));
    fields.insert("送审内容".into(), json!(items));
    fields.insert("问题".into(), json!(question));
    let notice = facts.notice(app, "secrecy_referral", &fields)?;
    Ok(Notice { addressee: authority.to_owned(), ..notice })
}

/// F41: what went how to whom, with lines for what is written by hand.
pub fn service_slip(
    app: &App,
    facts: &Facts<'_>,
    notice: &NoticeRow,
    delivery: &DeliveryRow,
    slip: &Slip,
    address: &str,
) -> Result<Notice, AppError> {
    let mut fields = Map::new();
    let served = match &notice.number {
        Some(number) => format!("《{}》（{number}）", notice.title),
        None => format!("《{}》", notice.title),
    };
    fields.insert("送达文书".into(), json!(served));
    fields.insert("登记编号".into(), json!(facts.row.number));
    fields.insert("受送达人".into(), json!(facts.row.applicant_name));
    let place = if slip.place.is_empty() { address.trim() } else { &slip.place };
    fields.insert("送达方式".into(), json!(delivery.method.label()));
    fields.insert("发出日期".into(), json!(delivery.sent_on));
    let mut put = |name: &str, text: &str| {
        if !text.trim().is_empty() {
            fields.insert(name.into(), json!(text.trim()));
        }
    };
    put("送达地点", place);
    put("邮件号码", delivery.tracking_number.as_deref().unwrap_or_default());
    put("签收人", &slip.receiver);
    put("与受送达人关系", &slip.relation);
    put("见证人", &slip.witness);
    put("理由", &slip.reason);
    put("退回原因", delivery.return_reason.as_deref().unwrap_or_default());
    if let Some(served_on) = delivery.served_on {
        fields.insert("送达日期".into(), json!(served_on));
    }
    facts.notice(app, "service_slip", &fields)
}

/// F38: the answer to an application for the correction of a record, or the letter that passes it on.
pub fn record_correction(
    app: &App,
    agency: &Agency,
    row: &RecordCorrectionRow,
    form: &RecordCorrectionForm,
    last: &RecordStep,
) -> Result<Notice, AppError> {
    let mut fields = Map::new();
    fields.insert("登记号".into(), json!(row.number));
    fields.insert("收到日期".into(), json!(row.received_on));
    fields.insert("记录".into(), json!(form.record.trim()));
    fields.insert("不准确之处".into(), json!(form.error.trim()));
    match last {
        RecordStep::Forward { agency: competent, .. } => {
            fields.insert("申请人".into(), json!(form.applicant_name));
            fields.insert("证据".into(), json!(form.evidence.trim()));
            let to = (competent.trim().to_owned(), last.on());
            sheet(app, agency, "record_forwarding", &fields, to)
        }
        RecordStep::Answer { text, result, .. } => {
            fields.insert("处理结果".into(), json!(result.map(RecordResult::label)));
            fields.insert("答复内容".into(), json!(text.trim()));
            // Review or court, at choice (rulebook 5.3 F38, 5.4 B): as after any answer of that kind.
            let remedy = remedy::paragraph(Outcome::U3, &agency.profile, false, last.on())
                .map_err(|error| AppError::Unprintable(error.to_string()))?;
            fields.insert("救济".into(), json!(remedy.unwrap_or_default()));
            let to = (form.applicant_name.clone(), last.on());
            sheet(app, agency, "record_answer", &fields, to)
        }
        RecordStep::Verify { .. } | RecordStep::Deliver { .. } => Err(AppError::NotFound("该文书")),
    }
}

/// A sheet of an agency that belongs to no request.
pub fn sheet(
    app: &App,
    agency: &Agency,
    name: &str,
    fields: &Map<String, Value>,
    (addressee, date): (String, NaiveDate),
) -> Result<Notice, AppError> {
    let wording = app.wording_of(agency.id, name);
    let broken = |error| AppError::Unprintable(format!("文书无法生成：{error}"));
    let template = wording.template(name).map_err(broken)?;
    let profile = &agency.profile;
    let contact = format!("联系部门：{}，联系电话：{}", profile.office_name, profile.phone);
    let given = addressee.clone();
    let notice = Notice {
        template: wording.reference(name).map_err(broken)?,
        layout: template.layout,
        head: profile.name.clone(),
        number: None,
        title: template.title.clone(),
        addressee,
        blocks: wording.blocks(name, fields).map_err(broken)?,
        attachments: Vec::new(),
        signatory: profile.name.clone(),
        date,
        contact: Some(contact),
        copies_to: Vec::new(),
        rows: wording.rows(name, fields).map_err(broken)?,
        query_code: None,
        case_number: None,
        track_url: None,
        pay_url: None,
        seal: None,
    };
    Ok(spelled(app, &notice, fields, &[&given]))
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(|text| text.trim()).filter(|text| !text.is_empty()).collect()
}

/// One item a line, as officers type them.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}
