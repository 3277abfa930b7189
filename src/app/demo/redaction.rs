//! A masked copy in the demo county: made by an officer, waiting for somebody else to look at it.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;

use crate::app::files::Upload;
use crate::app::notices::formats::Format;
use crate::app::{App, AppError};
use crate::db::publications;
use crate::domain::file::Purpose;
use crate::domain::ids::RequestId;
use crate::domain::notice::NoticeKind;
use crate::domain::policy::Role;
use crate::domain::redaction::{Ground, Mask, RedactionForm};

use super::county::Office;

/// The newest reply of an office that released something, as an officer would mask it for others.
pub(super) async fn mask(app: &App, office: &Office) -> Result<(), AppError> {
    let officer = office.with_role(Role::Officer, 0)?;
    let agency = office.agency.0;
    let released =
        app.store.read(move |conn| publications::released(conn, Some(&[agency]), None, 1));
    let Some(request) = released.await?.first().copied().map(RequestId) else { return Ok(()) };
    let mut replies = app.notices(officer, request).await?.into_iter();
    let issued =
        |kind: NoticeKind, number: &Option<String>| kind == NoticeKind::Reply && number.is_some();
    let Some(reply) = replies.rfind(|notice| issued(notice.kind, &notice.number)) else {
        return Ok(());
    };
    let document = app.document_of(reply.id, Some(request), Format::Pdf).await?;
    let stream = stream::iter([Ok::<_, Infallible>(Bytes::from(document.bytes))]);
    let upload = Upload { name: "答复书底稿.pdf".to_owned(), stream };
    let what = (Purpose::Other, None);
    let file = app.attach(officer.clone(), None, request, what, upload).await?;
    // The line of the addressee, which names the applicant.
    let addressee =
        Mask { page: 1, x: 75.0, y: 280.0, width: 200.0, height: 30.0, ground: Ground::Privacy };
    let form = RedactionForm { masks: vec![addressee], ..RedactionForm::default() };
    app.redact(officer.clone(), None, file.id, form).await.map(drop)
}
