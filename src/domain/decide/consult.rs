//! Consultations (征求意见) and secrecy review (保密审查).
//!
//! Source: 条例 art. 17, 32, 33 ¶3, 34; rulebook 1.2 d, e.

use super::{Context, Happening, not_before, on, text, today, wrong_state};
use crate::domain::case::{Case, Consultation};
use crate::domain::command::Command;
use crate::domain::event::{Event, Party, SilenceEffect};
use crate::domain::refusal::Refusal;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::Consult { on: date, id, party, addressee, jointly_made } => {
            not_before(*date, case.received_on, "收到申请之日")?;
            let id = text("id", "征求意见的编号", id)?.to_owned();
            let addressee = text("addressee", "征求意见的对象", addressee)?.to_owned();
            let event = Event::ConsultationSent {
                id,
                party: *party,
                addressee,
                jointly_made: *jointly_made,
            };
            Ok(on(*date, event))
        }
        Command::RecordConsultationService { on: date, id } => {
            open(case, command, id)?;
            Ok(on(*date, Event::ConsultationServed { id: id.clone() }))
        }
        Command::RecordOpinion { on: date, id, position, text } => {
            open(case, command, id)?;
            let event = Event::ConsultationAnswered {
                id: id.clone(),
                position: *position,
                text: text.trim().to_owned(),
            };
            Ok(on(*date, event))
        }
        Command::RecordSilence { on: date, id } => silence(case, command, id, *date),
        Command::OpenSecrecyReview { question } => {
            let question = text("question", "需要保密审查的内容", question)?.to_owned();
            Ok(today(ctx, Event::SecrecyReviewOpened { question }))
        }
        Command::RecordSecrecyReview { finding, opinion } => {
            let opinion = text("opinion", "保密审查意见", opinion)?.to_owned();
            Ok(today(ctx, Event::SecrecyReviewed { finding: *finding, opinion }))
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
    date: chrono::NaiveDate,
) -> Result<Vec<Happening>, Refusal> {
    let consultation = open(case, command, id)?;
    let limit = case
        .clock()
        .consultations()
        .find(|c| c.id.as_str() == id)
        .and_then(|c| c.due_on)
        .ok_or(Refusal::ServiceUnproved("征求意见函"))?;
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

fn open<'c>(case: &'c Case, command: &Command, id: &str) -> Result<&'c Consultation, Refusal> {
    case.consultations
        .iter()
        .find(|c| c.id == id && c.open)
        .ok_or_else(|| wrong_state(case, command.action()))
}
