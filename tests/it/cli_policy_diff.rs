//! `policy diff`: what another policy asks more or less, for people at a terminal and for pipelines.

use serde_json::Value;
use std::fs;
use tempfile::TempDir;
use tests::process::binary::{Ran, run};

/// A folder with what `init` writes, and an edit of it in `new.yaml`.
fn diff(old: &str, new: &str, further: &[&str]) -> Ran {
    let folder = TempDir::new().unwrap();
    assert_eq!(run(folder.path(), &["init"]).code, Some(0));
    let text = fs::read_to_string(folder.path().join("policy.yaml")).unwrap();
    assert!(text.contains(old), "{old}");
    fs::write(folder.path().join("new.yaml"), text.replace(old, new)).unwrap();
    run(folder.path(), &[&["policy", "diff", "policy.yaml", "new.yaml"], further].concat())
}

#[test]
fn every_difference_is_a_sentence_within_a_terminal() {
    let ran = diff("expire_after: 3d", "expire_after: 1d", &[]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.out,
        "stricter\n  defaults expire_after is now: A change that nobody decided ends after 1 day.\n  It was: A change that nobody \
         decided ends after 3 days.\n1 differ: 1 stricter, 0 looser, 0 neither\n"
    );
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn json_has_the_weights_and_both_sides() {
    let ran = diff("expire_after: 3d", "expire_after: 1w", &["--format", "json"]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((ran.code, &told["looser"], &told["stricter"]), (Some(1), &1.into(), &0.into()));
    let one = &told["differences"][0];
    assert_eq!(
        (&one["block"], &one["name"], &one["what"], &one["weight"]),
        (&"defaults".into(), &"expire_after".into(), &"changed".into(), &"looser".into())
    );
    assert_eq!(
        (&one["before"], &one["after"]),
        (&"A change that nobody decided ends after 3 days.".into(), &"A change that nobody decided ends after 7 days.".into())
    );
}

#[test]
fn nothing_is_exit_code_0_and_wrong_files_are_2() {
    let same = diff("expire_after: 3d", "expire_after: 72h", &[]);
    assert_eq!((same.code, same.out.as_str()), (Some(0), "nothing differs\n"));
    let faulty = diff("expire_after: 3d", "expire_after: soon", &[]);
    assert_eq!((faulty.code, faulty.out.as_str()), (Some(2), ""));
    assert!(faulty.err.contains("new.yaml:8:17: defaults.expire_after"), "{}", faulty.err);
    let nowhere = run(TempDir::new().unwrap().path(), &["policy", "diff", "a.yaml", "b.yaml"]);
    assert_eq!(nowhere.code, Some(2));
    assert!(nowhere.err.contains("a.yaml can’t be read"), "{}", nowhere.err);
}
