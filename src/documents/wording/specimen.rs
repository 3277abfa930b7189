//! Specimens (样本): a document filled with its template's made-up sample, as a use case would put it
//! together. Trial renderings, the contact sheet and the tests all look at these.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::{Wording, WordingError};
use crate::documents::notice::{Layout, Notice};

/// The agency every specimen is of.
const AGENCY: &str = "宁乡市行政审批服务局";

impl Wording {
    /// Returns the specimen of template `code`.
    ///
    /// # Errors
    ///
    /// [`WordingError::UnknownTemplate`], [`WordingError::Fields`].
    pub fn specimen(&self, code: &str) -> Result<Notice, WordingError> {
        self.specimen_with(code, &self.template(code)?.sample)
    }

    /// Returns the document of template `code` with other values than its sample.
    ///
    /// # Errors
    ///
    /// Those of [`Wording::specimen`].
    pub fn specimen_with(
        &self,
        code: &str,
        values: &Map<String, Value>,
    ) -> Result<Notice, WordingError> {
        let template = self.template(code)?;
        let form = template.layout == Layout::Form;
        let has_contact = !form && template.layout != Layout::Receipt;
        // The parts that few documents have are shown where they are usual: attachments with what is
        // supplied at once, a copy with what is of use to others.
        let one = |shown: bool, names: &[&str]| -> Vec<String> {
            names.iter().filter(|_| shown).map(|name| (*name).to_owned()).collect()
        };
        Ok(Notice {
            template: self.reference(code)?,
            layout: template.layout,
            head: AGENCY.to_owned(),
            number: Some(format!("宁审{}〔2026〕5号", template.series)),
            title: template.title.clone(),
            addressee: if form { String::new() } else { "李玥珺".to_owned() },
            blocks: self.blocks(code, values)?,
            attachments: one(
                code == "reply_g2",
                &["2025年度改造项目名单", "2025年度补助资金分配表"],
            ),
            signatory: AGENCY.to_owned(),
            date: NaiveDate::from_ymd_opt(2026, 9, 21).unwrap_or_default(),
            contact: has_contact.then(|| "联系人：张堃，联系电话：0731-80000000".to_owned()),
            copies_to: one(code == "reply_g1", &["宁乡市人民政府办公室"]),
            rows: self.rows(code, values)?,
            query_code: Some("K7QM-4T2X".to_owned()),
            case_number: Some("20260914003".to_owned()),
            track_url: Some("https://gk.example.gov.cn/track/20260914003".to_owned()),
            pay_url: (code == "fee_notice")
                .then(|| "https://pay.example.gov.cn/43012400".to_owned()),
            seal: None,
        })
    }
}
