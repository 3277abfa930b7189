//! Builds the HTTP server. `gongkai serve` and the tests start the same one.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use tokio::signal::unix::{SignalKind, signal};
use utoipa_actix_web::AppExt;

use super::client::TrustedProxies;
use super::limits::{Limits, PerMinute};
use super::middleware::{Surroundings, frame};
use super::session::read_bearer;
use super::{api, assets, docs, portal, query};
use crate::app::App;
use crate::config::Config;

/// How long a client may take to send the head of its request.
const REQUEST_HEAD: Duration = Duration::from_secs(10);
/// How long an idle connection is kept.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How many seconds requests in flight may take to end after the server was told to stop.
const SHUTDOWN_SECONDS: u64 = 30;

/// How to serve.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Address and port; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Proxies in front of the server.
    pub proxies: TrustedProxies,
    /// How often one address may ask.
    pub per_minute: PerMinute,
    /// Threads that serve; as many as there are processors if not given.
    pub workers: Option<usize>,
    /// Whether the server stops by itself on SIGTERM and SIGINT.
    pub stop_on_signals: bool,
}

impl From<&Config> for WebConfig {
    fn from(config: &Config) -> Self {
        let limited = config.rate_limits;
        Self {
            listen: config.listen,
            proxies: TrustedProxies(config.trusted_proxies.clone()),
            per_minute: if limited { PerMinute::default() } else { PerMinute::UNLIMITED },
            workers: None,
            stop_on_signals: true,
        }
    }
}

/// A server that has its port; it serves when it is run.
pub struct Running {
    server: Server,
    addresses: Vec<SocketAddr>,
}

impl Running {
    /// The addresses it listens on.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// Stops it from elsewhere, letting requests in flight end.
    #[must_use]
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until told to stop and the requests in flight have ended.
    ///
    /// # Errors
    ///
    /// When the system takes the port away.
    pub async fn run(self) -> io::Result<()> {
        self.server.await
    }
}

/// Takes the port and builds the server as the settings say.
///
/// # Errors
///
/// When the address cannot be taken.
pub fn server(app: App, config: &Config) -> io::Result<Running> {
    server_with(app, config.into())
}

/// Completes when the process is told to stop (SIGTERM, SIGINT).
///
/// # Errors
///
/// When the system lets nobody listen for signals.
pub async fn stop_signal() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped,
    }
}

/// Takes the port and builds the server.
///
/// # Errors
///
/// When the address cannot be taken.
pub fn server_with(app: App, config: WebConfig) -> io::Result<Running> {
    let around = Data::new(Surroundings {
        proxies: config.proxies,
        https: app.settings.public_url.starts_with("https:"),
    });
    let limits = Data::new(Limits::new(config.per_minute));
    let app = Data::new(app);
    let mut server = HttpServer::new(move || {
        let (service, _) =
            actix_web::App::new().into_utoipa_app().configure(api::routes).split_for_parts();
        service
            .app_data(app.clone())
            .app_data(limits.clone())
            .app_data(around.clone())
            .app_data(query::path_config())
            .configure(docs::routes)
            .configure(assets::routes)
            .configure(portal::routes)
            .wrap(from_fn(read_bearer))
            .wrap(from_fn(frame))
    })
    .client_request_timeout(REQUEST_HEAD)
    .keep_alive(KEEP_ALIVE)
    .shutdown_timeout(SHUTDOWN_SECONDS)
    .bind(config.listen)?;
    if let Some(workers) = config.workers {
        server = server.workers(workers);
    }
    if !config.stop_on_signals {
        server = server.disable_signals();
    }
    let addresses = server.addrs();
    Ok(Running { server: server.run(), addresses })
}
