//! Logs: JSON or text on standard error, filtered by level and module, masked on the way out.
//!
//! Rule of the house: no personal data in logs. Log ids, kinds and counts; never names, contact
//! data, identity numbers or the text of a request. [`mask()`] is the safety net below that rule: it
//! blots out whatever looks like an identity number, a telephone number or a mail address.

pub mod mask;

use std::io::{self, Write};

use tracing::Subscriber;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt};

use crate::config::{LogFilter, LogFormat};

pub use mask::mask;

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not understood.
    #[error("log_level: {0}")]
    Filter(#[from] ParseError),
    /// Logging was set up before in this process.
    #[error("logging is set up twice: {0}")]
    Twice(#[from] SetGlobalDefaultError),
}

/// Sends this process's logs to standard error. Call once, at start.
///
/// # Errors
///
/// [`TelemetryError`] if the filter is bad or logging was set up before.
pub fn init(format: LogFormat, filter: &LogFilter) -> Result<(), TelemetryError> {
    let subscriber = subscriber(format, filter, io::stderr)?;
    Ok(tracing::subscriber::set_global_default(subscriber)?)
}

/// A subscriber that writes masked lines to `out`; tests hand in a buffer.
///
/// JSON lines hold the event's fields at top level and those of the surrounding spans (the request
/// id among them) under `span` and `spans`.
///
/// # Errors
///
/// [`TelemetryError::Filter`] if the filter is bad.
pub fn subscriber<W>(
    format: LogFormat,
    filter: &LogFilter,
    out: W,
) -> Result<impl Subscriber + Send + Sync + use<W>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_new(filter.as_str())?;
    let out = Masked(out);
    let layer: Box<dyn Layer<Registry> + Send + Sync> = match format {
        LogFormat::Json => Box::new(fmt::layer().json().flatten_event(true).with_writer(out)),
        LogFormat::Text => Box::new(fmt::layer().with_ansi(false).with_writer(out)),
    };
    Ok(Registry::default().with(layer.with_filter(filter)))
}

/// Masks every line before it reaches the writer below.
struct Masked<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Masked<W> {
    type Writer = MaskedLine<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        MaskedLine(self.0.make_writer())
    }
}

/// One line being written; the formatter hands each line over in one piece.
struct MaskedLine<W>(W);

impl<W: Write> Write for MaskedLine<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(line);
        self.0.write_all(mask(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
