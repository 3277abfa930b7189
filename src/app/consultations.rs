//! What a request waits for, and until when: the correction, and each consultation with its own
//! limit.
//!
//! Source: 条例 art. 30, 32, 34; rulebook 1.2 b, d, e.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::db::Conn;
use crate::domain::case::{Case, Consultation};
use crate::domain::command::{Consult, OverrideObjection};
use crate::domain::consultation::{self, Letter};
use crate::domain::event::{Party, Position, SilenceEffect};
use crate::domain::ids::{NoticeId, RequestId};
use crate::domain::proposal::Proposal;
use crate::domain::refusal::{GroundRefusal, Refusal};
use crate::domain::traces;
use crate::domain::working_days::WorkingDays;

use super::ledger::{self, Loaded};
use super::{App, AppError, Principal, actions, items};

/// What a request waits for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct WaitingView {
    /// What the program proposes because a limit has passed.
    pub proposal: Option<Proposal>,
    /// The proposal in Chinese.
    pub proposal_label: Option<String>,
    /// The provision behind it.
    pub article: Option<String>,
    /// Last day to ask for a correction without a defect.
    pub correction_notice_on: Option<NaiveDate>,
    /// The date proposed as last day to correct if the notice went out today; editable.
    pub correction_until_proposed: Option<NaiveDate>,
    /// Last day to correct, while a correction is awaited.
    pub correction_on: Option<NaiveDate>,
    /// Day the correction notice reached the applicant, once proved.
    pub correction_served_on: Option<NaiveDate>,
    /// Last day to pay, while a payment is awaited and service is known.
    pub payment_on: Option<NaiveDate>,
    /// Every consultation, in order of dispatch.
    pub consultations: Vec<ConsultationView>,
}

/// One consultation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[expect(missing_docs, reason = "named after domain::case::Consultation")]
pub struct ConsultationView {
    pub id: String,
    pub party: Party,
    pub addressee: String,
    /// Where the letter goes.
    pub address: String,
    pub jointly_made: bool,
    /// Numbers of the items it was asked about; none: the whole request.
    pub items: Vec<u16>,
    /// The letter; `None` in old ledgers.
    pub letter: Option<NoticeId>,
    /// The notice that told the applicant.
    pub told: Option<NoticeId>,
    /// Whether the letter says who the applicant is.
    pub names_applicant: bool,
    pub sent_on: NaiveDate,
    pub served_on: Option<NaiveDate>,
    /// The addressee's last day, once service is proved; without proof no limit ends.
    pub limit_on: Option<NaiveDate>,
    /// Whether that day rests on an estimated calendar.
    pub provisional: bool,
    pub answered_on: Option<NaiveDate>,
    pub position: Option<Position>,
    pub opinion: String,
    /// What its silence means, once its time has passed.
    pub silence: Option<SilenceEffect>,
    /// That in Chinese.
    pub silence_label: Option<String>,
    /// The provision behind it.
    pub silence_article: Option<String>,
    /// Day on which the silence took effect.
    pub silent_since: Option<NaiveDate>,
    /// Day the public interest was found to outweigh its objection.
    pub overridden_on: Option<NaiveDate>,
    /// Whether it is still waited for.
    pub open: bool,
    /// Whether the time it takes is taken off the limit.
    pub suspends: bool,
}

impl App {
    /// What a request waits for, and until when.
    ///
    /// # Errors
    ///
    /// [`AppError::NotFound`], also for another agency's.
    pub async fn waiting(
        &self,
        principal: &Principal,
        id: RequestId,
    ) -> Result<WaitingView, AppError> {
        let row = self.request(principal, id).await?;
        let app = self.clone();
        let case = self
            .store
            .read(move |conn| Ok::<_, AppError>(ledger::load(conn, &app, id.0)?.case))
            .await?;
        let period = WorkingDays(self.settings.correction_period_wd);
        let proposed = self.calendar.nth_working_day_after(self.today(), period);
        Ok(WaitingView {
            proposal: row.proposal,
            proposal_label: row.proposal_label,
            article: row.proposal.map(|proposal| proposal.article().to_owned()),
            correction_notice_on: case.clock().correction_notice_on(),
            correction_until_proposed: proposed.ok().map(|reached| reached.on),
            correction_on: case.correction_on(),
            correction_served_on: case.corrections.last().and_then(|round| round.served_on),
            payment_on: case.payment_on(),
            consultations: self.consultations_of(&case),
        })
    }

