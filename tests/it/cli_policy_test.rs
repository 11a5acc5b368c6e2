//! `policy test`: the tests that stand in a policy's file, for people and for pipelines.

use serde_json::Value;
use std::fs;
use tempfile::TempDir;
use tests::process::binary::{Ran, run};

const PASSES: &str = "\ntests:\n  - name: the author can’t approve\n    given: { environment: production, change: { authors: [dev-1] }, \
    votes: [{ by: dev-1, as: peer, choice: approve }] }\n    expect: { refused: [dev-1], because: separation_of_duties, state: pending }\n";
const FAILS: &str =
    "  - name: everybody says yes\n    given: { environment: production, votes: all_needed }\n    expect: { state: rejected }\n";

/// A folder with what `init` writes, and these tests in its policy.
fn policy(tests: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    assert_eq!(run(folder.path(), &["init"]).code, Some(0));
    let file = folder.path().join("policy.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{text}{tests}")).unwrap();
    folder
}

fn test(folder: &TempDir, further: &[&str]) -> Ran {
    run(folder.path(), &[&["policy", "test", "policy.yaml"], further].concat())
}

#[test]
fn each_test_is_a_line_and_what_fails_says_how() {
    let passing = test(&policy(PASSES), &[]);
    assert_eq!((passing.code, passing.out.as_str()), (Some(0), "ok     the author can’t approve\npolicy.yaml: 1 tests, 0 failed\n"));
    let failing = test(&policy(&format!("{PASSES}{FAILS}")), &[]);
    assert_eq!(failing.code, Some(1));
    assert!(failing.out.contains("FAILED everybody says yes\n       state should be rejected, and is approved\n"), "{}", failing.out);
}

#[test]
fn pipelines_read_json() {
    let ran = test(&policy(&format!("{PASSES}{FAILS}")), &["--format", "json"]);
    let json: Value = serde_json::from_str(&ran.out).unwrap();
    let tests = &json["files"][0]["tests"];
    assert_eq!((tests[0]["passed"].as_bool(), tests[1]["passed"].as_bool()), (Some(true), Some(false)));
    assert_eq!(tests[1]["differences"][0], "state should be rejected, and is approved");
}

#[test]
fn a_file_whose_tests_fail_does_not_load() {
    let folder = policy(&format!("{PASSES}{FAILS}"));
    for command in [&["policy", "check", "policy.yaml"][..], &["serve"]] {
        let ran = run(folder.path(), command);
        assert_eq!(ran.code, Some(1), "{command:?}");
        let said = format!("{}{}", ran.out, ran.err);
        assert!(said.contains("the test “everybody says yes” fails: state should be rejected, and is approved"), "{said}");
    }
}

#[test]
fn without_tests_and_with_faults_it_says_so() {
    let folder = policy("");
    let none = test(&folder, &[]);
    assert_eq!((none.code, none.out.as_str()), (Some(0), "policy.yaml has no tests\n"));
    fs::write(folder.path().join("policy.yaml"), "version: 1\nname: [").unwrap();
    let broken = test(&folder, &[]);
    assert_eq!(broken.code, Some(1));
    assert!(broken.out.contains("policy.yaml:2:") && broken.out.contains("none of its tests was run"), "{}", broken.out);
    assert_eq!(run(folder.path(), &["policy", "test", "absent.yaml"]).code, Some(2));
}
