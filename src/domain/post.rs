//! The post of an agency: envelopes, address labels and the list handed in with the letters (交寄清单).
//!
//! Only the postal enterprise may carry what an authority sends; EMS, registered and ordinary letters
//! are its own. An envelope shows who wrote, to whom, and under which number – never what was asked.
//!
//! Source: 国办公开办函〔2016〕235号 part 2; 邮政法 art. 55; GB/T 1416-2003; 个人信息保护法 art. 6.

mod address;
mod paper;

pub use address::{Address, TypedAddress};
pub use paper::{Copy, EnvelopeSize, LabelGrid, LabelSheet};

use super::request::{Application, DeliveryWay};
use super::service::ServiceMethod;
use super::text_enum::text_enum;

text_enum!(
    /// Who of the applicant's side a letter is written to.
    Receiver {
        /// Whom the notice names.
        Addressee = "addressee", "文书的收件人";
        /// The agent of the applicant, at the address of the form unless another is entered.
        Agent = "agent", "申请人的代理人";
    }
);

text_enum!(
    /// A way by which letters leave over the counter of the post.
    PostWay {
        /// EMS of the postal enterprise.
        Ems = "ems", "EMS特快专递";
        /// Registered letter.
        Registered = "registered", "挂号信";
        /// Ordinary letter.
        OrdinaryPost = "ordinary_post", "平常信函";
    }
);

impl PostWay {
    /// The same among all ways of service.
    #[must_use]
    pub const fn method(self) -> ServiceMethod {
        match self {
            Self::Ems => ServiceMethod::Ems,
            Self::Registered => ServiceMethod::Registered,
            Self::OrdinaryPost => ServiceMethod::OrdinaryPost,
        }
    }

    /// The way by post that a way of service is; `None` for all others.
    #[must_use]
    pub fn of(method: ServiceMethod) -> Option<Self> {
        Self::ALL.iter().copied().find(|way| way.method() == method)
    }
}

/// Whether a notice to the applicant goes by post as long as nobody says otherwise: they chose it, and
/// did not agree to have it electronically.
///
/// Source: 条例 art. 29 ¶2 (3), 40.
#[must_use]
pub fn is_wanted_by_post(form: &Application) -> bool {
    form.delivery_way == DeliveryWay::Post && !form.electronic_service
}

/// Longest number of a piece of mail (邮件号码); those of the postal enterprise have 13 signs.
const TRACKING_MAX: usize = 40;

/// Whether a number can stand as a number of a piece of mail: letters and digits of ASCII, and hyphens.
#[must_use]
pub fn tracking_is_sound(number: &str) -> bool {
    let sign = |c: char| c.is_ascii_alphanumeric() || c == '-';
    number.len() <= TRACKING_MAX && number.chars().all(sign)
}
