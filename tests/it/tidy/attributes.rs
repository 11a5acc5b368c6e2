//! Lints that are switched off, and work that is left lying.

use super::hold;
use super::sources::{all, rust};

#[test]
fn every_allow_has_a_reason() {
    let mut breaches = Vec::new();
    for source in rust() {
        for (at, _) in source.text.match_indices("[allow(").chain(source.text.match_indices("[expect(")) {
            let attribute = source.text[at..].split_once(")]").map_or("", |(attribute, _)| attribute);
            let is_attribute = source.text[..at].ends_with(['#', '!']);
            if is_attribute && !attribute.contains("reason = \"") {
                breaches.push(format!("{}:{}: a lint is switched off without a reason", source.path, line(&source.text, at)));
            }
        }
    }
    hold("Whoever switches a lint off says why.", breaches);
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not break its own rule.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
        concat!("HA", "CK"),
        concat!("to", "do!"),
        concat!("unimpl", "emented!"),
    ];
    let mut breaches = Vec::new();
    for source in all() {
        for mark in marks {
            let places = source.text.match_indices(mark).map(|(at, _)| line(&source.text, at));
            breaches.extend(places.map(|line| format!("{}:{line}: {mark}", source.path)));
        }
    }
    hold("What is not done is not in the sources; it is an issue.", breaches);
}

/// Lines count from 1.
fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}
