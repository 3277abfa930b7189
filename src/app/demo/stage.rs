//! Plays all requests of the county in the order things happened, day by day.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::app::intake::{Filed, Filing, OralRecord, Registration};
use crate::app::notices::NoticeView;
use crate::app::{App, AppError};
use crate::clock::ManualClock;
use crate::domain::command::Command;
use crate::domain::policy::Role;
use crate::domain::receipt::Channel;

use super::book::{Book, Request, unknown};
use super::county::County;
use super::course::{Part, Step};
use super::days::PastDays;
use super::scene::Scene;
use super::{DemoTicket, calendar};

/// Time from one thing that is done to the next of the same day.
const PACE: TimeDelta = TimeDelta::minutes(3);

/// Something that happens to one request.
enum Turn<'a> {
    /// It comes in.
    Arrival,
    /// Its day of receipt is confirmed with the applicant.
    Confirmation,
    /// A step of its course.
    Step(&'a Step),
}

/// Everything needed to play.
pub(super) struct Stage<'a> {
    app: App,
    clock: Arc<ManualClock>,
    book: &'a Book,
    county: &'a County,
    days: &'a PastDays<'a>,
    filed: Vec<Option<Filed>>,
}

impl<'a> Stage<'a> {
    /// A stage on which nothing has happened. `clock` is the one that `app` goes by.
    pub(super) fn new(
        app: App,
        clock: Arc<ManualClock>,
        book: &'a Book,
        county: &'a County,
        days: &'a PastDays<'a>,
    ) -> Self {
        let filed = book.requests.iter().map(|_| None).collect();
        Self { app, clock, book, county, days, filed }
    }

    /// Plays everything; returns the requests that are shown as examples, their documents made.
    pub(super) async fn play(mut self) -> Result<Vec<DemoTicket>, AppError> {
        let mut now = None;
        for (place, index, turn) in self.programme()? {
            let Some(today) = self.days.at(place) else { continue };
            if now.replace(today) != Some(today) {
                self.clock.set_date(today);
            }
            self.clock.advance(PACE);
            let request = self.book.requests.get(index).ok_or_else(|| unknown("request", ""))?;
            self.take(index, request, turn, today)
                .await
                .map_err(|error| context(request, today, error))?;
        }
        self.book.aftermath.play(&self.app, self.county).await?;
        calendar::play(&self.app, self.county, self.days, self.app.today()).await?;
        // The messages of the last day lie in the folder for mail, and everybody finds their own.
        self.app.remind("demo").await?;
        self.tickets().await
    }

    /// What happens, by day; on one day by request, of one request in the order of its course.
    fn programme(&self) -> Result<Vec<(usize, usize, Turn<'a>)>, AppError> {
        let mut programme = Vec::new();
        for (index, request) in self.book.requests.iter().enumerate() {
            let arrival = self.days.place(request.ago)?;
            let receipt = arrival + request.confirmed;
            programme.push((arrival, index, Turn::Arrival));
            if request.confirmed > 0 {
                programme.push((receipt, index, Turn::Confirmation));
            }
            let steps = self.book.course(request)?.steps.iter();
            programme.extend(steps.map(|step| (receipt + step.day, index, Turn::Step(step))));
        }
        programme.sort_by_key(|(place, index, _)| (*place, *index));
        Ok(programme)
    }

    async fn take(
        &mut self,
        index: usize,
        request: &'a Request,
        turn: Turn<'a>,
        today: NaiveDate,
    ) -> Result<(), AppError> {
        if matches!(turn, Turn::Arrival) {
            let filed = self.file(request, today).await?;
            if let Some(place) = self.filed.get_mut(index) {
                *place = Some(filed);
            }
            return Ok(());
        }
        let filed = self.filed.get(index).and_then(Option::as_ref);
        let scene = Scene {
            app: &self.app,
            office: self.county.office(&request.agency)?,
            library: &self.county.library,
            days: self.days,
            received: self.days.place(request.ago)? + request.confirmed,
            request,
            filed: filed.ok_or_else(|| unknown("request", &request.title))?,
            today,
        };
        match turn {
            Turn::Step(step) => scene.play(step).await,
            _ => {
                let evidence = self.book.evidence(request.channel);
                scene.act(Part::Clerk, Command::ConfirmReceipt { on: today, evidence }).await
            }
        }
    }

    /// Files a request over the portal, or registers what came otherwise.
    async fn file(&self, request: &Request, today: NaiveDate) -> Result<Filed, AppError> {
        let office = self.county.office(&request.agency)?;
        let application = self.book.application(request)?;
        if request.channel == Channel::Internet {
            return self.app.file(None, Filing { agency: office.agency, application }).await;
        }
        let at_once = request.channel.needs_confirmation() && request.confirmed == 0;
        let registration = Registration {
            application,
            channel: request.channel,
            arrived_on: today,
            confirmed_on: at_once.then_some(today),
            evidence: self.book.evidence(request.channel),
            oral: (request.channel == Channel::Oral).then(|| OralRecord {
                taken_by: "窗口工作人员".to_owned(),
                read_back: true,
                signed: true,
            }),
        };
        let clerk = office.with_role(Role::Clerk, 0)?;
        self.app.register(clerk.clone(), None, registration).await
    }

    async fn tickets(&self) -> Result<Vec<DemoTicket>, AppError> {
        let mut tickets = Vec::new();
        for (request, filed) in self.book.requests.iter().zip(&self.filed) {
            let Some(filed) = filed.as_ref().filter(|_| request.shown) else { continue };
            let clerk = self.county.office(&request.agency)?.with_role(Role::Clerk, 0)?;
            for notice in self.app.notices(clerk, filed.id).await? {
                if is_issued(&notice) {
                    self.app.render(notice.id).await?;
                }
            }
            let view = self.app.request(clerk, filed.id).await?;
            tickets.push(DemoTicket {
                number: filed.number.clone(),
                code: filed.query_code.clone(),
                title: request.title.clone(),
                state: view.state_label,
            });
        }
        Ok(tickets)
    }
}

fn is_issued(notice: &NoticeView) -> bool {
    notice.issued_on.is_some()
}

/// Tells which request and day a failure belongs to: it is a fault of the book.
fn context(request: &Request, today: NaiveDate, error: AppError) -> AppError {
    let Request { agency, title, course, .. } = request;
    let detail = match &error {
        AppError::Invalid(faults) => format!("{faults:?}"),
        other => other.to_string(),
    };
    AppError::Broken(format!("assets/demo: {agency} “{title}” ({course}) on {today}: {detail}"))
}
