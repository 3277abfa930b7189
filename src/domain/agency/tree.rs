//! The agencies as a tree: who lies below whom, and so whose cases a supervisor sees.
//!
//! Source: 条例 art. 3, 47 (the competent office of the higher level supervises).

use crate::domain::ids::AgencyId;

/// Where an agency stands: itself, and the one above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The agency.
    pub agency: AgencyId,
    /// The one above it.
    pub parent: Option<AgencyId>,
}

/// The agency and all that lie below it, itself first. A circle in the data ends the walk.
#[must_use]
pub fn branch(root: AgencyId, places: &[Place]) -> Vec<AgencyId> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(above) = found.get(at).copied() {
        for place in places {
            if place.parent == Some(above) && !found.contains(&place.agency) {
                found.push(place.agency);
            }
        }
        at += 1;
    }
    found
}

/// Whether `agency` under `parent` would lie below itself.
#[must_use]
pub fn circles(agency: AgencyId, parent: AgencyId, places: &[Place]) -> bool {
    branch(agency, places).contains(&parent)
}
