//! What must not come in through somebody's default features.

use super::hold;
use super::sources::read;
use toml::Table;

/// One TLS stack, rustls with ring: no second provider of cryptography, nothing of the system's.
const FORBIDDEN: [&str; 4] = ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl-sys"];

fn locked() -> Vec<(String, String)> {
    let lock: Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap().iter();
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    packages.map(|package| (text(package, "name"), text(package, "version"))).collect()
}

#[test]
fn no_second_provider_of_cryptography() {
    let found = locked().into_iter().filter(|(name, _)| FORBIDDEN.contains(&name.as_str()));
    let breaches = found.map(|(name, version)| format!("Cargo.lock: {name} {version}; `cargo tree -i {name}` says who wants it"));
    hold("There is one TLS stack, and it is rustls with ring.", breaches.collect());
}

#[test]
fn one_http_client() {
    let clients: Vec<String> = locked().into_iter().filter(|(name, _)| name == "reqwest").map(|(_, version)| version).collect();
    assert_eq!(clients.len(), 1, "Cargo.lock has more than one reqwest ({}): choose the features that need one", clients.join(", "));
}
