//! What somebody may have meant by a placeholder that is not in the catalogue.

use strsim::jaro_winkler;

use crate::domain::own_form::Placeholder;

/// From here on a name is like enough to another to be suggested; 1 is the same.
const ALIKE: f64 = 0.6;
/// What counts for a name that is part of another, neither much longer than names are.
const PART: f64 = 0.8;
const LONGEST: usize = 12;

/// The placeholder whose name is nearest, if any is near; of several the first of the catalogue.
pub fn nearest(name: &str) -> Option<Placeholder> {
    let name = name.to_lowercase();
    let mut best: Option<(f64, Placeholder)> = None;
    for one in Placeholder::ALL.iter().copied() {
        let alike = likeness(&name, one.as_str()).max(likeness(&name, one.label()));
        if alike >= ALIKE && best.is_none_or(|(most, _)| alike > most) {
            best = Some((alike, one));
        }
    }
    best.map(|(_, one)| one)
}

/// How like two names are, from 0 to 1. A name that is part of another is like it whatever stands
/// around: 电话 is meant for 联系电话.
fn likeness(name: &str, known: &str) -> f64 {
    let longest = name.chars().count().max(known.chars().count());
    let within = name.chars().nth(1).is_some() && (known.contains(name) || name.contains(known));
    let spelt = jaro_winkler(name, known);
    if within && longest <= LONGEST { spelt.max(PART) } else { spelt }
}
