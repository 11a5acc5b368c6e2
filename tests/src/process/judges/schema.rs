//! JSON Schema 2020-12 as `jsonschema-rs` understands it, which `schemathesis` brings along.

use super::python;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::process::Stdio;

/// The names of the samples that the schema allows.
pub fn allowed(schema: &Value, samples: &Map<String, Value>) -> Vec<String> {
    let mut process = python("schema.py").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("to start the judge of schemas");
    let mut input = process.stdin.take().expect("its standard input");
    input.write_all(json!({ "schema": schema, "samples": samples }).to_string().as_bytes()).expect("to ask the judge of schemas");
    drop(input);
    let output = process.wait_with_output().expect("an answer of the judge of schemas");
    assert!(output.status.success(), "the judge of schemas ended with {}", output.status);
    serde_json::from_slice(&output.stdout).expect("names")
}
