//! 查询进度: a request as its applicant sees it, and what they can do about it now.
//!
//! Every form here carries number and query code in its body; see [`super`] for why that is enough.
//! A wrong number and a wrong code get one and the same answer, 404: there is nothing that this
//! pair opens. The interface for programs answers alike, and whoever watches the log sees guessing.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, post, route};
use askama::Template;
use url::form_urlencoded;

use super::attachments::{self, Attachment};
use super::form::Reader;
use super::key::{KEY, fresh, once};
use super::trouble::Trouble;
use super::typed::{Fault, Typed};
use super::{Keep, page_with};
use crate::app::App;
use crate::app::notices::formats::{Document, Format};
use crate::app::tracking::{Ticket, TrackView};
use crate::domain::ids::{FileId, NoticeId};
use crate::web::ApiError;
use crate::web::download::send;
use crate::web::limits::{Limited, Tracking};

type Gate = Result<Limited<Tracking>, ApiError>;

const FIELDS: &[&str] =
    &["number", "code", KEY, "id", "text", "statement", "confirm", "grade", "comment"];
/// What takes work to write.
const WRITTEN: [&str; 3] = ["text", "statement", "comment"];
const CORRECTION: &str = "/track/correction";
const REASONS: &str = "/track/reasons";
const RATING: &str = "/track/rating";
const WITHDRAWAL: &str = "/track/withdrawal";
const FILES: &str = "/track/files";
/// Longest number in an address; ours have twelve digits.
const LONGEST_NUMBER: usize = 40;

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(empty_form)
        .service(track)
        .service(correct)
        .service(give_reasons)
        .service(withdraw)
        .service(rate)
        .service(add_files)
        .service(download)
        .service(supplied)
        .service(back_to_form);
}

/// The form, and below it the request once it is open.
#[derive(Template)]
#[template(path = "portal/track.html")]
struct TrackPage {
    typed: Typed,
    trouble: Trouble,
    view: Option<TrackView>,
    /// What was done just now.
    done: &'static str,
    attachments: Vec<Attachment>,
    most_files: usize,
}

impl TrackPage {
    fn new(typed: Typed, trouble: Trouble) -> Self {
        let (done, attachments) = ("", Vec::new());
        Self { typed, trouble, view: None, done, attachments, most_files: attachments::MOST }
    }

    /// Whether something was written for which the request has no place any more: it must not be
    /// lost, nor taken for handed in.
    fn left_over(&self) -> bool {
        let [text, statement, comment] = WRITTEN.map(|field| self.typed.has(field));
        match &self.view {
            None => text || statement || comment,
            Some(view) => {
                (comment && !view.may_rate)
                    || (text && !view.may_correct && !view.may_give_reasons)
                    || (statement && !view.may_withdraw)
            }
        }
    }

    fn answer(mut self, app: &App, keep: Keep) -> HttpResponse {
        // What was done once needs a new key to be done again; what was not, may be sent again.
        if self.trouble.fresh_key || !self.done.is_empty() || self.typed.get(KEY).is_empty() {
            self.typed.set(KEY, fresh(app));
        }
        page_with(&mut self.trouble.answer(), keep, &self)
    }
}

/// The empty form, or with the number from the QR code of a receipt.
#[route("/track", method = "GET", method = "HEAD")]
async fn empty_form(req: HttpRequest, app: Data<App>) -> HttpResponse {
    let mut query = form_urlencoded::parse(req.query_string().as_bytes());
    let number = query.find(|(name, _)| name == "number").map(|(_, number)| number);
    let number: String = number.unwrap_or_default().chars().take(LONGEST_NUMBER).collect();
    TrackPage::new(Typed::with("number", &number), Trouble::none()).answer(&app, Keep::Asking)
}

/// Opens a request.
#[post("/track")]
async fn track(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    let opened = opened(&app, gate, &typed).await;
    Ok(shown(&app, typed, opened, "").await)
}

async fn opened(app: &App, gate: Gate, typed: &Typed) -> Result<TrackView, Trouble> {
    gate?;
    app.track(ticket(typed)?).await.map_err(Trouble::from)
}

