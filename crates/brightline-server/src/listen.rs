//! The socket: connections, their limits, and an orderly end.

use std::error::Error;
use std::fmt;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tracing::{info, warn};

use crate::service::{Service, Settings};
use crate::upkeep::Upkeep;
use crate::webhooks::Courier;

/// The head of a request may have this many bytes.
const HEAD_BYTES_MAX: usize = 32 << 10;
/// And this many fields.
const HEAD_FIELDS_MAX: usize = 64;
/// After a failed accept, as when all file handles are in use.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Why a service could not start.
#[derive(Debug)]
pub struct ServeError {
    address: SocketAddr,
    cause: std::io::Error,
}

impl ServeError {
    /// Returns what can be done about it.
    #[must_use]
    pub fn help(&self) -> Option<&'static str> {
        match self.cause.kind() {
            ErrorKind::AddrInUse => Some(
                "another program listens there, perhaps this service itself; stop it, or choose \
                 another with --address",
            ),
            ErrorKind::AddrNotAvailable => {
                Some("this machine has no such address; choose one of its own with --address")
            }
            ErrorKind::PermissionDenied => Some(
                "the system keeps this port for others; choose one from 1024 on, behind a proxy",
            ),
            _ => None,
        }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot listen on `{}`: {}", self.address, self.cause)
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

/// Listens, says where, and answers until `stop` is done; then finishes what is in progress.
///
/// # Errors
///
/// When the address cannot be listened on.
pub async fn serve(
    service: Service,
    listening: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let address = service.settings().address;
    let of_cause = |cause| ServeError { address, cause };
    let listener = TcpListener::bind(address).await.map_err(of_cause)?;
    let address = listener.local_addr().map_err(of_cause)?;
    info!(%address, "listening");
    listening(address);
    let _upkeep = Upkeep::start(service.clone());
    let _courier = Courier::start(service.clone());
    let graceful = GracefulShutdown::new();
    let accepting = accept(&listener, &service, &graceful);
    tokio::select! {
        () = accepting => {}
        () = stop => info!("told to stop"),
    }
    drop(listener);
    if tokio::time::timeout(service.settings().stop_time_max, graceful.shutdown()).await.is_err() {
        warn!("requests still in progress were cut off");
    }
    info!("stopped");
    Ok(())
}

async fn accept(listener: &TcpListener, service: &Service, graceful: &GracefulShutdown) {
    let router = service.router();
    let places = Arc::new(Semaphore::new(service.settings().connections_max));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = connection(stream, peer, router.clone(), service.settings());
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A peer that goes away or speaks no HTTP concerns nobody else.
            let _ = watched.await;
            drop(place);
        });
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    settings: &Settings,
) -> http1::Connection<TokioIo<TcpStream>, TowerToHyperService<Peered>> {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(Peered { router, peer });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(settings.head_time_max)
        .max_headers(HEAD_FIELDS_MAX)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
}

/// The routes, told who calls.
#[derive(Clone)]
struct Peered {
    router: Router,
    peer: SocketAddr,
}

impl tower_service::Service<hyper::Request<hyper::body::Incoming>> for Peered {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = <Router as tower_service::Service<axum::extract::Request>>::Future;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), Self::Error>> {
        let router = &mut self.router;
        tower_service::Service::<axum::extract::Request>::poll_ready(router, context)
    }

    fn call(&mut self, request: hyper::Request<hyper::body::Incoming>) -> Self::Future {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(self.peer));
        self.router.call(request)
    }
}
