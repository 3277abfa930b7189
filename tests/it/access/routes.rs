//! The policy of the routes, one line each: whom a route admits, and what it is about.

use gongkai::domain::policy::Role;

/// What a route is about, and so who of its admitted roles may reach it from another agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// Open to all.
    Public,
    /// An object of the agency: hidden from other agencies.
    Agency,
    /// An object of the agency, for officers only where the case is theirs.
    OwnCase,
    /// A step on an object of the agency: these may knock, and inside the role decides.
    Step(&'static [Role]),
    /// No object of an agency: one's own list, the county, oneself.
    Nothing,
}

pub const CASES: &[Role] = &[Role::Clerk, Role::Officer, Role::Head];
pub const ACTORS: &[Role] = &[Role::Clerk, Role::Officer, Role::Head, Role::SecrecyReviewer];
pub const OVERSEERS: &[Role] = &[Role::Head, Role::Supervisor];
pub const BUNDLES: &[Role] = &[Role::Officer, Role::Head, Role::Supervisor];
pub const DRAFTS: &[Role] =
    &[Role::Clerk, Role::Officer, Role::Head, Role::LegalReviewer, Role::Leader, Role::Signer];
pub const READS: &[Role] = &[
    Role::Clerk,
    Role::Officer,
    Role::Head,
    Role::SecrecyReviewer,
    Role::LegalReviewer,
    Role::Leader,
    Role::Signer,
    Role::Supervisor,
];
pub const DRAFTERS: &[Role] = &[Role::Officer, Role::Head];
pub const ASSESSORS: &[Role] = &[Role::Officer, Role::Head, Role::Leader];
pub const PUBLISHERS: &[Role] = &[Role::Officer, Role::Head, Role::SecrecyReviewer, Role::Leader];
pub const ADMIN: &[Role] = &[Role::Administrator];
pub const KEEPERS: &[Role] = &[Role::Supervisor, Role::Administrator];
pub const APPOINTERS: &[Role] = &[Role::Head, Role::Administrator];
pub const CHAIN_READERS: &[Role] = &[Role::Head, Role::Supervisor, Role::Administrator];
pub const ANYBODY: &[Role] = Role::ALL;

