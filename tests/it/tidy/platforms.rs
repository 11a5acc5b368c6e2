//! A chat platform or a CI system is known to its own files and to the lines that register it, and to nothing else.
//!
//! Comments may give it as an example or as the source of a fact, and tests may speak of it.

use super::hold;
use super::sources::rust;

const NAMES: [&str; 6] = ["argocd", "discord", "github", "gitlab", "jenkins", "slack"];

/// Where a name may stand in code, and why. What ends in `/` stands for all that lies below.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("slack", "bot/src/slack/", "its own files"),
    ("slack", "bot/src/lib.rs", "its registration"),
    ("slack", "router/src/http/slack.rs", "its own door"),
    ("slack", "router/src/http/mod.rs", "the registration of its door"),
    ("slack", "router/src/start.rs", "its registration"),
    ("slack", "router/src/settings/", "its section of the configuration"),
    ("slack", "router/src/cli/init.rs", "the manifest that init writes for it"),
    ("slack", "router/src/telemetry.rs", "how much its library logs"),
    ("slack", "engine/src/policy/blocks/notifications.rs", "a key of the policy language"),
    ("discord", "engine/src/policy/blocks/notifications.rs", "a key of the policy language"),
    ("discord", "bot/src/discord/", "its own files"),
    ("discord", "bot/src/lib.rs", "its registration"),
    ("discord", "router/src/http/discord.rs", "its own door"),
    ("discord", "router/src/http/mod.rs", "the registration of its door"),
    ("discord", "router/src/start.rs", "its registration"),
    ("discord", "router/src/settings/", "its section of the configuration"),
    ("gitlab", "engine/src/policy/blocks/services.rs", "an example in a fault's sentence"),
    ("gitlab", "router/src/sources/gitlab/", "its own files"),
    ("gitlab", "router/src/sources/mod.rs", "its declaration"),
    ("gitlab", "router/src/sources/registry.rs", "its registration"),
    ("gitlab", "router/src/demo/", "the demo's pretend one"),
    ("github", "router/src/sources/github/", "its own files"),
    ("github", "router/src/sources/mod.rs", "its declaration"),
    ("github", "router/src/sources/registry.rs", "its registration"),
    ("gitlab", "router/src/cli/gate/pipelines/gitlab.rs", "the variables of its runs"),
    ("gitlab", "router/src/cli/gate/pipelines/mod.rs", "its registration"),
    ("github", "router/src/cli/gate/pipelines/github.rs", "the variables of its runs"),
    ("github", "router/src/cli/gate/pipelines/mod.rs", "its registration"),
    ("jenkins", "router/src/cli/gate/pipelines/jenkins.rs", "the variables of its builds"),
    ("jenkins", "router/src/cli/gate/pipelines/mod.rs", "its registration"),
    ("argocd", "router/src/cli/gate/pipelines/argocd.rs", "the variables of its hooks"),
    ("argocd", "router/src/cli/gate/pipelines/mod.rs", "its registration"),
    ("slack", "router/src/http/document/mod.rs", "where its door is documented"),
    ("discord", "router/src/http/document/mod.rs", "where its door is documented"),
    ("argocd", "router/src/sources/argocd/", "its own files"),
    ("argocd", "router/src/sources/mod.rs", "its declaration"),
    ("argocd", "router/src/sources/registry.rs", "its registration"),
    ("jenkins", "router/src/sources/jenkins/", "its own files"),
    ("jenkins", "router/src/sources/mod.rs", "its declaration"),
    ("jenkins", "router/src/sources/registry.rs", "its registration"),
    ("gitlab", "templates/src/samples/", "sample data, as real changes would have it"),
    ("slack", "templates/src/samples/", "sample data, as real changes would have it"),
    ("discord", "templates/src/samples/", "sample data, as real changes would have it"),
];

fn is_allowed(name: &str, path: &str) -> bool {
    ALLOWED.iter().any(|(allowed, place, _)| *allowed == name && is_at(path, place))
}

fn is_at(path: &str, place: &str) -> bool {
    if place.ends_with('/') { path.starts_with(place) } else { path == place }
}

/// Each name with the file and line where it stands in code.
fn found() -> Vec<(&'static str, String, usize)> {
    let mut found = Vec::new();
    for source in rust().into_iter().filter(|source| !source.path.starts_with("tests/")) {
        for (number, line) in source.statements() {
            let line = line.to_lowercase();
            let here = NAMES.iter().filter(|name| line.contains(**name));
            found.extend(here.map(|name| (*name, source.path.clone(), number)));
        }
    }
    found
}

#[test]
fn platforms_are_named_in_their_own_files_only() {
    let elsewhere = found().into_iter().filter(|(name, path, _)| !is_allowed(name, path));
    let breaches = elsewhere.map(|(name, path, number)| format!("{path}:{number}: names {name}"));
    hold("A platform is named in its own files and where it is registered.", breaches.collect());
}

#[test]
fn allowances_are_used() {
    let found = found();
    let is_used = |allowed: &str, place: &str| found.iter().any(|(name, path, _)| *name == allowed && is_at(path, place));
    let stale = ALLOWED.iter().filter(|(allowed, place, _)| !is_used(allowed, place));
    hold("An allowance that nobody needs is taken away.", stale.map(|(name, place, why)| format!("{place}: {name}, {why}")).collect());
}
