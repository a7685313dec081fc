//! How often somebody may call: each account, each token, and each address of whoever is nobody.
//!
//! Each process counts by itself; a count is forgotten when the process ends.

mod rows;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, Method};
use governor::clock::{Clock, DefaultClock};
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use serde::Deserialize;

use crate::access::{Action, Principal};
use crate::problem::{Kind, Problem};
use rows::Rows;
pub(crate) use rows::{OpenStream, Place, RowCaller};

/// The head in which a proxy says for whom it calls.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// How many calls are answered.
///
/// The defaults let a jail's own system record thousands of requests a second, and are out of the
/// way of people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Of one account.
    pub account: Rate,
    /// Of one token.
    pub token: Rate,
    /// Of one address, without credentials or with wrong ones.
    pub address: Rate,
    /// Tries of one address to sign in or to use a link.
    pub sign_in: Rate,
    /// Rows of bulk streams of one address without credentials.
    pub address_rows: Rate,
    /// Rows of bulk streams of one account or token.
    pub known_rows: Rate,
    /// Bulk streams that one address without credentials may have open at once.
    pub address_streams: NonZeroU32,
    /// Bulk streams that one account or token may have open at once.
    pub known_streams: NonZeroU32,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
}

/// A number of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// So many in a minute, for as long as one likes.
    pub per_minute: NonZeroU32,
    /// So many at once, after a pause.
    pub burst: NonZeroU32,
}

const fn rate(per_minute: u32, burst: u32) -> Rate {
    Rate { per_minute: count(per_minute), burst: count(burst) }
}

const fn count(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
        Self {
            account: rate(12_000, 2_000),
            token: rate(600_000, 20_000),
            address: rate(6_000, 1_000),
            sign_in: rate(20, 20),
            address_rows: rate(60_000, 10_000),
            known_rows: rate(6_000_000, 200_000),
            address_streams: count(2),
            known_streams: count(8),
            proxies: loopback.to_vec(),
        }
    }
}

impl Rate {
    fn quota(self) -> Quota {
        let period = Duration::from_secs(60) / self.per_minute.get();
        // A period of zero is none; it cannot be, as a minute has more nanoseconds than a rate has.
        let quota = Quota::with_period(period).unwrap_or(Quota::per_second(NonZeroU32::MAX));
        quota.allow_burst(self.burst)
    }
}

type Counts = RateLimiter<String, HashMapStateStore<String>, DefaultClock>;

/// The counts of a running service.
pub(crate) struct Gate {
    clock: DefaultClock,
    account: Counts,
    token: Counts,
    address: Counts,
    sign_in: Counts,
    rows: Rows,
    proxies: Vec<IpAddr>,
}

/// The address from which a call comes; none for the machine itself, which is not counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Origin(Option<String>);

