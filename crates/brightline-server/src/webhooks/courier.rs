//! The courier: looks what happened, and tells each hook, one message after the other.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::http::Method;
use brightline_docket::{Actor, Error, Happening};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use super::hooks::{Hook, LEASE_SECONDS, Outcome};
use super::message;
use crate::outbound::Outgoing;
use crate::service::Service;

/// How often it looks.
const PAUSE: Duration = Duration::from_secs(1);
/// It writes down how far it is after at most this long, well before its lease is over.
const TURN: Duration = Duration::from_secs(LEASE_SECONDS.unsigned_abs() / 2);

/// The task that delivers; it stops when this is dropped.
pub(crate) struct Courier(JoinHandle<()>);

impl Drop for Courier {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Courier {
    pub(crate) fn start(service: Service) -> Self {
        Self(tokio::spawn(async move {
            let mut turns = JoinSet::new();
            let mut busy = BTreeSet::new();
            loop {
                tokio::time::sleep(PAUSE).await;
                while let Some(done) = turns.try_join_next() {
                    if let Ok(name) = done {
                        busy.remove(&name);
                    }
                }
                if let Err(error) = round(&service, &mut turns, &mut busy).await {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    tracing::error!(%error, cause, "webhooks were not looked at");
                }
            }
        }))
    }
}

/// Begins a turn for each hook that has none; a slow hook keeps no other waiting.
async fn round(
    service: &Service,
    turns: &mut JoinSet<String>,
    busy: &mut BTreeSet<String>,
) -> Result<(), Error> {
    let Ok(accounts) = service.accounts() else { return Ok(()) };
    for name in accounts.due_hooks().await? {
        if !busy.insert(name.clone()) {
            continue;
        }
        let service = service.clone();
        turns.spawn(async move {
            if let Err(error) = turn(&service, &name).await {
                tracing::error!(%error, hook = name, "a webhook was not delivered to");
            }
            name
        });
    }
    Ok(())
}

/// Delivers to one hook what it was not told yet.
async fn turn(service: &Service, name: &str) -> Result<(), Error> {
    let (Ok(accounts), Ok(office)) = (service.accounts(), service.office()) else {
        return Ok(());
    };
    // Most of the time nothing happened, and then nothing is written.
    let Some(waiting) = accounts.hooks().await?.into_iter().find(|hook| hook.name == name) else {
        return Ok(());
    };
    if office.events(&actor(&waiting), waiting.position).await?.1 == waiting.position {
        return Ok(());
    }
    let Some((hook, secret)) = accounts.lease_hook(name).await? else {
        return Ok(());
    };
    let (began, mut position) = (Instant::now(), hook.position);
    while began.elapsed() < TURN {
        let (happenings, last) = office.events(&actor(&hook), position).await?;
        if last == position {
            break;
        }
        for happening in happenings.iter().filter(|it| hook.wants(it)) {
            if let Err(refused) = deliver(service, &hook, &secret, happening).await {
                return accounts.return_hook(&hook, position, refused.outcome()).await;
            }
            position = Some(happening.position);
            if began.elapsed() >= TURN {
                return accounts.return_hook(&hook, position, Outcome::Arrived).await;
            }
        }
        position = last;
    }
    accounts.return_hook(&hook, position, Outcome::Arrived).await
}

impl Hook {
    fn wants(&self, happening: &Happening) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&happening.kind)
    }
}

/// Whoever a hook belongs to sees what happens in the agencies of the hook.
fn actor(hook: &Hook) -> Actor {
    let name = format!("webhook {}", hook.name);
    Actor {
        account: name.clone(),
        person: name.clone(),
        name,
        roles: std::iter::once("system".to_owned()).collect(),
        agencies: hook.agencies.iter().cloned().collect(),
    }
}

/// Why a message did not arrive.
struct Refused {
    fault: String,
    is_gone: bool,
}

impl Refused {
    fn outcome(&self) -> Outcome<'_> {
        match self.is_gone {
            true => Outcome::Gone(&self.fault),
            false => Outcome::Failed(&self.fault),
        }
    }
}

async fn deliver(
    service: &Service,
    hook: &Hook,
    secret: &[u8],
    happening: &Happening,
) -> Result<(), Refused> {
    let failed = |fault: String| Refused { fault, is_gone: false };
    let url = Url::parse(&hook.url).map_err(|error| failed(error.to_string()))?;
    let seconds = service.accounts().map_or(0, |accounts| accounts.clock().seconds());
    let (number, body) = (message::number(happening), message::body(happening));
    let heads = message::heads(secret, &number, seconds, &body);
    let reach = service.settings().webhook_reach();
    let outgoing = Outgoing { method: Method::POST, url: &url, heads, body, reach };
    let answer = service.outbound().call(outgoing).await.map_err(|error| failed(error.0))?;
    match answer.code {
        200..=299 => Ok(()),
        300..=399 => Err(failed(format!("{}: redirects are not followed", answer.code))),
        410 => Err(Refused { fault: "410: it is there no more".to_owned(), is_gone: true }),
        code => Err(failed(format!("it answered {code}"))),
    }
}
