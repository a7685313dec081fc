//! Where calls may go: an address inside the city's own network is no place for a stranger's hook.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far calls may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// To addresses of the internet only, encrypted.
    Public,
    /// Wherever the settings say, also inside; unencrypted to the machine itself only.
    Inside,
}

impl Reach {
    /// Refuses an address that is out of reach.
    pub(crate) fn require(self, address: IpAddr, is_plain: bool) -> Result<(), String> {
        if is_plain && !(self == Self::Inside && address.to_canonical().is_loopback()) {
            return Err("only https goes there".to_owned());
        }
        if self == Self::Public && !is_public(address) {
            return Err("the host is inside a network, and the settings forbid that".to_owned());
        }
        Ok(())
    }
}

/// Whether an address is of the internet, by the registries of the IANA for special purposes.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (169, 254, _)
            | (192, 168, _)
            | (100, 64..=127, _)
            | (172, 16..=31, _)
            | (198, 18..=19, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 51, 100)
            | (203, 0, 113)
    );
    !is_special
}

/// Of IPv6 only what is assigned for the internet, and nothing that leads to IPv4 by a detour.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let is_assigned = a & 0xe000 == 0x2000;
    let is_special = matches!((a, b), (0x2001, 0..=0x01ff | 0x0db8) | (0x2002, _) | (0x3fff, _));
    is_assigned && !is_special
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inside_is_told_from_what_is_outside() {
        for inside in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::a00:1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2002:a00:1::",
            "2001::1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "192.0.1.1", "2606:4700::1111"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }

    #[test]
    fn what_is_unencrypted_stays_on_the_machine() {
        let (here, there) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::from([1, 1, 1, 1]));
        assert!(Reach::Inside.require(here, true).is_ok());
        assert!(Reach::Inside.require(there, true).is_err());
        assert!(Reach::Public.require(there, true).is_err());
        assert!(Reach::Public.require(there, false).is_ok());
        assert!(Reach::Public.require(here, false).is_err());
        assert!(Reach::Inside.require(here, false).is_ok());
    }
}
