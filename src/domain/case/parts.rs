//! What a case consists of: rounds of correction, consultations, extension, draft, reply.

use chrono::NaiveDate;

use crate::domain::chain::{Approval, Chain, Stage};
use crate::domain::command::CorrectionDefect;
use crate::domain::consultation::LetterSent;
use crate::domain::event::{Party, Position, ServiceMethod, SilenceEffect};
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Role;
use crate::domain::volume::ReasonRequestClock;

/// One round of correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// Day the notice was dispatched.
    pub requested_on: NaiveDate,
    /// Last day to correct, as printed.
    pub until: NaiveDate,
    /// What the notice asks for.
    pub defects: Vec<CorrectionDefect>,
    /// The notice.
    pub notice: NoticeId,
    /// Day it reached the applicant, once proved.
    pub served_on: Option<NaiveDate>,
    /// Day the correction came in.
    pub received_on: Option<NaiveDate>,
}

/// One consultation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consultation {
    /// Its name within the case.
    pub id: String,
    /// Who was asked.
    pub party: Party,
    /// By name.
    pub addressee: String,
    /// Whether the information was made jointly with the agency asked: then silence is consent.
    pub jointly_made: bool,
    /// The items it was asked about; none for the whole request.
    pub items: Vec<u16>,
    /// Day the letter was dispatched.
    pub sent_on: NaiveDate,
    /// Day the letter is known to have arrived.
    pub served_on: Option<NaiveDate>,
    /// The letter; none in old ledgers.
    pub letter: Option<LetterSent>,
    /// Day the answer came.
    pub answered_on: Option<NaiveDate>,
    /// What the answer says.
    pub position: Option<Position>,
    /// In its own words.
    pub opinion: String,
    /// Silence, since when and with which effect.
    pub silence: Option<(NaiveDate, SilenceEffect)>,
    /// Day the public interest was found to outweigh its objection.
    pub overridden_on: Option<NaiveDate>,
    /// Whether an opinion is on record, or none can come any more.
    pub answered: bool,
    /// Whether the case still waits: neither opinion nor silence is on record.
    pub open: bool,
}

/// An attempt to serve another notice than the reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The notice.
    pub notice: NoticeId,
    /// How it went.
    pub method: ServiceMethod,
    /// Day it left.
    pub sent_on: NaiveDate,
    /// Day it reached the applicant.
    pub served_on: Option<NaiveDate>,
    /// Whether it came back: then it must be sent again.
    pub returned: bool,
}

impl Letter {
    /// Whether it has neither arrived nor come back.
    #[must_use]
    pub const fn is_under_way(&self) -> bool {
        self.served_on.is_none() && !self.returned
    }
}

/// What is known of a request for reasons under art. 35.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReasonsAsked {
    /// Day the notice was dispatched.
    pub asked_on: NaiveDate,
    /// Last day to give them, as told.
    pub until: NaiveDate,
    /// The notice; none in old ledgers.
    pub notice: Option<NoticeId>,
    /// Day it reached the applicant, once proved.
    pub served_on: Option<NaiveDate>,
    /// Day they came last.
    pub received_on: Option<NaiveDate>,
    /// What the limit does meanwhile.
    pub clock: ReasonRequestClock,
    /// Who judged them.
    pub judged_by: Option<UserId>,
}

impl ReasonsAsked {
    /// Whether the applicant is known to have had the notice while there was time to answer it:
    /// by a proof of service, or because an answer came.
    #[must_use]
    pub fn reached(&self) -> bool {
        self.received_on.is_some() || self.served_on.is_some_and(|served| served < self.until)
    }
}

/// Where an extension stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extension {
    /// With the head.
    Asked {
        /// Working days asked for, 1–20.
        working_days: u16,
        /// Why.
        reason: String,
        /// Who asked: somebody else consents.
        by: Option<UserId>,
    },
    /// Consented, not yet told.
    Consented {
        /// Working days granted, 1–20.
        working_days: u16,
        /// Why.
        reason: String,
        /// Day of the consent.
        on: NaiveDate,
    },
}

/// The draft reply with its approvers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The notice.
    pub notice: NoticeId,
    /// Its outcome.
    pub outcome: Outcome,
    /// Who submitted it.
    pub drafter: Option<UserId>,
    /// Everybody who wrote at it, the submitter included: none of them approves it.
    pub authors: Vec<UserId>,
    /// Whether every step before the number has been taken.
    pub approved: bool,
    /// The steps it goes through.
    pub chain: Chain,
    /// The steps taken so far.
    pub approvals: Vec<Approval>,
    /// Since when it waits for the next.
    pub since: NaiveDate,
}

impl Draft {
    /// The step it waits for before it can be numbered; `None` once all are taken.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.chain.approvals().nth(self.approvals.len())
    }

    /// The step that is taken next, the signing included; `None` where the head fixes the number.
    #[must_use]
    pub fn next(&self) -> Option<Stage> {
        let signs = self.chain.issuer() == Role::Signer;
        self.stage().or(Some(Stage::Sign).filter(|_| signs))
    }

    /// Whether the next step needs somebody else than whoever took `taken`.
    #[must_use]
    pub fn apart_from(&self, taken: &Approval) -> bool {
        self.next().is_some_and(|next| {
            !self.chain.one_person_may_hold_several
                || taken.stage.wants_own_person()
                || next.wants_own_person()
        })
    }

    /// Who cannot take the next step whatever their role: the authors, and whoever took a step that
    /// must be another's. Each once, in order.
    ///
    /// Source: 条例 art. 45 (审核), by analogy (U).
    #[must_use]
    pub fn barred(&self) -> Vec<UserId> {
        let taken = self.approvals.iter().filter(|taken| self.apart_from(taken));
        let authors = self.authors.iter().copied();
        let mut barred: Vec<UserId> = taken.filter_map(|taken| taken.by).chain(authors).collect();
        barred.sort_unstable();
        barred.dedup();
        barred
    }

    /// Whose turn it is: who takes the next step, or fixes the number.
    #[must_use]
    pub fn turn(&self) -> Role {
        self.stage().map_or_else(|| self.chain.issuer(), Stage::role)
    }
}

/// The reply, from its number on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The notice; `None` when answered on the spot.
    pub notice: Option<NoticeId>,
    /// Its outcome.
    pub outcome: Outcome,
    /// Its number.
    pub number: String,
    /// Day it was issued.
    pub issued_on: NaiveDate,
    /// Day it left the agency.
    pub dispatched_on: Option<NaiveDate>,
    /// How it went.
    pub method: Option<ServiceMethod>,
    /// The day that counts for the agency (办结之日): posted, signed for, arrived.
    pub completed_on: Option<NaiveDate>,
    /// The way that completed it; a later attempt may take another.
    pub completed_by: Option<ServiceMethod>,
    /// The day that counts for the applicant (送达之日).
    pub served_on: Option<NaiveDate>,
}

/// Dates of their own that applicants were told before a calendar moved them nearer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Told {
    /// Last day to correct.
    pub correction_on: Option<NaiveDate>,
    /// Last day to pay.
    pub payment_on: Option<NaiveDate>,
}
