//! What each form says of a case: from its ledger, and nothing that is not on record.

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use crate::app::AppError;
use crate::app::items;
use crate::app::ledger::Loaded;
use crate::documents::notice::chinese_date;
use crate::documents::wording::PROVISIONAL_FLAG;
use crate::domain::agency::Agency;
use crate::domain::calendar::Calendar;
use crate::domain::chronicle;
use crate::domain::consultation;
use crate::domain::event::{Entry, Event, Party};
use crate::domain::extension;
use crate::domain::form::FormKind;
use crate::domain::request::Application;

/// How long a case is kept where nothing makes it longer; the least the archives rules allow.
const KEPT: &str = "自案卷归档之日起不少于10年，期满依照档案法律处理";

pub(super) type Fields = Map<String, Value>;

/// What is known of a case.
pub(super) struct Sources<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) entries: &'a [Entry],
    pub(super) agency: &'a Agency,
    /// The application, masked.
    pub(super) form: &'a Application,
    /// The application as it was entered.
    pub(super) whole: &'a Application,
    pub(super) url: &'a str,
    pub(super) calendar: &'a Calendar,
}

/// Puts a text that is there.
pub(super) fn put(fields: &mut Fields, name: &str, text: &str) {
    if !text.trim().is_empty() {
        fields.insert(name.into(), json!(text.trim()));
    }
}

/// Puts a date that may be an estimate: then the form says that it follows.
pub(super) fn put_limit(fields: &mut Fields, name: &str, date: Option<NaiveDate>, sure: bool) {
    let date = date.filter(|_| sure);
    fields.insert(name.into(), json!(date));
    if date.is_none() {
        fields.insert(PROVISIONAL_FLAG.into(), json!(true));
    }
}

/// Where an application is handed in, and how long it is kept.
pub(super) fn office(fields: &mut Fields, agency: &Agency, url: &str) {
    let profile = &agency.profile;
    let mut ways = vec![
        format!("当面提交或者邮寄：{}（邮政编码{}）", office_place(agency), profile.postcode),
        format!("网上提交：{url}/apply"),
    ];
    if !profile.fax.is_empty() {
        ways.push(format!("传真：{}", profile.fax));
    }
    fields.insert("提交方式".into(), json!(ways));
    fields.insert("保管期限".into(), json!(KEPT));
}

fn office_place(agency: &Agency) -> String {
    format!("{}{}", agency.profile.address, agency.profile.office_name)
}

