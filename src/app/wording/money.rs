//! The fee notice, and the notices that a request is not handled further.
//!
//! Source: 条例 art. 30, 42; 109号 art. 3–7; rulebook 5.3 F12, F13.

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, Value, json};

use super::{Facts, track_url};
use crate::app::{App, AppError};
use crate::documents::Notice;
use crate::domain::case::Case;
use crate::domain::event::FeeScale;
use crate::domain::fees::{FeeBill, yuan};
use crate::domain::outcome::Outcome;
use crate::domain::remedy;

/// F12: scale, list, amount, how and until when to pay, what follows otherwise.
pub fn fee_notice(
    app: &App,
    facts: &Facts<'_>,
    scale: FeeScale,
    amount_fen: i64,
    bill: &FeeBill,
) -> Result<Notice, AppError> {
    let mut fields = facts.common();
    fields.insert("收费方式".into(), json!(scale.label()));
    fields.insert("收费理由".into(), json!(bill.why));
    let month = facts.row.received_on.unwrap_or(facts.date);
    fields.insert("月份".into(), json!(format!("{}年{}月", month.year(), month.month())));
    fields.insert("此前件数".into(), json!(bill.before));
    fields.insert("件数".into(), json!(bill.unit_count()));
    fields.insert("事项".into(), json!(bill.units));
    fields.insert("页数".into(), json!(bill.pages));
    fields.insert("金额".into(), json!(yuan(amount_fen)));
    let ways = ways_to_pay(facts);
    fields.insert("缴费方式".into(), json!(ways));
    let pay_url = ways.iter().find_map(|way| web_address(way));
    let notice = facts.notice(app, "fee_notice", &fields)?;
    Ok(Notice {
        case_number: Some(facts.row.number.clone()),
        // Where nobody can pay on the web, the code leads to the case.
        pay_url: Some(pay_url.unwrap_or_else(|| track_url(app, &facts.row.number))),
        ..notice
    })
}

/// The first web address in a text.
fn web_address(text: &str) -> Option<String> {
    let from = ["https://", "http://"].iter().find_map(|scheme| text.find(scheme))?;
    let rest = text.get(from..)?;
    let end = rest.find(|c: char| !c.is_ascii_graphic()).unwrap_or(rest.len());
    let address = rest.get(..end)?.trim_end_matches(['.', ',', ';', ')']);
    url::Url::parse(address).ok().map(|_| address.to_owned())
}

/// F13 after a correction that did not come.
pub fn correction_lapsed(
    app: &App,
    facts: &Facts<'_>,
    case: &Case,
    served_on: NaiveDate,
) -> Result<Notice, AppError> {
    let round = case.corrections.last().ok_or_else(|| untold("correction"))?;
    let mut fields = facts.common();
    fields.insert("告知日期".into(), json!(round.requested_on));
    fields.insert("送达日期".into(), json!(served_on));
    fields.insert("补正期限".into(), json!(round.until));
    fields.insert("救济".into(), remedies(facts, Outcome::O1)?);
    facts.notice(app, "not_handled_correction", &fields)
}

/// F13 after a fee that was not paid.
pub fn fee_lapsed(app: &App, facts: &Facts<'_>, case: &Case) -> Result<Notice, AppError> {
    let asked = case.fee.as_ref().ok_or_else(|| untold("fee"))?;
    let reading = case.reading(&app.calendar, facts.date);
    let mut fields: Map<String, Value> = facts.common();
    fields.insert("通知日期".into(), json!(asked.notified_on));
    fields.insert("送达日期".into(), json!(asked.served_on));
    let until = case.payment_on();
    Facts::put_date(&mut fields, "缴费期限", until, !reading.provisional);
    fields.insert("金额".into(), json!(yuan(asked.asked_fen)));
    fields.insert("救济".into(), remedies(facts, Outcome::O2)?);
    facts.notice(app, "not_handled_fee", &fields)
}

/// What the agency publishes on how to pay; otherwise where to come.
fn ways_to_pay(facts: &Facts<'_>) -> Vec<String> {
    let profile = &facts.agency.profile;
    let told: Vec<String> = profile
        .payment
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|l| !l.is_empty())
        .collect();
    if !told.is_empty() {
        return told;
    }
    vec![format!(
        "持本通知到{}{}办理，咨询电话：{}",
        profile.address, profile.office_name, profile.phone
    )]
}

fn remedies(facts: &Facts<'_>, outcome: Outcome) -> Result<Value, AppError> {
    let told = remedy::paragraph(outcome, &facts.agency.profile, false, facts.date)
        .map_err(|error| AppError::Unprintable(error.to_string()))?;
    Ok(json!(told))
}

fn untold(what: &str) -> AppError {
    AppError::Broken(format!("the ledger tells of no {what}"))
}
