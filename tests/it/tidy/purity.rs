//! The engine is a function: the same events in, the same state out, for ever.

use super::hold;
use super::sources::rust_below;

/// What would make an answer depend on more than its arguments, or keep it from coming.
const IMPURE: [&str; 20] = [
    "Utc::now",
    "Local::now",
    "SystemTime",
    "Instant::now",
    "now_v4",
    "now_v7",
    "new_v4",
    "rand::",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::io",
    "async fn",
    ".await",
    "tracing::",
    "println!",
    "eprintln!",
    "dbg!",
    "thread::sleep",
];

/// `templates` builds what people see from its arguments alone as well.
const PURE: [&str; 2] = ["engine/src", "templates/src"];

#[test]
fn pure_crates_look_at_nothing_but_their_arguments() {
    let mut breaches = Vec::new();
    for source in PURE.iter().flat_map(|folder| rust_below(folder)) {
        for (number, line) in source.statements() {
            let found = IMPURE.iter().filter(|word| line.contains(**word));
            breaches.extend(found.map(|word| format!("{}:{number}: {word}", source.path)));
        }
    }
    hold("No clock, randomness, environment, IO, waiting or logging in engine and templates.", breaches);
}

/// clippy forbids most of what ends a program everywhere; these are left.
const ENDS: [&str; 5] = ["assert!(", "assert_eq!(", "assert_ne!(", "unreachable!(", "process::exit"];

#[test]
fn pure_crates_end_on_no_input() {
    let mut breaches = Vec::new();
    for source in PURE.iter().flat_map(|folder| rust_below(folder)) {
        for (number, line) in source.statements() {
            let found = ENDS.iter().filter(|word| line.contains(**word));
            breaches.extend(found.map(|word| format!("{}:{number}: {word}", source.path)));
        }
    }
    hold("engine and templates come to an answer on every input.", breaches);
}
