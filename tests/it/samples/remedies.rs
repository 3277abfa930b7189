//! Samples of the steps of a remedy.

use chrono::NaiveDate;
use gongkai::domain::command::{
    AnswerRemedy, Command, DecideRemedy, OpenRemedy, Remand, RemedyKindOpened, RemedyProcedure,
    RemedyResult,
};
use gongkai::domain::policy::Action;

/// A reconsideration in the simplified procedure.
pub fn opened(id: &str, on: NaiveDate) -> Command {
    Command::OpenRemedy(OpenRemedy {
        on,
        id: id.to_owned(),
        remedy: RemedyKindOpened::Reconsideration,
        body: "宁安县人民政府".to_owned(),
        procedure: Some(RemedyProcedure::Simplified),
        claimant: None,
        claimant_name: String::new(),
        claims: "撤销答复".to_owned(),
    })
}

pub fn answered(id: &str, on: NaiveDate) -> Command {
    Command::AnswerRemedy(AnswerRemedy {
        on,
        id: id.to_owned(),
        document: "宁财复答〔2026〕1号".to_owned(),
        evidence: "检索记录、送达回证".to_owned(),
    })
}

pub fn decided(id: &str, on: NaiveDate, result: RemedyResult) -> Command {
    Command::DecideRemedy(DecideRemedy {
        on,
        id: id.to_owned(),
        result,
        ending: None,
        decision: "宁复决〔2026〕9号".to_owned(),
        served_on: None,
        holding: String::new(),
    })
}

/// A command of one of the four kinds that suits the canonical cases.
pub fn command(action: Action, on: NaiveDate) -> Command {
    match action {
        Action::OpenRemedy => opened("宁复〔2026〕9号", on),
        Action::AnswerRemedy => answered("r", on),
        Action::DecideRemedy => decided("r", on, RemedyResult::Corrected),
        _ => Command::Remand(Remand {
            on,
            working_days: 20,
            decision: "宁复决〔2026〕9号".to_owned(),
            remedy: "r".to_owned(),
        }),
    }
}