/// Takes the correction that was asked for.
#[post("/track/correction")]
async fn correct(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    let done = corrected(&app, gate, &typed).await;
    Ok(shown(&app, typed, done, "补正已经提交，办理机关已收到。").await)
}

async fn corrected(app: &App, gate: Gate, typed: &Typed) -> Result<TrackView, Trouble> {
    gate?;
    let (ticket, once) = (ticket(typed)?, once(app, CORRECTION, typed)?);
    Ok(app.track_correct(Some(once), ticket, typed.get("text").to_owned()).await?)
}

/// Takes the reasons that were asked for.
#[post("/track/reasons")]
async fn give_reasons(
    gate: Gate,
    form: Multipart,
    app: Data<App>,
) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    let done = reasons_given(&app, gate, &typed).await;
    Ok(shown(&app, typed, done, "您说明的理由已经提交，办理机关已收到。").await)
}

async fn reasons_given(app: &App, gate: Gate, typed: &Typed) -> Result<TrackView, Trouble> {
    gate?;
    let (ticket, once) = (ticket(typed)?, once(app, REASONS, typed)?);
    Ok(app.track_reasons(Some(once), ticket, typed.get("text").to_owned()).await?)
}

/// Takes back the request.
#[post("/track/withdrawal")]
async fn withdraw(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    let done = withdrawn(&app, gate, &typed).await;
    Ok(shown(&app, typed, done, "申请已经撤回。").await)
}

async fn withdrawn(app: &App, gate: Gate, typed: &Typed) -> Result<TrackView, Trouble> {
    gate?;
    let (ticket, once) = (ticket(typed)?, once(app, WITHDRAWAL, typed)?);
    if typed.get("confirm") != "yes" {
        let fault = Fault::new("confirm", "请先勾选“我确认撤回这份申请”");
        return Err(Trouble::of_fields(StatusCode::UNPROCESSABLE_ENTITY, vec![fault]));
    }
    Ok(app.track_withdraw(Some(once), ticket, typed.get("statement").to_owned()).await?)
}

/// Rates the service.
#[post("/track/rating")]
async fn rate(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    let done = rated(&app, gate, &typed).await;
    Ok(shown(&app, typed, done, "感谢您的评价。").await)
}

async fn rated(app: &App, gate: Gate, typed: &Typed) -> Result<TrackView, Trouble> {
    gate?;
    let (ticket, once) = (ticket(typed)?, once(app, RATING, typed)?);
    let grade = typed.get("grade").parse().map_err(|_not_one_of_five| {
        let fault = Fault::new("grade", "请选择一项满意程度");
        Trouble::of_fields(StatusCode::UNPROCESSABLE_ENTITY, vec![fault])
    })?;
    Ok(app.rate(Some(once), ticket, grade, typed.get("comment").to_owned()).await?)
}

/// Adds files to the request.
#[post("/track/files")]
async fn add_files(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let mut form = Reader::new(form);
    let typed = form.texts(FIELDS).await?;
    let opened = opened(&app, gate, &typed)
        .await
        .and_then(|view| Ok((view, once(&app, FILES, &typed)?, ticket(&typed)?)));
    let (view, once, ticket) = match opened {
        Ok(opened) => opened,
        Err(trouble) => return Ok(refused(&app, typed, trouble, form).await),
    };
    let attachments = attachments::take_in(&app, &once, &ticket, form).await;
    Ok(with_files(typed, view, attachments).answer(&app, Keep::Not))
}

async fn refused(app: &App, typed: Typed, trouble: Trouble, form: Reader) -> HttpResponse {
    shown(app, typed, Err(trouble.with_files(form.rest().await)), "").await
}

