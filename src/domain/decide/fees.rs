//! The processing fee: asked, served, paid, lapsed, given back.
//!
//! Source: 条例 art. 42; 109号 art. 3–6; rulebook 1.2 g, 6.

use std::collections::BTreeSet;

use super::{Context, Happening, line, not_before, on, optional, text, wrong_state};
use crate::domain::case::{Case, Fee};
use crate::domain::command::{Command, NotifyFee};
use crate::domain::event::{Event, FeeScale};
use crate::domain::fees::{FeeBill, lawful_fen};
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::state::State;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let notified_on = case.clock().fee_notice().map(|notice| notice.notified_on);
    match command {
        Command::NotifyFee { .. } => notify(case, command, ctx),
        Command::RecordFeeService { on: date, proof } => {
            not_before("on", *date, notified_on, "收费通知发出之日")?;
            let proof = line("proof", "收费通知的送达凭证", proof)?.to_owned();
            Ok(on(*date, Event::FeeNoticeServed { proof }))
        }
        Command::RecordPayment { on: date, amount_fen, proof, remark } => {
            not_before("on", *date, notified_on, "收费通知发出之日")?;
            possible(*amount_fen)?;
            // Only payment in full, and of a request that still waits for it, starts the limit
            // anew; all else is held for the applicant.
            let rest = case.fee_open_fen.filter(|_| case.phase() == State::FeePending);
            let held = rest.is_none_or(|rest| *amount_fen < rest);
            let proof = text("proof", "缴费凭证", proof)?.to_owned();
            let left = case.fee.as_ref().map_or(0, Fee::left_fen);
            let label = "多收款项的来由（多收部分应当退还）";
            let remark = if *amount_fen > left { text("remark", label, remark)? } else { "" };
            let remark = remark.to_owned();
            Ok(on(*date, Event::FeePaid { amount_fen: *amount_fen, proof, held, remark }))
        }
        Command::LapseFee { on: date, proof, proof_file, notice } => {
            let proof = text("proof", "收费通知的送达凭证", proof)?.to_owned();
            let until = case.payment_on().ok_or(Refusal::ServiceUnproved("收费通知"))?;
            if *date <= until {
                return Err(Refusal::PaymentStillOpen { until });
            }
            let event = Event::FeeLapsed { proof, proof_file: *proof_file, notice: Some(*notice) };
            Ok(on(*date, event))
        }
        Command::RefundFee { on: date, amount_fen, why, proof } => {
            let fee = case.fee.as_ref().ok_or_else(|| wrong_state(case, command.action()))?;
            not_before("on", *date, fee.paid_on, "缴费之日")?;
            possible(*amount_fen)?;
            if *amount_fen > fee.held_fen() {
                return Err(Refusal::RefundAbovePaid { paid_fen: fee.held_fen() });
            }
            let why = text("why", "退费的理由", why)?.to_owned();
            let proof = text("proof", "退费凭证", proof)?.to_owned();
            Ok(on(*date, Event::FeeRefunded { amount_fen: *amount_fen, why, proof }))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

/// A fee is asked: after the limit too, which is then a defect, but never by both scales and never
/// more than the scale allows, what was paid before included.
///
/// Source: 109号 art. 3–6.
fn notify(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Vec<Happening>, Refusal> {
    let Command::NotifyFee(NotifyFee {
        on: date,
        scale,
        amount_fen,
        served_on,
        units,
        pages,
        why,
        before,
        notice,
    }) = command
    else {
        return Err(wrong_state(case, command.action()));
    };
    not_before("on", *date, case.limit_since(), "答复期限起算之日")?;
    if let Some(served_on) = *served_on {
        not_before("served_on", served_on, Some(*date), "收费通知发出之日")?;
        if served_on > ctx.today {
            return Err(Refusal::InFuture { field: "served_on", on: served_on });
        }
    }
    possible(*amount_fen)?;
    if let Some(fee) = case.fee.as_ref().filter(|fee| fee.scale != *scale) {
        return Err(Refusal::FeeScalesMixed { first: fee.scale, second: *scale });
    }
    // What the other scale counts does not belong on this bill.
    match scale {
        FeeScale::Items if pages.is_some() => {
            return Err(GroundRefusal::OtherScale { field: "pages", label: "页数" }.into());
        }
        FeeScale::Pages if !units.is_empty() => {
            return Err(GroundRefusal::OtherScale { field: "units", label: "收费事项" }.into());
        }
        FeeScale::Items | FeeScale::Pages => {}
    }
    if *scale == FeeScale::Pages && pages.is_none() {
        return Err(Refusal::TextMissing { field: "pages", label: "提供的页数" });
    }
    let units = units
        .iter()
        .map(|unit| line("units", "按一事一申请列明的事项", unit).map(str::to_owned))
        .collect::<Result<Vec<_>, _>>()?;
    let units = own_units(case, *scale, units)?;
    let mut bill = FeeBill {
        before: *before,
        units,
        pages: *pages,
        lawful_fen: 0,
        why: optional("why", "收费的理由", why)?.to_owned(),
        notice: *notice,
    };
    let field = if *scale == FeeScale::Pages { "pages" } else { "units" };
    let max = i64::from(crate::domain::fees::LARGEST_INPUT);
    bill.lawful_fen = lawful_fen(*scale, bill.before, bill.unit_count(), bill.pages)
        .map_err(|_too_many| Refusal::OutOfRange { field, label: "数量", min: 0, max })?;
    let held = case.fee.as_ref().map_or(0, Fee::held_fen);
    let paid_before = case.fee.as_ref().is_some_and(|fee| fee.carried);
    let left = if paid_before { 0 } else { bill.lawful_fen.saturating_sub(held).max(0) };
    if *amount_fen > left {
        return Err(Refusal::FeeAboveLawful { lawful_fen: left });
    }
    let event = Event::FeeNotified {
        scale: *scale,
        amount_fen: *amount_fen,
        served_on: *served_on,
        bill: Some(bill),
    };
    Ok(on(*date, event))
}

/// What is charged by number are the things this request asks for, each once: what was split off
/// counts with the request it became.
///
/// Source: 109号 art. 4 (the smallest reasonable unit); rulebook V14.
fn own_units(case: &Case, scale: FeeScale, units: Vec<String>) -> Result<Vec<String>, Refusal> {
    if scale != FeeScale::Items {
        return Ok(units);
    }
    let listed = case.items.len().max(1);
    if units.len() > listed {
        return Err(GroundRefusal::UnitsBeyondItems { listed }.into());
    }
    let different: BTreeSet<&String> = units.iter().collect();
    if different.len() < units.len() {
        return Err(GroundRefusal::UnitTwice.into());
    }
    Ok(units)
}

/// Refuses nothing, less, and more than a county can meet with (ten million yuan): sums never overflow.
fn possible(amount_fen: i64) -> Result<(), Refusal> {
    const MOST_FEN: i64 = 1_000_000_000;
    if (1..=MOST_FEN).contains(&amount_fen) {
        return Ok(());
    }
    Err(Refusal::OutOfRange {
        field: "amount_fen", label: "金额（分）", min: 1, max: MOST_FEN
    })
}
