//! How long a file may be, and how it begins.

use super::hold;
use super::sources::{Source, rust};

/// Lines of a file without its tests.
const LINES: usize = 400;

#[test]
fn files_are_short() {
    let long = |source: &Source| Some(source.code().count()).filter(|lines| *lines > LINES);
    let breaches =
        rust().into_iter().filter_map(|source| long(&source).map(|lines| format!("{}: {lines} lines without tests", source.path)));
    hold(&format!("A file has one idea and at most {LINES} lines without tests."), breaches.collect());
}

#[test]
fn files_begin_with_their_purpose() {
    let mute = rust().into_iter().filter(|source| !source.text.starts_with("//! "));
    hold("Every Rust file begins with `//!` and a sentence of purpose.", mute.map(|source| source.path).collect());
}

#[test]
fn folders_are_no_drawers() {
    let drawers = ["common", "helper", "helpers", "manager", "misc", "util", "utils"];
    let is_drawer = |part: &str| drawers.contains(&part.trim_end_matches(".rs"));
    let breaches = rust().into_iter().filter(|source| source.path.split('/').any(is_drawer));
    hold("A file's name is its idea; “helpers” is none.", breaches.map(|source| source.path).collect());
}
