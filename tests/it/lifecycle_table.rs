//! The state × command table and the role × action × phase matrix, printed for review.
//!
//! A new state, command or guard shows up here as a changed line. Read it against rulebook 1.1.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gongkai::domain::decide::{offered, precondition};
use gongkai::domain::policy::{Action, Role};
use gongkai::domain::state::State;

use crate::samples::{case_in, command};

/// What the sample of `action`, entered today, does to the canonical case of `state`.
fn cell(state: State, action: Action) -> Result<State, &'static str> {
    let story = case_in(state);
    let today = story.today.to_string();
    story
        .tries(&command(action, &today))
        .map(|decision| decision.case.state())
        .map_err(|refusal| refusal.code())
}

#[test]
fn the_state_and_command_table_is_as_reviewed() {
    let mut table = String::new();
    for state in State::ALL {
        writeln!(table, "{state} {}", state.label()).unwrap();
        let mut refused: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for action in Action::ALL {
            match cell(*state, *action) {
                Ok(next) if next == *state => writeln!(table, "    {action} -> =").unwrap(),
                Ok(next) => writeln!(table, "    {action} -> {next}").unwrap(),
                Err(code) => refused.entry(code).or_default().push(action.as_str()),
            }
        }
        for (code, actions) in refused {
            writeln!(table, "    refused {code}: {}", actions.join(" ")).unwrap();
        }
        writeln!(table).unwrap();
    }
    insta::assert_snapshot!("state_command_table", table);
}

#[test]
fn what_is_offered_is_never_refused_with_wrong_state() {
    for state in State::ALL {
        let story = case_in(*state);
        let steps = offered(&story.case, Role::ALL);
        assert!(!steps.is_empty(), "{state} offers nothing");
        for action in steps {
            let refused = cell(*state, action).err();
            // The samples name the consultation `c` and the remedy `r`, as the canonical cases do.
            assert_ne!(refused, Some("wrong_state"), "{action} in {state}");
        }
    }
}

#[test]
fn what_is_not_offered_is_refused() {
    for state in State::ALL {
        let story = case_in(*state);
        for action in Action::ALL {
            if precondition(&story.case, *action).is_err() {
                assert!(cell(*state, *action).is_err(), "{action} in {state}");
            }
        }
    }
}

#[test]
fn the_oversight_roles_change_nothing() {
    for role in [Role::Supervisor, Role::Administrator] {
        assert!(Action::ALL.iter().all(|action| !action.allowed_to(role)), "{role}");
    }
}

#[test]
fn only_the_head_consents_and_voids() {
    for action in [
        Action::ConsentExtension,
        Action::RefuseExtension,
        Action::VoidNumber,
        Action::Defer,
        Action::OverrideObjection,
        Action::RevokeLapse,
        Action::ConfirmEnd,
        Action::DeclineEnd,
    ] {
        let allowed: Vec<_> =
            Role::ALL.iter().copied().filter(|role| action.allowed_to(*role)).collect();
        assert_eq!(allowed, [Role::Head], "{action}");
    }
}

#[test]
fn the_chain_is_walked_by_its_own_roles_only() {
    let allowed = |action: Action| -> Vec<Role> {
        Role::ALL.iter().copied().filter(|role| action.allowed_to(*role)).collect()
    };
    assert_eq!(allowed(Action::ApproveDraft), [Role::Head, Role::LegalReviewer, Role::Leader]);
    assert_eq!(
        allowed(Action::ReturnDraft),
        [Role::Head, Role::LegalReviewer, Role::Leader, Role::Signer]
    );
    assert_eq!(allowed(Action::Issue), [Role::Head, Role::Signer]);
}

#[test]
fn every_step_is_somebodys_or_the_programs_own() {
    let nobodys: Vec<_> =
        Action::ALL.iter().copied().filter(|a| !a.allowed_to_any(Role::ALL)).collect();
    assert_eq!(
        nobodys,
        [
            Action::ProposeLapse,
            Action::IssueWithLead,
            Action::Succeed,
            Action::FixNotice,
            Action::FreezeDocument,
            Action::RecordInspection,
            Action::RecordRedaction,
            Action::Regroup,
            Action::AcceptCalendar
        ]
    );
}

/// `docs/permissions.md`, from the code.
fn permissions() -> String {
    let mut text = String::from(
        "# Who may do what, and from where\n\n\
         Written by the test `lifecycle_table::the_permissions_document_is_current`; do not edit by \
         hand.\n\
         Rules: `src/domain/policy.rs` (role and phase) and `src/domain/decide.rs` (further guards, \
         such as the limit, open consultations, or one's own draft).\n\
         The supervisor (监督员) sees everything and the administrator (系统管理员) manages agencies \
         and people; neither takes a step on a case.\n\n\
         | Step | 步骤 | 登记员 clerk | 承办人 officer | 负责人 head | 审查员 reviewer | 法制 legal | 分管领导 leader | 签发人 signer | From |\n\
         |---|---|:-:|:-:|:-:|:-:|:-:|:-:|:-:|---|\n",
    );
    for action in Action::ALL {
        write!(text, "| `{action}` | {} |", action.label()).unwrap();
        for role in Role::ALL
            .iter()
            .copied()
            .filter(|role| !matches!(role, Role::Supervisor | Role::Administrator))
        {
            text.push_str(if action.allowed_to(role) { " ✓ |" } else { "  |" });
        }
        writeln!(text, " {} |", phases(*action)).unwrap();
    }
    text.push_str(
        "\nSteps without a mark are taken by the program itself. 42–45 and 97 (`third_party_pending` \
         … `extension_pending`, `under_remedy`) are views of the phases named here.\n",
    );
    text
}

/// Phases that a case can be in: the others are views of them.
fn base_phases() -> impl Iterator<Item = State> {
    let views = [
        State::ThirdPartyPending,
        State::AgencyPending,
        State::SecrecyReview,
        State::ExtensionPending,
        State::UnderRemedy,
    ];
    State::ALL.iter().copied().filter(move |state| !views.contains(state))
}

fn phases(action: Action) -> String {
    let missing: Vec<_> = base_phases().filter(|phase| !action.phases().contains(phase)).collect();
    let names = |states: &[State]| {
        states.iter().map(|state| format!("`{state}`")).collect::<Vec<_>>().join(" ")
    };
    match missing.len() {
        0 => "everywhere".to_owned(),
        1..=6 => format!("everywhere but {}", names(&missing)),
        _ => names(action.phases()),
    }
}

#[test]
fn the_permission_matrix_is_as_reviewed() {
    insta::assert_snapshot!("permission_matrix", permissions());
}

#[test]
fn the_permissions_document_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/permissions.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    if written != permissions() {
        let fresh = concat!(env!("CARGO_TARGET_TMPDIR"), "/permissions.md");
        std::fs::write(fresh, permissions()).unwrap();
        panic!("docs/permissions.md is out of date; review and take over {fresh}");
    }
}
