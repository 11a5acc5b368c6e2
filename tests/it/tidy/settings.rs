//! Every key of the configuration has its row in docs/configuration.md, with its default, and no row is without a key.

use super::hold;
use super::sources::{read, rust_below};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

const DOCUMENT: &str = "docs/configuration.md";

/// The rows of the document's tables: key → the rest of the row.
fn rows() -> BTreeMap<String, String> {
    let document = read(DOCUMENT);
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    rows.filter(|(key, _)| key.contains('.')).map(|(key, rest)| (key.to_owned(), rest.to_owned())).collect()
}

/// `server.listen` → `"127.0.0.1:8080"`, as the default is written.
fn defaults() -> BTreeMap<String, Value> {
    let sections: Table = read("router/default.toml").parse().unwrap();
    let keys = sections.into_iter().flat_map(|(section, table)| {
        let table = table.as_table().cloned().unwrap_or_default();
        table.into_iter().map(move |(key, value)| (format!("{section}.{key}"), value))
    });
    keys.collect()
}

/// The fields of each struct in the settings' files: struct → field → type.
fn structs() -> BTreeMap<String, Vec<(String, String)>> {
    let files = rust_below("router/src").into_iter().filter(|source| source.path.contains("/settings"));
    let mut structs = BTreeMap::new();
    for text in files.map(|source| source.code().map(|(_, line)| format!("{line}\n")).collect::<String>()) {
        for body in text.split("pub struct ").skip(1) {
            let Some((name, rest)) = body.split_once(" {\n") else { continue };
            let lines = rest.lines().take_while(|line| *line != "}");
            let fields = lines.filter_map(|line| line.trim().strip_prefix("pub ")?.trim_end_matches(',').split_once(": "));
            structs.insert(name.to_owned(), fields.map(|(field, kind)| (field.to_owned(), kind.to_owned())).collect());
        }
    }
    structs
}

/// Every key that the program reads: a section of `Settings`, then a field of it.
fn keys() -> BTreeSet<String> {
    let structs = structs();
    let mut keys = BTreeSet::new();
    for (section, kind) in &structs["Settings"] {
        let kind = kind.trim_start_matches("Option<").trim_start_matches("Vec<").trim_end_matches('>');
        let fields = structs.get(kind).unwrap_or_else(|| panic!("the settings have no struct {kind} for [{section}]"));
        keys.extend(fields.iter().map(|(field, _)| format!("{section}.{field}")));
    }
    keys
}

#[test]
fn every_key_is_documented() {
    let rows = rows();
    let missing = keys().into_iter().filter(|key| !rows.contains_key(key));
    hold("Every key of the settings has a row.", missing.map(|key| format!("{DOCUMENT}: `{key}` is missing")).collect());
}

#[test]
fn no_row_is_about_a_key_that_is_gone() {
    let keys = keys();
    let stray = rows().into_keys().filter(|key| !keys.contains(key));
    hold("Every row is about a key of the settings.", stray.map(|key| format!("{DOCUMENT}: `{key}` is no key")).collect());
}

#[test]
fn defaults_are_those_that_ship() {
    let rows = rows();
    let differs = |key: &str, value: &Value| !rows.get(key).is_some_and(|row| row.contains(&format!("`{value}`")));
    let wrong = defaults().into_iter().filter(|(key, value)| differs(key, value));
    let breaches = wrong.map(|(key, value)| format!("{DOCUMENT}: the row of `{key}` does not say its default `{value}`"));
    hold("The document says the defaults of router/default.toml.", breaches.collect());
}

#[test]
fn every_default_is_a_key() {
    let keys = keys();
    let stray = defaults().into_keys().filter(|key| !keys.contains(key));
    hold("router/default.toml has no key that nothing reads.", stray.map(|key| format!("router/default.toml: {key}")).collect());
}
