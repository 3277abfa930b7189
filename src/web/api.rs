//! The REST interface under `/api/v1`: one file a noun. Each file lists its handlers in `routes`;
//! from there come both the service and the OpenAPI document, so neither can miss one.
#![expect(unused_qualifications, reason = "what utoipa::path makes of params")]

mod agencies;
mod block_changes;
mod bundle;
mod calendar;
mod chains;
mod clock;
mod closing;
mod complaints;
mod consultations;
mod editions;
mod expired_files;
mod fees;
mod files;
mod forms;
mod health;
mod items;
mod notices;
mod own_forms;
mod people;
mod personal_data;
mod post;
mod publications;
mod ratings;
mod reason_texts;
mod reassessments;
mod record_corrections;
mod redactions;
mod register;
mod related;
mod remedies;
mod reminders;
mod requests;
mod seal_pictures;
mod sessions;
mod suggestions;
mod tracking;
mod units;

use utoipa_actix_web::service_config::ServiceConfig;

/// Every route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config
        .configure(health::routes)
        .configure(sessions::routes)
        .configure(people::routes)
        .configure(agencies::routes)
        .configure(units::routes)
        .configure(editions::routes)
        .configure(seal_pictures::routes)
        .configure(calendar::routes)
        .configure(clock::routes)
        .configure(requests::routes)
        .configure(items::routes)
        .configure(personal_data::routes)
        .configure(related::routes)
        .configure(notices::routes)
        .configure(block_changes::routes)
        .configure(post::routes)
        .configure(register::routes)
        .configure(consultations::routes)
        .configure(fees::routes)
        .configure(files::routes)
        .configure(forms::routes)
        .configure(own_forms::routes)
        .configure(bundle::routes)
        .configure(closing::routes)
        .configure(tracking::routes)
        .configure(ratings::routes)
        .configure(reassessments::routes)
        .configure(publications::routes)
        .configure(expired_files::routes)
        .configure(suggestions::routes)
        .configure(chains::routes)
        .configure(record_corrections::routes)
        .configure(redactions::routes)
        .configure(remedies::routes)
        .configure(reminders::routes)
        .configure(complaints::routes)
        .configure(reason_texts::routes);
}
