//! How a case ends, and what may still come after: withdrawal, closing, archive, and the
//! program's own entries.
//!
//! Source: 条例 art. 45; rulebook 1.1 (90w–99), 1.2 h.

use super::{Context, Happening, line, not_before, on, optional, text, today, wrong_state};
use crate::domain::archiving::{self, Point, Retention, Weight};
use crate::domain::case::{Case, Fee};
use crate::domain::command::{Command, ConfirmEnd, ProposeEnd, Withdraw};
use crate::domain::event::{Authentication, Event};
use crate::domain::other_end::{self, EndGround, OtherEnd};
use crate::domain::outcome::Outcome;
use crate::domain::proposal::Proposal;
use crate::domain::refusal::{GroundRefusal, OutgoingRefusal, PaperRefusal, Refusal};
use crate::domain::state::State;

pub(super) fn decide(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    match command {
        Command::Withdraw(Withdraw { on: date, statement, authentication, proof_file }) => {
            not_before("on", *date, case.arrived_on, "收到申请之日")?;
            not_before("on", *date, case.last_clock_on(), "最近一次登记事项之日")?;
            let statement = text("statement", "申请人撤回申请的声明", statement)?.to_owned();
            let authentication = authenticated(*authentication, ctx)?;
            // A call leaves no paper: what was written down of it is the proof.
            if authentication == Authentication::Recorded && proof_file.is_none() {
                return Err(GroundRefusal::WithdrawalUnproved.into());
            }
            let (authentication, proof_file) = (Some(authentication), *proof_file);
            Ok(on(*date, Event::Withdrawn { statement, authentication, proof_file }))
        }
        Command::ProposeEnd(propose) => Ok(today(ctx, Event::EndProposed(end(case, propose)?))),
        Command::ConfirmEnd(ConfirmEnd { twin }) => {
            let proposed = case.end_proposed.as_ref();
            let proposed = proposed.ok_or_else(|| wrong_state(case, command.action()))?;
            // Two people, and neither of them nobody.
            if ctx.actor.is_none() || ctx.actor == proposed.by {
                return Err(GroundRefusal::OwnEndProposal.into());
            }
            // What was true when it was proposed may be so no longer.
            other_end::fits(case, &proposed.end, twin.as_ref())?;
            Ok(today(ctx, Event::EndedOtherwise(proposed.end.clone())))
        }
        Command::DeclineEnd { reason } => {
            let reason = text("reason", "不同意终止的理由", reason)?.to_owned();
            Ok(today(ctx, Event::EndDeclined { reason }))
        }
        Command::RevokeLapse { reason } => {
            let reason = text("reason", "撤销逾期处理的理由", reason)?.to_owned();
            let mut happenings = today(ctx, Event::LapseRevoked { reason });
            // What was paid in full meanwhile starts the limit on the day it came.
            let in_full =
                |fee: &&Fee| case.outcome == Some(Outcome::O2) && fee.part_fen >= fee.asked_fen;
            if let Some(paid_on) = case.fee.as_ref().filter(in_full).and_then(|fee| fee.paid_on) {
                let proof = "撤销逾期处理前已缴清".to_owned();
                let remark = String::new();
                let event = Event::FeePaid { amount_fen: 0, proof, held: false, remark };
                happenings.push(Happening { on: paid_on, event });
            }
            Ok(happenings)
        }
        Command::HandOver { on: date, from_unit, giver, receiver, what } => {
            not_before("on", *date, case.arrived_on, "收到申请之日")?;
            let label = "移交单位（收发室、窗口、信访或者科室）";
            let from_unit = line("from_unit", label, from_unit)?.to_owned();
            let giver = line("giver", "移交人", giver)?.to_owned();
            let receiver = line("receiver", "接收人", receiver)?.to_owned();
            if giver.split_whitespace().eq(receiver.split_whitespace()) {
                return Err(GroundRefusal::SameHand.into());
            }
            let event = Event::HandedOver {
                from_unit,
                giver,
                receiver,
                what: text("what", "移交的材料", what)?.to_owned(),
            };
            Ok(on(*date, event))
        }
        Command::Succeed { on: date, succession } => {
            let succession = (**succession).clone();
            Ok(on(*date, Event::Succeeded { succession }))
        }
        Command::RecordAssistance { on: date, need, help } => {
            let need = text("need", "申请人的困难", need)?.to_owned();
            let help = text("help", "提供的协助", help)?.to_owned();
            Ok(on(*date, Event::Assisted { need, help }))
        }
        Command::Close => {
            let outcome = case.outcome.ok_or(Refusal::EvidenceMissing("办理结果"))?;
            let untold = case.untold();
            if !untold.is_empty() {
                return Err(PaperRefusal::NotSent(untold).into());
            }
            Ok(today(ctx, Event::Closed { outcome }))
        }
        Command::Archive { volume, retention, reason } => {
            archive(case, ctx, volume, (*retention, reason))
        }
        _ => own_entries(case, command, ctx),
    }
}

