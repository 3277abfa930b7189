//! What somebody wants printed of the post.

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::AppError;
use crate::domain::dates;
use crate::domain::ids::NoticeId;
use crate::domain::post::{
    Copy, EnvelopeSize, LabelSheet, PostWay, Receiver, TypedAddress, tracking_is_sound,
};
use crate::domain::request::FieldFault;

use super::PART;

/// What is to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostOrder {
    /// Onto what.
    pub print: PostPrint,
    /// Of which day; today, if nothing is said.
    #[serde(default, deserialize_with = "dates::deserialize_option")]
    pub on: Option<NaiveDate>,
    /// Only these, in this order; the whole post of the day, if there are none.
    #[serde(default)]
    pub letters: Vec<NamedLetter>,
    /// Which part of a post of more than 200 letters, from 1.
    #[serde(default)]
    pub part: Option<usize>,
}

/// Onto what something is printed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PostPrint {
    /// The list handed in with the letters (交寄清单) alone.
    List,
    /// The list, and the letters behind it.
    Letters {
        /// Copies of each, 1–3; two are 一式两份.
        #[serde(default = "one")]
        copies: u8,
        /// Printed on both sides: each copy begins on a sheet of its own.
        #[serde(default)]
        duplex: bool,
    },
    /// An envelope for each.
    Envelopes {
        /// Of which size.
        size: EnvelopeSize,
        /// The boxes are on the paper already.
        #[serde(default)]
        preprinted: bool,
    },
    /// A label for each.
    Labels {
        /// On which sheet.
        sheet: LabelSheet,
        /// The first label that is left on the first sheet, from 1.
        #[serde(default = "first")]
        first: u16,
    },
}

const fn one() -> u8 {
    1
}

const fn first() -> u16 {
    1
}

/// A letter that is named.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedLetter {
    /// Which notice.
    pub notice: NoticeId,
    /// How it goes; as recorded, or registered, if nothing is said.
    #[serde(default)]
    pub way: Option<PostWay>,
    /// 邮件号码; as recorded, if nothing is said.
    #[serde(default)]
    pub tracking: Option<String>,
    /// To whom of the applicant's side.
    #[serde(default = "addressee")]
    pub receiver: Receiver,
    /// Where to, where the case has no address or an old one. It is kept nowhere.
    #[serde(default)]
    pub to: Option<TypedAddress>,
}

const fn addressee() -> Receiver {
    Receiver::Addressee
}

impl PostPrint {
    /// The stable name, for the audit log.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Letters { .. } => "letters",
            Self::Envelopes { .. } => "envelopes",
            Self::Labels { .. } => "labels",
        }
    }

    /// Whether the whole addresses are printed.
    pub(super) const fn opens_addresses(&self) -> bool {
        matches!(self, Self::Envelopes { .. } | Self::Labels { .. })
    }
}

impl PostOrder {
    /// Numbers within their ranges.
    ///
    /// # Errors
    ///
    /// [`AppError::Invalid`] names every fault.
    pub(super) fn check(&self) -> Result<(), AppError> {
        let mut faults = Vec::new();
        let mut add = |field, code, message| faults.push(FieldFault { field, code, message });
        match &self.print {
            PostPrint::Letters { copies, .. } => copies_of(*copies).into_iter().for_each(|fault| {
                add(fault.field, fault.code, fault.message);
            }),
            PostPrint::Labels { sheet, first } => {
                let last = sheet.grid().labels();
                if !(1..=last).contains(first) {
                    let message = format!("起始标签应在1至{last}之间");
                    add("print.first", "out_of_range", message);
                }
            }
            PostPrint::List | PostPrint::Envelopes { .. } => {}
        }
        if self.letters.len() > PART {
            let message = format!("一次最多打印{PART}件，请分批打印");
            add("letters", "too_many", message);
        }
        for (n, letter) in (1..).zip(&self.letters) {
            if letter.tracking.as_ref().is_some_and(|number| !tracking_is_sound(number.trim())) {
                let message = format!("第{n}件的邮件号码应为不超过40位的字母、数字");
                add("letters", "invalid_tracking", message);
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
    }
}

/// What is wrong with a number of copies.
pub(super) fn copies_of(copies: u8) -> Option<FieldFault> {
    let message = format!("份数应在1至{}之间", Copy::MOST);
    let fault = FieldFault { field: "copies", code: "out_of_range", message };
    (!(1..=Copy::MOST).contains(&copies)).then_some(fault)
}
