//! A mail server inside the test: takes mail, or answers as badly as it is told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does when the message is complete (or, for `recipient`, when it hears of it).
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// Takes it.
    Accept,
    /// Answers RCPT TO with this line.
    ToRecipient(&'static str),
    /// Answers the message with this line.
    ToMessage(&'static str),
    /// Takes the whole message and says nothing.
    Silence,
}

/// What happened.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub connections: usize,
    /// Command lines, in order.
    pub commands: Vec<String>,
    /// Messages that were taken.
    pub messages: Vec<Vec<u8>>,
}

pub struct SmtpSink {
    pub port: u16,
    answer: Arc<Mutex<Answer>>,
    seen: Arc<Mutex<Seen>>,
}

impl SmtpSink {
    pub async fn start(answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (answer, seen) = (Arc::new(Mutex::new(answer)), Arc::new(Mutex::default()));
        let sink = Self { port, answer: answer.clone(), seen: seen.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answer.clone(), seen.clone()));
            }
        });
        sink
    }

    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub fn answer(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve(
    stream: TcpStream,
    answer: Arc<Mutex<Answer>>,
    seen: Arc<Mutex<Seen>>,
) -> Option<()> {
    seen.lock().unwrap().connections += 1;
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).split(b'\n');
    writer.write_all(b"220 sink\r\n").await.ok()?;
    while let Some(line) = lines.next_segment().await.ok()? {
        let command = String::from_utf8_lossy(&line).trim_end().to_owned();
        seen.lock().unwrap().commands.push(command.clone());
        let now = *answer.lock().unwrap();
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let reply = match (verb.as_str(), now) {
            ("EHLO", _) => "250-sink\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
            ("RCPT", Answer::ToRecipient(line)) => line,
            ("AUTH", _) => "235 welcome",
            ("QUIT", _) => "221 bye",
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = Vec::new();
                loop {
                    let line = lines.next_segment().await.ok()??;
                    if line == b".\r" {
                        break;
                    }
                    message.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                    message.push(b'\n');
                }
                match now {
                    Answer::ToMessage(line) => line,
                    Answer::Silence => continue,
                    _ => {
                        seen.lock().unwrap().messages.push(message);
                        "250 queued"
                    }
                }
            }
            _ => "250 fine",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