impl Sources<'_> {
    /// The fields of a form and to whom it is addressed.
    pub(super) fn fields(&self, kind: FormKind) -> Result<(Fields, String), AppError> {
        let row = &self.loaded.row;
        let mut fields = Fields::new();
        let number = !matches!(kind, FormKind::Application | FormKind::PowerOfAttorney);
        if number {
            fields.insert("登记编号".into(), json!(row.number));
        }
        let mut addressee = String::new();
        match kind {
            FormKind::Application => self.application(&mut fields),
            FormKind::PowerOfAttorney => self.attorney(&mut fields),
            FormKind::Register => self.register(&mut fields),
            FormKind::ThirdPartySlip => self.slip(&mut fields, Party::ThirdParty)?,
            FormKind::AgencySlip => self.slip(&mut fields, Party::Agency)?,
            FormKind::InternalTask => {
                let tasks: Vec<[String; 2]> = self.items();
                fields.insert("交办事项".into(), json!(tasks));
                put(&mut fields, "交办人", &self.officer());
                put_limit(&mut fields, "最迟答复日期", row.due_on, !row.provisional);
            }
            FormKind::SupplyList => self.supplied(&mut fields)?,
            FormKind::Withdrawal => self.withdrawal(&mut fields),
            FormKind::Handling => self.handling(&mut fields),
            FormKind::Secrecy => self.secrecy(&mut fields),
            FormKind::Extension => self.extension(&mut fields)?,
            FormKind::Defence => addressee = self.defence(&mut fields)?,
        }
        Ok((fields, addressee))
    }

    fn application(&self, fields: &mut Fields) {
        let (form, a) = (self.form, &self.form.applicant);
        if a.kind.is_person() {
            put(fields, "姓名", &a.name);
            put(fields, "证件类型", a.credential_kind.label());
            put(fields, "证件号码", &a.credential_number);
        } else {
            put(fields, "单位名称", &a.name);
            put(fields, "单位类别", a.kind.label());
            put(fields, "信用代码", &a.credential_number);
            put(fields, "法定代表人", &a.legal_representative);
            put(fields, "联系人", &a.contact_person);
        }
        put(fields, "通信地址", &a.address);
        put(fields, "邮政编码", &a.postcode);
        put(fields, "联系电话", &a.phone);
        put(fields, "电子邮箱", &a.email);
        put(fields, "共同申请人", &form.co_applicants.join("、"));
        if let Some(agent) = &form.agent {
            put(fields, "代理人姓名", &agent.name);
            put(fields, "代理人证件号码", &agent.credential_number);
            put(fields, "代理人电话", &agent.phone);
            put(fields, "代理权限", &agent.authority);
        }
        put(fields, "信息名称", &form.title);
        put(fields, "文号", &form.document_number);
        put(fields, "特征描述", &form.description);
        put(fields, "提供形式", form.supply_form.label());
        put(fields, "获取方式", form.delivery_way.label());
        put(fields, "电子送达", if form.electronic_service { "同意" } else { "不同意" });
        put(fields, "受理机关", &self.agency.profile.name);
        office(fields, self.agency, self.url);
    }

    /// What is signed bears the names as they are; the numbers are added by hand.
    fn attorney(&self, fields: &mut Fields) {
        let form = self.form;
        put(fields, "委托人", &self.loaded.row.applicant_name);
        put(fields, "委托人证件号码", &form.applicant.credential_number);
        if let Some(agent) = &form.agent {
            put(fields, "受托人", self.whole.agent.as_ref().map_or("", |agent| &agent.name));
            put(fields, "受托人证件号码", &agent.credential_number);
            put(fields, "受托人电话", &agent.phone);
            put(fields, "代理权限", &agent.authority);
        }
        put(fields, "受理机关", &self.agency.profile.name);
        put(fields, "申请事项", &form.title);
    }

    fn register(&self, fields: &mut Fields) {
        let (row, a) = (&self.loaded.row, &self.form.applicant);
        put(fields, "申请人", &a.name);
        put(fields, "申请人类别", a.kind.label());
        put(fields, "证件类型", a.credential_kind.label());
        put(fields, "证件号码", &a.credential_number);
        put(fields, "联系电话", &a.phone);
        put(fields, "提交方式", row.channel.label());
        fields.insert("提出日期".into(), json!(row.arrived_on));
        if let Some(on) = row.received_on {
            fields.insert("收到日期".into(), json!(on));
        }
        put(fields, "认定依据", row.receipt_basis.map_or("", |basis| basis.label()));
        let evidence = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Received { evidence, .. } => Some(evidence.as_str()),
            _ => None,
        });
        put(fields, "收件凭证", evidence.unwrap_or_default());
        fields.insert("申请事项".into(), json!(self.items()));
        put(fields, "提供形式", self.form.supply_form.label());
        put(fields, "获取方式", self.form.delivery_way.label());
        put(fields, "承办人", &self.officer());
        put_limit(fields, "最迟答复日期", row.due_on, !row.provisional);
        put(fields, "状态", row.state.label());
        let acts = chronicle::acts(self.entries);
        let told: Vec<[String; 3]> =
            acts.into_iter().map(|act| [chinese_date(act.on), act.act, act.who]).collect();
        fields.insert("办理经过".into(), json!(told));
    }

    /// The slip that goes with the last letter of its kind. It says nothing of the applicant.
    fn slip(&self, fields: &mut Fields, party: Party) -> Result<(), AppError> {
        let asked = self.loaded.case.consultations.iter().rev().find(|one| one.party == party);
        let asked = asked.ok_or_else(|| nothing("还没有发出征求意见的函"))?;
        let titles = items::titles(&self.loaded.case, &self.loaded.row, &asked.items);
        let letter = asked.letter.as_ref().map(|sent| sent.letter.clone()).unwrap_or_default();
        let concerns = consultation::concerns(&letter, &titles);
        fields.insert("征求内容".into(), json!(concerns));
        let place =
            format!("{}（邮政编码{}）", office_place(self.agency), self.agency.profile.postcode);
        put(fields, "反馈地址", &place);
        match party {
            Party::ThirdParty => put(fields, "征询对象", &asked.addressee),
            Party::Agency => {
                put(fields, "共同制作", if asked.jointly_made { "是" } else { "否" });
                put(fields, "发函机关", &self.agency.profile.name);
            }
        }
        Ok(())
    }

    fn supplied(&self, fields: &mut Fields) -> Result<(), AppError> {
        let case = &self.loaded.case;
        let listed = case.supplied.iter().filter(|file| !file.withdrawn);
        let lines: Vec<[String; 5]> = (1..)
            .zip(listed)
            .map(|(no, file)| {
                let blank = String::new();
                [no.to_string(), file.name.clone(), "1".to_owned(), blank, "电子".to_owned()]
            })
            .collect();
        if lines.is_empty() {
            return Err(nothing("还没有登记要提供的文件"));
        }
        fields.insert("件数".into(), json!(lines.len()));
        fields.insert("提供信息".into(), json!(lines));
        put(fields, "领取人", &self.loaded.row.applicant_name);
        put(fields, "答复文号", self.reply_number().unwrap_or_default());
        put(fields, "提供方式", self.form.delivery_way.label());
        Ok(())
    }

    fn withdrawal(&self, fields: &mut Fields) {
        let row = &self.loaded.row;
        put(fields, "申请人", &row.applicant_name);
        if let Some(on) = row.received_on {
            fields.insert("收到日期".into(), json!(on));
        }
        put(fields, "申请事项", &row.title);
        for entry in self.entries {
            if let Event::Withdrawn { statement, .. } = &entry.event {
                fields.insert("撤回日期".into(), json!(entry.on));
                put(fields, "撤回说明", statement);
                put(fields, "确认方式", &format!("由{}登记", entry.actor.label));
            }
        }
    }

    fn extension(&self, fields: &mut Fields) -> Result<(), AppError> {
        let row = &self.loaded.row;
        put(fields, "申请事项", &row.title);
        if let Some(on) = row.received_on {
            fields.insert("收到日期".into(), json!(on));
        }
        for entry in self.entries {
            let who = || format!("{}　{}", entry.actor.label, chinese_date(entry.on));
            match &entry.event {
                Event::ExtensionAsked { working_days, reason } => {
                    fields.insert("延长工作日".into(), json!(working_days));
                    put(fields, "延期理由", reason);
                    put(fields, "申请人员", &who());
                }
                Event::ExtensionConsented { working_days, .. } => {
                    fields.insert("延长工作日".into(), json!(working_days));
                    put(fields, "审批结果", &format!("同意延长{working_days}个工作日"));
                    put(fields, "审批人", &who());
                }
                Event::ExtensionRefused { reason } => {
                    put(fields, "审批结果", &format!("不同意：{reason}"));
                    put(fields, "审批人", &who());
                }
                _ => {}
            }
        }
        let limits = extension::limits(self.entries, self.calendar).map_err(AppError::broken)?;
        put_limit(fields, "原最迟答复日期", limits.before, true);
        put_limit(fields, "延长后日期", limits.after, true);
        Ok(())
    }

    fn defence(&self, fields: &mut Fields) -> Result<String, AppError> {
        let row = &self.loaded.row;
        let remedy = self.loaded.case.remedies.last();
        let remedy = remedy.ok_or_else(|| nothing("没有登记复议或者诉讼"))?;
        let claimant = match remedy.claimant_name.trim() {
            "" => &row.applicant_name,
            name => name,
        };
        put(fields, "申请人", claimant);
        put(fields, "复议机关", &remedy.body);
        put(fields, "申请事项", &row.title);
        if let Some(on) = row.received_on {
            fields.insert("收到日期".into(), json!(on));
        }
        put(fields, "复议请求", &remedy.claims);
        let replied = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Issued { number, outcome, .. } => Some(format!(
                "{}作出《政府信息公开申请答复书》（{number}），结果为{}",
                chinese_date(entry.on),
                outcome.label()
            )),
            _ => None,
        });
        put(fields, "答复", &replied.unwrap_or_default());
        let acts = chronicle::acts(self.entries);
        let told: Vec<String> =
            acts.iter().map(|act| format!("{}，{}", chinese_date(act.on), act.act)).collect();
        fields.insert("经过".into(), json!(told));
        let ground = self.loaded.case.outcome.map(|outcome| outcome.rule().ground);
        if let Some(ground) = ground.filter(|ground| !ground.is_empty()) {
            fields.insert(
                "依据".into(),
                json!([format!("《中华人民共和国政府信息公开条例》{ground}")]),
            );
        }
        put(fields, "证据目录", "证据目录和证据材料");
        Ok(remedy.body.clone())
    }

    /// Number and text of the items; an undivided request is one.
    pub(super) fn items(&self) -> Vec<[String; 2]> {
        let items = &self.loaded.case.items;
        if items.is_empty() {
            return vec![["1".to_owned(), self.loaded.row.title.clone()]];
        }
        items.iter().map(|item| [item.n.to_string(), item.text.title.clone()]).collect()
    }

    pub(super) fn officer(&self) -> String {
        let named = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Assigned { officer_name, .. } => Some(officer_name.clone()),
            _ => None,
        });
        named.unwrap_or_default()
    }

    pub(super) fn reply_number(&self) -> Option<&str> {
        self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::Issued { number, .. } => Some(number.as_str()),
            _ => None,
        })
    }
}

fn nothing(why: &str) -> AppError {
    AppError::Conflict {
        code: "nothing_to_fill_in", message: format!("不能打印该表：{why}")
    }
}
