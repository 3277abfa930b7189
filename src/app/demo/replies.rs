//! The reply of a request, from draft to proof of service.

use chrono::NaiveDate;

use crate::app::deliveries::ServiceStep;
use crate::app::notices::NoticeView;
use crate::app::notices::drafts::DraftStep;
use crate::app::{AppError, Principal};
use crate::domain::block_change::BlockChange;
use crate::domain::command::Command;
use crate::domain::event::ServiceMethod;
use crate::domain::gate::{AcknowledgeFinding, DraftFindingKind};
use crate::domain::notice::{NoticeKind, NoticeStatus};
use crate::domain::outcome::Outcome;
use crate::domain::reply::{ReplyContent, SearchRecord};
use crate::domain::service::{self, Slip};

use super::book::Reply;
use super::course::{Deed, Part};
use super::scene::Scene;

impl Scene<'_> {
    /// Takes a step on the reply, or serves a notice.
    pub(super) async fn reply(&self, part: Part, deed: &Deed) -> Result<(), AppError> {
        let who = self.player(part)?;
        match deed {
            Deed::Draft => self.draft(who, self.request.reply.as_ref()).await,
            Deed::ListItems
            | Deed::ReviewItems
            | Deed::SearchItems
            | Deed::DecideItems
            | Deed::ClearItems { .. } => self.items(part, deed).await,
            Deed::AssembleReply => {
                self.app.assemble_reply(who.clone(), None, self.filed.id).await.map(drop)
            }
            Deed::DraftAnew => self.draft(who, self.request.new_reply.as_ref()).await,
            Deed::Revise => {
                let notice = self.last(who, NoticeKind::Reply).await?;
                let content = self.content(who, self.request.reply.as_ref())?;
                let saved = self.app.save_reply(who.clone(), notice.id, notice.version, content);
                saved.await.map(drop)
            }
            Deed::AddWords { after, words, why } => self.add_words(who, after, words, why).await,
            Deed::Submit => {
                self.answer_for_delay(who).await?;
                self.on_draft(who, DraftStep::Submit).await
            }
            Deed::Recall => self.on_draft(who, DraftStep::Recall).await,
            Deed::Return { reason } => {
                self.on_draft(who, DraftStep::Return { reason: self.fill(reason) }).await
            }
            Deed::Approve => self.on_draft(who, DraftStep::Approve).await,
            Deed::Issue => self.on_draft(who, DraftStep::Issue).await,
            Deed::Void { reason } => {
                self.on_draft(who, DraftStep::Void { reason: self.fill(reason) }).await
            }
            other => self.serve(who, other).await,
        }
    }

    async fn serve(&self, who: &Principal, deed: &Deed) -> Result<(), AppError> {
        let on = self.today;
        let (kind, step) = match deed {
            Deed::ServeNotice { notice, method, evidence } => {
                let (method, evidence) = (*method, self.fill(evidence));
                let tracking = format!("XA{}CN", self.filed.number);
                let step = ServiceStep::Sent {
                    on,
                    method,
                    tracking,
                    evidence: evidence.clone(),
                    evidence_file: None,
                    slip: signed(method),
                };
                if service::days(method, on, None, &self.app.calendar).applicant.is_some() {
                    (*notice, step)
                } else {
                    // What the post brought is entered together with its return slip.
                    self.serve_by(who, *notice, step).await?;
                    (*notice, signed_for(on, evidence))
                }
            }
            Deed::Send { method, tracking, evidence } => {
                let (method, tracking) = (*method, self.fill(tracking));
                let evidence = self.fill(evidence);
                let (evidence_file, slip) = (None, signed(method));
                let step =
                    ServiceStep::Sent { on, method, tracking, evidence, evidence_file, slip };
                (NoticeKind::Reply, step)
            }
            Deed::Served { evidence } => (NoticeKind::Reply, signed_for(on, self.fill(evidence))),
            Deed::SentBack { reason } => {
                (NoticeKind::Reply, ServiceStep::Returned { on, reason: reason.clone() })
            }
            other => return Err(self.untold(&format!("use case for {other:?}"))),
        };
        self.serve_by(who, kind, step).await
    }

    async fn serve_by(
        &self,
        who: &Principal,
        kind: NoticeKind,
        step: ServiceStep,
    ) -> Result<(), AppError> {
        let notice = self.last(who, kind).await?;
        let seen = notice.request_version;
        self.app.serve_notice(who.clone(), None, notice.id, seen, step).await.map(drop)
    }

    async fn draft(&self, who: &Principal, reply: Option<&Reply>) -> Result<(), AppError> {
        let content = self.content(who, reply)?;
        self.app.draft_reply(who.clone(), None, self.filed.id, content).await.map(drop)
    }

    /// A paragraph of the officer's own, behind the one that says `after`.
    async fn add_words(
        &self,
        who: &Principal,
        after: &str,
        words: &str,
        why: &str,
    ) -> Result<(), AppError> {
        let draft = self.last(who, NoticeKind::Reply).await?;
        let view = self.app.draft_blocks(who, draft.id).await?;
        let block = view.blocks.into_iter().find(|block| block.text.contains(after));
        let block = block.ok_or_else(|| self.untold(after))?;
        let change = BlockChange {
            block: block.block,
            text: format!("{}\n{}", block.text, self.fill(words)),
            was: block.text,
            why: why.to_owned(),
        };
        let changed =
            self.app.change_blocks(who.clone(), draft.id, view.version, vec![change]).await;
        changed.map(drop)
    }

    /// Whoever submits a reply after its last day says why it is late.
    async fn answer_for_delay(&self, who: &Principal) -> Result<(), AppError> {
        let notice = self.last(who, NoticeKind::Reply).await?;
        let found = self.app.draft_findings(who, notice.id).await?;
        let Some(late) = found.into_iter().find(|f| f.finding.kind == DraftFindingKind::Overdue)
        else {
            return Ok(());
        };
        let answer = Command::AcknowledgeFinding(AcknowledgeFinding {
            finding: DraftFindingKind::Overdue,
            excerpt: late.finding.excerpt,
            reason: "检索涉及多个股室，未能按期完成，已向分管领导说明".to_owned(),
        });
        let seen = notice.request_version;
        self.app.act(who.clone(), None, self.filed.id, seen, answer).await.map(drop)
    }

    async fn on_draft(&self, who: &Principal, step: DraftStep) -> Result<(), AppError> {
        let notice = self.last(who, NoticeKind::Reply).await?;
        let seen = notice.request_version;
        self.app.draft_step(who.clone(), None, notice.id, seen, step).await.map(drop)
    }

    /// The reply as the book tells it; searched today, by the officer.
    pub(super) fn content(
        &self,
        who: &Principal,
        reply: Option<&Reply>,
    ) -> Result<ReplyContent, AppError> {
        let reply = reply.ok_or_else(|| self.untold("reply"))?;
        let title = std::slice::from_ref(&self.request.title);
        let items = if reply.items.is_empty() { title } else { &reply.items };
        let search = reply.search.as_ref().map(|search| SearchRecord {
            systems: search.systems.clone(),
            keywords: search.keywords.clone(),
            by: who.name.clone(),
            on: self.today,
            result: search.result.clone(),
            found: Some(reply.outcome != Outcome::U1),
        });
        Ok(ReplyContent {
            outcome: reply.outcome,
            responsible_agency_id: None,
            items: items.to_vec(),
            place: reply.place.clone(),
            supply: reply.supply.clone(),
            attachments: reply.attachments.clone(),
            withheld: String::new(),
            statute: String::new(),
            statute_note: String::new(),
            other_case: None,
            reasons: reply.reasons.clone(),
            consultation: String::new(),
            search,
            responsible_agency: reply.responsible_agency.clone(),
            responsible_contact: reply.responsible_contact.clone(),
            earlier_reply: String::new(),
            correction_history: String::new(),
            volume_record: String::new(),
            reason_texts: self.library.named(&reply.reason_texts)?,
        })
    }

    /// The newest notice of a kind that still holds.
    async fn last(&self, who: &Principal, kind: NoticeKind) -> Result<NoticeView, AppError> {
        let notices = self.app.notices(who, self.filed.id).await?;
        let holds = |n: &NoticeView| n.kind == kind && n.status != NoticeStatus::Voided;
        notices.into_iter().rev().find(holds).ok_or_else(|| self.untold("notice"))
    }
}

/// The slip of a letter that is handed over: who signed for it.
fn signed(method: ServiceMethod) -> Slip {
    let receiver = if method == ServiceMethod::InPerson { "本人" } else { "" };
    Slip { receiver: receiver.to_owned(), ..Slip::default() }
}

fn signed_for(on: NaiveDate, evidence: String) -> ServiceStep {
    let slip = Slip { receiver: "本人".to_owned(), ..Slip::default() };
    ServiceStep::Served { on, evidence, evidence_file: None, slip }
}
