//! The rules of the house, read from manifests, sources and documents. Each test is one rule and names what breaks it.
//!
//! They read text, they don't compile: a rule is as exact as the way we write, which rustfmt and clippy hold steady.

mod attributes;
mod cycles;
mod documents;
mod entries;
mod lockfile;
mod manifests;
mod migrations;
mod platforms;
mod purity;
mod routes;
mod settings;
mod size;
mod snippets;
mod sources;
mod words;

/// Fails with every breach at once, so that one run tells all there is to mend.
fn hold(rule: &str, breaches: Vec<String>) {
    assert!(breaches.is_empty(), "{rule}\n  {}\n", breaches.join("\n  "));
}