/// The end as proposed: a ground of the list, what happened, and what proves it.
///
/// Source: 30号 row 23; rulebook 1.1 (90w–92), by analogy.
fn end(case: &Case, propose: &ProposeEnd) -> Result<OtherEnd, Refusal> {
    let ProposeEnd { ground, reason, proof, proof_file, goes_on_as, twin } = propose;
    let label = "继续办理的登记编号";
    let goes_on_as = match ground {
        EndGround::RegisteredTwice => line("goes_on_as", label, goes_on_as)?.to_owned(),
        EndGround::Death | EndGround::OrganisationEnded => String::new(),
    };
    let end = OtherEnd {
        ground: Some(*ground),
        reason: text("reason", "终止办理的理由", reason)?.to_owned(),
        proof: text("proof", "终止办理的证明材料", proof)?.to_owned(),
        proof_file: Some(*proof_file),
        goes_on_as,
    };
    other_end::fits(case, &end, twin.as_ref())?;
    Ok(end)
}

/// Files a case away. What the law forbids blocks; what is merely incomplete goes on record with the
/// reason somebody gives.
///
/// Source: 条例 art. 45; 档案法 art. 13, 14; 国家档案局令第8号 art. 6, 7.
fn archive(
    case: &Case,
    ctx: &Context<'_>,
    volume: &str,
    (retention, reason): (Option<Retention>, &str),
) -> Result<Vec<Happening>, Refusal> {
    let volume = line("volume", "案卷号", volume)?.to_owned();
    let reason = optional("reason", "归档时的说明", reason)?.to_owned();
    let missing = archiving::missing(case, ctx.calendar, ctx.today);
    let listed = |points: &[Point]| {
        let labels: Vec<&str> = points.iter().map(|point| point.label()).collect();
        labels.join("；")
    };
    let blocking: Vec<Point> =
        missing.iter().copied().filter(|point| point.weight() == Weight::Blocks).collect();
    if !blocking.is_empty() {
        return Err(Refusal::ArchiveBlocked(listed(&blocking)));
    }
    if !missing.is_empty() && reason.is_empty() {
        return Err(Refusal::ClosingIncomplete(listed(&missing)));
    }
    let (proposed, _) = ctx.retention.proposed(case);
    let retention = retention.unwrap_or(proposed);
    if retention.years() < proposed.years() {
        return Err(GroundRefusal::RetentionTooShort { proposed: proposed.label() }.into());
    }
    if retention != proposed && reason.is_empty() {
        return Err(Refusal::TextMissing { field: "reason", label: "改变保管期限的理由" });
    }
    Ok(today(ctx, Event::Archived { volume, retention: Some(retention), missing, reason }))
}

