//! Service (送达): what each method proves, and which two days it gives.
//!
//! The day that counts for the agency (办结之日, was the reply in time?) and the day that counts for
//! the applicant (送达之日, when do their own periods begin?) are never the same by accident: both come
//! from [`days`], each from its own rule.
//!
//! Source: 国办公开办函〔2016〕235号; 民诉法 art. 87–95 by analogy (U); rulebook 5.5.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::refusal::Refusal;
use super::text::{LINE_MAX, TEXT_MAX, required, sound};
use super::text_enum::text_enum;

/// Calendar days after which a public notice counts as served. Source: 民诉法 art. 95 (U).
const PUBLIC_NOTICE_DAYS: u64 = 30;

text_enum!(
    /// How a notice goes to its addressee: rulebook 5.5.
    ServiceMethod {
        /// Handed over and signed for.
        InPerson = "in_person", "直接送达";
        /// EMS of the postal enterprise.
        Ems = "ems", "EMS特快专递";
        /// Registered letter.
        Registered = "registered", "挂号信";
        /// Ordinary letter: leaves no proof.
        OrdinaryPost = "ordinary_post", "平常信函";
        /// To the electronic address the applicant named.
        Electronic = "electronic", "电子送达";
        /// Through another agency.
        ViaAgency = "via_agency", "委托送达";
        /// Left at the address before witnesses.
        LeftAtAddress = "left_at_address", "留置送达";
        /// Public notice.
        PublicNotice = "public_notice", "公告送达";
        /// A courier other than the postal enterprise: always refused. Source: 235号 part 2.
        PrivateCourier = "courier", "其他快递企业";
    }
);

text_enum!(
    /// Which day of an attempt counts.
    DayRule {
        /// The day it was sent, handed over, or reached the system named.
        Sent = "sent", "发出（交邮、到达系统、当面交付）之日";
        /// The day the addressee signed for it.
        Signed = "signed", "签收之日";
        /// The 30th day after publication.
        Published = "published", "公告期满之日";
    }
);

/// What a 送达回证 says beside method and dates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Slip {
    /// Where it was handed over or left; the agency entrusted with it (委托送达).
    #[serde(default)]
    pub place: String,
    /// Who signed for it.
    #[serde(default)]
    pub receiver: String,
    /// What they are to the addressee.
    #[serde(default)]
    pub relation: String,
    /// Witness of a letter left at the address.
    #[serde(default)]
    pub witness: String,
    /// Why it was left, or published: refused, or no other way was left.
    #[serde(default)]
    pub reason: String,
}

impl ServiceMethod {
    /// Which day counts for the agency's own limit.
    ///
    /// Source: 235号 part 4 (signed for; through another agency: the applicant's signature; post: the
    /// day of posting); 电子签名法 art. 11; 民诉法 art. 89, 95 by analogy (U).
    #[must_use]
    pub const fn agency_day(self) -> DayRule {
        match self {
            Self::ViaAgency => DayRule::Signed,
            Self::PublicNotice => DayRule::Published,
            _ => DayRule::Sent,
        }
    }

    /// Which day counts for the applicant's periods: correction, payment, remedies.
    ///
    /// Source: 民诉法 art. 87–95 by analogy (U); 行政复议法 art. 20.
    #[must_use]
    pub const fn applicant_day(self) -> DayRule {
        match self {
            Self::InPerson | Self::Electronic | Self::LeftAtAddress => DayRule::Sent,
            Self::PublicNotice => DayRule::Published,
            _ => DayRule::Signed,
        }
    }
}

/// The two days of an attempt: `None` while not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// Counts for the agency.
    pub agency: Option<NaiveDate>,
    /// Counts for the applicant.
    pub applicant: Option<NaiveDate>,
}

/// The days of an attempt sent on `sent_on` and signed for on `signed_on`.
///
/// Source: rulebook 5.5.
#[must_use]
pub fn days(
    method: ServiceMethod,
    sent_on: NaiveDate,
    signed_on: Option<NaiveDate>,
    calendar: &Calendar,
) -> Days {
    let day = |rule| match rule {
        DayRule::Sent => Some(sent_on),
        DayRule::Signed => signed_on,
        DayRule::Published => signed_on
            .filter(|on| public_notice_served_on(calendar, sent_on).is_some_and(|d| *on >= d)),
    };
    Days { agency: day(method.agency_day()), applicant: day(method.applicant_day()) }
}

