//! Mail: what arrives, what is said when it does not, and that nothing arrives as two messages.

use std::path::Path;
use std::time::Duration;

use gongkai::domain::ids::OutboxId;
use gongkai::mail::{
    Attachment, FolderMailer, Mail, MailError, Mailer, MemoryMailer, Sender, SmtpMailer,
};
use mail_parser::{MessageParser, MimeHeaders};

use crate::support::smtp_sink::{Answer, SmtpSink};

const NAME: &str =
    "青川县自然资源局依申请公开答复书（2026）第17号—某某路拓宽工程征收补偿安置方案.pdf";
/// Every byte, line ends and dots at line starts among them.
fn document() -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..=255).collect();
    bytes.extend_from_slice(b"\r\n.\r\n..\n\r");
    bytes
}

fn mail() -> Mail {
    Mail {
        id: "0190163d-8694-739b-aea5-966c26f8ad91".parse().unwrap(),
        written_at: "2026-03-02T01:30:00Z".parse().unwrap(),
        to: "applicant@example.cn".to_owned(),
        subject: "关于您的政府信息公开申请（青自然资公开〔2026〕17号）的答复".to_owned(),
        body_text: "您好：\n\n您的申请已答复，文书见附件。\n.\n此致\n".to_owned(),
        attachments: vec![Attachment {
            name: NAME.to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: document(),
        }],
    }
}

fn sender() -> Sender {
    "青川县政府信息公开 <noreply@qingchuan.example>".parse().unwrap()
}

fn smtp(sink: &SmtpSink) -> SmtpMailer {
    SmtpMailer::new(&sink.url(), sender()).unwrap().with_patience(Duration::from_secs(20))
}

/// Compares with what an independent reader of mail finds in the message.
fn assert_says_what_was_meant(raw: &[u8]) {
    let read = MessageParser::default().parse(raw).unwrap();
    assert!(raw.is_ascii() && raw.split(|b| *b == b'\n').all(|line| line.len() <= 998));
    assert_eq!(read.subject(), Some(mail().subject.as_str()));
    let from = read.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("青川县政府信息公开"));
    assert_eq!(from.address(), Some("noreply@qingchuan.example"));
    assert_eq!(read.to().unwrap().first().unwrap().address(), Some("applicant@example.cn"));
    let id = "0190163d-8694-739b-aea5-966c26f8ad91@qingchuan.example";
    assert_eq!(read.message_id(), Some(id));
    assert_eq!(read.date().unwrap().to_rfc3339(), "2026-03-02T01:30:00Z");
    assert_eq!(read.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    let text = read.body_text(0).unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), mail().body_text.trim_end());
    let attachments: Vec<_> = read.attachments().collect();
    assert_eq!(attachments.len(), 1);
    assert_eq!(attachments[0].attachment_name(), Some(NAME));
    assert_eq!(attachments[0].content_type().unwrap().subtype(), Some("pdf"));
    assert_eq!(attachments[0].contents(), document());
}

#[tokio::test]
async fn a_chinese_mail_with_a_document_arrives_over_smtp_as_it_was_meant() {
    let sink = SmtpSink::start(Answer::Accept).await;
    smtp(&sink).send(&mail()).await.unwrap();

    let seen = sink.seen();
    assert_eq!(seen.messages.len(), 1);
    assert_says_what_was_meant(&seen.messages[0]);
    assert!(seen.commands.contains(&"RCPT TO:<applicant@example.cn>".to_owned()), "{seen:?}");
}

#[tokio::test]
async fn a_second_try_sends_the_same_message_over_the_same_connection() {
    let sink = SmtpSink::start(Answer::Accept).await;
    let mailer = smtp(&sink);
    mailer.send(&mail()).await.unwrap();
    mailer.send(&mail()).await.unwrap();

    let seen = sink.seen();
    assert_eq!((seen.connections, seen.messages.len()), (1, 2));
    assert_eq!(seen.messages[0], seen.messages[1]);
}

