//! The mail server: read from its URL, and connected to.

use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::mail::MailError;

/// When the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tls {
    Never,
    IfOffered,
    Demanded,
    FromTheStart,
}

/// Where it is and how to get in. `Debug` shows no password.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    parameters: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
}

impl Server {
    pub(super) fn parse(url: &str) -> Result<Self, MailError> {
        let bad = |why: &str| MailError::permanent(format!("mail server URL: {why}"));
        let url: Url = url.parse().map_err(|why: url::ParseError| bad(&why.to_string()))?;
        let host = match url.host().ok_or_else(|| bad("no host"))? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let credentials = credentials(&url).ok_or_else(|| bad("name or password is not UTF-8"))?;
        let wanted = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value);
        let tls = match (url.scheme(), wanted.as_deref()) {
            ("smtps", None) => Tls::FromTheStart,
            ("smtp", Some("required")) => Tls::Demanded,
            ("smtp", Some("opportunistic")) => Tls::IfOffered,
            ("smtp", Some("none")) => Tls::Never,
            ("smtp", None) if credentials.is_some() => Tls::Demanded,
            ("smtp", None) => Tls::IfOffered,
            _ => return Err(bad("must be smtps://… or smtp://…?tls=required|opportunistic|none")),
        };
        let standard = match (tls, &credentials) {
            (Tls::FromTheStart, _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        };
        let parameters = match tls {
            Tls::Never => None,
            _ => Some(TlsParameters::new(host.clone()).map_err(MailError::permanent)?),
        };
        let hello = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        Ok(Self { port: url.port().unwrap_or(standard), host, tls, parameters, credentials, hello })
    }

    /// Connects, encrypts, signs in. Whatever goes wrong here is not the fault of a mail.
    pub(super) async fn connect(&self, limit: Duration) -> Result<AsyncSmtpConnection, MailError> {
        let failed = |why: Error| MailError::temporary(format!("{self:?}: {why}"));
        let at_once = self.parameters.clone().filter(|_| self.tls == Tls::FromTheStart);
        let address = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(limit), &self.hello, at_once, None)
                .await
                .map_err(failed)?;
        let upgrade = match self.tls {
            Tls::Demanded => true,
            Tls::IfOffered => connection.can_starttls(),
            Tls::Never | Tls::FromTheStart => false,
        };
        if let Some(parameters) = self.parameters.clone().filter(|_| upgrade) {
            connection.starttls(parameters, &self.hello).await.map_err(failed)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(failed)?;
        }
        Ok(connection)
    }
}

/// Name and password of the URL, if it has them; nothing if they are not UTF-8.
fn credentials(url: &Url) -> Option<Option<Credentials>> {
    let Some(password) = url.password() else { return Some(None) };
    let decode = |text| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
    Some(Some(Credentials::new(decode(url.username())?, decode(password)?)))
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
