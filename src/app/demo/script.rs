//! From a step of the book to the command that an officer would give.

use crate::app::AppError;
use crate::domain::command::{
    AnswerRemedy, AskReasons, Command, ConfirmEnd, Consult, DecideRemedy, NotifyFee, OpenRemedy,
    OverrideObjection, Remand, Withdraw,
};
use crate::domain::consultation::{AgencyClock, Letter};
use crate::domain::event::{Authentication, FeeScale};
use crate::domain::fees;
use crate::domain::ids::NoticeId;
use crate::domain::item::RightsCheck;
use crate::domain::outcome::Outcome;
use crate::domain::policy::Role;
use crate::domain::volume::{ReasonRequestClock, Volume};

use super::book::Consultation;
use super::course::Deed;
use super::scene::Scene;

/// Name of the one consultation a request of the demo has.
const CONSULTATION: &str = "1";

impl Scene<'_> {
    /// The command of a step; `None` for steps on the reply and for service, which have use cases
    /// of their own.
    pub(super) fn command(&self, deed: &Deed) -> Result<Option<Command>, AppError> {
        let (on, id) = (self.today, CONSULTATION.to_owned());
        Ok(Some(match deed {
            Deed::Assign => Command::Assign {
                officer: self.office.with_role(Role::Officer, self.request.officer)?.user,
                reason: String::new(),
                officer_name: String::new(),
            },
            Deed::Pass => Command::PassExamination,
            Deed::AskCorrection { within } => Command::AskCorrection {
                on,
                until: self.days.after(on, *within)?,
                defects: self.request.correction.clone(),
                approval: String::new(),
                notice: NoticeId::new(),
            },
            Deed::Correct => Command::RecordCorrection { on, text: self.request.corrected.clone() },
            Deed::LapseCorrection { served_on_day, proof } => Command::LapseCorrection {
                on,
                notice_served_on: self
                    .days
                    .at(self.received + served_on_day)
                    .ok_or_else(|| self.untold("day of service of the correction notice"))?,
                proof: proof.clone(),
                proof_file: None,
                notice: NoticeId::new(),
            },
            Deed::Consult { party, jointly_made } => Command::Consult(Consult {
                on,
                id,
                party: *party,
                addressee: self.consultation()?.addressee.clone(),
                jointly_made: *jointly_made,
                items: Vec::new(),
                letter: Letter::default(),
                notice: NoticeId::new(),
                told: NoticeId::new(),
                clock: AgencyClock::default(),
            }),
            Deed::ConsultationServed => Command::RecordConsultationService { on, id },
            Deed::Opinion { position } => {
                let text = self.consultation()?.opinion.clone();
                Command::RecordOpinion { on, id, position: *position, text, slip: None }
            }
            Deed::Silence => Command::RecordSilence { on, id },
            Deed::OpenSecrecyReview { question } => {
                Command::OpenSecrecyReview { question: self.fill(question) }
            }
            Deed::SecrecyReview { finding, opinion } => Command::ReviewRelease {
                items: Vec::new(),
                finding: *finding,
                opinion: self.fill(opinion),
                third_party: RightsCheck::NotConcerned,
                personal_data: RightsCheck::NotConcerned,
            },
            Deed::AskExtension { working_days } => Command::AskExtension {
                working_days: *working_days,
                reason: self.request.extension.clone(),
            },
            Deed::RefuseExtension { reason } => Command::RefuseExtension { reason: reason.clone() },
            Deed::ConsentExtension => Command::ConsentExtension,
            Deed::TellExtension => Command::TellExtension { on, notice: NoticeId::new() },
            Deed::AnswerOnTheSpot { answer } => {
                let text = self.fill(answer);
                let proof = "申请人在当场答复记录上签名".to_owned();
                Command::AnswerOnTheSpot { on, outcome: Outcome::G1, text, proof }
            }
            other => return self.further_command(other),
        }))
    }

    /// Fees, reasons and the end of a case.
    fn further_command(&self, deed: &Deed) -> Result<Option<Command>, AppError> {
        let on = self.today;
        Ok(Some(match deed {
            Deed::AskReasons { within } => Command::AskReasons(AskReasons {
                on,
                until: self.days.after(on, *within)?,
                notice: NoticeId::new(),
                clock: ReasonRequestClock::default(),
                volume: Volume::default(),
            }),
            Deed::GiveReasons => Command::RecordReasons { on, text: self.request.reasons.clone() },
            Deed::JudgeReasons { accepted, why } => {
                Command::JudgeReasons { on, accepted: *accepted, why: why.clone() }
            }
            Deed::Defer { within, why } => {
                let until = self.days.after(on, *within)?;
                Command::Defer { on, until, why: why.clone(), notice: NoticeId::new() }
            }
            Deed::NotifyFee => Command::NotifyFee(NotifyFee {
                on,
                scale: self.fee()?.0,
                amount_fen: self.fee()?.1,
                served_on: None,
                units: self.units()?,
                pages: self.pages()?,
                why: "需要提供的信息数量明显超过合理范围".to_owned(),
                before: 0,
                notice: NoticeId::new(),
            }),
            Deed::FeeNoticeServed { proof } => {
                Command::RecordFeeService { on, proof: self.fill(proof) }
            }
            Deed::Pay { proof } => Command::RecordPayment {
                on,
                amount_fen: self.fee()?.1,
                proof: self.fill(proof),
                remark: String::new(),
            },
            Deed::Refund { fen, why, proof } => Command::RefundFee {
                on,
                amount_fen: *fen,
                why: why.clone(),
                proof: self.fill(proof),
            },
            Deed::OverrideObjection { disclosed, why } => {
                Command::OverrideObjection(OverrideObjection {
                    on,
                    id: CONSULTATION.to_owned(),
                    disclosed: disclosed.clone(),
                    why: why.clone(),
                    notice: NoticeId::new(),
                })
            }
            Deed::LapseFee { proof } => Command::LapseFee {
                on,
                proof: self.fill(proof),
                proof_file: None,
                notice: NoticeId::new(),
            },
            Deed::RevokeLapse { reason } => Command::RevokeLapse { reason: reason.clone() },
            Deed::ConfirmEnd => Command::ConfirmEnd(ConfirmEnd::default()),
            Deed::WaiveConsultation { why } => Command::WaiveConsultation { why: why.clone() },
            Deed::Withdraw => Command::Withdraw(Withdraw {
                on,
                statement: self.request.withdrawal.clone(),
                authentication: Some(Authentication::Signed),
                proof_file: None,
            }),
            Deed::Close => Command::Close,
            Deed::Archive { volume } => Command::Archive {
                volume: self.fill(volume),
                retention: None,
                reason: "承办人继续跟踪救济期限，原件随卷保存".to_owned(),
            },
            Deed::Note { text } => Command::Note { text: self.fill(text) },
            other => return Ok(self.remedy_command(other)),
        }))
    }

    /// Remedies against the agency.
    fn remedy_command(&self, deed: &Deed) -> Option<Command> {
        let on = self.today;
        Some(match deed {
            Deed::OpenRemedy { remedy, id, body, procedure, claims } => {
                Command::OpenRemedy(OpenRemedy {
                    on,
                    id: self.fill(id),
                    remedy: *remedy,
                    body: self.fill(body),
                    procedure: *procedure,
                    claimant: None,
                    claimant_name: String::new(),
                    claims: self.fill(claims),
                })
            }
            Deed::AnswerRemedy { id, document, evidence } => Command::AnswerRemedy(AnswerRemedy {
                on,
                id: self.fill(id),
                document: self.fill(document),
                evidence: self.fill(evidence),
            }),
            Deed::DecideRemedy { id, result, ending, decision, holding } => {
                Command::DecideRemedy(DecideRemedy {
                    on,
                    id: self.fill(id),
                    result: *result,
                    ending: Some(*ending),
                    decision: self.fill(decision),
                    served_on: None,
                    holding: self.fill(holding),
                })
            }
            Deed::Remand { working_days, decision, remedy } => Command::Remand(Remand {
                on,
                working_days: *working_days,
                decision: self.fill(decision),
                remedy: self.fill(remedy),
            }),
            _ => return None,
        })
    }

    fn consultation(&self) -> Result<&Consultation, AppError> {
        self.request.consultation.as_ref().ok_or_else(|| self.untold("consultation"))
    }

    /// What is charged for by number, one line each.
    fn units(&self) -> Result<Vec<String>, AppError> {
        let (scale, _, count) = self.fee()?;
        let count = if scale == FeeScale::Items { count } else { 0 };
        Ok((1..=count).map(|n| format!("{}：第{n}项", self.request.title)).collect())
    }

    fn pages(&self) -> Result<Option<u32>, AppError> {
        let (scale, _, count) = self.fee()?;
        Ok((scale == FeeScale::Pages).then_some(count))
    }

    /// The fee by the scales of the law: scale, fen, and how many.
    fn fee(&self) -> Result<(FeeScale, i64, u32), AppError> {
        let fee = self.request.fee.ok_or_else(|| self.untold("fee"))?;
        let fen = match fee.scale {
            FeeScale::Items => fees::month_total_fen(fee.count),
            FeeScale::Pages => fees::pages_fen(fee.count),
        };
        let fen = fen.map_err(AppError::broken)?;
        Ok((fee.scale, i64::try_from(fen).map_err(AppError::broken)?, fee.count))
    }
}
