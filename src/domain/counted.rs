//! Which single outcome a request counts as when its items came out differently.
//!
//! A letter that was not split is one request and stands in one row of table three.
//!
//! Source: 国办公开办函〔2021〕30号, table three ("区分处理的，只计这一情形，不计其他情形");
//! 条例 art. 37; rulebook 4.1 "Mixed letters".

use super::outcome::Outcome;

/// The outcome a request counts as.
///
/// - Everything the same: that outcome.
/// - Everything given (G1, G2): G2 if anything was handed over; both stand in the same row.
/// - Something given and something not: P1, and only that – also where the rest does not exist or
///   is another agency's, because table three knows no other row for a partial supply.
/// - Nothing given, for several reasons: the one that stands first on the form. 不予公开 goes
///   before 无法提供, 无法提供 before 不予处理: the decision that weighs most for the applicant is
///   the one counted. 30号 is silent on this; see `docs/decisions/0014-items-and-counting.md`.
///
/// `None` without any outcome. The order of the items plays no part.
#[must_use]
pub fn counted(outcomes: &[Outcome]) -> Option<Outcome> {
    let first_on_the_form = || outcomes.iter().copied().min_by_key(|o| (o.rule().row, *o));
    let gives = |o: &Outcome| matches!(o, Outcome::G1 | Outcome::G2);
    if outcomes.iter().all(gives) {
        return outcomes.iter().copied().max();
    }
    if outcomes.iter().any(|o| gives(o) || *o == Outcome::P1) {
        return Some(Outcome::P1);
    }
    first_on_the_form()
}
