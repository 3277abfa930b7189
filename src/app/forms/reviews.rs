//! The forms that gather what was searched, asked, reviewed and approved: 办理单 (F42), 保密审查表 (F43).

use serde_json::json;

use super::facts::{Fields, Sources, put, put_limit};
use crate::documents::notice::chinese_date;
use crate::domain::case::Consultation;
use crate::domain::event::{Entry, Event};
use crate::domain::item::{Clearance, RightsCheck};
use crate::domain::outcome::Outcome;

impl Sources<'_> {
    pub(super) fn handling(&self, fields: &mut Fields) {
        let (row, case) = (&self.loaded.row, &self.loaded.case);
        put(fields, "申请人", &self.form.applicant.name);
        put(fields, "证件号码", &self.form.applicant.credential_number);
        put(fields, "提交方式", row.channel.label());
        if let Some(on) = row.received_on {
            fields.insert("收到日期".into(), json!(on));
        }
        put_limit(fields, "最迟答复日期", row.due_on, !row.provisional);
        put(fields, "承办人", &self.officer());
        put(fields, "状态", row.state.label());
        let of_whole = case.draft.as_ref().map(|draft| draft.outcome).or(case.outcome);
        let result = |outcome: Option<Outcome>| {
            let told = |o: Outcome| (o.label(), o.rule().ground);
            outcome.map_or((String::new(), String::new()), |o| {
                let (label, ground) = told(o);
                (label.to_owned(), ground.to_owned())
            })
        };
        let lines: Vec<[String; 4]> = self
            .items()
            .into_iter()
            .enumerate()
            .map(|(at, [no, text])| {
                let decided = case.items.get(at).map_or(of_whole, |item| item.outcome());
                let (outcome, ground) = result(decided);
                [no, text, outcome, ground]
            })
            .collect();
        fields.insert("申请事项".into(), json!(lines));
        let searches: Vec<[String; 5]> = case
            .searches
            .iter()
            .map(|search| {
                let s = &search.record;
                [
                    chinese_date(s.on),
                    s.systems.clone(),
                    s.keywords.clone(),
                    s.by.clone(),
                    s.result.clone(),
                ]
            })
            .collect();
        fields.insert("检索".into(), json!(searches));
        let asked: Vec<[String; 4]> = case.consultations.iter().map(consulted).collect();
        fields.insert("征求意见".into(), json!(asked));
        fields.insert("审批".into(), json!(self.approvals()));
    }

    /// What reviewers and approvers did, in order.
    pub(super) fn approvals(&self) -> Vec<[String; 4]> {
        let line = |entry: &Entry| {
            let opinion = match &entry.event {
                Event::DraftSubmitted { outcome, written, .. } if written.changed_blocks > 0 => {
                    format!("{}（正文改动{}处）", outcome.label(), written.changed_blocks)
                }
                Event::DraftSubmitted { outcome, .. } | Event::Issued { outcome, .. } => {
                    outcome.label().to_owned()
                }
                Event::DraftReturned { reason, .. } => reason.clone(),
                Event::DraftApproved { stage, .. } => {
                    stage.map_or("同意".to_owned(), |stage| format!("{}：同意", stage.label()))
                }
                Event::ReleaseReviewed { finding, opinion, .. }
                | Event::SecrecyReviewed { finding, opinion }
                | Event::SecrecyRuled { finding, opinion, .. } => {
                    format!("{}。{opinion}", finding.label())
                }
                Event::ExtensionConsented { working_days, .. } => {
                    format!("同意延长{working_days}个工作日")
                }
                Event::ExtensionRefused { reason } => reason.clone(),
                _ => return None,
            };
            let act = entry.event.label().to_owned();
            Some([chinese_date(entry.on), act, opinion, entry.actor.label.clone()])
        };
        self.entries.iter().filter_map(line).collect()
    }

    pub(super) fn secrecy(&self, fields: &mut Fields) {
        let case = &self.loaded.case;
        put(fields, "承办人", &self.officer());
        let found = |clearance: Option<&Clearance>| {
            let told = clearance.map(|c| {
                let right =
                    |r: Option<RightsCheck>| r.map_or(String::new(), |r| r.label().to_owned());
                [c.finding.label().to_owned(), right(c.third_party), right(c.personal_data)]
            });
            told.unwrap_or_default()
        };
        let lines: Vec<[String; 5]> = self
            .items()
            .into_iter()
            .enumerate()
            .map(|(at, [no, text])| {
                let item = case.items.get(at).and_then(|item| item.clearance.as_ref());
                let [secret, third, personal] = found(item.or(case.clearance.as_ref()));
                [no, text, secret, third, personal]
            })
            .collect();
        fields.insert("审查事项".into(), json!(lines));
        let opinion = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::ReleaseReviewed { opinion, .. } | Event::SecrecyReviewed { opinion, .. } => {
                Some(format!("{opinion}（{}，{}）", entry.actor.label, chinese_date(entry.on)))
            }
            _ => None,
        });
        put(fields, "意见", &opinion.unwrap_or_default());
        let referred = self.entries.iter().rev().find_map(|entry| match &entry.event {
            Event::SecrecyReferred { authority, .. } => {
                Some(format!("{}送{authority}确定", chinese_date(entry.on)))
            }
            _ => None,
        });
        put(fields, "送审", &referred.unwrap_or_default());
        let files = case.supplied.iter().filter(|file| !file.withdrawn);
        fields.insert("拟提供文件".into(), json!(files.map(|f| &f.name).collect::<Vec<_>>()));
    }
}

pub(super) fn consulted(asked: &Consultation) -> [String; 4] {
    let answer = asked.answered_on.map(chinese_date).unwrap_or_default();
    let position = asked.position.map_or("", |position| position.label());
    let silent = if asked.silence.is_some() { "逾期未答复" } else { position };
    [asked.addressee.clone(), chinese_date(asked.sent_on), answer, silent.to_owned()]
}