/// The policy of the routes. A new route gets its line here.
pub const ROUTES: &[(&str, &[Role], About)] = &[
    ("GET /api/v1/agencies", ANYBODY, About::Public),
    ("POST /api/v1/agencies", ADMIN, About::Nothing),
    ("GET /api/v1/agencies/{id}", ANYBODY, About::Public),
    ("PUT /api/v1/agencies/{id}", ADMIN, About::Nothing),
    ("GET /api/v1/agencies/{id}/approval-chains", CHAIN_READERS, About::Agency),
    ("PUT /api/v1/agencies/{id}/approval-chains", ADMIN, About::Nothing),
    ("GET /api/v1/agencies/{id}/deputies", ANYBODY, About::Agency),
    ("POST /api/v1/agencies/{id}/merge", ADMIN, About::Nothing),
    ("GET /api/v1/agencies/{id}/units", ANYBODY, About::Agency),
    ("POST /api/v1/agencies/{id}/units", ADMIN, About::Nothing),
    ("GET /api/v1/calendar/imports", KEEPERS, About::Nothing),
    ("POST /api/v1/calendar/imports", KEEPERS, About::Nothing),
    ("GET /api/v1/calendar/imports/{id}", KEEPERS, About::Nothing),
    ("GET /api/v1/calendar/imports/{id}/changes", KEEPERS, About::Nothing),
    ("PUT /api/v1/calendar/imports/{id}/confirm", KEEPERS, About::Nothing),
    ("PUT /api/v1/calendar/imports/{id}/reject", KEEPERS, About::Nothing),
    ("POST /api/v1/calendar/imports/{id}/reverse", KEEPERS, About::Nothing),
    ("POST /api/v1/calendar/preview", KEEPERS, About::Nothing),
    ("GET /api/v1/calendar/versions", ANYBODY, About::Public),
    ("GET /api/v1/calendar/versions/{version}/{year}", ANYBODY, About::Public),
    ("GET /api/v1/calendar/{year}", ANYBODY, About::Public),
    ("POST /api/v1/clock", ANYBODY, About::Public),
    ("GET /api/v1/complaints", READS, About::Nothing),
    ("POST /api/v1/complaints", &[Role::Supervisor], About::Nothing),
    ("GET /api/v1/complaints/{id}", READS, About::Agency),
    ("POST /api/v1/complaints/{id}/statement", DRAFTERS, About::Agency),
    ("POST /api/v1/complaints/{id}/steps", &[Role::Supervisor], About::Agency),
    ("GET /api/v1/deliveries/{id}/slip", READS, About::Agency),
    ("GET /api/v1/colleagues", CASES, About::Nothing),
    ("POST /api/v1/deputies", APPOINTERS, About::Nothing),
    ("PUT /api/v1/deputies/{id}/end", APPOINTERS, About::Agency),
    ("GET /api/v1/files/{id}", READS, About::Agency),
    ("GET /api/v1/me", ANYBODY, About::Nothing),
    ("PUT /api/v1/me/password", ANYBODY, About::Nothing),
    ("GET /api/v1/notices/{id}", READS, About::Agency),
    ("PUT /api/v1/notices/{id}", DRAFTERS, About::Step(CASES)),
    ("POST /api/v1/notices/{id}/deliveries", CASES, About::Agency),
    ("GET /api/v1/notices/{id}/docx", READS, About::Agency),
    ("GET /api/v1/notices/{id}/pdf", READS, About::Agency),
    ("GET /api/v1/notices/{id}/preview", READS, About::Agency),
    ("POST /api/v1/notices/{id}/steps", DRAFTERS, About::Step(DRAFTS)),
    ("GET /api/v1/people", ADMIN, About::Nothing),
    ("POST /api/v1/people", ADMIN, About::Nothing),
    ("GET /api/v1/people/{id}", ADMIN, About::Nothing),
    ("PUT /api/v1/people/{id}", ADMIN, About::Nothing),
    ("POST /api/v1/people/{id}/hand-over", &[Role::Head], About::Nothing),
    ("POST /api/v1/people/{id}/password", ADMIN, About::Nothing),
    ("GET /api/v1/public-information", ANYBODY, About::Public),
    ("GET /api/v1/public-information/{id}", ANYBODY, About::Public),
    ("GET /api/v1/public-information/{id}/files/{n}", ANYBODY, About::Public),
    ("GET /api/v1/publication-candidates", READS, About::Nothing),
    ("GET /api/v1/publication-suggestions", READS, About::Nothing),
    ("POST /api/v1/publication-suggestions/{id}/answer", &[Role::Head], About::Agency),
    ("GET /api/v1/publications", READS, About::Nothing),
    ("POST /api/v1/publications", DRAFTERS, About::Agency),
    ("GET /api/v1/publications/{id}", READS, About::Agency),
    ("PUT /api/v1/publications/{id}", DRAFTERS, About::Agency),
    ("POST /api/v1/publications/{id}/steps", PUBLISHERS, About::Agency),
    ("GET /api/v1/ratings", OVERSEERS, About::Nothing),
    ("GET /api/v1/ratings/{id}", OVERSEERS, About::Agency),
    ("POST /api/v1/ratings/{id}/steps", &[Role::Head], About::Agency),
    ("GET /api/v1/reassessments", READS, About::Nothing),
    ("GET /api/v1/reassessments/{id}", READS, About::Agency),
    ("POST /api/v1/reassessments/{id}/steps", ASSESSORS, About::Agency),
    ("GET /api/v1/reason-texts", READS, About::Nothing),
    ("POST /api/v1/reason-texts", OVERSEERS, About::Nothing),
    ("GET /api/v1/reason-texts/{id}", READS, About::Agency),
    ("POST /api/v1/reason-texts/{id}/retirement", OVERSEERS, About::Agency),
    ("GET /api/v1/reason-texts/{id}/uses", READS, About::Agency),
    ("GET /api/v1/record-corrections", READS, About::Nothing),
    ("POST /api/v1/record-corrections", CASES, About::Nothing),
    ("GET /api/v1/record-corrections/{id}", READS, About::Agency),
    ("POST /api/v1/record-corrections/{id}/personal-data", CASES, About::Agency),
    ("GET /api/v1/record-corrections/{id}/document", READS, About::Agency),
    ("GET /api/v1/record-corrections/{id}/letters/{n}", READS, About::Agency),
    ("POST /api/v1/record-corrections/{id}/steps", CASES, About::Agency),
    ("GET /api/v1/remedies", READS, About::Nothing),
    ("GET /api/v1/reminders", READS, About::Nothing),
    ("POST /api/v1/reminders/seen", READS, About::Nothing),
    ("GET /api/v1/reports/table-four", READS, About::Nothing),
    ("POST /api/v1/registrations", CASES, About::Nothing),
    ("GET /api/v1/requests", READS, About::Nothing),
    ("POST /api/v1/requests", ANYBODY, About::Public),
    ("GET /api/v1/requests/{id}", READS, About::Agency),
    ("GET /api/v1/requests/{id}/actions", READS, About::Agency),
    ("POST /api/v1/requests/{id}/actions", ACTORS, About::Agency),
    ("GET /api/v1/requests/{id}/application", READS, About::Agency),
    ("POST /api/v1/requests/{id}/assembled-reply", DRAFTERS, About::Step(CASES)),
    ("GET /api/v1/requests/{id}/bundle", BUNDLES, About::OwnCase),
    ("POST /api/v1/requests/{id}/bundle", BUNDLES, About::OwnCase),
    ("GET /api/v1/requests/{id}/closing", READS, About::Agency),
    ("GET /api/v1/requests/{id}/deliveries", READS, About::Agency),
    ("GET /api/v1/requests/{id}/events", READS, About::Agency),
    ("GET /api/v1/requests/{id}/fee", READS, About::Agency),
    ("GET /api/v1/requests/{id}/files", READS, About::Agency),
    ("POST /api/v1/requests/{id}/files", ACTORS, About::Agency),
    ("GET /api/v1/requests/{id}/items", READS, About::Agency),
    ("GET /api/v1/requests/{id}/items/{item}/review", READS, About::Agency),
    ("POST /api/v1/requests/{id}/items/{item}/review", DRAFTERS, About::Step(CASES)),
    ("POST /api/v1/requests/{id}/joint-reply", DRAFTERS, About::Step(CASES)),
    ("GET /api/v1/requests/{id}/notices", READS, About::Agency),
    ("POST /api/v1/requests/{id}/notices", DRAFTERS, About::Step(CASES)),
    ("GET /api/v1/requests/{id}/personal-data", OVERSEERS, About::Agency),
    ("POST /api/v1/requests/{id}/personal-data", CASES, About::Agency),
    ("GET /api/v1/requests/{id}/related", READS, About::Agency),
    ("GET /api/v1/requests/{id}/remedies", READS, About::Agency),
    ("POST /api/v1/requests/{id}/split", DRAFTERS, About::Step(CASES)),
    ("GET /api/v1/requests/{id}/waiting", READS, About::Agency),
    ("POST /api/v1/requests/{id}/what-if", ACTORS, About::Agency),
    ("POST /api/v1/sessions", ANYBODY, About::Public),
    ("DELETE /api/v1/sessions/current", ANYBODY, About::Nothing),
    ("POST /api/v1/sessions/refresh", ANYBODY, About::Public),
    ("POST /api/v1/tracking", ANYBODY, About::Public),
    ("POST /api/v1/tracking/correction", ANYBODY, About::Public),
    ("POST /api/v1/tracking/documents/{id}", ANYBODY, About::Public),
    ("POST /api/v1/tracking/files", ANYBODY, About::Public),
    ("POST /api/v1/tracking/rating", ANYBODY, About::Public),
    ("POST /api/v1/tracking/suggestion", ANYBODY, About::Public),
    ("POST /api/v1/tracking/reasons", ANYBODY, About::Public),
    ("POST /api/v1/tracking/supplied/{id}", ANYBODY, About::Public),
    ("POST /api/v1/tracking/withdrawal", ANYBODY, About::Public),
    ("GET /healthz", ANYBODY, About::Public),
    ("GET /readyz", ANYBODY, About::Public),
    ("PUT /api/v1/units/{id}", ADMIN, About::Nothing),
];

/// The pages and their parts, and the description of the interface, open to all; `/track` and what
/// lies below it wants a ticket.
pub const PAGES: &[&str] = &[
    "GET /api/v1/openapi.json",
    "GET /",
    "HEAD /",
    "GET /apply",
    "HEAD /apply",
    "POST /apply",
    "GET /assets/{hash}/{name}",
    "GET /track",
    "HEAD /track",
    "POST /track",
    "POST /track/correction",
    "POST /track/documents",
    "POST /track/files",
    "POST /track/rating",
    "POST /track/reasons",
    "POST /track/supplied",
    "POST /track/withdrawal",
    "GET /track/{_step:correction|reasons|rating|withdrawal|files|documents|supplied}",
    "HEAD /track/{_step:correction|reasons|rating|withdrawal|files|documents|supplied}",
];
