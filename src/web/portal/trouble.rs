//! Why a form was not taken, as its page shows it: beside the fields, and in a summary on top.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::typed::Fault;
use crate::app::AppError;
use crate::web::ApiError;

/// What the page with the form must say. Without faults it says nothing.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// Status of the answer.
    pub status: StatusCode,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
    /// Whether the form needs a new key: the old one has done its work or is too old.
    pub fresh_key: bool,
    /// Files that were chosen and must be chosen again.
    pub files: Vec<String>,
    retry_after: Option<u64>,
}

impl Trouble {
    /// None.
    pub fn none() -> Self {
        Self::of_fields(StatusCode::OK, Vec::new())
    }

    /// Faults of fields.
    pub fn of_fields(status: StatusCode, faults: Vec<Fault>) -> Self {
        Self { status, faults, fresh_key: false, files: Vec::new(), retry_after: None }
    }

    /// Something that concerns the whole form.
    pub fn of_form(status: StatusCode, message: &str) -> Self {
        Self::of_fields(status, vec![Fault::new("", message)])
    }

    /// The form must be sent under a new key.
    pub fn with_fresh_key(self) -> Self {
        Self { fresh_key: true, ..self }
    }

    /// These files came with the form and must be chosen again.
    pub fn with_files(self, files: Vec<String>) -> Self {
        Self { files, ..self }
    }

    /// Whether something is wrong with this field.
    pub fn concerns(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    /// What is wrong with this field; with the empty name, with the form as a whole.
    pub fn of(&self, field: &str) -> Vec<&str> {
        let faults = self.faults.iter().filter(|fault| fault.field == field);
        faults.map(|fault| fault.message.as_str()).collect()
    }

    /// Whether every fault stands at a field.
    pub fn of_fields_only(&self) -> bool {
        !self.concerns("")
    }

    /// What ties a field to its hint and its faults, for those who hear the page. `field` is one of
    /// our names, never typed.
    pub fn aria(&self, field: &str, hint: &str) -> String {
        let hint = (!hint.is_empty()).then(|| format!("{field}-hint"));
        let fault = self.concerns(field).then(|| format!("{field}-fault"));
        let by: Vec<String> = hint.into_iter().chain(fault).collect();
        let by = by.join(" ");
        let mut attributes = String::new();
        if self.concerns(field) {
            attributes.push_str(" aria-invalid=\"true\"");
        }
        if !by.is_empty() {
            attributes.push_str(&format!(" aria-describedby=\"{by}\""));
        }
        attributes
    }

    /// Starts the answer.
    pub fn answer(&self) -> HttpResponseBuilder {
        let mut answer = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        answer
    }
}

impl From<AppError> for Trouble {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(faults) => {
                let faults = faults.into_iter().map(Fault::from).collect();
                Self::of_fields(StatusCode::UNPROCESSABLE_ENTITY, faults)
            }
            AppError::Refused(refusal) => {
                let field = refusal.field().unwrap_or_default();
                let fault = Fault::new(field, refusal.to_string());
                Self::of_fields(StatusCode::UNPROCESSABLE_ENTITY, vec![fault])
            }
            AppError::Conflict { code: "idempotency_key_reused", .. } => {
                let message = "刚才已经用这个页面提交成功过一次，那一次已经收到。\
                               如果确实要另外再提交一次，请核对内容后再按一次提交";
                Self::of_form(StatusCode::CONFLICT, message).with_fresh_key()
            }
            other => ApiError::from(other).into(),
        }
    }
}

/// Errors that are nobody's typing: the words are for the page, the cause goes to the log.
impl From<ApiError> for Trouble {
    fn from(error: ApiError) -> Self {
        let problem = error.problem();
        if let Some(cause) = error.cause() {
            tracing::error!(code = problem.code, cause, "a form was not taken");
        }
        let status =
            StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let message = match status.is_server_error() {
            true => "系统暂时不能处理，您填写的内容都在，请过几分钟再提交一次",
            false => problem.detail.as_str(),
        };
        Self { retry_after: error.retry_after(), ..Self::of_form(status, message) }
    }
}
