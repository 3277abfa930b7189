//! Consultations (征求意见).
//!
//! Source: 条例 art. 32, 33 ¶3, 34; rulebook 1.2 d, e.

use chrono::NaiveDate;

use super::{Context, Happening, line, not_before, on, optional, text, today, wrong_state};
use crate::domain::case::{Case, Consultation};
use crate::domain::command::{Command, Consult, OverrideObjection};
use crate::domain::consultation::{self, Letter, LetterSent};
use crate::domain::event::{Event, Party, Position};
use crate::domain::item::Item;
use crate::domain::notice::NoticeKind;
use crate::domain::outcome::{Outcome, RemedyKind};
use crate::domain::policy::Action;
use crate::domain::refusal::{PaperRefusal, Refusal};

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::Consult(Consult {
            on: date,
            id,
            party,
            addressee,
            jointly_made,
            items,
            letter,
            notice,
            told,
            clock,
        }) => {
            not_before("on", *date, case.received_on, "收到申请之日")?;
            if let Some(unknown) = items.iter().find(|n| case.item(**n).is_none()) {
                return Err(Refusal::UnknownItem(*unknown));
            }
            let id = line("id", "征求意见的编号", id)?.to_owned();
            if case.consultations.iter().any(|known| known.id == id) {
                let label = "征求意见的编号";
                return Err(Refusal::Duplicate { field: "id", label, value: id });
            }
            let addressee = line("addressee", "征求意见的对象", addressee)?.to_owned();
            let letter = LetterSent {
                notice: *notice,
                told: *told,
                clock: *clock,
                letter: written(letter)?,
            };
            let event = Event::ConsultationSent {
                id,
                party: *party,
                addressee,
                jointly_made: *jointly_made,
                items: items.clone(),
                letter: Some(letter),
            };
            Ok(on(*date, event))
        }
        Command::RecordConsultationService { on: date, id } => {
            let letter = find(case, command, id, Consultation::may_be_served)?;
            not_before("on", *date, Some(letter.sent_on), "征求意见函发出之日")?;
            // The slip may come back after the answer; the letter arrived before it.
            if let Some(answered_on) = letter.answered_on.filter(|answered| date > answered) {
                return Err(Refusal::ServedAfterAnswer { on: *date, answered_on });
            }
            Ok(on(*date, Event::ConsultationServed { id: id.clone() }))
        }
        Command::RecordOpinion { on: date, id, position, text, slip } => {
            let sent_on = find(case, command, id, |c| !c.answered)?.sent_on;
            not_before("on", *date, Some(sent_on), "征求意见函发出之日")?;
            let text = optional("text", "反馈意见的内容", text)?.to_owned();
            let event = Event::ConsultationAnswered {
                id: id.clone(),
                position: *position,
                text,
                slip: *slip,
            };
            Ok(on(*date, event))
        }
        Command::RecordSilence { on: date, id } => silence(case, command, id, *date, ctx),
        Command::AbandonConsultation { on: date, id, why } => {
            let sent_on = find(case, command, id, |c| c.open && c.served_on.is_none())?.sent_on;
            not_before("on", *date, Some(sent_on), "征求意见函发出之日")?;
            let why = text("why", "终止征求意见的理由", why)?.to_owned();
            Ok(on(*date, Event::ConsultationAbandoned { id: id.clone(), why }))
        }
        Command::WaiveConsultation { why } => {
            let why = text("why", "不征求第三方意见的理由", why)?.to_owned();
            Ok(today(ctx, Event::ConsultationWaived { why }))
        }
        Command::OverrideObjection(OverrideObjection { on: date, id, disclosed, why, notice }) => {
            let answered_on = find(case, command, id, Consultation::objection_stands)?.answered_on;
            not_before("on", *date, answered_on, "收到第三方意见之日")?;
            let disclosed = text("disclosed", "决定公开的内容", disclosed)?.to_owned();
            let why = text("why", "不公开会对公共利益造成重大影响的理由", why)?.to_owned();
            let event =
                Event::ObjectionOverridden { id: id.clone(), disclosed, why, notice: *notice };
            Ok(on(*date, event))
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
    let letter = find(case, command, id, |c| c.open)?;
    let served_on = letter.served_on.ok_or(Refusal::ServiceUnproved("征求意见函"))?;
    // Counted here and not read from the clock, which forgets the letters of an earlier limit.
    let limit = consultation::limit(ctx.calendar, served_on);
    let limit = limit.map_err(|_outside| Refusal::ServiceUnproved("征求意见函"))?.on;
    if date <= limit {
        return Err(Refusal::ConsultationStillOpen { until: limit });
    }
    let effect = consultation::silence(letter.party, letter.jointly_made);
    let article = effect.article().to_owned();
    Ok(on(date, Event::ConsultationLapsed { id: id.to_owned(), effect, article }))
}

