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

#[test]
fn our_own_enums_are_matched_to_the_end() {
    let wildcard = |line: &str| line.trim_start().starts_with("_ => panic!") || line.trim_start().starts_with("_ => unreachable!");
    let mut breaches = Vec::new();
    for source in rust_below("engine/src") {
        let places = source.statements().filter(|(_, line)| wildcard(line));
        breaches.extend(places.map(|(number, _)| format!("{}:{number}", source.path)));
    }
    hold("The engine panics on no input, not even through a match that was thought complete.", breaches);
}
