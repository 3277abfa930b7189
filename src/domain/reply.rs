//! What an officer writes for a reply, and what is still missing before anybody may sign it.
//!
//! Source: rulebook 4.1, column "Must contain"; 条例 art. 36, 40.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::dates;
use super::ids::{AgencyId, ReasonTextId};
use super::item::Search;
use super::outcome::{Content, Outcome};
use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, TEXT_MAX};

/// The record of a search (检索记录). Without it "does not exist" cannot be said.
///
/// Source: 条例 art. 36 (4); rulebook 4.1 U1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRecord {
    /// Systems and archives searched.
    pub systems: String,
    /// Keywords used.
    pub keywords: String,
    /// Who searched.
    pub by: String,
    /// When.
    #[serde(deserialize_with = "dates::deserialize")]
    pub on: NaiveDate,
    /// What was found.
    pub result: String,
}

/// The substance of a reply. Which fields are needed follows from the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyContent {
    /// The outcome.
    pub outcome: Outcome,
    /// The items asked for, as the reply repeats them; of a decided item its own title.
    #[serde(default)]
    pub items: Vec<String>,
    /// Where published information can be had (G1, N7, N8, X3).
    #[serde(default)]
    pub place: String,
    /// What is supplied, or how, where and when it can be had (G2, P1).
    #[serde(default)]
    pub supply: String,
    /// Names of the documents attached (G2, P1).
    #[serde(default)]
    pub attachments: Vec<String>,
    /// What is withheld (P1).
    #[serde(default)]
    pub withheld: String,
    /// The statute that forbids or governs (N2, N8).
    #[serde(default)]
    pub statute: String,
    /// Reasons.
    #[serde(default)]
    pub reasons: String,
    /// Consultation and weighing (N4).
    #[serde(default)]
    pub consultation: String,
    /// The search (U1).
    #[serde(default)]
    pub search: Option<SearchRecord>,
    /// Name of the responsible agency (U2); may be unknown, then the reasons say so.
    #[serde(default)]
    pub responsible_agency: String,
    /// How to reach it (U2).
    #[serde(default)]
    pub responsible_contact: String,
    /// The responsible agency, if it is one of the county's (U2): its name and office are taken from
    /// its own data where they are not typed.
    #[serde(default)]
    pub responsible_agency_id: Option<AgencyId>,
    /// The earlier reply (X2, X5).
    #[serde(default)]
    pub earlier_reply: String,
    /// Correction asked and received (U4).
    #[serde(default)]
    pub correction_history: String,
    /// Numbers and reasons (X4).
    #[serde(default)]
    pub volume_record: String,
    /// Entries of the library of reasons it was built on. Nothing of them is printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reason_texts: Vec<ReasonTextId>,
}

impl ReplyContent {
    /// Puts in what is on record and was not entered: the last search, the earlier reply.
    pub fn fill_from(&mut self, case: &Case, item: Option<u16>) {
        let wants = self.outcome.rule().content;
        if wants.contains(&Content::Search) && self.search.is_none() {
            let of_item = |search: &&Search| search.item.is_none() || search.item == item;
            let last = case.searches.iter().rfind(of_item);
            self.search = last.map(|search| search.record.clone());
        }
        if wants.contains(&Content::EarlierReply) && !filled(&self.earlier_reply) {
            let replied = case.links.iter().rev().find_map(|(_, earlier)| earlier.reply_words());
            self.earlier_reply = replied.unwrap_or_default();
        }
    }

    /// Lists everything that keeps the reply from being signed, all at once.
    #[must_use]
    pub fn faults(&self, today: NaiveDate) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if self.items.iter().all(|item| item.trim().is_empty()) {
            faults.push(missing("items", "申请公开的事项"));
        }
        for content in self.outcome.rule().content {
            let (field, present) = match content {
                Content::Place => ("place", filled(&self.place)),
                Content::Supply => {
                    ("supply", filled(&self.supply) || self.attachments.iter().any(|a| filled(a)))
                }
                Content::Withheld => ("withheld", filled(&self.withheld)),
                Content::Statute => ("statute", filled(&self.statute)),
                Content::Reasons => ("reasons", filled(&self.reasons)),
                Content::Consultation => ("consultation", filled(&self.consultation)),
                Content::Search => ("search", self.search.as_ref().is_some_and(complete)),
                // Named only "if it can be determined" (条例 art. 36 (5)); reasons are asked apart.
                Content::ResponsibleAgency => {
                    let named = filled(&self.responsible_agency);
                    ("responsible_contact", !named || filled(&self.responsible_contact))
                }
                Content::EarlierReply => ("earlier_reply", filled(&self.earlier_reply)),
                Content::CorrectionHistory => {
                    ("correction_history", filled(&self.correction_history))
                }
                Content::VolumeRecord => ("volume_record", filled(&self.volume_record)),
            };
            if !present {
                faults.push(missing(field, content.label()));
            }
        }
        let mut faults = Faults(faults);
        self.text_faults(&mut faults);
        if self.search.as_ref().is_some_and(|search| search.on > today) {
            faults.add("search.on", "date_in_future", "检索日期晚于今天");
        }
        faults.0
    }

    /// A notice can hold only what can be printed.
    fn text_faults(&self, faults: &mut Faults) {
        for item in &self.items {
            faults.text("items", "申请公开的事项", item, TEXT_MAX);
        }
        for name in &self.attachments {
            faults.text("attachments", "附件名称", name, LINE_MAX);
        }
        for (field, content, text) in [
            ("place", Content::Place, &self.place),
            ("supply", Content::Supply, &self.supply),
            ("withheld", Content::Withheld, &self.withheld),
            ("statute", Content::Statute, &self.statute),
            ("reasons", Content::Reasons, &self.reasons),
            ("consultation", Content::Consultation, &self.consultation),
            ("responsible_agency", Content::ResponsibleAgency, &self.responsible_agency),
            ("responsible_contact", Content::ResponsibleAgency, &self.responsible_contact),
            ("earlier_reply", Content::EarlierReply, &self.earlier_reply),
            ("correction_history", Content::CorrectionHistory, &self.correction_history),
            ("volume_record", Content::VolumeRecord, &self.volume_record),
        ] {
            faults.text(field, content.label(), text, TEXT_MAX);
        }
        if let Some(search) = &self.search {
            for text in [&search.systems, &search.keywords, &search.by, &search.result] {
                faults.text("search", Content::Search.label(), text, TEXT_MAX);
            }
        }
    }
}

impl ReplyContent {
    /// The record of the search, if it is whole.
    #[must_use]
    pub fn whole_search(&self) -> Option<&SearchRecord> {
        self.search.as_ref().filter(|search| complete(search))
    }
}

fn filled(text: &str) -> bool {
    !text.trim().is_empty()
}

fn complete(search: &SearchRecord) -> bool {
    [&search.systems, &search.keywords, &search.by, &search.result].into_iter().all(|t| filled(t))
}

fn missing(field: &'static str, label: &str) -> FieldFault {
    FieldFault { field, code: "required", message: format!("请填写{label}") }
}