impl Gate {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            clock: DefaultClock::default(),
            account: RateLimiter::hashmap(limits.account.quota()),
            token: RateLimiter::hashmap(limits.token.quota()),
            address: RateLimiter::hashmap(limits.address.quota()),
            sign_in: RateLimiter::hashmap(limits.sign_in.quota()),
            rows: Rows::new(limits),
            proxies: limits.proxies.clone(),
        }
    }

    /// Counts a call that asks for no credentials.
    pub(crate) fn admit_anyone(
        &self,
        action: Action,
        method: &Method,
        origin: &Origin,
    ) -> Result<(), Problem> {
        match action {
            Action::ReadHealth | Action::ReadMetrics => Ok(()),
            Action::SignIn | Action::SetUp if !method.is_safe() => {
                self.admit(&self.sign_in, origin.0.as_deref())
            }
            _ => self.admit(&self.address, origin.0.as_deref()),
        }
    }

    /// Counts a call without credentials, or with wrong ones, where some were needed.
    pub(crate) fn admit_stranger(&self, origin: &Origin) -> Result<(), Problem> {
        self.admit(&self.address, origin.0.as_deref())
    }

    /// Counts a call of somebody who is known.
    pub(crate) fn admit_known(&self, principal: &Principal) -> Result<(), Problem> {
        let counts = match principal {
            Principal::Nobody => return Ok(()),
            Principal::Account { .. } => &self.account,
            Principal::Token { .. } => &self.token,
        };
        self.admit(counts, Some(principal.name()))
    }

    /// Returns how long so many rows of a stream have to wait.
    pub(crate) fn pause_of_rows(&self, caller: &RowCaller, rows: usize) -> Option<Duration> {
        self.rows.pause(&self.clock, caller, rows)
    }

    /// Returns how many rows may be counted at once, of those that one would like to.
    pub(crate) fn rows_at_once(&self, caller: &RowCaller, wanted: usize) -> usize {
        self.rows.at_once(caller, wanted)
    }

    /// Counts a stream as open, until what is returned is dropped.
    pub(crate) fn open_stream(&self, caller: &RowCaller) -> Result<OpenStream, Problem> {
        self.rows.open(caller)
    }

    /// Waits for a place among those who decide rows.
    pub(crate) async fn place(&self, caller: &RowCaller) -> Place<'_> {
        self.rows.place(caller).await
    }

    /// Forgets the counts that are full again.
    pub(crate) fn forget_idle(&self) {
        let of_calls = [&self.account, &self.token, &self.address, &self.sign_in];
        for counts in of_calls.into_iter().chain(self.rows.counts()) {
            counts.retain_recent();
            counts.shrink_to_fit();
        }
    }

    fn admit(&self, counts: &Counts, name: Option<&str>) -> Result<(), Problem> {
        let Some(wait) = self.wait(counts, name) else {
            return Ok(());
        };
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        let detail = format!("try again in {seconds} s");
        Err(Problem::new(Kind::TooManyCalls, detail).retry_after(seconds))
    }

    fn wait(&self, counts: &Counts, name: Option<&str>) -> Option<Duration> {
        let counted = counts.check_key(&name?.to_owned());
        counted.err().map(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// Returns where a call comes from, as far as the proxies in front tell.
    pub(crate) fn origin(&self, request: &Request) -> Origin {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(peer)| peer.ip());
        Origin(self.caller(peer.to_canonical(), request.headers()).and_then(named))
    }

    /// The nearest address that is no proxy of ours; none where a proxy calls for itself.
    fn caller(&self, peer: IpAddr, heads: &HeaderMap) -> Option<IpAddr> {
        if !self.proxies.contains(&peer) {
            return Some(peer);
        }
        let lines = heads.get_all(FORWARDED_FOR).iter().filter_map(|line| line.to_str().ok());
        let told: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        for address in told.into_iter().rev() {
            // What cannot be read counts as the proxy, so that it cannot be used to hide.
            let Ok(address) = address.trim().parse::<IpAddr>() else { return Some(peer) };
            let address = address.to_canonical();
            if !self.proxies.contains(&address) {
                return Some(address);
            }
        }
        (!peer.is_loopback()).then_some(peer)
    }
}

