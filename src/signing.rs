//! The way to a seal or signature service: bytes go out, a signature of theirs comes back.
//!
//! The service is a program on this machine: it gets the file on its standard input and gives back a
//! detached CMS signature (RFC 5652, DER) on its standard output. `openssl cms` is such a program, and the
//! client of a national seal service can be made one with a few lines. The key stays with the program.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// Longest a service may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// Most bytes of a signature with its certificates.
const MOST_BYTES: u64 = 256 * 1024;
/// `signedData`, 1.2.840.113549.1.7.2, as DER. Source: RFC 5652, 5.1.
const SIGNED_DATA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// A service that signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    program: PathBuf,
}

/// Why there is no signature. For the log: it may quote the program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SigningError {
    /// It could not be started, or broke off.
    #[error("the signing program does not work: {0}")]
    Broken(String),
    /// It took too long and was stopped.
    #[error("the signing program took more than {} seconds", PATIENCE.as_secs())]
    Slow,
    /// What came back is no CMS signature.
    #[error("the signing program gave back no CMS signature in DER")]
    NoSignature,
}

fn broken(error: impl std::fmt::Display) -> SigningError {
    SigningError::Broken(error.to_string())
}

impl Signer {
    /// The service behind a program.
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self { program }
    }

    /// Has bytes signed. The program is ended when it takes too long, or when nobody waits any more.
    ///
    /// # Errors
    ///
    /// [`SigningError`].
    pub async fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SigningError> {
        let signed = tokio::time::timeout(PATIENCE, self.run(bytes)).await;
        let signature = signed.map_err(|_elapsed| SigningError::Slow)??;
        match is_signed_data(&signature) {
            true => Ok(signature),
            false => Err(SigningError::NoSignature),
        }
    }

    async fn run(&self, bytes: &[u8]) -> Result<Vec<u8>, SigningError> {
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(broken)?;
        let (mut input, output) = (child.stdin.take(), child.stdout.take());
        let give = async move {
            if let Some(input) = input.as_mut() {
                input.write_all(bytes).await?;
                input.shutdown().await?;
            }
            Ok::<_, std::io::Error>(())
        };
        let take = async move {
            let mut signature = Vec::new();
            if let Some(output) = output {
                output.take(MOST_BYTES).read_to_end(&mut signature).await?;
            }
            Ok::<_, std::io::Error>(signature)
        };
        // Both at once: a program may answer before it has read everything.
        let (given, taken) = tokio::join!(give, take);
        let status = child.wait().await.map_err(broken)?;
        if !status.success() {
            return Err(broken(status));
        }
        given.map_err(broken)?;
        taken.map_err(broken)
    }
}

/// Whether bytes are a whole `ContentInfo` of type `signedData`. What it signs, and with what key, is
/// for those to check who get it.
fn is_signed_data(bytes: &[u8]) -> bool {
    let [0x30, length, rest @ ..] = bytes else { return false };
    let long = usize::from(length & 0x7f);
    let (length, content) = match *length {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81..=0x84 => {
            let Some((digits, content)) = rest.split_at_checked(long) else { return false };
            (digits.iter().fold(0, |n, digit| (n << 8) | usize::from(*digit)), content)
        }
        _ => return false,
    };
    content.len() == length && content.starts_with(SIGNED_DATA)
}
