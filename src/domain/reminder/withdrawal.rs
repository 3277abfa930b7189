//! Why a reminder no longer stands: nobody is to hurry because of a limit that rests, has moved, or has
//! been kept. The reminder stays on record with the reason.
//!
//! Source: 条例 art. 33 ¶3, 30 (the limit stands still); rulebook 3.

use super::LimitKind;
use crate::domain::state::State;
use crate::domain::text_enum::text_enum;

text_enum!(
    /// Why a reminder was withdrawn.
    Withdrawal {
        /// The reply is out, or the matter has ended.
        Ended = "ended", "已答复或者已办结";
        /// Others have the time: correction, payment, consultation.
        AtRest = "at_rest", "期限中止或者停止计算";
        /// The limit is another day now.
        Moved = "moved", "期限已变更";
        /// What it asked for is done.
        Done = "done", "提醒的事项已处理";
    }
);

/// Why a reminder of `kind` presses no more: of a request in `state`, or of another register; `elsewhere`
/// when the same limit presses on another day.
#[must_use]
pub fn withdrawal(kind: LimitKind, state: Option<State>, elsewhere: bool) -> Withdrawal {
    let reply = matches!(kind, LimitKind::Reply | LimitKind::UnconfirmedReceipt);
    match state {
        Some(state) if !state.is_open() || (reply && !state.owes_reply(false)) => Withdrawal::Ended,
        _ if elsewhere => Withdrawal::Moved,
        Some(
            State::CorrectionPending
            | State::ReasonPending
            | State::FeePending
            | State::ThirdPartyPending
            | State::AgencyPending,
        ) if reply => Withdrawal::AtRest,
        Some(_) if reply => Withdrawal::Moved,
        _ => Withdrawal::Done,
    }
}
