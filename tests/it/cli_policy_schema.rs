//! `policy schema`, and the commands that this build does not have.

use serde_json::Value;
use tempfile::TempDir;
use tests::process::binary::run;

#[test]
fn the_schema_of_a_policy_is_printed() {
    let folder = TempDir::new().unwrap();
    let ran = run(folder.path(), &["policy", "schema"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    let schema: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let count = &schema["properties"]["requirements"]["items"]["properties"]["approve"]["properties"]["count"];
    assert_eq!((&count["type"], &count["minimum"]), (&"integer".into(), &1.into()), "{count}");
    assert_eq!(schema["properties"]["synthetics"]["description"], "Valid, not enforced by this build.");
}

#[test]
fn what_is_not_built_is_refused_and_said_in_the_help() {
    let folder = TempDir::new().unwrap();
    let help = run(folder.path(), &["policy", "--help"]).out;
    for command in ["simulate", "import", "apply"] {
        for given in [&[][..], &["policy.yaml", "--replay", "90d"]] {
            let ran = run(folder.path(), &[&["policy", command], given].concat());
            assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{command}");
            assert!(ran.err.contains(&format!("`policy {command}` is not in this build; nothing was done")), "{}", ran.err);
        }
        let line = help.lines().find(|line| line.trim_start().starts_with(command)).unwrap_or_default();
        assert!(line.contains("Not in this build"), "{help}");
    }
}
