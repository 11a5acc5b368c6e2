//! `policy check`: for people at a terminal and for pipelines, which read exit codes and JSON.

use serde_json::Value;
use std::fs;
use tempfile::TempDir;
use tests::process::binary::{Ran, run};

/// A folder with what `init` writes, its policy altered.
fn policy(old: &str, new: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    assert_eq!(run(folder.path(), &["init"]).code, Some(0));
    let file = folder.path().join("policy.yaml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains(old), "{old}");
    fs::write(&file, text.replacen(old, new, 1)).unwrap();
    folder
}

fn check(folder: &TempDir, further: &[&str]) -> Ran {
    run(folder.path(), &[&["policy", "check", "policy.yaml"], further].concat())
}

#[test]
fn a_fault_is_a_line_and_exit_code_1() {
    let folder = policy("count: 1", "count: 5");
    let ran = check(&folder, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("policy.yaml:35:") && ran.out.contains("developers"), "{}", ran.out);
}

#[test]
fn json_has_the_place_in_fields() {
    let folder = policy("count: 1", "count: 5");
    let ran = check(&folder, &["--format", "json"]);
    assert_eq!(ran.code, Some(1));
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let finding = &told["findings"][0];
    assert_eq!((&finding["file"], &finding["line"], &finding["severity"]), (&"policy.yaml".into(), &35.into(), &"fault".into()));
    assert!(finding["column"].as_u64().is_some() && finding["message"].as_str().is_some(), "{finding}");
}

#[test]
fn what_is_not_enforced_is_said_and_is_no_fault() {
    let folder = policy("notifications:", "synthetics: {}\n\nnotifications:");
    let ran = check(&folder, &[]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("not enforced by this build: policy.yaml:49:1: synthetics"), "{}", ran.out);
}

#[test]
fn wrong_use_is_exit_code_2() {
    let folder = TempDir::new().unwrap();
    for arguments in [
        &["policy", "check"][..],
        &["policy", "check", "nowhere.yaml"],
        &["policy", "chek", "x"],
        &["policy", "check", "x", "--format", "xml"],
    ] {
        let ran = run(folder.path(), arguments);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(!ran.err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn people_are_found_beside_the_policy_or_named() {
    let folder = policy("count: 1", "count: 5");
    fs::remove_file(folder.path().join("countersign.toml")).unwrap();
    assert_eq!(check(&folder, &[]).code, Some(1), "people.yaml lies beside it");
    fs::rename(folder.path().join("people.yaml"), folder.path().join("staff.yaml")).unwrap();
    let unchecked = check(&folder, &[]);
    assert_eq!(unchecked.code, Some(0));
    assert!(unchecked.err.contains("people were not checked"), "{}", unchecked.err);
    assert_eq!(check(&folder, &["--directory", "staff.yaml"]).code, Some(1));
}

#[test]
fn faults_of_the_people_do_not_hide_those_of_the_policy() {
    let folder = policy("expire_after: 3d", "expire_after: soon");
    let file = folder.path().join("people.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("operations-leads: [lead-1]", "operations-leads: [ghost]", 1)).unwrap();
    let ran = check(&folder, &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.contains("ghost") && ran.out.contains("policy.yaml:8:17"), "{}{}", ran.err, ran.out);
}
