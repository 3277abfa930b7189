//! Events and commands as JSON: what is stored can be read, and clients send no more than they may.

use std::collections::BTreeSet;

use gongkai::domain::command::{
    AskReasons, Command, Consult, NotifyFee, OverrideObjection, ReferSecrecy,
};
use gongkai::domain::event::Event;
use gongkai::domain::policy::Action;
use gongkai::domain::volume::Volume;
use serde_json::{Value, json};

use crate::samples::{command, events};

/// Names that the source gives to kinds: the right-hand sides of `Self::X { .. } => "x"`.
fn kinds_in_source() -> BTreeSet<String> {
    let source = include_str!("../../../src/domain/event/facets.rs");
    let body = source.split_once("pub const fn kind").unwrap().1.split_once("\n    }").unwrap().0;
    body.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Steps that only the program or its own forms take; they carry what no client may claim.
const INTERNAL: [Action; 26] = [
    Action::SplitOff,
    Action::AnswerTogether,
    Action::IssueWithLead,
    Action::SubmitDraft,
    Action::RecallDraft,
    Action::ReturnDraft,
    Action::ApproveDraft,
    Action::Issue,
    Action::VoidNumber,
    Action::RecordDispatch,
    Action::RecordServiceFailure,
    Action::RevokeService,
    Action::RecordService,
    Action::RecordNoticeService,
    Action::ProposeLapse,
    Action::Succeed,
    Action::RecordNoticeDispatch,
    Action::RecordNoticeReturn,
    Action::FixNotice,
    Action::FreezeDocument,
    Action::Regroup,
    Action::RecordInspection,
    Action::RecordRedaction,
    Action::AddFile,
    Action::AcceptCalendar,
    // Not internal, listed last so that the array is checked below to be complete.
    Action::Note,
];

fn is_internal(action: Action) -> bool {
    action != Action::Note && INTERNAL.contains(&action)
}

#[test]
fn every_kind_of_event_has_a_sample() {
    let sampled: BTreeSet<String> = events().iter().map(|e| e.kind().to_owned()).collect();
    assert_eq!(sampled, kinds_in_source());
    assert_eq!(sampled.len(), events().len(), "no kind twice");
}

#[test]
fn every_event_is_stored_under_its_kind_and_read_back() {
    for event in events() {
        let stored = serde_json::to_value(&event).unwrap();
        assert_eq!(stored["kind"], event.kind());
        assert_eq!(serde_json::from_value::<Event>(stored).unwrap(), event);
    }
}

#[test]
fn every_command_asks_for_its_own_action() {
    for action in Action::ALL {
        assert_eq!(command(*action, "03-20").action(), *action);
    }
}

#[test]
fn every_command_of_a_client_is_read_back_as_it_was_sent() {
    for action in Action::ALL.iter().filter(|a| !is_internal(**a)) {
        let mut sent = command(*action, "03-20");
        let json = serde_json::to_value(&sent).unwrap();
        assert_eq!(json["action"], action.as_str());
        let mut read: Command = serde_json::from_value(json).unwrap();
        // What the program fills in by itself does not travel.
        for command in [&mut sent, &mut read] {
            match command {
                Command::AskCorrection { notice, .. }
                | Command::RenewCorrection { notice, .. }
                | Command::TellExtension { notice, .. }
                | Command::LapseCorrection { notice, .. }
                | Command::LapseFee { notice, .. }
                | Command::NotifyFee(NotifyFee { notice, .. })
                | Command::OverrideObjection(OverrideObjection { notice, .. })
                | Command::ReferSecrecy(ReferSecrecy { notice, .. }) => {
                    *notice = crate::story::notice(0);
                }
                Command::Consult(Consult { notice, told, .. }) => {
                    *notice = crate::story::notice(0);
                    *told = crate::story::notice(0);
                }
                Command::AskReasons(AskReasons { notice, volume, .. }) => {
                    *notice = crate::story::notice(0);
                    *volume = Volume::default();
                }
                Command::Defer { notice, .. } => *notice = crate::story::notice(0),
                Command::Assign { officer_name, .. } => officer_name.clear(),
                _ => {}
            }
        }
        assert_eq!(read, sent);
    }
}

#[test]
fn no_client_can_send_what_only_the_program_does() {
    for action in INTERNAL.into_iter().filter(|a| is_internal(*a)) {
        assert!(serde_json::to_value(command(action, "03-20")).is_err(), "{action}");
        let forged = json!({ "action": action.as_str() });
        let error = serde_json::from_value::<Command>(forged).unwrap_err().to_string();
        assert!(error.contains("unknown variant"), "{action}: {error}");
    }
}

#[test]
fn unknown_fields_are_refused_in_every_command() {
    for action in Action::ALL.iter().filter(|a| !is_internal(**a)) {
        let mut json = serde_json::to_value(command(*action, "03-20")).unwrap();
        json["surprise"] = Value::from(1);
        let read = serde_json::from_value::<Command>(json);
        assert!(read.is_err(), "{action} takes unknown fields");
    }
}

#[test]
fn names_and_notices_are_filled_in_by_the_program_alone() {
    let mut assign = serde_json::to_value(command(Action::Assign, "03-20")).unwrap();
    assign["officer_name"] = Value::from("冒名");
    assert!(serde_json::from_value::<Command>(assign).is_err());
    let mut tell = serde_json::to_value(command(Action::TellExtension, "03-20")).unwrap();
    tell["notice"] = Value::from("00000000-0000-0000-0000-000000000001");
    assert!(serde_json::from_value::<Command>(tell).is_err());
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    for date in ["2026-02-30", "2026-13-01", "昨天", ""] {
        let json = json!({ "action": "record_payment", "on": date, "amount_fen": 1, "proof": "x" });
        assert!(serde_json::from_value::<Command>(json).is_err(), "{date}");
    }
}

#[test]
fn a_date_is_spelt_in_one_way_in_every_command() {
    let mut dates = 0;
    for action in Action::ALL.iter().filter(|a| !is_internal(**a)) {
        let json = serde_json::to_value(command(*action, "03-09")).unwrap();
        for (name, value) in json.as_object().unwrap() {
            let is_date = |text: &&str| text.parse::<chrono::NaiveDate>().is_ok();
            let Some(date) = value.as_str().filter(is_date) else { continue };
            for spelling in [date.replace("-0", "-"), format!(" {date}"), format!("+{date}")] {
                let mut other = json.clone();
                other[name] = Value::from(spelling.clone());
                let read = serde_json::from_value::<Command>(other);
                assert!(read.is_err(), "{action} takes {spelling} as {name}");
            }
            dates += 1;
        }
    }
    assert!(dates > 20, "{dates}");
    // A field that may be absent may also be null, as before.
    let mut fee = serde_json::to_value(command(Action::NotifyFee, "03-09")).unwrap();
    for served_on in [Value::Null, Value::from("2026-03-10")] {
        fee["served_on"] = served_on;
        serde_json::from_value::<Command>(fee.clone()).unwrap();
    }
    fee["served_on"] = Value::from("2026-3-10");
    assert!(serde_json::from_value::<Command>(fee.clone()).is_err());
    fee.as_object_mut().unwrap().remove("served_on");
    serde_json::from_value::<Command>(fee).unwrap();
}

/// `contracts.md`: every kind of the clock contract comes from some event of the ledger.
#[test]
fn every_kind_of_the_clock_contract_is_mapped() {
    let mapped: BTreeSet<String> = events()
        .iter()
        .filter_map(|event| event.on_clock(crate::story::day("03-20")))
        .map(|event| serde_json::to_value(event).unwrap()["kind"].as_str().unwrap().to_owned())
        .collect();
    let contract = [
        "consultation_answered",
        "consultation_sent",
        "consultation_served",
        "correction_received",
        "correction_requested",
        "deferred",
        "extended",
        "fee_notified",
        "fee_paid",
        "received",
        "remanded",
        "replied",
        "withdrawn",
    ];
    assert_eq!(mapped.into_iter().collect::<Vec<_>>(), contract);
}
