//! The letters of a consultation: to the third party, to the agency, and what applicant and third
//! party are told of it. Who the applicant is stands in none of them without a reason on record.
//!
//! Source: 条例 art. 15, 32–34; 个人信息保护法 art. 25; rulebook 5.3 F07–F10.

use serde_json::{Map, Value, json};

use super::Facts;
use crate::app::{App, AppError};
use crate::documents::Notice;
use crate::domain::case::Consultation;
use crate::domain::consultation::Letter;
use crate::domain::event::Party;
use crate::domain::outcome::Outcome;
use crate::domain::remedy;

/// F07: what concerns the third party, its time to answer, and the slip for the answer.
pub fn third_party(
    app: &App,
    facts: &Facts<'_>,
    addressee: &str,
    letter: &Letter,
) -> Result<Notice, AppError> {
    let fields = about(facts, letter);
    Ok(to(facts.notice(app, "third_party_letter", &fields)?, addressee))
}

/// F10: what the other agency is asked, and what its silence means.
pub fn agency(
    app: &App,
    facts: &Facts<'_>,
    addressee: &str,
    jointly_made: bool,
    letter: &Letter,
) -> Result<Notice, AppError> {
    let mut fields = about(facts, letter);
    fields.insert("共同制作".into(), json!(if jointly_made { "是" } else { "否" }));
    Ok(to(facts.notice(app, "agency_letter", &fields)?, addressee))
}

/// F08: the applicant learns that others are asked and that the time is not counted.
pub fn told(app: &App, facts: &Facts<'_>, party: Party) -> Result<Notice, AppError> {
    let mut fields = facts.common();
    fields.insert("征求对象".into(), json!(party.label()));
    fields.insert("发出日期".into(), json!(facts.date));
    facts.notice(app, "consultation_told", &fields)
}

/// F09: what will be disclosed against the third party's objection, why, and its remedies.
pub fn overridden(
    app: &App,
    facts: &Facts<'_>,
    letter: &Consultation,
    disclosed: &str,
    why: &str,
) -> Result<Notice, AppError> {
    let mut fields = Map::new();
    fields.insert("登记编号".into(), json!(facts.row.number));
    fields.insert("征询日期".into(), json!(letter.sent_on));
    fields.insert("公开内容".into(), json!(disclosed));
    fields.insert("理由".into(), json!(why));
    // Disclosure is no refusal: the third party has the choice of remedies.
    let remedy = remedy::paragraph(Outcome::G2, &facts.agency.profile, false, facts.date)
        .map_err(|error| AppError::Unprintable(error.to_string()))?
        .unwrap_or_default()
        .replace("本答复", "本决定");
    fields.insert("救济".into(), json!(remedy));
    Ok(to(facts.notice(app, "override_told", &fields)?, &letter.addressee))
}

fn about(facts: &Facts<'_>, letter: &Letter) -> Map<String, Value> {
    let profile = &facts.agency.profile;
    let mut fields = Map::new();
    fields.insert("登记编号".into(), json!(facts.row.number));
    fields.insert("征求内容".into(), json!(letter.concerns));
    if !letter.identity_reason.is_empty() {
        fields.insert("申请人".into(), json!(facts.row.applicant_name));
    }
    let place =
        format!("{}{}（邮政编码{}）", profile.address, profile.office_name, profile.postcode);
    fields.insert("反馈地址".into(), json!(place));
    fields
}

fn to(notice: Notice, addressee: &str) -> Notice {
    Notice { addressee: addressee.to_owned(), ..notice }
}
