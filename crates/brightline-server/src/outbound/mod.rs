//! Calls that the service makes itself: to webhooks, and to a provider of sign-in.
//!
//! One call is one connection: names are looked up each time, every address is looked at before
//! anything is sent to it, and redirects are answers like others.

mod reach;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::{Host, Url};

pub(crate) use reach::Reach;

/// A call takes at most this long, from the name to the last byte.
const CALL_TIME_MAX: Duration = Duration::from_secs(10);
/// An answer has at most this many bytes.
const ANSWER_BYTES_MAX: usize = 256 << 10;

/// A call to another service.
pub(crate) struct Outgoing<'a> {
    pub(crate) method: Method,
    pub(crate) url: &'a Url,
    pub(crate) heads: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) reach: Reach,
}

/// What another service answered.
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) body: Bytes,
}

/// Why there is no answer; for people, without anything that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unanswered(pub(crate) String);

/// The way out.
pub(crate) struct Outbound {
    roots: Option<PathBuf>,
    tls: OnceLock<Result<TlsConnector, Unanswered>>,
}

impl Outbound {
    /// `roots`: a file of certificates that are trusted besides those of the machine.
    pub(crate) fn new(roots: Option<PathBuf>) -> Self {
        Self { roots, tls: OnceLock::new() }
    }

    /// Makes a call and reads the answer whole.
    pub(crate) async fn call(&self, outgoing: Outgoing<'_>) -> Result<Answer, Unanswered> {
        let calling = self.call_now(outgoing);
        let answered = tokio::time::timeout(CALL_TIME_MAX, calling).await;
        answered.unwrap_or_else(|_| Err(fault("no answer within 10 s")))
    }

    async fn call_now(&self, outgoing: Outgoing<'_>) -> Result<Answer, Unanswered> {
        let host = outgoing.url.host().ok_or_else(|| fault("the address names no host"))?;
        let is_plain = match outgoing.url.scheme() {
            "https" => false,
            "http" => true,
            _ => return Err(fault("the address is neither https nor http")),
        };
        let port = outgoing.url.port_or_known_default().unwrap_or(443);
        let addresses = addresses(&host, port).await?;
        for address in &addresses {
            outgoing.reach.require(address.ip(), is_plain).map_err(Unanswered)?;
        }
        let stream = connect(&addresses).await?;
        if is_plain {
            return exchange(stream, outgoing).await;
        }
        let name = server_name(&host)?;
        let encrypted = self.tls()?.connect(name, stream).await;
        let encrypted = encrypted.map_err(|error| fault(&format!("TLS failed: {error}")))?;
        exchange(encrypted, outgoing).await
    }

    fn tls(&self) -> Result<TlsConnector, Unanswered> {
        self.tls.get_or_init(|| connector(self.roots.as_deref())).clone()
    }
}

fn fault(text: &str) -> Unanswered {
    Unanswered(text.to_owned())
}

async fn addresses(host: &Host<&str>, port: u16) -> Result<Vec<SocketAddr>, Unanswered> {
    let found = match host {
        Host::Ipv4(address) => vec![SocketAddr::new(IpAddr::V4(*address), port)],
        Host::Ipv6(address) => vec![SocketAddr::new(IpAddr::V6(*address), port)],
        Host::Domain(name) => {
            let found = tokio::net::lookup_host((*name, port)).await;
            found.map_err(|_| fault("the host has no address"))?.collect()
        }
    };
    if found.is_empty() {
        return Err(fault("the host has no address"));
    }
    Ok(found)
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Unanswered> {
    let connected = TcpStream::connect(addresses).await;
    connected.map_err(|error| fault(&format!("cannot connect: {}", error.kind())))
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, Unanswered> {
    match host {
        Host::Ipv4(address) => Ok(ServerName::from(IpAddr::V4(*address))),
        Host::Ipv6(address) => Ok(ServerName::from(IpAddr::V6(*address))),
        Host::Domain(name) => ServerName::try_from((*name).to_owned())
            .map_err(|_| fault("the host has a name that no certificate can have")),
    }
}

async fn exchange<S>(stream: S, outgoing: Outgoing<'_>) -> Result<Answer, Unanswered>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |_| fault("the connection broke off");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let driving = tokio::spawn(connection);
    let request = request(outgoing)?;
    let response = sender.send_request(request).await.map_err(broken)?;
    let code = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await;
    driving.abort();
    let body = body.map_err(|_| fault("the answer broke off, or is too large"))?.to_bytes();
    Ok(Answer { code, body })
}

fn request(outgoing: Outgoing<'_>) -> Result<Request<Body>, Unanswered> {
    let url = outgoing.url;
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let host = url.host_str().unwrap_or_default();
    let host = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    let mut request = Request::builder()
        .method(outgoing.method)
        .uri(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, concat!("brightline/", env!("CARGO_PKG_VERSION")))
        .body(Body::from(outgoing.body))
        .map_err(|_| fault("the address cannot be called"))?;
    request.headers_mut().extend(outgoing.heads);
    Ok(request)
}

/// Trusts the certificates of the machine, and those of the file.
fn connector(roots: Option<&std::path::Path>) -> Result<TlsConnector, Unanswered> {
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = roots {
        let wrong = |error| fault(&format!("`{}` holds no certificates: {error}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(wrong)? {
            let added = trusted.add(certificate.map_err(wrong)?);
            added.map_err(|error| fault(&format!("`{}`: {error}", path.display())))?;
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(&error.to_string()))?;
    let config = config.with_root_certificates(trusted).with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
