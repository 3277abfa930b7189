//! To whom and where a letter goes.

use serde::Deserialize;

use crate::domain::request::FieldFault;
use crate::domain::text::{self, LINE_MAX, NAME_MAX, TextFault};

/// An address as an envelope shows it. It is not written to any log.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Name of the person or organisation.
    pub name: String,
    /// Person in an organisation, or the one who passes it on; empty as a rule.
    pub attention: String,
    /// Street, town, province.
    pub address: String,
    /// Six digits; empty while unknown: then the boxes are left open for the pen.
    pub postcode: String,
}

impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

/// An address entered for one printing, where the case has none or it is out of date. It is kept
/// nowhere.
#[derive(Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TypedAddress {
    /// Name, if not that of the addressee on record.
    #[serde(default)]
    pub name: String,
    /// Where it goes.
    pub address: String,
    /// Six digits.
    #[serde(default)]
    pub postcode: String,
}

impl std::fmt::Debug for TypedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedAddress(…)")
    }
}

impl Address {
    /// What keeps it from being printed. `field` is where its address was entered, `letter` names the
    /// notice for whoever must act.
    #[must_use]
    pub fn faults(&self, field: &'static str, letter: &str) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut unfit_for_post = |code, message: String| {
            faults.push(FieldFault { field, code, message: format!("{letter}：{message}") });
        };
        if text::trimmed(&self.name).is_empty() {
            unfit_for_post(
                "addressee_missing",
                "没有收件人姓名，请在 letters 中填写 to.name".to_owned(),
            );
        }
        if text::trimmed(&self.address).is_empty() {
            unfit_for_post(
                "address_missing",
                "没有通信地址，请与收件人核实后，在 letters 中为这件文书填写 to.address 再打印"
                    .to_owned(),
            );
        }
        for (label, entered, max) in [
            ("收件人", &self.name, NAME_MAX),
            ("联系人", &self.attention, NAME_MAX),
            ("地址", &self.address, LINE_MAX),
        ] {
            match text::faults(entered, max).first() {
                None => {}
                Some(TextFault::TooLong) => {
                    unfit_for_post("too_long", format!("{label}超过{max}个字，请缩短后再打印"));
                }
                Some(TextFault::ControlCharacters) => unfit_for_post(
                    "control_characters",
                    format!("{label}中有无法显示的字符，请在 letters 中重新填写"),
                ),
            }
        }
        let digits = self.postcode.bytes().all(|b| b.is_ascii_digit());
        if !matches!((self.postcode.len(), digits), (0, _) | (6, true)) {
            unfit_for_post("invalid_postcode", "邮政编码为6位数字".to_owned());
        }
        faults
    }

    /// The address, with what was entered for this printing in the place of what is on record.
    #[must_use]
    pub fn or_typed(self, typed: Option<&TypedAddress>) -> Self {
        let Some(typed) = typed else { return self };
        let name = text::trimmed(&typed.name).to_owned();
        let (name, attention) =
            if name.is_empty() { (self.name, self.attention) } else { (name, String::new()) };
        Self {
            name,
            attention,
            address: text::trimmed(&typed.address).to_owned(),
            postcode: typed.postcode.trim().to_owned(),
        }
    }
}
