//! 我要申请: the filing form. What was typed comes back with its faults, or becomes a request.
//!
//! The receipt is shown as the answer to the form itself, not after a redirect: a redirect would
//! have to carry the query code in an address, or in a session that these pages do not have.
//! Reloading it sends the form again, under the same key, and shows the same receipt.

use actix_multipart::Multipart;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post, route};
use askama::Template;

use super::attachments;
use super::filing::{FIELDS, filing, has_agent};
use super::form::Reader;
use super::key::{KEY, fresh, once};
use super::receipt;
use super::trouble::Trouble;
use super::typed::Typed;
use super::{Keep, page_with};
use crate::app::App;
use crate::app::intake::Filed;
use crate::app::once::Once;
use crate::app::tracking::Ticket;
use crate::domain::agency::Agency;
use crate::domain::applicant::{ApplicantKind, CredentialKind};
use crate::domain::request::{DeliveryWay, SupplyForm};
use crate::web::ApiError;
use crate::web::limits::{Filing as FilingLimit, Limited};

/// Where the form is, and where it is sent.
const ROUTE: &str = "/apply";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(empty_form).service(file);
}

#[derive(Template)]
#[template(path = "portal/apply.html")]
struct FormPage {
    agencies: Vec<Agency>,
    typed: Typed,
    trouble: Trouble,
    most_files: usize,
    most_megabytes: u64,
}

impl FormPage {
    fn has_agent(&self) -> bool {
        has_agent(&self.typed)
    }

    /// Whether the agency that was chosen is not among those listed, as when the list fails.
    fn chosen_elsewhere(&self) -> bool {
        let chosen = self.typed.get("agency");
        self.agencies.is_empty() && !chosen.is_empty()
    }
}

/// The empty form.
#[route("/apply", method = "GET", method = "HEAD")]
async fn empty_form(app: Data<App>) -> Result<HttpResponse, ApiError> {
    let agencies = app.agencies(false).await?;
    let mut typed = Typed::with("applicant.kind", ApplicantKind::NaturalPerson.as_str());
    typed.set("applicant.credential_kind", CredentialKind::ResidentId.to_string());
    Ok(shown(&app, agencies, typed, Trouble::none().with_fresh_key(), Keep::Asking))
}

/// Files a request. Asked too often, too, the form keeps what was typed: hence the gate's refusal
/// is looked at only when the form has been read.
#[post("/apply")]
async fn file(
    gate: Result<Limited<FilingLimit>, ApiError>,
    form: Multipart,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let mut form = Reader::new(form);
    let typed = form.texts(FIELDS).await?;
    match filed(&app, gate, &typed).await {
        Ok((once, filed)) => {
            let ticket = Ticket { number: filed.number.clone(), code: filed.query_code.clone() };
            let attachments = attachments::take_in(&app, &once, &ticket, form).await;
            Ok(receipt::shown(&app, ticket, filed, attachments).await)
        }
        Err(trouble) => Ok(again(&app, typed, trouble.with_files(form.rest().await)).await),
    }
}

async fn filed(
    app: &App,
    gate: Result<Limited<FilingLimit>, ApiError>,
    typed: &Typed,
) -> Result<(Once, Filed), Trouble> {
    gate?;
    let filing = filing(typed)?;
    let once = once(app, ROUTE, typed)?;
    let filed = app.file(Some(once.clone()), filing).await?;
    Ok((once, filed))
}

/// The form as it was sent, with what is wrong. It is shown even when the agencies cannot be read.
async fn again(app: &App, typed: Typed, mut trouble: Trouble) -> HttpResponse {
    let place = |field: &str| FIELDS.iter().position(|known| *known == field);
    trouble.faults.sort_by_key(|fault| place(&fault.field));
    let agencies = app.agencies(false).await.unwrap_or_default();
    shown(app, agencies, typed, trouble, Keep::Not)
}

fn shown(
    app: &App,
    agencies: Vec<Agency>,
    mut typed: Typed,
    trouble: Trouble,
    keep: Keep,
) -> HttpResponse {
    if trouble.fresh_key || typed.get(KEY).is_empty() {
        typed.set(KEY, fresh(app));
    }
    let most_megabytes = app.settings.upload_max_bytes / (1024 * 1024);
    let mut answer = trouble.answer();
    let page = FormPage { agencies, typed, trouble, most_files: attachments::MOST, most_megabytes };
    page_with(&mut answer, keep, &page)
}
