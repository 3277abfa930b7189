//! An agency (行政机关) as the procedure needs it: its disclosure office, its numbers, its reviewers.

mod tree;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::ids::AgencyId;
use super::text_enum::text_enum;

pub use tree::{Place, branch, circles};

text_enum!(
    /// Rank of an agency; it decides who reviews its decisions (行政复议法 art. 24).
    AgencyLevel {
        /// The county government itself.
        CountyGovernment = "county_government", "县级人民政府";
        /// A department of the county government.
        Department = "department", "县级人民政府工作部门";
        /// A township, town or sub-district.
        Township = "township", "乡镇人民政府、街道办事处";
    }
);

/// What may be entered about an agency. Everything here is published in the guide (公开指南).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgencyProfile {
    /// Full official name, as it stands in the head of its notices.
    pub name: String,
    /// Short name for lists.
    pub short_name: String,
    /// 机关代字: the characters that open its document numbers.
    pub code_word: String,
    /// Rank.
    pub level: AgencyLevel,
    /// County or township it serves.
    pub region: String,
    /// 受理机构: the office that handles requests. Source: 条例 art. 12 ¶2.
    pub office_name: String,
    /// Postal address of the office.
    pub address: String,
    /// Six digits.
    pub postcode: String,
    /// Telephone of the office.
    pub phone: String,
    /// Fax of the office; empty when it has none.
    pub fax: String,
    /// E-mail of the office; empty when it has none.
    pub email: String,
    /// Office hours in words.
    pub office_hours: String,
    /// 行政复议机关, named in every remedy paragraph. Source: 行政复议法 art. 24–28.
    pub review_body: String,
    /// Court of first instance, named in every remedy paragraph.
    pub court: String,
    /// Where reconsideration is applied for online; needed when a decision is served online.
    /// Source: 行政复议法 art. 22 ¶2.
    pub review_online_url: Option<String>,
    /// How to pay a processing fee, one way a line: window, account, payment code. Empty: at the
    /// office.
    #[serde(default)]
    pub payment: String,
    /// Pattern of document numbers, see [`super::number::Pattern`].
    pub number_pattern: String,
    /// 主管机关: the agency above it, whose supervisors oversee this one too. None: the county's own.
    #[serde(default)]
    pub parent: Option<AgencyId>,
}

/// An agency on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Agency {
    /// Identifier.
    pub id: AgencyId,
    /// Short serial number, part of its request numbers; 1–999, never reused.
    pub serial: u16,
    /// What was entered.
    #[serde(flatten)]
    pub profile: AgencyProfile,
    /// Whether it takes new requests.
    pub active: bool,
    /// The agency that took it over, once one did.
    pub merged_into: Option<AgencyId>,
    /// The day on which it was taken over.
    pub merged_on: Option<NaiveDate>,
    /// The document that ordered it.
    pub merged_by: Option<String>,
    /// Version for compare-and-set.
    pub version: i32,
}

/// What the ledger of a case keeps of an agency that was taken over while it was there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Succession {
    /// The agency that was taken over.
    pub from: AgencyId,
    /// Its name at the time.
    pub from_name: String,
    /// The agency that goes on with the case.
    pub into: AgencyId,
    /// Its name at the time.
    pub into_name: String,
    /// The document that ordered it.
    pub document: String,
}

/// A field of an agency that cannot stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileFault {
    /// The field.
    pub field: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub message: String,
}

impl AgencyProfile {
    /// Lists everything that keeps this profile from being used in a notice.
    #[must_use]
    pub fn faults(&self) -> Vec<ProfileFault> {
        let mut faults = Vec::new();
        let required = [
            ("name", &self.name, "请填写机关全称"),
            ("short_name", &self.short_name, "请填写机关简称"),
            ("code_word", &self.code_word, "请填写机关代字"),
            ("office_name", &self.office_name, "请填写受理机构名称"),
            ("address", &self.address, "请填写受理机构地址"),
            ("phone", &self.phone, "请填写受理机构电话"),
            ("review_body", &self.review_body, "请填写行政复议机关，救济告知需要"),
            ("court", &self.court, "请填写管辖法院，救济告知需要"),
        ];
        for (field, value, message) in required {
            if value.trim().is_empty() {
                faults.push(ProfileFault { field, message: message.to_owned() });
            }
        }
        if self.postcode.len() != 6 || !self.postcode.bytes().all(|b| b.is_ascii_digit()) {
            faults
                .push(ProfileFault {
                    field: "postcode", message: "邮政编码为6位数字".to_owned()
                });
        }
        if !super::text::faults(&self.payment, super::text::TEXT_MAX).is_empty() {
            let message = "缴费方式过长或者有无法显示的字符".to_owned();
            faults.push(ProfileFault { field: "payment", message });
        }
        if let Err(error) = super::number::Pattern::parse(&self.number_pattern) {
            faults.push(ProfileFault { field: "number_pattern", message: error.to_string() });
        }
        faults
    }
}
