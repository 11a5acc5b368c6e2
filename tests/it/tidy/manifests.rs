//! Who may import whom, as the manifests say it. docs/architecture.md draws the same graph.

use super::hold;
use super::sources::{CRATES, read};
use std::collections::BTreeSet;
use toml::Table;

/// Each crate and those of ours that it may import.
const OURS: [(&str, &[&str]); 7] = [
    ("engine", &[]),
    ("entities", &["engine"]),
    ("templates", &["engine"]),
    ("bot", &["engine", "templates"]),
    ("migrations", &[]),
    ("router", &["engine", "entities", "migrations", "templates", "bot"]),
    ("tests", &["engine", "entities", "migrations", "templates", "bot", "router"]),
];

/// Libraries that belong to somebody, and to whom.
const OWNED: [(&str, &[&str]); 21] = [
    ("anyhow", &["router"]),
    ("axum", &["router", "tests"]),
    ("cel", &["engine"]),
    ("clap", &["router"]),
    ("cron", &["engine"]),
    ("metrics", &["router"]),
    ("metrics-exporter-prometheus", &["router"]),
    ("minijinja", &["templates"]),
    ("rand", &["router"]),
    ("reqwest", &["router", "tests"]),
    ("sea-orm", &["entities"]),
    ("sea-orm-migration", &["migrations"]),
    ("serde-saphyr", &["engine", "router"]),
    ("serenity", &["bot"]),
    ("slack-morphism", &["bot"]),
    // The tests make their databases with it; they see no rows of ours.
    ("sqlx", &["entities", "migrations", "tests"]),
    ("tokio", &["bot", "entities", "router", "tests"]),
    ("tower", &["router", "tests"]),
    ("tower-http", &["router"]),
    ("tracing-subscriber", &["router", "tests"]),
    ("utoipa", &["router"]),
];

/// All that the two pure crates may have: nothing here waits, looks at a clock or opens anything.
const PURE: [(&str, &[&str]); 2] = [
    (
        "engine",
        &[
            "cel",
            "chrono",
            "chrono-tz",
            "cron",
            "hex",
            "serde",
            "serde-saphyr",
            "serde_json",
            "sha2",
            "thiserror",
            "unicode-normalization",
            "uuid",
        ],
    ),
    ("templates", &["engine", "minijinja", "serde", "thiserror", "unicode-normalization", "uuid"]),
];

/// Libraries that reach another machine. The database's drivers do so too, which is why `entities` has no others.
const NETWORK: [&str; 6] = ["hyper-rustls", "hyper-util", "reqwest", "rustls", "serenity", "slack-morphism"];

/// The names under `[dependencies]`, or another heading.
fn dependencies(name: &str, heading: &str) -> BTreeSet<String> {
    let manifest: Table = read(&format!("{name}/Cargo.toml")).parse().unwrap();
    let table = manifest.get(heading).and_then(|table| table.as_table());
    table.into_iter().flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn crates_import_only_whom_they_may() {
    let mut breaches = Vec::new();
    for (name, allowed) in OURS {
        let imported = dependencies(name, "dependencies").into_iter().chain(dependencies(name, "dev-dependencies"));
        let wrong = imported.filter(|other| CRATES.contains(&other.as_str()) && !allowed.contains(&other.as_str()));
        breaches.extend(wrong.map(|other| format!("{name}/Cargo.toml: {name} must not import {other}")));
    }
    hold("The crates import each other as docs/architecture.md draws it.", breaches);
}

#[test]
fn libraries_stay_with_their_owners() {
    let mut breaches = Vec::new();
    for name in CRATES {
        let has = dependencies(name, "dependencies");
        let foreign = OWNED.iter().filter(|(library, owners)| has.contains(*library) && !owners.contains(&name));
        breaches.extend(foreign.map(|(library, owners)| format!("{name}/Cargo.toml: {library} belongs to {}", owners.join(", "))));
    }
    hold("Some libraries belong to one crate, so that what they bring stays there.", breaches);
}

#[test]
fn pure_crates_have_only_pure_libraries() {
    let mut breaches = Vec::new();
    for (name, allowed) in PURE {
        let further = dependencies(name, "dependencies").into_iter().filter(|library| !allowed.contains(&library.as_str()));
        breaches.extend(further.map(|library| format!("{name}/Cargo.toml: {library} is not among the libraries of {name}")));
    }
    hold("engine and templates do no IO, so a further library of theirs is a decision.", breaches);
}

#[test]
fn the_database_crates_reach_no_network() {
    let mut breaches = Vec::new();
    for name in ["entities", "migrations"] {
        let has = dependencies(name, "dependencies");
        breaches.extend(NETWORK.iter().filter(|library| has.contains(**library)).map(|library| format!("{name}/Cargo.toml: {library}")));
    }
    hold("entities and migrations speak to the database and to nobody else.", breaches);
}

#[test]
fn versions_stand_in_the_workspace_alone() {
    let mut breaches = Vec::new();
    for name in CRATES {
        let manifest: Table = read(&format!("{name}/Cargo.toml")).parse().unwrap();
        for heading in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let table = manifest.get(heading).and_then(|table| table.as_table());
            let own = table.into_iter().flatten().filter(|(_, value)| value.get("workspace").and_then(|it| it.as_bool()) != Some(true));
            breaches.extend(own.map(|(library, _)| format!("{name}/Cargo.toml: {library} has a version of its own")));
        }
    }
    hold("Versions and features are chosen once, in the workspace's Cargo.toml.", breaches);
}

#[test]
fn rows_are_seen_by_nobody_else() {
    let mut breaches = Vec::new();
    for name in ["entities", "migrations"] {
        let path = format!("{name}/src/lib.rs");
        let shown = ["pub mod rows", "pub use rows", "pub use sea_orm", "pub use sea_orm_migration"];
        let text = read(&path);
        breaches.extend(shown.iter().filter(|word| text.contains(**word)).map(|word| format!("{path}: {word}")));
    }
    hold("No type of the database library stands in a public signature.", breaches);
}
