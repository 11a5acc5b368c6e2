//! What must not leave somebody's desk: their folders, their machines, their people.

use super::hold;
use super::sources::all;
use std::net::IpAddr;

/// Folders of one machine. Put together here, so that this file does not break its own rule.
const PRIVATE: [&str; 7] = [
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/m", "nt/"),
    concat!(".lo", "cal/"),
    concat!("C:", "\\"),
];

/// Names that are reserved for examples and tests (RFC 2606, RFC 6761).
const RESERVED: [&str; 5] = ["example.com", "example.org", "example.net", "example", "test"];

#[test]
fn no_file_names_a_private_place() {
    let mut breaches = Vec::new();
    for source in all() {
        for (index, line) in source.text.lines().enumerate() {
            let found = PRIVATE.iter().filter(|place| line.contains(**place));
            breaches.extend(found.map(|place| format!("{}:{}: {place}", source.path, index + 1)));
        }
    }
    hold("No path of one machine stands in the repository.", breaches);
}

#[test]
fn addresses_are_invented() {
    let mut breaches = Vec::new();
    for source in all() {
        for (index, line) in source.text.lines().enumerate() {
            let foreign = hosts(line).into_iter().filter(|host| !is_reserved(host));
            breaches.extend(foreign.map(|host| format!("{}:{}: …@{host}", source.path, index + 1)));
        }
    }
    hold("E-mail addresses are at reserved names, so that they are nobody's.", breaches);
}

/// The hosts of all e-mail addresses in a line: what follows an `@` that stands between two words.
fn hosts(line: &str) -> Vec<&str> {
    let host =
        |rest: &'_ str| rest.find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'))).unwrap_or(rest.len());
    let parts = line.match_indices('@').filter(|(at, _)| line[..*at].ends_with(|letter: char| letter.is_ascii_alphanumeric()));
    let rests = parts.map(|(at, _)| &line[at + 1..]).map(|rest| rest[..host(rest)].trim_end_matches('.'));
    rests.filter(|host| host.split_once('.').is_some_and(|(name, _)| !name.is_empty())).collect()
}

fn is_reserved(host: &str) -> bool {
    let host = host.to_lowercase();
    host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        || RESERVED.iter().any(|name| host == *name || host.ends_with(&format!(".{name}")))
}