/// The day a public notice counts as served: 30 days after publication, moved off a day of rest.
///
/// Source: 民诉法 art. 95 by analogy (U), art. 85 ¶3.
#[must_use]
pub fn public_notice_served_on(calendar: &Calendar, published_on: NaiveDate) -> Option<NaiveDate> {
    let over = published_on.checked_add_days(chrono::Days::new(PUBLIC_NOTICE_DAYS))?;
    Some(calendar.roll_forward(over).map_or(over, |reached| reached.on))
}

/// The number of a piece of mail (邮件号码): asked for where the way has one.
///
/// # Errors
///
/// Those of texts.
pub(super) fn tracked(method: ServiceMethod, tracking: &str) -> Result<String, Refusal> {
    let (field, label) = ("tracking", "邮件号码");
    let tracking = match method.needs_tracking() {
        true => required(field, label, tracking, LINE_MAX)?,
        false => sound(field, label, tracking, LINE_MAX)?,
    };
    Ok(tracking.to_owned())
}

/// Checks that an attempt by `method` proves what it must. `photo` says whether a file is attached.
///
/// # Errors
///
/// [`Refusal::CourierRefused`] for couriers; a text that is missing, too long or cannot be printed.
///
/// Source: 235号 part 2; 邮政法 art. 55; 民诉法 art. 89, 95 by analogy.
pub fn check(method: ServiceMethod, slip: &Slip, photo: bool) -> Result<(), Refusal> {
    let missing = |field, label, entered: &str| {
        if entered.trim().is_empty() { Err(Refusal::TextMissing { field, label }) } else { Ok(()) }
    };
    match method {
        ServiceMethod::PrivateCourier => return Err(Refusal::CourierRefused),
        // Who signed is the proof; the scan of the signed slip shows it as well.
        ServiceMethod::InPerson if !photo => {
            missing("slip.receiver", "签收人（或者上传已签名的送达回证）", &slip.receiver)?;
        }
        ServiceMethod::ViaAgency => missing("slip.place", "受托送达的机关", &slip.place)?,
        ServiceMethod::LeftAtAddress => {
            missing("slip.reason", "留置送达的理由（拒收情况）", &slip.reason)?;
            if !photo {
                missing("slip.witness", "见证人（或者上传拍照、录像材料）", &slip.witness)?;
            }
        }
        ServiceMethod::PublicNotice => {
            missing("slip.reason", "公告送达的理由（其他方式为何无法送达）", &slip.reason)?;
        }
        _ => {}
    }
    slip.sound()
}

impl Slip {
    fn sound(&self) -> Result<(), Refusal> {
        for (field, label, entered, max) in [
            ("slip.place", "送达地点", &self.place, LINE_MAX),
            ("slip.receiver", "签收人", &self.receiver, LINE_MAX),
            ("slip.relation", "与受送达人的关系", &self.relation, LINE_MAX),
            ("slip.witness", "见证人", &self.witness, LINE_MAX),
            ("slip.reason", "理由", &self.reason, TEXT_MAX),
        ] {
            sound(field, label, entered, max)?;
        }
        Ok(())
    }

    /// The slip without white space around its texts.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let text = |text: &String| text.trim().to_owned();
        Self {
            place: text(&self.place),
            receiver: text(&self.receiver),
            relation: text(&self.relation),
            witness: text(&self.witness),
            reason: text(&self.reason),
        }
    }

    /// This slip, what is empty in it filled from an earlier one of the same attempt.
    #[must_use]
    pub fn or(&self, earlier: &Self) -> Self {
        let text = |a: &String, b: &String| if a.is_empty() { b.clone() } else { a.clone() };
        Self {
            place: text(&self.place, &earlier.place),
            receiver: text(&self.receiver, &earlier.receiver),
            relation: text(&self.relation, &earlier.relation),
            witness: text(&self.witness, &earlier.witness),
            reason: text(&self.reason, &earlier.reason),
        }
    }
}