/// The letter as entered, every text fit to be printed.
fn written(letter: &Letter) -> Result<Letter, Refusal> {
    let concerns = letter
        .concerns
        .iter()
        .map(|item| text("letter", "征求意见的内容", item).map(str::to_owned))
        .collect::<Result<_, _>>()?;
    let address = optional("letter", "征求意见对象的地址", &letter.address)?.to_owned();
    let reason = optional("letter", "告知申请人身份的理由", &letter.identity_reason)?;
    Ok(Letter { address, concerns, identity_reason: reason.to_owned() })
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
        Action::RecordConsultationService => c.may_be_served(),
        Action::RecordOpinion => !c.answered,
        Action::AbandonConsultation => c.open && c.served_on.is_none(),
        _ => c.open,
    };
    if case.consultations.iter().any(wanted) { Ok(()) } else { Err(wrong_state(case, action)) }
}

/// To withhold for a third party's sake it must have been heard: it objected, or kept silent, or
/// could not be reached; or the reason for not asking stands on record.
///
/// Source: 条例 art. 32; rulebook 4.1 N4.
pub(super) fn third_party_heard(case: &Case, item: Option<u16>) -> bool {
    let heard = |c: &Consultation| {
        c.party == Party::ThirdParty
            && c.concerns(item)
            && !c.open
            && c.position != Some(Position::Agrees)
    };
    case.consultation_waived || case.consultations.iter().any(heard)
}

/// Nothing is released against an objection before the decision left for the third party, with its
/// reasons: it may seek an order against it.
///
/// Source: 条例 art. 32; 行政复议法 art. 42; 行政诉讼法 art. 56.
pub(super) fn third_party_told(case: &Case, outcome: Outcome) -> Result<(), Refusal> {
    let told = case.unsent().iter().all(|one| one.kind != NoticeKind::OverrideTold);
    if told || !outcome.rule().releases {
        Ok(())
    } else {
        Err(PaperRefusal::ThirdPartyUntold.into())
    }
}

/// Nothing a third party objects to is released as a whole before the public interest is found to
/// outweigh the objection: no item it was asked about, and not the request where it was asked about
/// all of it. What is released in part may leave out what it objects to.
///
/// Source: 条例 art. 15, 32, 37.
pub(super) fn objections_resolved(case: &Case, outcome: Outcome) -> Result<(), Refusal> {
    let outcomes = |wanted: fn(Outcome) -> bool| {
        move |c: &Consultation| {
            let asked = case.items.iter().filter(|item| c.concerns(Some(item.n)));
            asked.filter_map(Item::outcome).any(wanted)
        }
    };
    let released = |c: &Consultation| {
        if !case.answers_by_item() {
            return outcome == Outcome::G2;
        }
        let whole = outcomes(|outcome| outcome == Outcome::G2)(c);
        // Asked about all of them, it is not known which it means: something must be kept back.
        let kept = outcomes(|outcome| outcome.rule().remedy == RemedyKind::ReconsiderationFirst)(c);
        whole && !(c.items.is_empty() && kept)
    };
    match case.consultations.iter().find(|c| c.objection_stands() && released(c)) {
        Some(c) => Err(Refusal::ObjectionStands(c.addressee.clone())),
        None => Ok(()),
    }
}
