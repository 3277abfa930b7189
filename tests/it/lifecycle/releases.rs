//! Nothing is released before its secrecy review (保密审查), and a review ends where the request changes.

use gongkai::domain::command::Command;
use gongkai::domain::event::SecrecyFinding;
use gongkai::domain::item::RightsCheck;
use gongkai::domain::outcome::Outcome;
use gongkai::domain::policy::Action;
use gongkai::domain::state::State;

use super::guards::{approve, draft};
use super::items::reviewed_for_secrecy_alone;
use crate::samples::command;
use crate::story::{Story, issue, reviewed};

fn finding(finding: SecrecyFinding) -> Command {
    Command::ReviewRelease {
        items: Vec::new(),
        finding,
        opinion: "逐件审查".to_owned(),
        third_party: RightsCheck::NotConcerned,
        personal_data: RightsCheck::NotConcerned,
    }
}

#[test]
fn nothing_is_released_before_its_secrecy_review() {
    let story = Story::in_processing("03-02").does(draft(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "secrecy_review_missing");
    let story = story.does(finding(SecrecyFinding::Secret));
    assert_eq!(story.refuses(&approve()), "secrecy_review_forbids");
    let story = story.does(finding(SecrecyFinding::Partly));
    assert_eq!(story.refuses(&approve()), "secrecy_review_forbids");
    let story = story.does(finding(SecrecyFinding::Releasable)).does(approve());
    // What is found between approval and issue counts as well.
    let story = story.does(finding(SecrecyFinding::Secret));
    assert_eq!(story.refuses(&issue(1)), "secrecy_review_forbids");
}

#[test]
fn a_finding_on_secrecy_alone_releases_nothing_before_the_rights_of_others_were_looked_at() {
    let story = reviewed_for_secrecy_alone().does(draft(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "rights_review_missing");
    assert_eq!(story.does(reviewed()).does(approve()).does(issue(1)).state(), State::Issued);
}

#[test]
fn a_partial_finding_allows_a_partial_release_only() {
    let story = Story::in_processing("03-02").does(finding(SecrecyFinding::Partly));
    let story = story.does(draft(Outcome::P1)).by_head().does(approve()).does(issue(1));
    assert_eq!(story.state(), State::Issued);
}

#[test]
fn a_review_begun_anew_must_end_before_the_release() {
    let story = Story::in_processing("03-02").does(reviewed());
    let story = story.does(command(Action::OpenSecrecyReview, "03-02"));
    assert_eq!(story.state(), State::SecrecyReview);
    let story = story.does(draft(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "secrecy_review_missing");
    assert_eq!(story.does(reviewed()).does(approve()).state(), State::Approval);
}

#[test]
fn a_corrected_request_is_reviewed_anew() {
    let story = Story::in_processing("03-02").does(reviewed()).on("03-03");
    let story = story.does(command(Action::AskCorrection, "03-03"));
    let story = story.does(command(Action::RecordCorrection, "03-03"));
    let story = story.does(Command::PassExamination).does(draft(Outcome::G2)).by_head();
    assert_eq!(story.refuses(&approve()), "secrecy_review_missing");
}

#[test]
fn a_refusal_needs_no_secrecy_review() {
    let story = Story::in_processing("03-02").does(draft(Outcome::U1)).by_head();
    assert_eq!(story.does(approve()).does(issue(1)).state(), State::Issued);
}
