//! A migration that was never run over rows has not been tried.

use super::hold;
use super::sources::{below, read};
use std::collections::BTreeSet;

/// `m0001_events` of `migrations/src/m0001_events.rs`.
fn names(folder: &str, kind: &str) -> BTreeSet<String> {
    let files = below(folder, &[kind]).into_iter();
    let stems = files.filter_map(|file| Some(file.path.rsplit_once('/')?.1.strip_suffix(&format!(".{kind}"))?.to_owned()));
    stems.filter(|name| name.starts_with('m') && name.as_bytes().get(1).is_some_and(u8::is_ascii_digit)).collect()
}

#[test]
fn every_migration_has_sample_rows() {
    let (migrations, samples) = (names("migrations/src", "rs"), names("migrations/samples", "sql"));
    let missing =
        migrations.difference(&samples).map(|name| format!("migrations/src/{name}.rs: there is no migrations/samples/{name}.sql"));
    let stray = samples.difference(&migrations).map(|name| format!("migrations/samples/{name}.sql: there is no such migration"));
    hold("Every migration has rows to run over.", missing.chain(stray).collect());
}

#[test]
fn every_migration_is_registered() {
    let root = read("migrations/src/lib.rs");
    let lost = names("migrations/src", "rs").into_iter().filter(|name| root.matches(name.as_str()).count() < 2);
    hold("Every migration is declared and run.", lost.map(|name| format!("migrations/src/{name}.rs: lib.rs does not run it")).collect());
}

#[test]
fn the_rows_are_used() {
    let test = "tests/it/store_migrations.rs";
    assert!(read(test).contains("migrations/samples/"), "{test}: runs no migration over sample rows");
}