#[tokio::test]
async fn what_the_server_says_decides_whether_to_try_again() {
    let sink = SmtpSink::start(Answer::Accept).await;
    let mailer = smtp(&sink);
    for (answer, permanent) in [
        (Answer::ToRecipient("550 5.1.1 no such user"), true),
        (Answer::ToRecipient("450 4.2.1 mailbox busy"), false),
        (Answer::ToRecipient("530 5.7.0 authentication required"), false),
        (Answer::ToMessage("552 5.3.4 message too big"), true),
        (Answer::ToMessage("451 4.3.0 try later"), false),
    ] {
        sink.answer(answer);
        let failure = mailer.send(&mail()).await.unwrap_err();
        assert_eq!(failure.permanent, permanent, "{answer:?}: {failure}");
    }
    sink.answer(Answer::Accept);
    mailer.send(&mail()).await.unwrap();
    assert_eq!(sink.seen().messages.len(), 1);
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_its_connection_not_used_again() {
    let sink = SmtpSink::start(Answer::Silence).await;
    let mailer = smtp(&sink).with_patience(Duration::from_millis(300));
    let failure = mailer.send(&mail()).await.unwrap_err();
    assert!(!failure.permanent, "{failure}");

    sink.answer(Answer::Accept);
    let mailer = mailer.with_patience(Duration::from_secs(20));
    mailer.send(&mail()).await.unwrap();
    let seen = sink.seen();
    assert_eq!((seen.connections, seen.messages.len()), (2, 1));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_worth_another_try() {
    let sink = SmtpSink::start(Answer::Accept).await;
    let unused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = sink.url().replace(&sink.port.to_string(), &unused.to_string());
    let failure = SmtpMailer::new(&url, sender()).unwrap().send(&mail()).await.unwrap_err();
    assert!(!failure.permanent, "{failure}");
}

#[tokio::test]
async fn a_password_is_sent_only_encrypted_unless_the_url_says_otherwise() {
    let sink = SmtpSink::start(Answer::Accept).await;
    let url = sink.url().replace("smtp://", "smtp://post:ge%40heim@");
    let mailer = SmtpMailer::new(&url, sender()).unwrap();
    assert!(!format!("{mailer:?}").contains("heim"));
    let failure = mailer.send(&mail()).await.unwrap_err();
    assert!(!failure.permanent && !failure.message.contains("heim"), "{failure}");
    assert!(!sink.seen().commands.iter().any(|line| line.starts_with("AUTH")));

    let open = SmtpMailer::new(&format!("{url}?tls=none"), sender()).unwrap();
    open.send(&mail()).await.unwrap();
    let login = "AUTH PLAIN AHBvc3QAZ2VAaGVpbQ=="; // \0post\0ge@heim
    assert!(sink.seen().commands.contains(&login.to_owned()), "{:?}", sink.seen().commands);
}

#[test]
fn a_url_or_sender_that_cannot_be_used_is_found_at_the_start() {
    for url in [
        "",
        "mail.example.cn",
        "http://mail.example.cn",
        "smtp://m?tls=maybe",
        "smtps://m?tls=none",
    ] {
        assert!(SmtpMailer::new(url, sender()).unwrap_err().permanent, "{url}");
    }
    for url in ["smtps://u:p@mail.example.cn", "smtp://mail.example.cn/county.example?tls=required"]
    {
        SmtpMailer::new(url, sender()).unwrap();
    }
    for from in ["", "公开", "公开 <noreply>", "公开 <a@b", "a b@c.cn"] {
        assert!(from.parse::<Sender>().unwrap_err().permanent, "{from}");
    }
    for from in ["noreply@localhost", "政府信息公开 <noreply@localhost>", "\"局, 一科\" <a@b.cn>"]
    {
        from.parse::<Sender>().unwrap();
    }
}

#[tokio::test]
async fn nothing_in_a_mail_can_add_a_header_or_a_recipient() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path(), sender());
    let mut sly = mail();
    sly.subject = "答复\r\nBcc: spy@example.cn\r\n\r\n正文".to_owned();
    sly.attachments[0].name = "a\"; x=\"\r\nBcc: spy@example.cn.pdf".to_owned();
    mailer.send(&sly).await.unwrap();
    let raw = only_file(folder.path());
    let read = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(read.subject(), Some("答复 Bcc: spy@example.cn 正文"));
    assert!(read.bcc().is_none());
    assert_eq!(
        read.attachment(0).unwrap().attachment_name(),
        Some("a\"; x=\" Bcc: spy@example.cn.pdf")
    );

    for to in ["a@b.cn\r\nBcc: spy@example.cn", "a@b.cn, spy@example.cn", "甲 <a@b.cn>", "a@", ""]
    {
        let failure = mailer.send(&Mail { to: to.to_owned(), ..mail() }).await.unwrap_err();
        assert!(failure.permanent, "{to:?}: {failure}");
    }
}

#[tokio::test]
async fn without_a_server_a_mail_is_one_file_however_often_it_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FolderMailer::new(folder.path().join("mail"), sender());
    let mail = mail();
    let tries = std::iter::repeat_with(|| mailer.send(&mail)).take(8);
    for result in futures_util::future::join_all(tries).await {
        result.unwrap();
    }
    mailer.send(&mail).await.unwrap();

    assert_says_what_was_meant(&only_file(&folder.path().join("mail")));
    let name = folder.path().join("mail/0190163d-8694-739b-aea5-966c26f8ad91.eml");
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(name.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    mailer.send(&Mail { id: OutboxId::new(), attachments: Vec::new(), ..mail }).await.unwrap();
    assert_eq!(name.parent().unwrap().read_dir().unwrap().count(), 2);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_worth_another_try() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("mail");
    std::fs::write(&place, "a file where the folder should be").unwrap();
    let mailer = FolderMailer::new(&place, sender());
    assert!(!mailer.send(&mail()).await.unwrap_err().permanent);

    std::fs::remove_file(&place).unwrap();
    mailer.send(&mail()).await.unwrap();
    assert_says_what_was_meant(&only_file(&place));
}

#[tokio::test]
async fn the_mailer_of_tests_remembers_and_fails_on_demand() {
    let mailer = MemoryMailer::default();
    mailer.fail(Some(MailError::temporary("full")));
    assert_eq!(mailer.send(&mail()).await, Err(MailError::temporary("full")));
    mailer.fail(None);
    let any: &dyn Mailer = &mailer;
    any.send(&mail()).await.unwrap();
    assert!(mailer.sent() == [mail()]);
    assert!(!format!("{mailer:?}").contains("applicant@"), "a person's address is shown");
}

fn only_file(folder: &Path) -> Vec<u8> {
    let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    std::fs::read(&files[0]).unwrap()
}
