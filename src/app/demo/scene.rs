//! One step of one request: who does it, and by which use case.

use std::convert::Infallible;

use bytes::Bytes;
use chrono::NaiveDate;
use futures_util::stream;

use crate::app::files::{FileView, Purpose, Upload};
use crate::app::intake::Filed;
use crate::app::tracking::Ticket;
use crate::app::{App, AppError, Principal};
use crate::domain::command::{Command, ProposeEnd};
use crate::domain::policy::Role;

use super::aftermath::Library;
use super::book::{Request, unknown};
use super::county::Office;
use super::course::{Deed, Part, Step};
use super::days::PastDays;

/// Where and when a step is taken.
pub(super) struct Scene<'a> {
    /// The use cases, on the day it happens.
    pub(super) app: &'a App,
    /// The agency.
    pub(super) office: &'a Office,
    /// The days of the story.
    /// The library of reasons.
    pub(super) library: &'a Library,
    pub(super) days: &'a PastDays<'a>,
    /// Place of the day of receipt among them.
    pub(super) received: usize,
    /// The request in the book.
    pub(super) request: &'a Request,
    /// The request on record.
    pub(super) filed: &'a Filed,
    /// The day.
    pub(super) today: NaiveDate,
}

impl Scene<'_> {
    /// Takes a step.
    pub(super) async fn play(&self, step: &Step) -> Result<(), AppError> {
        let part = step.by.unwrap_or_else(|| step.deed.usual_part());
        match &step.deed {
            Deed::Correct if part == Part::Applicant => {
                let text = self.request.corrected.clone();
                self.app.track_correct(None, self.ticket(), text).await.map(drop)
            }
            Deed::GiveReasons if part == Part::Applicant => {
                let text = self.request.reasons.clone();
                self.app.track_reasons(None, self.ticket(), text).await.map(drop)
            }
            Deed::Supply { name, text } => {
                self.add(part, Purpose::Supplied, name, text).await.map(drop)
            }
            Deed::ConfirmFindings { reason } => self.confirm(part, reason).await,
            Deed::ProposeEnd { ground, reason, proof } => {
                let file = self.add(part, Purpose::Other, "终止办理的证明.txt", proof).await?;
                let command = Command::ProposeEnd(ProposeEnd {
                    ground: *ground,
                    reason: reason.clone(),
                    proof: proof.clone(),
                    proof_file: file.id,
                    goes_on_as: String::new(),
                    twin: None,
                });
                self.act(part, command).await
            }
            Deed::Withdraw if part == Part::Applicant => {
                let statement = self.request.withdrawal.clone();
                self.app.track_withdraw(None, self.ticket(), statement).await.map(drop)
            }
            deed => match self.command(deed)? {
                Some(command) => self.act(part, command).await,
                None => self.reply(part, deed).await,
            },
        }
    }

    /// Adds a file: one that goes out with the reply, or evidence.
    async fn add(
        &self,
        part: Part,
        purpose: Purpose,
        name: &str,
        text: &str,
    ) -> Result<FileView, AppError> {
        let who = self.player(part)?.clone();
        let bytes = Ok::<_, Infallible>(Bytes::from(self.fill(text)));
        let upload = Upload { name: name.to_owned(), stream: stream::iter([bytes]) };
        self.app.attach(who, None, self.filed.id, (purpose, None), upload).await
    }

    /// Answers for what was found in the files.
    async fn confirm(&self, part: Part, reason: &str) -> Result<(), AppError> {
        let files = self.app.files(self.player(part)?, self.filed.id).await?;
        for file in files.into_iter().filter(|file| file.settled == Some(false)) {
            let reason = reason.to_owned();
            self.act(part, Command::ConfirmFindings { file: file.id, reason }).await?;
        }
        Ok(())
    }

    /// Gives a command, having seen the request as it is.
    pub(super) async fn act(&self, part: Part, command: Command) -> Result<(), AppError> {
        let who = self.player(part)?.clone();
        let seen = self.app.request(&who, self.filed.id).await?.version;
        self.app.act(who, None, self.filed.id, seen, command).await.map(drop)
    }

    /// Who of the agency plays a part.
    pub(super) fn player(&self, part: Part) -> Result<&Principal, AppError> {
        match part {
            Part::Clerk => self.office.with_role(Role::Clerk, 0),
            Part::Officer => self.office.with_role(Role::Officer, self.request.officer),
            Part::Head => self.office.with_role(Role::Head, 0),
            Part::Reviewer => self.office.with_role(Role::SecrecyReviewer, 0),
            Part::Legal => self.office.with_role(Role::LegalReviewer, 0),
            Part::Leader => self.office.with_role(Role::Leader, 0),
            Part::Signer => self.office.with_role(Role::Signer, 0),
            Part::Applicant => Err(unknown("step of the applicant", &self.request.title)),
        }
    }

    /// What the applicant has in hand.
    fn ticket(&self) -> Ticket {
        Ticket { number: self.filed.number.clone(), code: self.filed.query_code.clone() }
    }

    /// A text with its places filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        let profile = &self.office.profile;
        text.replace("{title}", &self.request.title)
            .replace("{number}", &self.filed.number)
            .replace("{review_body}", &profile.review_body)
            .replace("{court}", &profile.court)
    }

    /// What the book should tell of this request but does not.
    pub(super) fn untold(&self, what: &str) -> AppError {
        unknown(what, &self.request.title)
    }
}