/// A withdrawal must be the applicant's own: online the query code shows it, otherwise staff say
/// what does.
///
/// Source: rulebook 1.2 h (the Regulation is silent).
fn authenticated(
    entered: Option<Authentication>,
    ctx: &Context<'_>,
) -> Result<Authentication, Refusal> {
    match (ctx.actor, entered) {
        (None, _) => Ok(Authentication::QueryCode),
        // Nobody of the agency can have used the applicant's code for them.
        (Some(_), None | Some(Authentication::QueryCode)) => {
            Err(Refusal::WithdrawalUnauthenticated)
        }
        (Some(_), Some(authentication)) => Ok(authentication),
    }
}

/// What the program itself puts on record.
fn own_entries(
    case: &Case,
    command: &Command,
    ctx: &Context<'_>,
) -> Result<Vec<Happening>, Refusal> {
    let event = match command {
        Command::FixNotice { notice, notice_kind, number, content_sha256 } => Event::NoticeIssued {
            notice: *notice,
            notice_kind: *notice_kind,
            number: number.clone(),
            content_sha256: content_sha256.clone(),
        },
        Command::FreezeDocument { notice, template, pdf_sha256, docx_sha256 } => Event::Rendered {
            notice: *notice,
            template: template.clone(),
            pdf_sha256: pdf_sha256.clone(),
            docx_sha256: docx_sha256.clone(),
        },
        Command::AddFile { file, name, sha256, purpose, item } => {
            // A request that nobody has taken apart is one item.
            let known = |n: &u16| case.item(*n).is_some() || (case.items.is_empty() && *n == 1);
            if let Some(unknown) = item.filter(|n| !known(n)) {
                return Err(Refusal::UnknownItem(unknown));
            }
            Event::FileAdded {
                file: *file,
                name: name.clone(),
                sha256: sha256.clone(),
                purpose: purpose.clone(),
                item: *item,
            }
        }
        Command::WithdrawFile { file, reason } => {
            let supplied = case.supplied_file(*file).filter(|supplied| !supplied.withdrawn);
            supplied.ok_or(Refusal::NotSupplied)?;
            let reason = text("reason", "撤下的理由", reason)?.to_owned();
            Event::FileWithdrawn { file: *file, reason }
        }
        Command::Regroup { together } => Event::TogetherChanged { together: together.clone() },
        Command::RecordInspection { file, rules, found } => {
            case.supplied_file(*file).ok_or(Refusal::NotSupplied)?;
            Event::FileInspected { file: *file, rules: *rules, found: found.clone() }
        }
        Command::RecordRedaction(redacted) => {
            case.supplied_file(redacted.file).ok_or(Refusal::NotSupplied)?;
            Event::FileRedacted(redacted.clone())
        }
        Command::ConfirmFindings { file, reason } => {
            let supplied = case.supplied_file(*file).filter(|supplied| !supplied.withdrawn);
            let supplied = supplied.ok_or(Refusal::NotSupplied)?;
            if !supplied.is_doubtful() {
                return Err(OutgoingRefusal::NoFindings.into());
            }
            // Nobody confirms what they put there.
            if ctx.actor.is_none() || supplied.added_by == ctx.actor {
                return Err(OutgoingRefusal::OwnFindings.into());
            }
            let reason = text("reason", "确认保留的理由", reason)?.to_owned();
            Event::FindingsConfirmed { file: *file, reason }
        }
        Command::AcceptCalendar(change) => Event::CalendarChanged(change.clone()),
        Command::ProposeLapse => {
            let (proposal, until) = match case.phase() {
                State::FeePending => (Proposal::LapseFee, case.payment_on()),
                _ => {
                    let printed = case.corrections.last().map(|round| round.until);
                    (Proposal::LapseCorrection, case.correction_on().or(printed))
                }
            };
            if until.is_none_or(|until| ctx.today <= until) {
                return Err(wrong_state(case, command.action()));
            }
            let article = proposal.article().to_owned();
            Event::LapseProposed { proposal, until, article }
        }
        Command::Note { text: remark } => {
            Event::Noted { text: text("text", "备注", remark)?.to_owned() }
        }
        other => return Err(wrong_state(case, other.action())),
    };
    Ok(today(ctx, event))
}