    fn consultations_of(&self, case: &Case) -> Vec<ConsultationView> {
        case.consultations.iter().map(|letter| self.consultation_view(case, letter)).collect()
    }

    fn consultation_view(&self, case: &Case, asked: &Consultation) -> ConsultationView {
        let limit = asked.served_on.and_then(|on| consultation::limit(&self.calendar, on).ok());
        let sent = asked.letter.as_ref();
        let effect = asked.silence.map(|(_, effect)| effect);
        ConsultationView {
            id: asked.id.clone(),
            party: asked.party,
            addressee: asked.addressee.clone(),
            address: sent.map(|sent| sent.letter.address.clone()).unwrap_or_default(),
            jointly_made: asked.jointly_made,
            items: asked.items.clone(),
            letter: sent.map(|sent| sent.notice),
            told: sent.map(|sent| sent.told),
            names_applicant: sent.is_some_and(|sent| !sent.letter.identity_reason.is_empty()),
            sent_on: asked.sent_on,
            served_on: asked.served_on,
            limit_on: limit.map(|reached| reached.on),
            provisional: limit.is_some_and(|reached| reached.estimated),
            answered_on: asked.answered_on,
            position: asked.position,
            opinion: traces::masked(&asked.opinion),
            silence: effect,
            silence_label: effect.map(|effect| effect.label().to_owned()),
            silence_article: effect.map(|effect| effect.article().to_owned()),
            silent_since: asked.silence.map(|(on, _)| on),
            overridden_on: asked.overridden_on,
            open: asked.open,
            suspends: case.suspends(asked),
        }
    }
}

/// The letter as it goes out: what it asks about is fixed, the clock is that of the settings, and
/// who asks stands in it only where somebody said why.
///
/// # Errors
///
/// [`GroundRefusal::TellsWhoAsks`]; failures of the database.
///
/// Source: 个人信息保护法 art. 6, 25; rulebook 9.1.
pub(super) fn filled(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    consult: Consult,
) -> Result<Consult, AppError> {
    let titles = items::titles(&loaded.case, &loaded.row, &consult.items);
    let concerns = consultation::concerns(&consult.letter, &titles);
    if consult.letter.identity_reason.trim().is_empty() {
        let told = concerns.iter().chain([&consult.letter.address]).map(String::as_str);
        keeps_who_asks(conn, app, loaded, told, ("letter.concerns", "征求意见的内容"))?;
    }
    let letter = Letter { concerns, ..consult.letter };
    let clock = app.settings.agency_consultation_clock;
    Ok(Consult { letter, clock, ..consult })
}

/// What a third party is told of a decision against its objection says no more of who asks than the
/// letter did.
///
/// # Errors
///
/// As [`filled`].
pub(super) fn kept_from_third_party(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    told: &OverrideObjection,
) -> Result<(), AppError> {
    let asked = loaded.case.consultations.iter().find(|one| one.id == told.id);
    let letter = asked.and_then(|one| one.letter.as_ref());
    if letter.is_some_and(|sent| !sent.letter.identity_reason.is_empty()) {
        return Ok(());
    }
    keeps_who_asks(conn, app, loaded, [told.disclosed.as_str()], ("disclosed", "决定公开的内容"))?;
    keeps_who_asks(conn, app, loaded, [told.why.as_str()], ("why", "理由"))
}

fn keeps_who_asks<'t>(
    conn: &mut Conn,
    app: &App,
    loaded: &Loaded,
    texts: impl IntoIterator<Item = &'t str>,
    (field, label): (&'static str, &'static str),
) -> Result<(), AppError> {
    let form = actions::application(conn, app, loaded)?;
    if texts.into_iter().any(|text| consultation::tells_who_asks(text, &form)) {
        return Err(Refusal::from(GroundRefusal::TellsWhoAsks { field, label }).into());
    }
    Ok(())
}
