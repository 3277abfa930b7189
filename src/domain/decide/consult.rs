//! Consultations (征求意见).
//!
//! Source: 条例 art. 32, 33 ¶3, 34; rulebook 1.2 d, e.

use chrono::NaiveDate;

use super::{Context, Happening, line, not_before, on, optional, text, wrong_state};
use crate::domain::case::{Case, Consultation};
use crate::domain::clock::CONSULTATION;
use crate::domain::command::Command;
use crate::domain::event::{Event, Party, SilenceEffect};
use crate::domain::policy::Action;
use crate::domain::refusal::Refusal;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::Consult { on: date, id, party, addressee, jointly_made } => {
            not_before("on", *date, case.received_on, "收到申请之日")?;
            let id = line("id", "征求意见的编号", id)?.to_owned();
            if case.consultations.iter().any(|known| known.id == id) {
                let label = "征求意见的编号";
                return Err(Refusal::Duplicate { field: "id", label, value: id });
            }
            let addressee = line("addressee", "征求意见的对象", addressee)?.to_owned();
            let event = Event::ConsultationSent {
                id,
                party: *party,
                addressee,
                jointly_made: *jointly_made,
            };
            Ok(on(*date, event))
        }
        Command::RecordConsultationService { on: date, id } => {
            let sent_on =
                find(case, command, id, |c| c.served_on.is_none() && !c.answered)?.sent_on;
            not_before("on", *date, Some(sent_on), "征求意见函发出之日")?;
            Ok(on(*date, Event::ConsultationServed { id: id.clone() }))
        }
        Command::RecordOpinion { on: date, id, position, text } => {
            let sent_on = find(case, command, id, |c| !c.answered)?.sent_on;
            not_before("on", *date, Some(sent_on), "征求意见函发出之日")?;
            let text = optional("text", "反馈意见的内容", text)?.to_owned();
            let event = Event::ConsultationAnswered { id: id.clone(), position: *position, text };
            Ok(on(*date, event))
        }
        Command::RecordSilence { on: date, id } => silence(case, command, id, *date, ctx),
        Command::AbandonConsultation { on: date, id, why } => {
            let sent_on = find(case, command, id, |c| c.open && c.served_on.is_none())?.sent_on;
            not_before("on", *date, Some(sent_on), "征求意见函发出之日")?;
            let why = text("why", "终止征求意见的理由", why)?.to_owned();
            Ok(on(*date, Event::ConsultationAbandoned { id: id.clone(), why }))
        }
        other => Err(wrong_state(case, other.action())),
    }
}

/// The limit passed without an answer. A third party's silence leaves the decision to the agency;
/// an agency's silence is consent, but only where the information was made jointly.
///
/// Source: 条例 art. 32, 34; rulebook C9 (service evidence, or the limit never ends).
fn silence(
    case: &Case,
    command: &Command,
    id: &str,
    date: NaiveDate,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let consultation = find(case, command, id, |c| c.open)?;
    let served_on = consultation.served_on.ok_or(Refusal::ServiceUnproved("征求意见函"))?;
    // Counted here and not read from the clock, which forgets the letters of an earlier limit.
    let limit = ctx.calendar.nth_working_day_after(served_on, CONSULTATION);
    let limit = limit.map_err(|_outside| Refusal::ServiceUnproved("征求意见函"))?.on;
    if date <= limit {
        return Err(Refusal::ConsultationStillOpen { until: limit });
    }
    let effect = if consultation.party == Party::Agency && consultation.jointly_made {
        SilenceEffect::DeemedConsent
    } else {
        SilenceEffect::AgencyDecides
    };
    Ok(on(date, Event::ConsultationLapsed { id: id.to_owned(), effect }))
}

fn find<'c>(
    case: &'c Case,
    command: &Command,
    id: &str,
    wanted: impl Fn(&Consultation) -> bool,
) -> Result<&'c Consultation, Refusal> {
    case.consultations
        .iter()
        .find(|c| c.id == id && wanted(c))
        .ok_or_else(|| wrong_state(case, command.action()))
}

/// Whether some consultation waits for what `action` records. An opinion may come after silence
/// was recorded, and a letter that arrived cannot be given up: there silence has its legal effect.
pub(super) fn waits(case: &Case, action: Action) -> Result<(), Refusal> {
    let wanted = |c: &Consultation| match action {
        Action::RecordConsultationService => c.served_on.is_none() && !c.answered,
        Action::RecordOpinion => !c.answered,
        Action::AbandonConsultation => c.open && c.served_on.is_none(),
        _ => c.open,
    };
    if case.consultations.iter().any(wanted) { Ok(()) } else { Err(wrong_state(case, action)) }
}
