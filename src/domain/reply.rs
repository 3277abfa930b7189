//! What an officer writes for a reply, and what is still missing before anybody may sign it.
//!
//! Source: rulebook 4.1, column "Must contain"; 条例 art. 36, 40.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::block_change::Fact;
use super::case::Case;
use super::dates;
use super::ids::{AgencyId, ReasonTextId};
use super::item::Search;
use super::legal_basis::{OtherCase, doubtful_act, names_article};
use super::outcome::{Content, Outcome};
use super::request::{Faults, FieldFault};
use super::text::{LINE_MAX, TEXT_MAX, substance};

/// Fewest signs of a reason why something is no request for government information.
const SUBSTANCE: usize = 10;

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
    /// What came of it, in words.
    pub result: String,
    /// Whether what is asked for was found, in whole or in part. Always said; none in old ledgers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<bool>,
}

impl SearchRecord {
    /// Whether nothing was found.
    #[must_use]
    pub fn in_vain(&self) -> bool {
        self.found != Some(true)
    }
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
    /// The statute that forbids or governs (N2, N8), or that provides another procedure (O3).
    #[serde(default)]
    pub statute: String,
    /// Why a provision is named that does not look like one of a law or an administrative
    /// regulation (N2): the drafter has seen it. Not printed.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub statute_note: String,
    /// Why it is not handled as a request for government information (O3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_case: Option<OtherCase>,
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
        // What is typed must speak of the reply that is linked.
        if self.outcome == Outcome::X2
            && let Some(earlier) = case.repeated()
            && !self.earlier_reply.contains(earlier.reply_number.as_str())
        {
            self.earlier_reply = earlier.reply_words().unwrap_or_default();
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
                Content::OtherCase => ("other_case", self.other_case.is_some()),
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
        self.basis_faults(&mut faults);
        if self.search.as_ref().is_some_and(|search| search.on > today) {
            faults.add("search.on", "date_in_future", "检索日期晚于今天");
        }
        match self.search.as_ref().filter(|_| self.outcome == Outcome::U1).map(|s| s.found) {
            Some(None) => faults.add("search.found", "required", "请填写是否检索到相关信息"),
            Some(Some(true)) => {
                faults.add("search.found", "search_found", "检索到了相关信息，不能答复该信息不存在")
            }
            Some(Some(false)) | None => {}
        }
        faults.0
    }

    /// What the reply rests on must be able to bear it.
    ///
    /// Source: 条例 art. 2, 14, 41; rulebook 4.1 N2, O3.
    fn basis_faults(&self, faults: &mut Faults) {
        if self.outcome == Outcome::O3 {
            if self.other_case == Some(OtherCase::OtherProcedure) && !names_article(&self.statute) {
                let message = "请写明规定专门程序的法律、法规名称和条款，例如《……法》第…条";
                faults.add("statute", "statute_unnamed", message);
            }
            if filled(&self.reasons) && substance(&self.reasons) < SUBSTANCE {
                let message = format!(
                    "请具体说明理由（不少于{SUBSTANCE}个字）：申请人提了什么，为什么不属于政府信息公开申请"
                );
                faults.add("reasons", "reasons_without_substance", message);
            }
        }
        let noted = substance(&self.statute_note) >= 4;
        if let Some(act) = doubtful_act(&self.statute).filter(|_| self.outcome == Outcome::N2)
            && !noted
        {
            let message = format!(
                "第十四条要求法律、行政法规禁止公开，“{act}”看来不是法律、行政法规；确有依据的，请说明理由（statute_note）"
            );
            faults.add("statute_note", "statute_rank", message);
        }
    }

    /// A notice can hold only what can be printed.
    fn text_faults(&self, faults: &mut Faults) {
        for item in &self.items {
            faults.text("items", "申请公开的事项", item, TEXT_MAX);
        }
        for name in &self.attachments {
            faults.text("attachments", "附件名称", name, LINE_MAX);
        }
        faults.text("statute_note", Content::Statute.label(), &self.statute_note, TEXT_MAX);
        for (field, content, text) in self.texts() {
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
    /// What officers typed, with the name of each field. The items are the applicant's own words.
    pub fn typed(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let search = self.search.iter().flat_map(|search| {
            [&search.systems, &search.keywords, &search.result]
                .map(|text| ("search", text.as_str()))
        });
        let texts = self.texts().map(|(field, _, text)| (field, text.as_str()));
        texts.into_iter().chain(search).filter(|(_, text)| filled(text))
    }

    /// The texts that are printed where the outcome wants them, with the names of their fields.
    const fn texts(&self) -> [(&'static str, Content, &String); 11] {
        [
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
        ]
    }

    /// What the text of the reply states out of its fields, each with what its field is called.
    pub fn facts(&self) -> impl Iterator<Item = Fact> {
        let fact = |label: &'static str, text: &str| Fact { label, text: text.to_owned() };
        let search = self.search.iter().flat_map(move |search| {
            let on = dates::long(search.on);
            [&search.systems, &search.keywords, &search.by, &on]
                .map(|text| fact(Content::Search.label(), text))
        });
        let lists = [("申请公开的事项", &self.items), ("附件名称", &self.attachments)];
        let listed = lists
            .into_iter()
            .flat_map(move |(label, list)| list.iter().map(move |text| fact(label, text)));
        let texts = self.texts().map(|(_, content, text)| fact(content.label(), text));
        listed.chain(texts).chain(search).filter(|fact| filled(&fact.text))
    }

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
