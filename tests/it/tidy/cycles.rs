//! No two modules of a crate need each other: whoever reads one can stop there.
//!
//! Modules are the files and folders directly below `src`. What happens between a folder's `mod.rs` and its files is one
//! module's own affair, because `mod.rs` is the folder's face and names its parts.

use super::hold;
use super::sources::{CRATES, Source, rust_below};
use std::collections::{BTreeMap, BTreeSet};

/// Module → the modules that it names, each with a place where it does.
type Graph = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn modules_need_each_other_in_one_direction() {
    let mut breaches = Vec::new();
    for name in CRATES {
        let graph = graph(name);
        breaches.extend(knots(&graph).iter().map(|knot| told(name, &graph, knot)));
    }
    hold("There are no cycles between the modules of a crate.", breaches);
}

fn graph(name: &str) -> Graph {
    let sources = rust_below(&format!("{name}/src"));
    let modules: BTreeSet<String> = sources.iter().filter_map(|source| module(&source.path)).collect();
    let shown = shown(sources.iter().find(|source| source.path.ends_with("src/lib.rs")), &modules);
    let mut graph = Graph::new();
    for source in &sources {
        let Some(from) = module(&source.path) else { continue };
        let row = graph.entry(from.clone()).or_default();
        for (number, to) in named(source) {
            let to = shown.get(&to).cloned().unwrap_or(to);
            if to != from && modules.contains(&to) {
                row.entry(to).or_insert_with(|| format!("{}:{number}", source.path));
            }
        }
    }
    graph
}

/// `engine/src/policy/load.rs` → `policy`. The root names everything and is named by nobody.
fn module(path: &str) -> Option<String> {
    let first = path.split("/src/").nth(1)?.split('/').next()?.trim_end_matches(".rs");
    (!matches!(first, "lib" | "main" | "bin")).then(|| first.to_owned())
}

/// What the root shows under its own name: `Timestamp` → `time`.
fn shown(root: Option<&Source>, modules: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut shown = BTreeMap::new();
    let uses = root.into_iter().flat_map(|root| root.text.split("pub use ").skip(1));
    for path in uses.filter_map(|rest| rest.split(';').next()) {
        let words: Vec<&str> =
            path.split(|letter: char| !letter.is_alphanumeric() && letter != '_').filter(|word| !word.is_empty()).collect();
        let Some((first, rest)) = words.split_first().filter(|(first, _)| modules.contains(**first)) else { continue };
        shown.extend(rest.iter().filter(|word| !modules.contains(**word)).map(|word| ((*word).to_owned(), (*first).to_owned())));
    }
    shown
}

/// The names at the root of the crate that a file uses, each with its line.
fn named(source: &Source) -> Vec<(usize, String)> {
    let code: String =
        source.code().map(|(_, line)| if line.trim_start().starts_with("//") { "\n".to_owned() } else { format!("{line}\n") }).collect();
    let up = format!("{}::", vec!["super"; depth(&source.path)].join("::"));
    let mut names = Vec::new();
    for prefix in ["crate::", up.as_str()] {
        for (at, _) in code.match_indices(prefix).filter(|(at, _)| starts_a_path(&code[..*at])) {
            let line = code[..at].matches('\n').count() + 1;
            names.extend(heads(&code[at + prefix.len()..]).into_iter().map(|head| (line, head)));
        }
    }
    names
}

/// How many times `super` leads from a file to the root.
fn depth(path: &str) -> usize {
    let below = path.split("/src/").nth(1).unwrap_or_default();
    below.split('/').filter(|part| *part != "mod.rs").count()
}

/// Not a part of `pub(crate)`, of a longer word, or of a longer path.
fn starts_a_path(before: &str) -> bool {
    !before.ends_with(|letter: char| letter.is_alphanumeric() || matches!(letter, '_' | ':' | '$'))
}

/// The first word of a path, or of each path in braces.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect::<String>();
    let Some(list) = path.strip_prefix('{') else { return vec![word(path)] };
    let mut heads = vec![word(list)];
    let mut depth = 0;
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(word(&list[at + 1..])),
            _ => {}
        }
    }
    heads
}

/// Sets of modules in which each reaches each other.
fn knots(graph: &Graph) -> BTreeSet<Vec<String>> {
    let reach: BTreeMap<&String, BTreeSet<&String>> = graph.keys().map(|module| (module, reached(graph, module))).collect();
    let mut knots = BTreeSet::new();
    for (module, from_here) in &reach {
        let back = |other: &&&String| reach.get(**other).is_some_and(|there| there.contains(*module));
        let knot: Vec<String> = from_here.iter().filter(back).map(|other| (*other).clone()).collect();
        if !knot.is_empty() {
            knots.insert(knot);
        }
    }
    knots
}

fn reached<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a String> {
    let mut found = BTreeSet::new();
    let mut open = vec![from];
    while let Some(module) = open.pop() {
        let next = graph.get(module).into_iter().flat_map(BTreeMap::keys).filter(|next| !found.contains(next)).collect::<Vec<_>>();
        found.extend(next.iter().copied());
        open.extend(next.into_iter().map(String::as_str));
    }
    found
}

/// Every edge within the knot, with a place.
fn told(name: &str, graph: &Graph, knot: &[String]) -> String {
    let mut lines = vec![format!("{name}: {} need each other:", knot.join(", "))];
    for (from, row) in graph.iter().filter(|(from, _)| knot.contains(from)) {
        let within = row.iter().filter(|(to, _)| knot.contains(to));
        lines.extend(within.map(|(to, place)| format!("    {from} → {to} at {place}")));
    }
    lines.join("\n")
}

#[test]
fn paths_are_understood() {
    assert_eq!(heads("store::Store;"), ["store"]);
    assert_eq!(heads("{app::{App, Failure}, dispatch, net::Client};\nuse x;"), ["app", "dispatch", "net"]);
    assert_eq!([depth("a/src/b.rs"), depth("a/src/b/mod.rs"), depth("a/src/b/c.rs")], [1, 1, 2]);
    let text = "use crate::b::B;\n// crate::no\npub(crate) fn f() { super::super::c::g() }\n".to_owned();
    let source = Source { path: "a/src/d/e.rs".to_owned(), text, is_of_tests: false };
    assert_eq!(named(&source), [(1, "b".to_owned()), (3, "c".to_owned())]);
}

#[test]
fn a_knot_is_found() {
    let edge = |to: &str| BTreeMap::from([(to.to_owned(), String::new())]);
    let graph =
        Graph::from([("a".to_owned(), edge("b")), ("b".to_owned(), edge("c")), ("c".to_owned(), edge("b")), ("d".to_owned(), edge("a"))]);
    assert_eq!(knots(&graph), BTreeSet::from([vec!["b".to_owned(), "c".to_owned()]]));
}
