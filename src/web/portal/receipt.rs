//! The receipt page: what the applicant must keep, on one sheet that prints well.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::attachments::Attachment;
use super::{Keep, page};
use crate::app::App;
use crate::app::intake::Filed;
use crate::app::tracking::{Ticket, TrackView};

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage {
    filed: Filed,
    /// As the applicant sees it from now on. The request stands even if this cannot be read.
    view: Option<TrackView>,
    attachments: Vec<Attachment>,
}

/// The receipt of a request that was filed just now.
pub async fn shown(
    app: &App,
    ticket: Ticket,
    filed: Filed,
    attachments: Vec<Attachment>,
) -> HttpResponse {
    let view = app.track(ticket).await.ok();
    page(StatusCode::CREATED, Keep::Not, &ReceiptPage { filed, view, attachments })
}
