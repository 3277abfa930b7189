//! Remedies: announced, answered, ended, and the order to reply anew.
//!
//! Nobody but the law decides when somebody may complain: what comes in is put on record, in every
//! state and in any number. Source: rulebook 1.1 (97), 1.2 q, 5.4.

use super::{Context, Happening, line, not_before, on, optional, text, wrong_state};
use crate::domain::case::{Case, Remedy};
use crate::domain::command::{
    AnswerRemedy, Claimant, Command, DecideRemedy, OpenRemedy, Remand, RemedyKindOpened,
};
use crate::domain::event::{Event, RemedyDecided, RemedyOpened};
use crate::domain::refusal::{Refusal, RemedyRefusal};
use crate::domain::remedy::AnswerTerm;

/// The longest allowance a decision is believed to set, in working days.
const MAX_REMAND: u16 = 240;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::OpenRemedy(opened) => open(case, opened),
        Command::AnswerRemedy(AnswerRemedy { on: date, id, document, evidence }) => {
            let remedy = case.remedy(id).filter(|remedy| remedy.answer.is_none());
            let remedy = remedy.ok_or_else(|| wrong_state(case, command.action()))?;
            not_before("on", *date, Some(remedy.opened_on), "收到复议、诉讼通知之日")?;
            let document = line("document", "答复书、答辩状的文号或者名称", document)?;
            let evidence = text("evidence", "提交的证据、依据目录", evidence)?;
            let (document, evidence) = (document.to_owned(), evidence.to_owned());
            Ok(on(*date, Event::RemedyAnswered { id: id.clone(), document, evidence }))
        }
        Command::DecideRemedy(decided) => end(case, decided, ctx),
        Command::Remand(Remand { on: date, working_days, decision, remedy }) => {
            if !(1..=MAX_REMAND).contains(working_days) {
                return Err(Refusal::OutOfRange {
                    field: "working_days",
                    label: "重新答复的工作日",
                    min: 1,
                    max: i64::from(MAX_REMAND),
                });
            }
            // An order is older than what it would reopen only if it was fulfilled by it.
            not_before("on", *date, case.last_clock_on(), "最近一次登记事项之日")?;
            let decision = line("decision", "责令重新答复的决定书文号", decision)?.to_owned();
            let remedy = line("remedy", "复议、诉讼案号", remedy)?.to_owned();
            let Some(ordered) = case.remedy(&remedy) else {
                return Err(Refusal::UnknownRemedy(remedy));
            };
            if !ordered.orders_anew() {
                return Err(RemedyRefusal::NoOrder { again: ordered.remanded.is_some() }.into());
            }
            let decided_on = ordered.decided.as_ref().map(|decided| decided.on);
            not_before("on", *date, decided_on, "收到该决定、裁判之日")?;
            Ok(on(*date, Event::Remanded { working_days: *working_days, decision, remedy }))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

fn open(case: &Case, opened: &OpenRemedy) -> Result<Vec<Happening>, Refusal> {
    let OpenRemedy { on: date, id, remedy, body, procedure, claimant, claimant_name, claims } =
        opened;
    not_before("on", *date, case.arrived_on, "收到申请之日")?;
    let id = line("id", "复议、诉讼案号", id)?.to_owned();
    if case.remedy(&id).is_some() {
        let label = "复议、诉讼案号";
        return Err(Refusal::Duplicate { field: "id", label, value: id });
    }
    let body = line("body", "受理的复议机关或者法院", body)?.to_owned();
    ways_exclude_each_other(case, *remedy, *claimant)?;
    let term = AnswerTerm::of(*remedy, *procedure);
    if term.is_none() && *remedy == RemedyKindOpened::Reconsideration {
        // Five days or ten: the notice says which, and nobody may guess the longer one.
        let label = "复议机关适用的程序（简易程序或者普通程序）";
        return Err(Refusal::TextMissing { field: "procedure", label });
    }
    let claimant = claimant.unwrap_or(Claimant::Applicant);
    let claimant_name = match claimant {
        // The name of the applicant stands in the application, and only there.
        Claimant::Applicant => String::new(),
        _ => line("claimant_name", "复议申请人、原告的姓名或者名称", claimant_name)?.to_owned(),
    };
    let claims = optional("claims", "复议、诉讼请求", claims)?.to_owned();
    let claimant = Some(claimant);
    let remedy = *remedy;
    let opened = RemedyOpened { id, remedy, body, term, claimant, claimant_name, claims };
    Ok(on(*date, Event::RemedyOpened(opened)))
}

/// A suit over the reconsideration decision needs one; and once there is one, the suit is over it: the
/// annual report counts the two apart.
///
/// A suit during the reconsideration is put on record all the same: whether it is heard is for the
/// court, and the agency must answer it in time.
///
/// Source: 行政诉讼法 art. 45; 行政复议法 art. 29; 国办公开办函〔2021〕30号, table four.
fn ways_exclude_each_other(
    case: &Case,
    remedy: RemedyKindOpened,
    claimant: Option<Claimant>,
) -> Result<(), Refusal> {
    if claimant.is_some_and(|claimant| claimant != Claimant::Applicant) {
        return Ok(());
    }
    let first = |one: &Remedy| one.kind == RemedyKindOpened::Reconsideration;
    match remedy {
        RemedyKindOpened::SuitAfterReconsideration
            if !case.remedies.iter().any(|one| first(one) && !one.is_open()) =>
        {
            Err(RemedyRefusal::NoReconsideration.into())
        }
        RemedyKindOpened::Suit
            if case.reply.is_some()
                && case.reconsiderations().any(|one| one.reviewed() == Some(true)) =>
        {
            Err(RemedyRefusal::AlreadyReviewed.into())
        }
        _ => Ok(()),
    }
}

fn end(case: &Case, decided: &DecideRemedy, ctx: &Context<'_>) -> Result<Vec<Happening>, Refusal> {
    let DecideRemedy { on: date, id, result, ending, decision, served_on, holding } = decided;
    let remedy = case.remedy(id).filter(|remedy| remedy.is_open());
    let remedy =
        remedy.ok_or_else(|| wrong_state(case, crate::domain::policy::Action::DecideRemedy))?;
    not_before("on", *date, Some(remedy.opened_on), "收到复议、诉讼通知之日")?;
    if let Some(served) = served_on.filter(|served| *served > ctx.today) {
        return Err(Refusal::InFuture { field: "served_on", on: served });
    }
    if let Some(served) = served_on {
        not_before("served_on", *served, Some(remedy.opened_on), "收到复议、诉讼通知之日")?;
    }
    if let Some(ending) = ending.filter(|ending| ending.result() != *result) {
        return Err(Refusal::EndingUnfit {
            ending: ending.label(),
            result: ending.result().label(),
        });
    }
    let decided = RemedyDecided {
        id: id.clone(),
        result: *result,
        ending: *ending,
        decision: optional("decision", "决定书、裁判文书文号", decision)?.to_owned(),
        served_on: *served_on,
        holding: optional("holding", "复议机关、法院的认定", holding)?.to_owned(),
    };
    Ok(on(*date, Event::RemedyDecided(decided)))
}
