//! What on the timeline of a case has no effect, though the record of it stands.
//!
//! Source: rulebook C7, C11.

use crate::domain::clock::{ClockEvent, RefusalReason};

/// An opinion or a service slip that came after the reply: on record, but it moves no limit.
pub(super) const fn came_after_the_end(event: &ClockEvent, reason: &RefusalReason) -> bool {
    matches!(
        (event, reason),
        (
            ClockEvent::ConsultationSent { .. }
                | ClockEvent::ConsultationServed { .. }
                | ClockEvent::ConsultationAnswered { .. },
            RefusalReason::AlreadyClosed { .. }
        )
    )
}

/// An extension that was told too late, or after the reply it was to give time for.
pub(super) const fn is_void_extension(event: &ClockEvent, reason: &RefusalReason) -> bool {
    matches!(
        (event, reason),
        (
            ClockEvent::Extended { .. },
            RefusalReason::ExtensionAfterLimit { .. }
                | RefusalReason::ExtensionRepeated
                | RefusalReason::NoLimitRuns
                | RefusalReason::AlreadyClosed { .. }
        )
    )
}
