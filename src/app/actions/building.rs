//! The notices that a decision sends out, put together from its events.

use crate::documents::Notice;
use crate::domain::agency::Agency;
use crate::domain::decide::Decision;
use crate::domain::event::{Event, Party};
use crate::domain::notice::NoticeKind;

use crate::app::ledger::Loaded;
use crate::app::notices::Built;
use crate::app::wording::{self, Facts, letters, money};
use crate::app::{App, AppError, items};

/// The notices a decision goes out with, in the order in which they get their numbers.
pub(super) fn build(
    app: &App,
    agency: &Agency,
    loaded: &Loaded,
    decision: &Decision,
) -> Result<Vec<Built>, AppError> {
    let mut built = Vec::new();
    for happening in &decision.happenings {
        let facts = Facts { agency, row: &loaded.row, date: happening.on };
        let mut add = |id, kind: NoticeKind, notice: Notice| {
            let paper = loaded.case.paper_notice(kind, happening.on);
            let notice = if paper.is_some() { afterwards(notice) } else { notice };
            built.push(Built { id, kind, notice, paper: paper.map(|paper| paper.number.clone()) });
        };
        match &happening.event {
            Event::CorrectionRequested { until, defects, notice, .. }
            | Event::CorrectionRenewed { until, defects, notice } => {
                let sheet = wording::correction(app, &facts, *until, defects)?;
                add(*notice, NoticeKind::Correction, sheet);
            }
            Event::ReasonsRequested { until, notice: Some(notice), clock, volume } => {
                let sheet = wording::reasons(app, &facts, *until, *clock, volume)?;
                add(*notice, NoticeKind::Reasons, sheet);
            }
            Event::Deferred { until, why, notice: Some(notice) } => {
                let sheet = wording::deferral(app, &facts, *until, why)?;
                add(*notice, NoticeKind::Deferral, sheet);
            }
            Event::SecrecyReferred { items: numbers, authority, question, notice, .. } => {
                let titles = items::titles(&decision.case, &loaded.row, numbers);
                let sheet = wording::secrecy_referral(app, &facts, authority, &titles, question)?;
                add(*notice, NoticeKind::SecrecyReferral, sheet);
            }
            Event::Extended { working_days, reason, notice } => {
                let projection = decision.case.projection(&app.calendar);
                let until = (projection.due_on, !projection.provisional);
                let sheet = wording::extension(app, &facts, *working_days, reason, until)?;
                add(*notice, NoticeKind::Extension, sheet);
            }
            Event::ConsultationSent {
                party, addressee, jointly_made, letter: Some(sent), ..
            } => {
                let (kind, sheet) = match party {
                    Party::ThirdParty => (
                        NoticeKind::ThirdPartyLetter,
                        letters::third_party(app, &facts, addressee, &sent.letter)?,
                    ),
                    Party::Agency => (
                        NoticeKind::AgencyLetter,
                        letters::agency(app, &facts, addressee, *jointly_made, &sent.letter)?,
                    ),
                };
                add(sent.notice, kind, sheet);
                // Made today, even where the letter itself was made on paper before.
                let told = letters::told(app, &facts, *party)?;
                let told = Notice { date: app.today(), ..told };
                add(sent.told, NoticeKind::ConsultationTold, told);
            }
            Event::ObjectionOverridden { id, disclosed, why, notice } => {
                let found = loaded.case.consultations.iter().find(|c| c.id == *id);
                let letter =
                    found.ok_or_else(|| AppError::Broken("no such consultation".to_owned()))?;
                let sheet = letters::overridden(app, &facts, letter, disclosed, why)?;
                add(*notice, NoticeKind::OverrideTold, sheet);
            }
            Event::FeeNotified { scale, amount_fen, bill: Some(bill), .. } => {
                let sheet = money::fee_notice(app, &facts, *scale, *amount_fen, bill)?;
                add(bill.notice, NoticeKind::FeeNotice, sheet);
            }
            Event::CorrectionLapsed { notice_served_on, notice: Some(notice), .. } => {
                let sheet = money::correction_lapsed(app, &facts, &loaded.case, *notice_served_on)?;
                add(*notice, NoticeKind::NotHandled, sheet);
            }
            Event::FeeLapsed { notice: Some(notice), .. } => {
                let sheet = money::fee_lapsed(app, &facts, &loaded.case)?;
                add(*notice, NoticeKind::NotHandled, sheet);
            }
            _ => {}
        }
    }
    Ok(built)
}

/// A notice that was made on paper before, as it is set now: it says so of itself.
fn afterwards(notice: Notice) -> Notice {
    let says = "本件系补录，以同一文号的纸质原件为准";
    let contact = match &notice.contact {
        Some(contact) => format!("{contact}；{says}"),
        None => says.to_owned(),
    };
    Notice { contact: Some(contact), ..notice }
}
