//! Which addresses may be dialled: public unicast ones, and what the operator allows beside them.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(a: u16, b: u16, prefix: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, 0, 0, 0, 0, 0, 0), prefix)
}

/// The IANA registry of special-purpose addresses (RFC 6890), multicast and reserved space.
const SPECIAL_V4: &[Ipv4Net] = &[
    v4(0, 0, 0, 0, 8),        // this network
    v4(10, 0, 0, 0, 8),       // private
    v4(100, 64, 0, 0, 10),    // carrier-grade NAT
    v4(127, 0, 0, 0, 8),      // loopback
    v4(168, 63, 129, 16, 32), // Azure's wire server: a public number that only ever means the host
    v4(169, 254, 0, 0, 16),   // link-local, and the metadata services of clouds
    v4(172, 16, 0, 0, 12),    // private
    v4(192, 0, 0, 0, 24),     // IETF protocol assignments
    v4(192, 0, 2, 0, 24),     // documentation
    v4(192, 31, 196, 0, 24),  // AS112
    v4(192, 52, 193, 0, 24),  // AMT
    v4(192, 88, 99, 0, 24),   // 6to4 relays
    v4(192, 168, 0, 0, 16),   // private
    v4(192, 175, 48, 0, 24),  // AS112
    v4(198, 18, 0, 0, 15),    // benchmarks
    v4(198, 51, 100, 0, 24),  // documentation
    v4(203, 0, 113, 0, 24),   // documentation
    v4(224, 0, 0, 0, 4),      // multicast
    v4(240, 0, 0, 0, 4),      // reserved, broadcast
];

/// Only this is global unicast. Loopback, mapped and compatible IPv4, NAT64 (64:ff9b::/96), unique local, link-local
/// and multicast addresses lie outside. Where NAT64 is the only way out, the operator allows its prefix.
const PUBLIC_V6: Ipv6Net = v6(0x2000, 0, 3);

/// Exceptions within [`PUBLIC_V6`].
const SPECIAL_V6: &[Ipv6Net] = &[
    v6(0x2001, 0, 23),      // IETF protocol assignments: Teredo, benchmarks, ORCHID
    v6(0x2001, 0x0db8, 32), // documentation
    v6(0x2002, 0, 16),      // 6to4: any IPv4 address in disguise
    v6(0x2620, 0x004f, 32), // AS112
    v6(0x3fff, 0, 20),      // documentation
];

/// Decides about addresses. It is shared by everything that dials.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allow_private: Vec<IpNet>,
}

/// An address or URL that must not be dialled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    #[error("{0} is not a public address; network.allow_private can allow it")]
    Address(IpAddr),
    #[error("{name} has no public address (it has {addresses}); network.allow_private can allow them")]
    Name { name: String, addresses: String },
    #[error("only http and https URLs with a host are called")]
    Url,
}

impl Guard {
    /// `allow_private`: what may be dialled beside public addresses.
    pub fn new(allow_private: Vec<IpNet>) -> Self {
        Self { allow_private }
    }

    pub fn permits(&self, address: IpAddr) -> bool {
        // ::ffff:a.b.c.d reaches the IPv4 address within, so it is judged as that one.
        let address = address.to_canonical();
        is_public(address) || self.allow_private.iter().any(|net| net.contains(&address))
    }

    /// Judges a literal address in whatever way it was spelled; the parser of URLs has made it one. A name passes:
    /// its addresses are judged when it is resolved.
    pub fn permits_url(&self, url: &Url) -> Result<(), Forbidden> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Forbidden::Url);
        }
        match url.host().ok_or(Forbidden::Url)? {
            Host::Domain(_) => Ok(()),
            Host::Ipv4(address) => self.permits_address(address.into()),
            Host::Ipv6(address) => self.permits_address(address.into()),
        }
    }

    pub fn permits_address(&self, address: IpAddr) -> Result<(), Forbidden> {
        if self.permits(address) { Ok(()) } else { Err(Forbidden::Address(address)) }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|net| net.contains(&address)),
        IpAddr::V6(address) => PUBLIC_V6.contains(&address) && !SPECIAL_V6.iter().any(|net| net.contains(&address)),
    }
}