/// The name under which an address is counted: of IPv6 the network, which one household has.
fn named(address: IpAddr) -> Option<String> {
    match address {
        IpAddr::V4(address) => Some(address.to_string()),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Some(format!("{a:x}:{b:x}:{c:x}:{d:x}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn gate() -> Gate {
        Gate::new(&Limits { address: rate(1, 2), ..Limits::default() })
    }

    fn origin(peer: &str, forwarded: &[&str]) -> Option<String> {
        let mut request = Request::get("/");
        for line in forwarded {
            request = request.header(FORWARDED_FOR, *line);
        }
        let mut request = request.body(Body::empty()).expect("a request");
        let peer = SocketAddr::new(peer.parse().expect("an address"), 1);
        request.extensions_mut().insert(ConnectInfo(peer));
        gate().origin(&request).0
    }

    #[test]
    fn a_call_counts_for_whoever_stands_before_our_proxies() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(origin("192.0.2.7", &[]), some("192.0.2.7"));
        assert_eq!(origin("192.0.2.7", &["198.51.100.1"]), some("192.0.2.7"), "it is no proxy");
        assert_eq!(origin("127.0.0.1", &["203.0.113.9, 198.51.100.1"]), some("198.51.100.1"));
        assert_eq!(
            origin("::1", &["203.0.113.9", "198.51.100.1, 127.0.0.1"]),
            some("198.51.100.1")
        );
        assert_eq!(origin("127.0.0.1", &["203.0.113.9, made up"]), some("127.0.0.1"));
        assert_eq!(origin("::ffff:192.0.2.7", &[]), some("192.0.2.7"));
        assert_eq!(origin("2001:db8:1:2:3::4", &[]), some("2001:db8:1:2"));
        assert_eq!(origin("127.0.0.1", &[]), None, "the machine itself is not counted");
    }

    #[test]
    fn one_address_does_not_use_up_what_another_has() {
        let gate = gate();
        let (one, two) = (Origin(Some("a".to_owned())), Origin(Some("b".to_owned())));
        let admitted = |origin| gate.admit_anyone(Action::Decide, &Method::POST, origin);
        assert!(admitted(&one).is_ok() && admitted(&one).is_ok());
        assert!(admitted(&one).is_err_and(|problem| problem.is(Kind::TooManyCalls)));
        assert!(admitted(&two).is_ok());
        assert!(gate.admit_anyone(Action::ReadHealth, &Method::GET, &one).is_ok());
        gate.forget_idle();
        assert!(admitted(&one).is_err(), "what is not full again is kept");
    }

    #[test]
    fn rows_are_counted_for_whoever_asks_and_not_as_calls() {
        let gate = Gate::new(&Limits {
            address_rows: rate(60, 10),
            known_rows: rate(60, 1000),
            ..Limits::default()
        });
        let nobody = RowCaller::of(None, Origin(Some("a".to_owned())));
        let known = RowCaller::Known("token jail".to_owned());
        assert_eq!((gate.rows_at_once(&nobody, 256), gate.rows_at_once(&known, 256)), (10, 256));
        assert!(gate.pause_of_rows(&nobody, 10).is_none());
        let pause = gate.pause_of_rows(&nobody, 10).expect("a pause");
        assert!((8..=10).contains(&pause.as_secs()), "{pause:?}");
        assert!(gate.pause_of_rows(&RowCaller::Address("b".to_owned()), 10).is_none());
        assert!(gate.pause_of_rows(&known, 256).is_none());
        let machine = RowCaller::of(None, Origin(None));
        assert_eq!(gate.rows_at_once(&machine, 256), 256);
        assert!((0..100).all(|_| gate.pause_of_rows(&machine, 256).is_none()));
        let call = gate.admit_anyone(Action::Decide, &Method::POST, &Origin(Some("a".to_owned())));
        assert!(call.is_ok(), "rows use up no calls");
    }

    #[test]
    fn a_caller_has_so_many_streams_open_and_all_strangers_together_so_many() {
        let gate = gate();
        let nobody = RowCaller::Address("a".to_owned());
        let mut open: Vec<OpenStream> =
            (0..2).map(|_| gate.open_stream(&nobody).expect("a stream")).collect();
        let refused = gate.open_stream(&nobody).err().expect("too many");
        assert!(refused.is(Kind::TooManyCalls));
        drop(open.pop());
        open.push(gate.open_stream(&nobody).expect("one has ended"));
        for at in 0..30 {
            open.push(gate.open_stream(&RowCaller::Address(at.to_string())).expect("a stream"));
        }
        assert!(gate.open_stream(&RowCaller::Address("new".to_owned())).is_err());
        let known = RowCaller::Known("token jail".to_owned());
        assert!(gate.open_stream(&known).is_ok(), "whoever is known is not kept out by strangers");
        drop(open);
        assert!(gate.open_stream(&RowCaller::Address("new".to_owned())).is_ok());
    }
}
