//! A mail as it goes over the wire: RFC 5322 and MIME.

use std::str::FromStr;
use std::time::SystemTime;

use lettre::message::header::{
    ContentTransferEncoding, ContentType, HeaderName, HeaderValue, MIME_VERSION_1_0,
};
use lettre::message::{self, Body, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::{Attachment, Mail, MailError};

/// Who the mails come from: `政府信息公开 <noreply@example.cn>` or a bare address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender(Mailbox);

impl FromStr for Sender {
    type Err = MailError;

    fn from_str(text: &str) -> Result<Self, MailError> {
        let (name, address) = match text.trim().strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => ("", text.trim()),
        };
        let name = (!name.is_empty()).then(|| name.to_owned());
        Ok(Self(Mailbox::new(name, parse(address)?)))
    }
}

/// The message to send. The same mail always gives the same bytes.
pub(super) fn compose(sender: &Sender, mail: &Mail) -> Result<Message, MailError> {
    let domain = sender.0.email.domain();
    let headers = Message::builder()
        .message_id(Some(format!("<{}@{domain}>", mail.id)))
        .date(SystemTime::from(mail.written_at))
        .from(sender.0.clone())
        .to(Mailbox::new(None, parse(&mail.to)?))
        .subject(one_line(&mail.subject))
        .header(MIME_VERSION_1_0)
        // RFC 3834: keeps vacation messages and other robots from answering.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    let text = SinglePart::plain(mail.body_text.clone());
    let composed = if mail.attachments.is_empty() {
        headers.singlepart(text)
    } else {
        let boundary = format!("gongkai-{}", mail.id);
        let mut parts = MultiPart::mixed().boundary(boundary).singlepart(text);
        for attachment in &mail.attachments {
            parts = parts.singlepart(attached(attachment)?);
        }
        headers.multipart(parts)
    };
    composed.map_err(MailError::permanent)
}

fn parse(address: &str) -> Result<Address, MailError> {
    address.trim().parse().map_err(|why| MailError::permanent(format!("邮箱地址无效: {why}")))
}

fn attached(attachment: &Attachment) -> Result<SinglePart, MailError> {
    let kind = ContentType::parse(&attachment.media_type).map_err(MailError::permanent)?;
    // Base64 whatever the content: a document must arrive byte for byte.
    let bytes = attachment.bytes.clone();
    let body = Body::new_with_encoding(bytes, ContentTransferEncoding::Base64)
        .map_err(|_bytes| MailError::permanent("attachment cannot be encoded"))?;
    Ok(message::Attachment::new(one_line(&attachment.name)).body(body, kind))
}

/// Line ends and controls have no place in a header.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
