//! Special ranges × spellings.

use crate::net::guard::{Forbidden, Guard};
use crate::net::resolve::permitted;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use url::Url;

/// The first and the last address of each special range, and some in between.
const SPECIAL: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.255",
    "168.63.129.16",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.255",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.0",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.1.2.3",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2620:4f:8000::1",
    "3fff::1",
    "3fff:fff:ffff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "febf::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
];

/// Neighbours of the ranges above, and well-known public servers.
const PUBLIC: &[&str] = &[
    "1.0.0.0",
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "191.255.255.255",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "203.0.112.255",
    "203.0.114.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2000::1",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2001:db7::1",
    "2003::1",
    "2606:4700::1111",
    "3ffe::1",
];

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn host(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The ways in which a parser of URLs takes an IPv4 address.
fn spellings(address: Ipv4Addr) -> Vec<String> {
    let [a, b, c, d] = address.octets();
    let number = u32::from(address);
    let wide: String =
        address.to_string().chars().map(|c| if c == '.' { '。' } else { char::from_u32(c as u32 + 0xFEE0).unwrap() }).collect();
    let percent: String = address.to_string().bytes().map(|byte| format!("%{byte:02x}")).collect();
    vec![
        address.to_string(),
        format!("{address}."),
        number.to_string(),
        format!("{number:#x}"),
        format!("0{number:o}"),
        format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
        format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
        format!("{a}.{}", number & 0xFF_FFFF),
        format!("{a}.{b}.{}", number & 0xFFFF),
        format!("{a:#X}.{b}.0{:o}", number & 0xFFFF),
        format!("00{a:#x}.{b}.{c}.{d}").replacen("000x", "0x0", 1),
        format!("[::ffff:{address}]"),
        format!("[::ffff:{:x}:{:x}]", number >> 16, number & 0xFFFF),
        format!("[0:0:0:0:0:FFFF:{address}]"),
        wide,
        percent,
        format!("user:password@{address}"),
    ]
}

#[test]
fn special_addresses_are_forbidden_and_their_neighbours_are_not() {
    let guard = Guard::default();
    for text in SPECIAL {
        assert!(!guard.permits(address(text)), "{text}");
    }
    for text in PUBLIC {
        assert!(guard.permits(address(text)), "{text}");
    }
}

#[test]
fn no_spelling_gets_a_special_address_through() {
    let guard = Guard::default();
    for text in SPECIAL {
        let spellings = match address(text) {
            IpAddr::V4(v4) => spellings(v4),
            v6 @ IpAddr::V6(_) => vec![host(v6), host(v6).to_uppercase()],
        };
        for host in spellings {
            for url in [format!("http://{host}/x"), format!("HTTPS://{host}:8443/x")] {
                let Ok(parsed) = Url::parse(&url) else { continue };
                assert!(matches!(guard.permits_url(&parsed), Err(Forbidden::Address(_))), "{url}");
            }
        }
    }
}

#[test]
fn every_spelling_of_a_public_address_gets_through() {
    for host in spellings(Ipv4Addr::new(8, 8, 4, 4)) {
        let url = Url::parse(&format!("http://{host}/")).unwrap_or_else(|error| panic!("{host}: {error}"));
        assert_eq!(Guard::default().permits_url(&url), Ok(()), "{host}");
    }
}

#[test]
fn only_web_addresses_are_called() {
    for url in ["ftp://8.8.8.8/", "file:///etc/passwd", "data:text/plain,x", "gopher://8.8.8.8/", "unix:/run/x"] {
        assert_eq!(Guard::default().permits_url(&Url::parse(url).unwrap()), Err(Forbidden::Url), "{url}");
    }
}

#[test]
fn what_the_operator_allows_is_allowed_and_nothing_beside() {
    let guard = Guard::new(vec!["10.1.0.0/16".parse().unwrap(), "fd00:1::/32".parse().unwrap()]);
    for allowed in ["10.1.2.3", "::ffff:10.1.2.3", "fd00:1::5"] {
        assert!(guard.permits(address(allowed)), "{allowed}");
    }
    for still_forbidden in ["10.2.0.0", "127.0.0.1", "fd00:2::5", "::10.1.2.3", "2002:a01:203::1"] {
        assert!(!guard.permits(address(still_forbidden)), "{still_forbidden}");
    }
}

#[test]
fn of_a_names_answers_only_the_permitted_ones_are_dialled() {
    let answers = |texts: &[&str]| texts.iter().map(|text| SocketAddr::new(address(text), 0)).collect::<Vec<_>>();
    let guard = Guard::default();
    let mixed = permitted(&guard, "rebinding.test".to_owned(), answers(&["127.0.0.1", "8.8.8.8", "::1", "169.254.169.254"]));
    assert_eq!(mixed, Ok(answers(&["8.8.8.8"])));
    for answers in [answers(&["127.0.0.1", "::ffff:10.0.0.1"]), answers(&[])] {
        assert!(matches!(permitted(&guard, "inside.test".to_owned(), answers), Err(Forbidden::Name { .. })));
    }
}
