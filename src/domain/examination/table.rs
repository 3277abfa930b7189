//! The table of the review: question, answer, article, where it leads.

use super::{Answer, Question};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Action;

/// An answer that may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The answer.
    pub answer: Answer,
    /// The articles that make it matter; empty for an answer that only leads on.
    pub article: &'static str,
    /// Where it leads.
    pub leads: Leads,
}

/// Where an answer leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leads {
    /// To a further question.
    Question(Question),
    /// To a ground against disclosure, and the question what can be given all the same.
    Ground(Outcome),
    /// To the ground found before: nothing can be given.
    TheGround,
    /// To an outcome.
    Outcome(Outcome),
    /// To an outcome that presupposes a step.
    OutcomeAfter(Outcome, Action),
    /// To a step, before any outcome, with its article.
    Step(Action, &'static str),
}

const fn choice(answer: Answer, article: &'static str, leads: Leads) -> Choice {
    Choice { answer, article, leads }
}

/// Where `answer` leads; `None` if it answers another question.
pub(super) fn leads(question: Question, answer: Answer) -> Option<Leads> {
    choices(question).iter().find(|choice| choice.answer == answer).map(|choice| choice.leads)
}

pub(super) const fn choices(question: Question) -> &'static [Choice] {
    match question {
        Question::Clear => CLEAR,
        Question::Information => INFORMATION,
        Question::Before => BEFORE,
        Question::Responsible => RESPONSIBLE,
        Question::Held => HELD,
        Question::Published => PUBLISHED,
        Question::Ground => GROUND,
        Question::ThirdParty => THIRD_PARTY,
        Question::Separable => SEPARABLE,
        Question::Manner => MANNER,
    }
}

const CLEAR: &[Choice] = &[
    choice(Answer::Yes, "第二十九条", Leads::Question(Question::Information)),
    choice(Answer::No, "第三十条", Leads::Step(Action::AskCorrection, "第二十九条、第三十条")),
    choice(Answer::StillUnclear, "第三十条", Leads::Outcome(Outcome::U4)),
];

const INFORMATION: &[Choice] = &[
    choice(Answer::Yes, "第二条", Leads::Question(Question::Before)),
    choice(Answer::Petition, "第三十九条第一款", Leads::Outcome(Outcome::X1)),
    choice(Answer::Publication, "第三十九条第二款", Leads::Outcome(Outcome::X3)),
    choice(Answer::Register, "第三十六条第七项", Leads::Outcome(Outcome::N8)),
    choice(Answer::Enquiry, "第二条", Leads::Outcome(Outcome::O3)),
];

const BEFORE: &[Choice] = &[
    choice(Answer::No, "", Leads::Question(Question::Responsible)),
    choice(
        Answer::Repeated,
        "第三十六条第六项",
        Leads::OutcomeAfter(Outcome::X2, Action::LinkRequest),
    ),
    choice(Answer::Confirmation, "第三十六条第六项", Leads::Outcome(Outcome::X5)),
    choice(Answer::Volume, "第三十五条", Leads::OutcomeAfter(Outcome::X4, Action::AskReasons)),
];

const RESPONSIBLE: &[Choice] = &[
    choice(Answer::Own, "第十条第一款", Leads::Question(Question::Held)),
    choice(Answer::Joint, "第十条第三款、第三十四条", Leads::Question(Question::Held)),
    choice(Answer::Other, "第十条、第三十六条第五项", Leads::Outcome(Outcome::U2)),
];

const HELD: &[Choice] = &[
    choice(Answer::Yes, "", Leads::Question(Question::Published)),
    choice(
        Answer::NotFound,
        "第三十六条第四项",
        Leads::OutcomeAfter(Outcome::U1, Action::RecordSearch),
    ),
    choice(Answer::Unmade, "第三十八条", Leads::Outcome(Outcome::U3)),
];

const PUBLISHED: &[Choice] = &[
    choice(Answer::Yes, "第三十六条第一项", Leads::Outcome(Outcome::G1)),
    choice(Answer::No, "", Leads::Question(Question::Ground)),
];

const GROUND: &[Choice] = &[
    choice(Answer::None, "", Leads::Question(Question::Manner)),
    choice(Answer::StateSecret, "第十四条", Leads::Ground(Outcome::N1)),
    choice(Answer::Forbidden, "第十四条", Leads::Ground(Outcome::N2)),
    choice(Answer::Security, "第十四条", Leads::Ground(Outcome::N3)),
    choice(Answer::Rights, "第十五条、第三十二条", Leads::Question(Question::ThirdParty)),
    choice(Answer::Internal, "第十六条第一款", Leads::Ground(Outcome::N5)),
    choice(Answer::Deliberative, "第十六条第二款", Leads::Ground(Outcome::N6)),
    choice(Answer::CaseFile, "第十六条第二款", Leads::Ground(Outcome::N7)),
];

const THIRD_PARTY: &[Choice] = &[
    choice(Answer::Agrees, "第十五条", Leads::Question(Question::Manner)),
    choice(Answer::PublicInterest, "第十五条、第三十二条", Leads::Question(Question::Manner)),
    choice(Answer::Objects, "第三十二条", Leads::Ground(Outcome::N4)),
];

const SEPARABLE: &[Choice] = &[
    choice(Answer::Yes, "第三十七条", Leads::OutcomeAfter(Outcome::P1, Action::ReviewRelease)),
    choice(Answer::No, "", Leads::TheGround),
];

const MANNER: &[Choice] = &[
    choice(
        Answer::Yes,
        "第三十六条第二项、第四十条",
        Leads::OutcomeAfter(Outcome::G2, Action::ReviewRelease),
    ),
    choice(Answer::OtherForm, "第四十条", Leads::OutcomeAfter(Outcome::G2, Action::ReviewRelease)),
];
