//! Builds the HTTP server. `gongkai serve` and the tests start the same one.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use utoipa_actix_web::AppExt;

use super::client::TrustedProxies;
use super::limits::{Limits, PerMinute};
use super::middleware::{Surroundings, frame};
use super::session::read_bearer;
use super::{api, docs, query};
use crate::app::App;

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

impl WebConfig {
    /// Serves on `listen` with the usual limits and no proxy in front.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            proxies: TrustedProxies::default(),
            per_minute: PerMinute::default(),
            workers: None,
            stop_on_signals: true,
        }
    }
}

/// A server that has its port and begins to serve when `server` is awaited.
pub struct Running {
    /// The server; its `handle()` stops it, letting requests in flight end.
    pub server: Server,
    /// The address it listens on.
    pub address: SocketAddr,
}

/// Takes the port and builds the server.
///
/// # Errors
///
/// When the address cannot be taken.
pub fn server(app: App, config: WebConfig) -> io::Result<Running> {
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
    let address = server.addrs().first().copied().ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok(Running { server: server.run(), address })
}
