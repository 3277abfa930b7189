//! The chronology of a case (办理经过) for readers who know neither the program nor its names: who did
//! what when, in Chinese, entry by entry.
//!
//! It is made from the entries as they are stored, field by field, so that nothing an event says is
//! left out because nobody thought of it here.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::archiving::{Point, Retention};
use super::chain::Stage;
use super::command::{DefectKind, RemedyKindOpened, RemedyResult};
use super::event::{
    Authentication, Entry, FeeScale, Party, Position, SecrecyFinding, ServiceMethod, SilenceEffect,
};
use super::examination::{Answer, Question};
use super::file::Purpose;
use super::item::Relation;
use super::notice::NoticeKind;
use super::outcome::Outcome;
use super::proposal::Proposal;
use super::receipt::{Channel, ReceiptBasis};

/// One act of the chronology.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Position in the ledger.
    pub seq: i32,
    /// The day it happened.
    pub on: NaiveDate,
    /// Name of the kind of event.
    pub kind: String,
    /// What was done.
    pub act: String,
    /// By whom.
    pub who: String,
    /// What else the record says, as `字段：内容`.
    pub says: Vec<String>,
}

/// The acts of a case in the order of its ledger.
#[must_use]
pub fn acts(entries: &[Entry]) -> Vec<Act> {
    entries.iter().map(act).collect()
}

fn act(entry: &Entry) -> Act {
    let mut says = Vec::new();
    if let Ok(Value::Object(fields)) = serde_json::to_value(&entry.event) {
        for (name, value) in &fields {
            tell(name, value, &mut says);
        }
    }
    Act {
        seq: entry.seq,
        on: entry.on,
        kind: entry.event.kind().to_owned(),
        act: entry.event.label().to_owned(),
        who: entry.actor.label.clone(),
        says,
    }
}

/// Adds what one field says; identifiers of the program and empty fields say nothing.
fn tell(name: &str, value: &Value, says: &mut Vec<String>) {
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::Object(fields) => fields.iter().for_each(|(name, value)| tell(name, value, says)),
        Value::Array(values) if values.iter().all(|v| !v.is_object() && !v.is_array()) => {
            let said = |value: &Value| {
                let known = value.as_str().and_then(|text| worded(name, text));
                known.map_or_else(|| plain(value), ToOwned::to_owned)
            };
            let texts: Vec<String> = values.iter().map(said).filter(|t| !t.is_empty()).collect();
            if let (Some(label), false) = (label(name), texts.is_empty()) {
                says.push(format!("{label}：{}", texts.join("；")));
            }
        }
        Value::Array(values) => values.iter().for_each(|value| tell(name, value, says)),
        single => {
            let Some(label) = label(name) else { return };
            let text = single.as_str().and_then(|text| worded(name, text)).map_or_else(
                || if name.ends_with("_fen") { yuan(single) } else { plain(single) },
                ToOwned::to_owned,
            );
            if !text.is_empty() {
                says.push(format!("{label}：{text}"));
            }
        }
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(true) => "是".to_owned(),
        other => other.to_string(),
    }
}

/// An amount in 分 as people write it.
fn yuan(value: &Value) -> String {
    value.as_i64().map_or_else(String::new, |fen| format!("{}.{:02}元", fen / 100, fen % 100))
}

/// What a field is called; `None` for identifiers and digests, which the ledger itself shows.
fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "channel" => "提交渠道",
        "basis" => "确定依据",
        "evidence" => "收件依据",
        "officer_name" => "承办人",
        "reason" | "why" => "理由",
        "until" => "截止日期",
        "approval" => "批准理由",
        "guidance" => "补正指引",
        "text" => "内容",
        "notice_served_on" | "served_on" => "送达日期",
        "proof" => "凭证",
        "proposal" => "提示",
        "article" => "依据条款",
        "restart_on" => "重新起算日期",
        "accepted" => "理由成立",
        "scale" => "收费方式",
        "amount_fen" => "金额",
        "lawful_fen" => "依标准最高金额",
        "pages" => "页数",
        "id" => "编号",
        "party" => "征求对象类别",
        "addressee" => "收函单位（人）",
        "jointly_made" => "共同制作",
        "address" => "地址",
        "concerns" => "涉及内容",
        "identity_reason" => "告知申请人身份的理由",
        "position" => "意见",
        "effect" => "法律效果",
        "title" => "信息名称",
        "description" => "特征描述",
        "item" | "items" => "事项",
        "question" => "问题",
        "answer" => "结论",
        "note" => "说明",
        "systems" => "检索的系统和档案",
        "keywords" => "检索方法",
        "by" => "检索人",
        "on" => "日期",
        "result" | "outcome" => "结果",
        "place" => "地点、途径",
        "supply" => "提供方式",
        "attachments" => "附件",
        "withheld" => "不予公开的内容",
        "statute" => "法律依据",
        "reasons" => "理由说明",
        "consultation" => "征求意见情况",
        "responsible_agency" => "负责公开的机关",
        "responsible_contact" => "联系方式",
        "earlier_reply" => "此前的答复",
        "finding" => "审查结论",
        "opinion" => "意见内容",
        "authority" => "审查机关",
        "relation" => "关联关系",
        "number" | "lead_number" => "编号、文号",
        "reply_number" => "答复文号",
        "governing_on" => "最早的答复期限",
        "disclosed" => "决定公开的内容",
        "working_days" => "工作日数",
        "stage" => "审批环节",
        "notice_kind" => "文书",
        "method" => "送达方式",
        "tracking" => "邮件号码",
        "receiver" => "签收人、接收人",
        "witness" => "见证人",
        "statement" => "声明",
        "authentication" => "核验方式",
        "from_unit" => "移交单位",
        "giver" => "移交人",
        "what" => "移交材料",
        "need" => "困难",
        "help" => "协助",
        "volume" => "案卷号",
        "remedy" => "类型",
        "body" => "复议机关、法院",
        "decision" => "决定书文号",
        "old_due_on" => "原期限",
        "new_due_on" => "新期限",
        "version" => "日历版本",
        "name" => "名称",
        "purpose" => "用途",
        "from_name" => "原机关",
        "into_name" => "承继机关",
        "document" => "依据文件",
        "retention" => "保管期限",
        "missing" => "归档时缺少",
        _ => return None,
    })
}

/// The Chinese of a stored name, where the field holds one of a fixed list.
fn worded(field: &str, text: &str) -> Option<&'static str> {
    macro_rules! of {
        ($($kind:ty),+) => { None$(.or_else(|| text.parse::<$kind>().ok().map(<$kind>::label)))+ };
    }
    match field {
        "channel" => of!(Channel),
        "basis" => of!(ReceiptBasis),
        "kind" => of!(DefectKind),
        "proposal" => of!(Proposal),
        "scale" => of!(FeeScale),
        "party" => of!(Party),
        "position" => of!(Position),
        "effect" => of!(SilenceEffect),
        "finding" => of!(SecrecyFinding),
        "question" => of!(Question),
        "answer" => of!(Answer),
        "relation" => of!(Relation),
        "stage" => of!(Stage),
        "notice_kind" => of!(NoticeKind),
        "method" => of!(ServiceMethod),
        "authentication" => of!(Authentication),
        "remedy" => of!(RemedyKindOpened),
        "outcome" => of!(Outcome),
        "result" => of!(RemedyResult, Outcome),
        "purpose" => of!(Purpose),
        "retention" => of!(Retention),
        "missing" => of!(Point),
        _ => None,
    }
}