/// The request after its files were taken, or not: then with a fault at the field.
fn with_files(typed: Typed, view: TrackView, attachments: Vec<Attachment>) -> TrackPage {
    let refused = attachments.iter().filter_map(|file| {
        file.refused.as_ref().map(|why| Fault::new("file", format!("{}：{why}", file.name)))
    });
    let mut faults: Vec<Fault> = refused.collect();
    if attachments.is_empty() {
        faults.push(Fault::new("file", "请选择要提交的文件"));
    }
    let trouble = match faults.is_empty() {
        true => Trouble::none(),
        false => Trouble::of_fields(StatusCode::UNPROCESSABLE_ENTITY, faults).with_fresh_key(),
    };
    let done = if trouble.faults.is_empty() { "材料已经提交。" } else { "" };
    TrackPage { view: Some(view), attachments, done, ..TrackPage::new(typed, trouble) }
}

/// A notice as PDF.
#[post("/track/documents")]
async fn download(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    match fetched(&app, gate, &typed).await {
        Ok(document) => Ok(send(document)),
        Err(trouble) => Ok(shown(&app, typed, Err(trouble), "").await),
    }
}

async fn fetched(app: &App, gate: Gate, typed: &Typed) -> Result<Document, Trouble> {
    gate?;
    let missing = || Trouble::of_form(StatusCode::NOT_FOUND, "没有找到这份文书");
    let id = typed.get("id").parse().map(NoticeId).map_err(|_no_id| missing())?;
    Ok(app.track_document(ticket(typed)?, id, Format::Pdf).await?)
}

/// A file that was supplied with the reply.
#[post("/track/supplied")]
async fn supplied(gate: Gate, form: Multipart, app: Data<App>) -> Result<HttpResponse, ApiError> {
    let typed = Reader::new(form).texts(FIELDS).await?;
    match fetched_file(&app, gate, &typed).await {
        Ok(document) => Ok(send(document)),
        Err(trouble) => Ok(shown(&app, typed, Err(trouble), "").await),
    }
}

async fn fetched_file(app: &App, gate: Gate, typed: &Typed) -> Result<Document, Trouble> {
    gate?;
    let missing = || Trouble::of_form(StatusCode::NOT_FOUND, "没有找到这个文件");
    let id = typed.get("id").parse().map(FileId).map_err(|_no_id| missing())?;
    Ok(app.track_supplied(ticket(typed)?, id).await?)
}

/// Whoever reopens one of these addresses has no form to send.
#[route(
    "/track/{_step:correction|reasons|rating|withdrawal|files|documents|supplied}",
    method = "GET",
    method = "HEAD"
)]
async fn back_to_form() -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, "/track")).finish()
}

/// What the form says of whose request it is.
fn ticket(typed: &Typed) -> Result<Ticket, Trouble> {
    let mut faults = typed.faults().to_vec();
    for (field, missing) in [("number", "请填写受理编号"), ("code", "请填写查询码")] {
        if typed.get(field).trim().is_empty() {
            faults.push(Fault::new(field, missing));
        }
    }
    match faults.is_empty() {
        true => Ok(pair(typed)),
        false => Err(Trouble::of_fields(StatusCode::UNPROCESSABLE_ENTITY, faults)),
    }
}

fn pair(typed: &Typed) -> Ticket {
    Ticket { number: typed.get("number").to_owned(), code: typed.get("code").to_owned() }
}

/// The request after a step, or with what kept the step from being taken.
async fn shown(
    app: &App,
    typed: Typed,
    step: Result<TrackView, Trouble>,
    done: &'static str,
) -> HttpResponse {
    let page = match step {
        Ok(view) => {
            let mut typed = typed;
            // What has been handed in is no longer waiting to be.
            for written in WRITTEN.iter().filter(|_| !done.is_empty()) {
                typed.set(written, String::new());
            }
            TrackPage { view: Some(view), done, ..TrackPage::new(typed, Trouble::none()) }
        }
        Err(trouble) => {
            // Where the pair opens the request, its page is shown with the fault; else the form.
            // Whoever asks too often is not given another look.
            let view = match trouble.status {
                StatusCode::TOO_MANY_REQUESTS => None,
                _ => app.track(pair(&typed)).await.ok(),
            };
            TrackPage { view, ..TrackPage::new(typed, trouble) }
        }
    };
    page.answer(app, Keep::Not)
}
