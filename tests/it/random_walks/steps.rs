//! How the people of the random walks take a step: its input, varied, and the use case it goes to.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;
use gongkai::app::deliveries::ServiceStep;
use gongkai::app::files::{Purpose, Upload};
use gongkai::app::notices::drafts::DraftStep;
use gongkai::app::requests::RequestView;
use gongkai::app::splits::Part;
use gongkai::app::{AppError, Principal};
use gongkai::clock::Clock;
use gongkai::domain::case::{Case, Consultation};
use gongkai::domain::command::{Command, OverrideObjection, ProposeEnd};
use gongkai::domain::event::{Position, ServiceMethod};
use gongkai::domain::examination::{Answer, Question};
use gongkai::domain::ids::{NoticeId, RequestId};
use gongkai::domain::notice::{NoticeKind, NoticeStatus};
use gongkai::domain::outcome::Outcome;
use gongkai::domain::paper::RecordPaperNotice;
use gongkai::domain::policy::Action;
use gongkai::domain::reply::ReplyContent;
use gongkai::domain::service::Slip;
use serde_json::Value;

use super::people::{Done, Walk};
use crate::lifecycle_properties::suited;
use crate::samples;
use crate::story::{Story, slip};
use crate::support::cases::{g1, g2, u1, u2};
use crate::support::made_files::PLAIN_PDF;

