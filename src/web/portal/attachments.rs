//! Files sent with a form. They follow the texts and are streamed into the case one after the other.
//!
//! The request stands before its files are taken: a file that cannot be taken must not cost the
//! applicant the day of receipt. The page then says which file, why, and where to send it again.

use actix_multipart::Field;
use actix_web::web::Bytes;
use futures_util::{StreamExt, stream};
use tokio::sync::mpsc;

use super::form::{Reader, next_piece};
use super::trouble::Trouble;
use crate::app::files::{FileView, Upload};
use crate::app::once::Once;
use crate::app::tracking::Ticket;
use crate::app::{App, AppError};

/// Most files with one form.
pub const MOST: usize = 5;

/// What became of a file.
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Why it was not taken.
    pub refused: Option<String>,
}

/// Takes the files of a form into the case that the ticket opens, each under a key derived from the
/// form's.
pub async fn take_in(app: &App, once: &Once, ticket: &Ticket, mut form: Reader) -> Vec<Attachment> {
    let mut taken: Vec<Attachment> = Vec::new();
    loop {
        let (name, field) = match form.next_file().await {
            Ok(Some(file)) => file,
            Ok(None) => return taken,
            Err(error) => {
                let refused = Some(error.problem().detail.clone());
                taken.push(Attachment { name: "其余文件".to_owned(), refused });
                return taken;
            }
        };
        if taken.len() >= MOST {
            // The form is not read on while somebody holds one of its files.
            drop(field);
            let names = std::iter::once(name).chain(form.rest().await);
            let refused = Some(format!("一次最多提交{MOST}个文件"));
            taken.extend(names.map(|name| Attachment { name, refused: refused.clone() }));
            return taken;
        }
        let once = Once { key: format!("{}/{}", once.key, taken.len() + 1), ..once.clone() };
        let done = stream_in(app, once, ticket.clone(), name.clone(), field).await;
        taken.push(match done {
            Ok(file) => Attachment { name: file.name, refused: None },
            Err(error) => Attachment { name, refused: Some(reason(error)) },
        });
    }
}

fn reason(error: AppError) -> String {
    let faults = Trouble::from(error).faults;
    faults.into_iter().next().map_or_else(String::new, |fault| fault.message)
}

/// Streams one file. The reader of the form belongs to this thread, the store does not: a channel
/// lies between, one piece deep, so that a slow store slows the sender.
async fn stream_in(
    app: &App,
    once: Once,
    ticket: Ticket,
    name: String,
    mut field: Field,
) -> Result<FileView, AppError> {
    let (sender, receiver) = mpsc::channel::<Result<Bytes, String>>(1);
    let pump = async move {
        while let Some(piece) = next_piece(&mut field).await.transpose() {
            let piece = piece.map_err(|error| error.to_string());
            let broken = piece.is_err();
            if sender.send(piece).await.is_err() || broken {
                break;
            }
        }
    };
    let pieces = stream::unfold(receiver, |mut receiver| async move {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    let upload = Upload { name, stream: pieces.boxed() };
    let (file, ()) =
        futures_util::future::join(app.attach_by_ticket(Some(once), ticket, upload), pump).await;
    file
}
