//! `demo --script`: the whole story in one command that needs nothing and leaves nothing.

use std::fs;
use tempfile::TempDir;
use tests::process::binary::run;

/// What each line begins with, in their order.
const STEPS: [&str; 12] = [
    "hook",
    "duplicate",
    "card",
    "refused",
    "approved",
    "approved",
    "callback",
    "outcome",
    "second",
    "escalated",
    "escalated",
    "asked too",
];

#[test]
fn the_script_tells_its_story_and_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let ran = run(folder.path(), &["demo", "--script"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let steps: Vec<&str> = ran.out.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split("  ").next()).collect();
    assert_eq!(steps[..STEPS.len()], STEPS);
    assert!(ran.out.ends_with("\nEvery step was seen.\n"), "{}", ran.out);
    let wide: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "{wide:#?}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