impl Walk<'_> {
    pub(super) async fn take(
        &mut self,
        who: Principal,
        (request, seen): (RequestId, i32),
        case: Case,
        action: Action,
    ) -> Done {
        let app = self.app.app.clone();
        let variation = self.dice.throw(1000);
        // Only its author takes a draft back: mostly that is who tries.
        let drafter = case.draft.as_ref().and_then(|draft| draft.drafter);
        let who = match self.people.iter().find(|person| Some(person.user) == drafter) {
            Some(author) if action == Action::RecallDraft && !variation.is_multiple_of(4) => {
                author.clone()
            }
            _ => who,
        };
        let draft = case.draft.as_ref().map(|draft| draft.notice);
        let step = match action {
            Action::RecallDraft => DraftStep::Recall,
            Action::ReturnDraft => DraftStep::Return { reason: "请修改".to_owned() },
            Action::ApproveDraft => DraftStep::Approve,
            Action::Issue => DraftStep::Issue,
            Action::VoidNumber => DraftStep::Void { reason: "有误".to_owned() },
            Action::SubmitDraft => {
                return self.submit(who, (request, seen), &case, variation).await;
            }
            Action::SplitOff => {
                let last = case.items.last().map_or(1, |item| item.n);
                let parts = vec![Part { items: vec![last] }];
                let split = app.split(who, None, request, seen, parts).await?;
                self.pool.extend(split.children.iter().map(|child| child.id));
                return Ok([vec![split.request], split.children].concat());
            }
            Action::AnswerTogether => {
                let other = *self.dice.of(&self.pool);
                return app.answer_together(who, None, request, seen, vec![other]).await;
            }
            Action::AddFile => {
                let bytes = Ok::<_, Infallible>(Bytes::from_static(PLAIN_PDF));
                let stream = stream::iter([bytes]);
                let upload = Upload { name: "分配表.pdf".to_owned(), stream };
                let item = case.items.first().map(|item| item.n);
                let what = (Purpose::Supplied, item.filter(|_| variation.is_multiple_of(2)));
                app.attach(who.clone(), None, request, what, upload).await?;
                return Ok(vec![app.request(&who, request).await?]);
            }
            Action::RecordDispatch
            | Action::RecordService
            | Action::RecordServiceFailure
            | Action::RevokeService
            | Action::RecordNoticeDispatch
            | Action::RecordNoticeService
            | Action::RecordNoticeReturn => {
                return Ok(vec![self.serve(&who, request, seen, action, variation).await?]);
            }
            action => {
                let command = self.command(case, &who, action, variation);
                return self.foreseen(who, (request, seen), command).await;
            }
        };
        let reply = case.reply.as_ref().and_then(|reply| reply.notice);
        let notice = draft.or(reply).unwrap_or_else(NoticeId::new);
        app.draft_step(who.clone(), None, notice, seen, step).await?;
        Ok(vec![app.request(&who, request).await?])
    }

    /// Asks what a step would lead to, and takes it: both say the same.
    async fn foreseen(
        &mut self,
        who: Principal,
        (request, seen): (RequestId, i32),
        command: Command,
    ) -> Done {
        let app = self.app.app.clone();
        let told = app.what_if(&who, request, command.clone()).await;
        let name = format!("{command:?}");
        let done = app.act(who, None, request, seen, command).await;
        match (&told, &done) {
            (Ok(told), Ok(view)) => {
                let told = &told.after;
                let foreseen = (told.state, told.due_on, told.provisional);
                let pressing = (told.governing, told.governing_on, told.no_date);
                assert_eq!(foreseen, (view.state, view.due_on, view.provisional), "{name}");
                let presses = (view.governing, view.governing_on, view.no_date);
                assert_eq!(pressing, presses, "{name}");
            }
            (Err(refused), Ok(_)) => panic!("{name} was taken, but foreseen as: {refused:?}"),
            _ => {}
        }
        Ok(vec![done?])
    }

    fn command(
        &mut self,
        case: Case,
        who: &Principal,
        action: Action,
        variation: usize,
    ) -> Command {
        let today = self.app.clock.today();
        let story = Story {
            case,
            ledger: Vec::new(),
            today,
            actor: Some(who.user),
            roles: who.roles.clone(),
            chains: None,
            deputyships: Vec::new(),
        };
        let mut command = suited(&story, action, today, variation);
        self.vary(&story.case, &mut command, variation);
        match command {
            Command::Assign { reason, officer_name, .. } => {
                Command::Assign { officer: self.people[1].user, reason, officer_name }
            }
            // As they come over HTTP: every notice has an id of its own. What never comes that way
            // stays as it is.
            other => serde_json::to_value(&other).and_then(serde_json::from_value).unwrap_or(other),
        }
    }

    /// Gives a command names that exist in the case, and every answer its turn.
    fn vary(&mut self, case: &Case, command: &mut Command, variation: usize) {
        const OUTCOMES: [Outcome; 4] = [Outcome::G1, Outcome::G2, Outcome::U1, Outcome::N5];
        let item = 1 + variation % case.items.len().max(1);
        let item = case.items.get(item - 1).map_or(1, |item| item.n);
        match command {
            Command::AnswerReview { item: n, question, answer, .. } => {
                *n = item;
                *question = Question::ALL[variation % Question::ALL.len()];
                *answer = *self.dice.of(Answer::ALL);
            }
            Command::DecideItem { item: n, content } => {
                // Those not decided yet come first.
                let open = case.items.iter().find(|item| item.outcome().is_none());
                *n = open.map_or(item, |item| item.n);
                **content = samples::content(OUTCOMES[variation % OUTCOMES.len()]);
            }
            Command::ReferSecrecy(refer) => refer.id = format!("s{}", case.referrals.len()),
            Command::RecordSecrecyRuling { id, .. } => {
                let open = case.referrals.iter().find(|referral| referral.ruling.is_none());
                *id = open.map_or_else(String::new, |referral| referral.id.clone());
            }
            Command::RecordOpinion { position, .. } => {
                *position = Position::ALL[variation % Position::ALL.len()];
            }
            Command::OverrideObjection(OverrideObjection { id, .. }) => {
                let objects = case.consultations.iter().find(|c| Consultation::objection_stands(c));
                *id = objects.map_or_else(String::new, |c| c.id.clone());
            }
            Command::LinkRequest(link) => {
                link.number = self.dice.of(&self.tickets).number.clone();
                link.evidence_file = case.supplied.first().map(|known| known.file);
            }
            Command::ProposeEnd(ProposeEnd { proof_file, .. }) => {
                *proof_file = case.supplied.first().map_or(*proof_file, |known| known.file);
            }
            Command::RefundFee { amount_fen, .. } => {
                let held = case.fee.as_ref().map_or(0, |fee| fee.held_fen());
                *amount_fen = if variation.is_multiple_of(2) { held } else { held / 2 };
            }
            Command::RecordPaperNotice(RecordPaperNotice { file, .. }) => {
                *file = case.supplied.first().map_or(*file, |known| known.file);
            }
            Command::WithdrawFile { file, .. } => {
                if let Some(known) = case.supplied.iter().find(|file| !file.withdrawn) {
                    *file = known.file;
                }
            }
            _ => {}
        }
    }

    async fn submit(
        &self,
        who: Principal,
        (request, seen): (RequestId, i32),
        case: &Case,
        variation: usize,
    ) -> Done {
        let app = &self.app.app;
        let all = app.notices(&who, request).await?;
        let begun = all.into_iter().find(|notice| {
            notice.kind == NoticeKind::Reply
                && matches!(notice.status, NoticeStatus::Draft | NoticeStatus::Returned)
        });
        let notice = match begun {
            Some(notice) => notice,
            None if case.answers_by_item() => {
                app.assemble_reply(who.clone(), None, request).await?
            }
            None => app.draft_reply(who.clone(), None, request, content(variation)).await?,
        };
        app.draft_step(who.clone(), None, notice.id, seen, DraftStep::Submit).await?;
        Ok(vec![app.request(&who, request).await?])
    }

    async fn serve(
        &mut self,
        who: &Principal,
        request: RequestId,
        seen: i32,
        action: Action,
        variation: usize,
    ) -> Result<RequestView, AppError> {
        let app = &self.app.app;
        let is_reply = matches!(
            action,
            Action::RecordDispatch
                | Action::RecordService
                | Action::RecordServiceFailure
                | Action::RevokeService
        );
        let all = app.notices(who, request).await?;
        let issued: Vec<NoticeId> = all
            .into_iter()
            .filter(|n| {
                n.status == NoticeStatus::Issued && (n.kind == NoticeKind::Reply) == is_reply
            })
            .map(|notice| notice.id)
            .collect();
        let notice = match issued.last() {
            Some(notice) => *notice,
            None => NoticeId::new(),
        };
        let on = self.app.clock.today();
        let method = ServiceMethod::ALL[variation % ServiceMethod::ALL.len()];
        let step = match action {
            Action::RecordDispatch | Action::RecordNoticeDispatch => ServiceStep::Sent {
                on,
                method,
                tracking: format!("EA{variation}CN"),
                evidence: "收据".to_owned(),
                evidence_file: None,
                slip: if variation.is_multiple_of(4) { Slip::default() } else { slip() },
            },
            Action::RecordService | Action::RecordNoticeService => ServiceStep::Served {
                on,
                evidence: "回执".to_owned(),
                evidence_file: None,
                slip: slip(),
            },
            Action::RevokeService => ServiceStep::Revoked { reason: "登记有误".to_owned() },
            _ => ServiceStep::Returned { on, reason: "查无此人".to_owned() },
        };
        app.serve_notice(who.clone(), None, notice, seen, step).await
    }
}

fn content(variation: usize) -> ReplyContent {
    let value: Value = [g1(), g2(), u1(), u2()][variation % 4].clone();
    serde_json::from_value(value).unwrap()
}
