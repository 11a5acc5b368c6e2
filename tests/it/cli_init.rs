//! `init` and `check`: files to begin with, and every fault of what became of them.

use std::fs;
use std::path::Path;
use tempfile::TempDir;
use tests::process::binary::run;

const FILES: [&str; 4] = ["countersign.toml", "people.yaml", "policy.yaml", "slack-manifest.yaml"];

fn initialised() -> TempDir {
    let folder = TempDir::new().unwrap();
    let ran = run(folder.path(), &["init"]);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    folder
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn replace(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains(old), "{}: {old}", file.display());
    fs::write(file, text.replacen(old, new, 1)).unwrap();
}

#[test]
fn what_init_writes_passes_the_check() {
    let folder = initialised();
    assert_eq!(entries(folder.path()), FILES);
    let checked = run(folder.path(), &["check"]);
    assert_eq!((checked.code, checked.err.as_str()), (Some(0), ""));
    assert_eq!(checked.out, "countersign.toml: configuration, policy and people are right\n");
    let policy = run(folder.path(), &["policy", "check", "policy.yaml"]);
    assert_eq!((policy.code, policy.out.as_str(), policy.err.as_str()), (Some(0), "no faults\n", ""));
}

#[test]
fn init_overwrites_nothing() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("people.yaml"), "people: []\n").unwrap();
    let refused = run(folder.path(), &["init"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("people.yaml exist") && refused.err.contains("nothing was written"), "{}", refused.err);
    assert_eq!(entries(folder.path()), ["people.yaml"]);
    assert_eq!(fs::read_to_string(folder.path().join("people.yaml")).unwrap(), "people: []\n");
    let elsewhere = run(folder.path(), &["init", "--folder", "new"]);
    assert_eq!(elsewhere.code, Some(0), "{}", elsewhere.err);
    assert_eq!(entries(&folder.path().join("new")), FILES);
}

#[test]
fn check_names_every_fault_with_its_place() {
    let folder = initialised();
    let file = |name: &str| folder.path().join(name);
    replace(&file("people.yaml"), "developers: [requester-1, approver-1]", "developers: [requester-1, ghost]");
    replace(&file("policy.yaml"), "expire_after: 3d", "expire_after: soon");
    replace(&file("policy.yaml"), "from: [developers]", "from: [develpers]");
    let checked = run(folder.path(), &["check"]);
    assert_eq!((checked.code, checked.out.as_str()), (Some(1), ""));
    for fault in ["people.yaml:10:29: groups.developers", "policy.yaml:8:17: defaults.expire_after", "policy.yaml:35:66: requirements[0]"] {
        assert!(checked.err.lines().any(|line| line.starts_with(fault)), "{fault} is missing in\n{}", checked.err);
    }
    assert!(checked.err.contains("did you mean developers?"), "{}", checked.err);
}

#[test]
fn check_names_a_key_that_does_not_exist() {
    let folder = initialised();
    for (old, new, place, word) in [
        ("listen = ", "lisen = ", "countersign.toml:5:1: ", "`listen`"),
        ("url = \"sqlite", "uri = \"sqlite", "countersign.toml:11:1: ", "`url`"),
        ("[policy]", "[polcy]", "countersign.toml:13:", "`policy`"),
    ] {
        let file = folder.path().join("countersign.toml");
        let right = fs::read_to_string(&file).unwrap();
        replace(&file, old, new);
        let checked = run(folder.path(), &["check"]);
        assert_eq!(checked.code, Some(1));
        assert!(checked.err.contains(place) && checked.err.contains(word), "{}", checked.err);
        fs::write(&file, right).unwrap();
    }
}

#[test]
fn a_missing_file_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    for command in [&["check"][..], &["serve"], &["migrate", "up"], &["outbox", "list"]] {
        let ran = run(folder.path(), command);
        assert_eq!(ran.code, Some(1), "{command:?}");
        assert!(ran.err.contains("countersign init") && ran.err.contains("--config"), "{command:?}: {}", ran.err);
    }
    assert_eq!(entries(folder.path()), Vec::<String>::new());
}
