//! Documents point at what exists: files by their paths, and each other by links.

use super::hold;
use super::sources::{Source, all, read, root};
use engine::fact::{FACTS, FactField, FactKind, Presence, ValueKind};
use engine::policy::{Document, NAMES};
use engine::trial::load;
use std::path::Path;

/// What a path in a document begins with.
const FOLDERS: [&str; 9] = ["bot/", "docs/", "engine/", "entities/", "migrations/", "router/", "templates/", "tests/", ".ci/"];

fn documents() -> Vec<Source> {
    all().into_iter().filter(|source| source.path.ends_with(".md")).collect()
}

/// What stands between back-ticks, outside of code blocks, with its line.
fn quoted(document: &Source) -> Vec<(usize, &str)> {
    let mut in_block = false;
    let mut found = Vec::new();
    for (index, line) in document.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if !in_block {
            found.extend(line.split('`').skip(1).step_by(2).map(|text| (index + 1, text)));
        }
    }
    found
}

/// A path of the repository: no spaces, patterns or placeholders.
fn is_path(text: &str) -> bool {
    FOLDERS.iter().any(|folder| text.starts_with(folder)) && !text.contains([' ', '*', '<', '{', '…'])
}

#[test]
fn paths_in_documents_exist() {
    let mut breaches = Vec::new();
    for document in documents() {
        let lost = quoted(&document).into_iter().filter(|(_, text)| is_path(text) && !root().join(text).exists());
        breaches.extend(lost.map(|(line, text)| format!("{}:{line}: there is no {text}", document.path)));
    }
    hold("A path in a document leads to a file.", breaches);
}

#[test]
fn links_in_documents_lead_somewhere() {
    let mut breaches = Vec::new();
    for document in documents() {
        let folder = Path::new(&document.path).parent().unwrap();
        let targets = document.text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let ours = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
        let lost = ours.filter(|target| !root().join(folder).join(target.split('#').next().unwrap_or_default()).exists());
        breaches.extend(lost.map(|target| format!("{}: {target}", document.path)));
    }
    hold("A link in a document leads to a file.", breaches);
}

#[test]
fn every_problem_is_documented() {
    let (code, document) = (read("router/src/http/problem.rs"), read("docs/problems.md"));
    let rows = code.lines().filter(|line| line.contains("StatusCode::") && line.contains("=> (\""));
    let names = rows.filter_map(|line| line.split('"').nth(1));
    let missing = names.filter(|name| !document.contains(&format!("| `{name}` |")));
    hold("Every type of problem has a row.", missing.map(|name| format!("docs/problems.md: `{name}` is missing")).collect());
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let all = documents();
    let records = all.iter().filter_map(|document| document.path.strip_prefix("docs/decisions/"));
    let wrong = records.enumerate().filter(|(index, name)| !name.starts_with(&format!("{:03}-", index + 1)));
    hold("Decision records count 001, 002, …", wrong.map(|(_, name)| format!("docs/decisions/{name}")).collect());
}

#[test]
fn policies_in_documents_load() {
    let document = read("docs/policy.md");
    let blocks = document.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let policies: Vec<&str> = blocks.filter(|block| block.starts_with("version: ")).collect();
    assert!(policies.len() >= 2, "docs/policy.md: shows no policy");
    for text in policies {
        let loaded = load(Document { file: "docs/policy.md", text }, None);
        let wrong = loaded.report.faults().chain(loaded.report.not_enforced()).map(ToString::to_string);
        hold("A policy that the document shows loads and is enforced.", wrong.collect());
    }
}

#[test]
fn every_fact_is_documented() {
    let document = read("docs/facts.md");
    let missing: Vec<String> = FACTS.iter().flat_map(rows).filter(|row| !document.contains(row.as_str())).collect();
    hold("Every kind of fact and each of its fields has a row, in the program's own words.", missing);
}

fn rows(kind: &FactKind) -> Vec<String> {
    let of_field = |field: &FactField| {
        let name = match field.presence {
            Presence::Needed => format!("`{}`", field.name),
            Presence::MayBeLeftOut => format!("[`{}`]", field.name),
        };
        let word = match field.kind {
            ValueKind::Flag => "true or false",
            ValueKind::Whole => "a whole number",
            ValueKind::Fraction => "a number",
            ValueKind::Text => "text",
        };
        format!("| | {name} | {word} | {} |", field.meaning)
    };
    let own = format!("| `{}` | | | {} |", kind.name, kind.meaning);
    std::iter::once(own).chain(kind.fields.iter().map(of_field)).collect()
}

#[test]
fn every_name_of_conditions_is_documented() {
    let document = read("docs/policy.md");
    let row = |name: &engine::policy::Name| format!("| `{}` | {} | {}", name.name, name.kind.word(), name.meaning);
    let missing = NAMES.iter().map(row).filter(|row| !document.contains(row.as_str()));
    hold(
        "Every name that a condition may use has a row, in the program's own words.",
        missing.map(|row| format!("docs/policy.md: {row} |")).collect(),
    );
}
