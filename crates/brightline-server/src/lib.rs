//! The service: requests over HTTP, and everything that stands between the network and the office.
//!
//! ```text
//! socket ─ listen ─▶ edge ─▶ routes ─▶ docket
//!          limits     number, log,     one file a resource,
//!          of time    metrics, heads   nothing below the docket
//! ```
//!
//! [`Service`] holds what all requests share; [`serve`] opens an address and answers on it until
//! it is told to stop.
//! Errors leave as problem documents (RFC 9457), made in one place, `problem`.
//! No log line, metric or address holds a word of a request.
//!
//! Not here: what the law says (`brightline_law`), what a request is (`brightline_docket`), TLS (a
//! proxy in front of the service holds the certificate).

mod access;
mod accounts;
mod body;
mod clock;
mod depth;
mod edge;
mod folder;
mod letterheads;
mod limits;
mod listen;
mod log_files;
mod logs;
mod metrics;
mod once;
mod openapi;
mod openid;
mod outbound;
mod pages;
mod passkeys;
mod problem;
mod routes;
mod service;
mod standing;
mod upkeep;
mod webhooks;

pub use access::{Access, Action, POLICIES, Principal, SCHEMA};
pub use accounts::{
    Account, Accounts, AccountsParts, Error, Known, MIGRATIONS, NewAccount, Role, ServiceKey,
};
pub use clock::Clock;
pub use folder::DataFolder;
pub use limits::{Limits, Rate};
pub use listen::{ServeError, serve};
pub use logs::log_to_standard_error;
pub use openapi::openapi_document;
pub use openid::OpenId;
pub use passkeys::Place as PasskeyPlace;
pub use routes::{RouteEntry, route_table};
pub use service::{Service, Settings};
pub use standing::note_backup;
