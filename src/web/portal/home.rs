//! The start page: how to ask, and where a request is now.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, route};
use askama::Template;

use super::{Keep, page};
use crate::app::App;
use crate::domain::agency::Agency;
use crate::domain::clock::REPLY;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(home);
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    agencies: Vec<Agency>,
    reply_within: String,
}

/// The ways in stand even when the agencies cannot be read.
#[route("/", method = "GET", method = "HEAD")]
async fn home(app: Data<App>) -> HttpResponse {
    let agencies = app.agencies(false).await.unwrap_or_default();
    page(StatusCode::OK, Keep::Asking, &HomePage { agencies, reply_within: REPLY.to_string() })
}
