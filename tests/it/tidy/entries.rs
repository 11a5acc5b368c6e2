//! What lies at the top of the repository: a further entry has to earn its place, here and in docs/architecture.md.

use super::hold;
use super::sources::{read, root};
use std::collections::BTreeSet;

const ENTRIES: [&str; 21] = [
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".config",
    ".gitignore",
    ".rustfmt.toml",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "Makefile",
    "README.md",
    "SECURITY.md",
    "bot",
    "docs",
    "engine",
    "entities",
    "migrations",
    "router",
    "templates",
    "tests",
];

#[test]
fn top_level_entries_are_exactly_the_allowed_set() {
    let ignored: BTreeSet<String> = read(".gitignore").lines().map(|line| line.trim_matches('/').to_owned()).collect();
    let there = std::fs::read_dir(root()).unwrap().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let there: BTreeSet<String> = there.filter(|name| name != ".git" && !ignored.contains(name)).collect();
    let allowed: BTreeSet<String> = ENTRIES.iter().map(|name| (*name).to_owned()).collect();
    let too_many = there.difference(&allowed).map(|name| format!("{name}: is not one of the entries that the repository has"));
    let too_few = allowed.difference(&there).map(|name| format!("{name}: is missing"));
    hold("The top of the repository holds exactly what docs/architecture.md lists.", too_many.chain(too_few).collect());
}
