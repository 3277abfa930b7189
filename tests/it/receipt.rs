//! The receipt date of every channel (rulebook section 2), and what proves it.

use gongkai::domain::archiving::RetentionRules;
use gongkai::domain::calendar::Calendar;
use gongkai::domain::chain::Approvals;
use gongkai::domain::command::Command;
use gongkai::domain::decide::{self, Context};
use gongkai::domain::receipt::{Arrival, Channel, ReceiptBasis, ReceiptError, receipt};
use gongkai::domain::state::State;

use crate::story::{Story, day};

fn arrival(channel: Channel, arrived: &str, confirmed: Option<&str>) -> Arrival {
    Arrival {
        channel,
        arrived_on: day(arrived),
        confirmed_on: confirmed.map(day),
        evidence: "EMS 1234567890 收发室".to_owned(),
    }
}

#[test]
fn every_channel_has_its_own_day_and_ground() {
    use {Channel as C, ReceiptBasis as B};
    // Arrived 03-02, confirmed 03-04 where somebody confirmed.
    for (channel, on, basis) in [
        (C::InPerson, "03-02", B::HandedOver),
        (C::RegisteredPost, "03-02", B::Signed),
        (C::OrdinaryPost, "03-04", B::Confirmed),
        (C::Internet, "03-02", B::AutomaticReceipt),
        (C::Fax, "03-04", B::Confirmed),
        (C::Email, "03-04", B::Confirmed),
        (C::Oral, "03-02", B::OralFormSigned),
        (C::Other, "03-04", B::Confirmed),
    ] {
        let fixed = receipt(&arrival(channel, "03-02", Some("03-04")), day("03-10"));
        let fixed = fixed.ok().flatten().unwrap_or_else(|| panic!("{channel} has no date"));
        assert_eq!((fixed.on, fixed.basis), (day(on), basis), "{channel}");
    }
}

#[test]
fn letters_faxes_and_mails_wait_for_the_applicant() {
    for channel in Channel::ALL {
        let fixed = receipt(&arrival(*channel, "03-02", None), day("03-10"));
        let waits = matches!(fixed, Ok(None));
        assert_eq!(waits, channel.needs_confirmation(), "{channel}");
    }
}

#[test]
fn no_date_stands_without_its_proof_except_the_automatic_receipt() {
    for channel in Channel::ALL {
        let unproved =
            Arrival { evidence: " ".to_owned(), ..arrival(*channel, "03-02", Some("03-02")) };
        let fixed = receipt(&unproved, day("03-10"));
        match channel {
            Channel::Internet => assert!(fixed.is_ok()),
            _ => assert_eq!(fixed, Err(ReceiptError::EvidenceMissing(channel.evidence_wanted()))),
        }
    }
}

#[test]
fn a_receipt_in_the_future_or_before_the_arrival_is_refused() {
    let future = receipt(&arrival(Channel::InPerson, "03-11", None), day("03-10"));
    assert_eq!(future, Err(ReceiptError::InFuture(day("03-11"))));
    let future = receipt(&arrival(Channel::Fax, "03-02", Some("03-11")), day("03-10"));
    assert_eq!(future, Err(ReceiptError::ConfirmedInFuture(day("03-11"))));
    let early = receipt(&arrival(Channel::Fax, "03-02", Some("03-01")), day("03-10"));
    assert_eq!(
        early,
        Err(ReceiptError::ConfirmedBeforeArrival {
            arrived: day("03-02"),
            confirmed: day("03-01")
        })
    );
}

#[test]
fn a_clerk_gets_code_and_field_of_a_wrong_arrival() {
    let ctx = Context {
        calendar: Calendar::built_in(),
        today: day("03-10"),
        actor: None,
        roles: &[],
        approvals: Approvals::default(),
        retention: RetentionRules::DEFAULT,
        longest_deferral_days: gongkai::domain::volume::LONGEST_DEFERRAL_DAYS,
    };
    let refused = |arrival: Arrival| {
        let refusal = decide::open(&arrival, &ctx).err();
        refusal.map(|refusal| (refusal.code(), refusal.field()))
    };
    assert_eq!(
        refused(arrival(Channel::InPerson, "03-11", None)),
        Some(("receipt_in_future", Some("arrived_on")))
    );
    assert_eq!(
        refused(arrival(Channel::Email, "03-02", Some("03-01"))),
        Some(("confirmed_before_arrival", Some("confirmed_on")))
    );
    let silent = Arrival { evidence: String::new(), ..arrival(Channel::Oral, "03-02", None) };
    assert_eq!(refused(silent), Some(("receipt_evidence_missing", Some("evidence"))));
    let garbled = Arrival { evidence: "\u{7}".to_owned(), ..arrival(Channel::Oral, "03-02", None) };
    assert_eq!(refused(garbled), Some(("control_characters", Some("evidence"))));
}

#[test]
fn until_it_is_confirmed_the_safe_limit_counts_from_the_arrival() {
    let story = Story::arrived(Channel::OrdinaryPost, "03-02", false);
    assert_eq!(story.state(), State::AwaitingConfirmation);
    let projection = story.case.projection(Calendar::built_in());
    assert_eq!((projection.due_on, projection.conservative_due_on), (None, Some(day("03-30"))));

    let confirm = Command::ConfirmReceipt { on: day("03-04"), evidence: "电话".to_owned() };
    let story = story.on("03-04").does(confirm);
    let projection = story.case.projection(Calendar::built_in());
    assert_eq!((projection.due_on, projection.conservative_due_on), (Some(day("04-01")), None));
}

/// 条例 art. 31 (2) names the day for ordinary letters; art. 31 (3) names none for fax and internet.
#[test]
fn only_an_ordinary_letter_must_be_confirmed_on_the_day_it_comes() {
    let confirmed = |channel, on: &str| {
        let confirm = Command::ConfirmReceipt { on: day(on), evidence: "电话".to_owned() };
        Story::arrived(channel, "03-02", false).on("03-10").does(confirm).defects()
    };
    assert_eq!(confirmed(Channel::OrdinaryPost, "03-03"), ["receipt_confirmation_late"]);
    assert!(confirmed(Channel::OrdinaryPost, "03-02").is_empty());
    for channel in [Channel::Fax, Channel::Email, Channel::Other] {
        assert!(confirmed(channel, "03-03").is_empty(), "{channel}");
    }
}

#[test]
fn a_receipt_on_a_day_of_rest_stays_on_that_day() {
    // Rulebook C10: received on Sunday 2026-03-01, day one is Monday.
    let story = Story::received("03-01");
    assert_eq!(story.case.received_on, Some(day("03-01")));
    assert_eq!(story.due(), Some(day("03-27")));
}
