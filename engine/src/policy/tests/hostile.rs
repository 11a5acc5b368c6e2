//! Files and conditions made to do harm are refused, quickly and without ending the process.

use crate::policy::condition::{Condition, Truth};
use crate::policy::samples::{self, load_text};
use crate::policy::schema::Schema;
use crate::policy::{Document, MAX_FILE_BYTES, load, stack};

/// The only finding of a file that is refused as a whole.
fn refusal(text: &str) -> String {
    let loaded = load(Document { file: "p", text }, None);
    assert!(loaded.policy.is_none());
    assert_eq!(loaded.report.findings.len(), 1, "{:?}", loaded.report);
    loaded.report.findings[0].to_string()
}

#[test]
fn yaml_that_is_no_policy_is_refused_with_its_place() {
    let table = [
        ("", "p:1:1: this should be a table, not empty"),
        ("- 1", "p:1:1: this should be a table, not a list"),
        ("version: 1\nname: [a\n", "p:2:7: unclosed bracket"),
        ("version: 1\nversion: 1\n", "p:2:1: duplicate mapping key"),
        ("version: 1\n1: a\n\"1\": b\n", "1 stands here twice"),
        ("a: &a {b: 1}\nc:\n  <<: *a\n", "p:3:3"),
        ("a: !secret x\n", "p:1:12: unsupported tag"),
        ("a: 1\n---\nb: 1\n", "p:2:1: the file has more than a policy may have: Documents"),
        ("a: 9999999999999999999\n", "the number is too large"),
        ("a: *nobody\n", "p:1:4"),
        ("a: &x [*x]\n", "p:1:8"),
        ("\u{0}", "p:1:1"),
    ];
    for (text, expected) in table {
        let found = refusal(text);
        assert!(found.contains(expected), "{text:?}: {found}");
    }
}

#[test]
fn bombs_are_refused() {
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..12 {
        let alias = format!("*a{}, ", n - 1).repeat(9);
        laughs.push_str(&format!("a{n}: &a{n} [{alias}]\n"));
    }
    let deep = format!("a: {}{}", "[".repeat(5_000), "]".repeat(5_000));
    let many = "- x\n".repeat(200_000);
    let documents = "---\n".repeat(10_000);
    for text in [laughs, deep, many, documents] {
        refusal(&text);
    }
}

#[test]
fn a_file_over_the_limit_is_refused_unread() {
    let text = " ".repeat(MAX_FILE_BYTES + 1);
    assert_eq!(refusal(&text), format!("p:1:1: the file is larger than {MAX_FILE_BYTES} bytes"));
}

#[test]
fn a_file_just_below_the_limit_is_read() {
    let comment = "# as long as it may be\n".repeat((MAX_FILE_BYTES - samples::SPINE.len()) / 23);
    assert!(load_text(&format!("{}{comment}", samples::SPINE)).policy.is_some());
}

#[test]
fn a_file_with_too_many_of_anything_says_so() {
    let requirement = "  - { name: r, stage: s, when: \"change.clas == 'a'\", approve: { from: [nobodi], count: 0 } }\n";
    let loaded = load_text(&format!("requirements:\n{}", requirement.repeat(1_500)));
    assert!(loaded.policy.is_none());
    let message = "this list has more than 200 entries";
    assert!(loaded.report.faults().any(|fault| fault.message == message));
}

#[test]
fn hostile_conditions_are_refused_before_they_are_parsed() {
    let chain = |terms: usize, sign: &str| vec!["1"; terms].join(sign);
    let table = [
        chain(2_048, " + "),
        chain(500, "+"),
        format!("{} == 1", chain(150, "-")),
        format!("{} == 1", chain(90, " - ")),
        format!("{} == 1", chain(30, " - ")),
        format!("{}true{}", "(".repeat(500), ")".repeat(500)),
        format!("{}true", "!".repeat(1_000)),
        format!("{}1 == 1", "-".repeat(300)),
        format!("{}true", "true ? true : ".repeat(60)),
        format!("{}true{}", "change.paths.exists(p, ".repeat(3), ")".repeat(3)),
        format!("change.paths{}", ".map(p, p)".repeat(40)),
        format!("{}1{}", "[".repeat(200), "]".repeat(200)),
        format!("change{}", ".a".repeat(400)),
        format!("{}{}{}", "[".repeat(12), chain(85, " < "), "]".repeat(12)),
        format!("{}{} > 0{}", "size(".repeat(12), chain(80, " + "), ")".repeat(12)),
        format!("change.paths.all(p, {} > 0)", chain(30, " + ")),
        "// '\n 1 + 1 // '".to_owned(),
        "\u{0}".to_owned(),
        "'\\x'".to_owned(),
        "'\\U99999999' == 'a'".to_owned(),
        "999999999999999999999999 > 1".to_owned(),
        "0xFFFFFFFFFFFFFFFFFF > 1".to_owned(),
        "1e999999 > 1.0".to_owned(),
        "change.paths.exists(change, true) && change".to_owned(),
        "change.paths.exists(p.q, true)".to_owned(),
        "change.paths.exists(p)".to_owned(),
        "change.?size == 1".to_owned(),
        "change.paths[?0] == 'a'".to_owned(),
        "[?change.size] == [1]".to_owned(),
        "Thing{a: 1} == 1".to_owned(),
        ".environment == 'a'".to_owned(),
        "environment.environment == 'a'".to_owned(),
    ];
    for source in &table {
        let refused = stack::with_room(|| Condition::compile(source, &Schema::default()).is_err());
        assert_eq!(refused, Some(true), "{source}");
    }
}

/// Wherever a condition may stand, one that would overflow the stack is a fault at its place.
#[test]
fn a_chain_of_2048_terms_is_a_fault_of_the_policy_wherever_it_stands() {
    let chain = vec!["true"; 2_048].join(" && ");
    let table = [
        ("service.criticality == 'tier-0' && environment == 'production'", "classes[1].when"),
        ("change.class in ['normal', 'major']", "requirements[0].when"),
        ("change.class == 'pre-approved'", "flow_choice[0].when"),
        ("fact.errors == 0", "gates.lint.pass"),
    ];
    for (condition, path) in table {
        let loaded = load_text(&samples::SPINE.replacen(condition, &chain, 1));
        let faults: Vec<(&str, &str)> = loaded.report.faults().map(|fault| (fault.path.as_str(), fault.message.as_str())).collect();
        assert_eq!(faults, [(path, "the condition is longer than 1024 bytes")]);
    }
}

/// Full of what takes the longest: names that are looked up, conditions at their limit, slips that suggestions are sought for.
#[test]
fn a_large_file_is_read_or_refused_as_a_whole() {
    let service = |n: usize| format!("  service-{n}:\n    match: [\"gitlab:a/service-{n}-*\"]\n    owners: [payments-devs, security]\n");
    let services: String = (0..4_900).map(service).collect();
    let large = samples::SPINE.replace("services:\n", &format!("services:\n{services}"));
    assert!(large.len() > 400_000 && large.len() < MAX_FILE_BYTES);
    assert!(load_text(&large).policy.is_some());
    let longest = |n: usize| vec![format!("service.name == '{n}'"); 30].join(" || ");
    let conditions: String = (0..150)
        .map(|n| format!("  - {{ name: r{n}, when: \"{}\", stage: review, approve: {{ from: [security], count: 1 }} }}\n", longest(n)))
        .collect();
    let costly = samples::SPINE.replace("requirements:\n", &format!("requirements:\n{conditions}"));
    assert!(costly.len() > 100_000);
    assert!(load_text(&costly).policy.is_some(), "{:?}", load_text(&costly).report.findings.first());
    let slips = large.replace("payments-devs, security]", "payment-devs, securty]");
    assert!(load_text(&slips).report.faults().count() >= 9_800);
}

/// Deep ones are refused after parsing, which has room; what is left is evaluated wherever a change opens.
#[test]
fn what_is_accepted_is_evaluated_on_a_small_stack() {
    let table = [
        format!("{} > 0", vec!["1"; 22].join(" + ")),
        vec!["true"; 100].join(" || "),
        format!("{}true", "true ? true : ".repeat(22)),
        format!("{}true", "!".repeat(198)),
        format!("{}true{}", "(".repeat(12), ")".repeat(12)),
        format!("change.paths{}.size() == 0", ".filter(p, p == 'a')".repeat(2)),
    ];
    for source in table {
        let condition = stack::with_room(|| Condition::compile(&source, &Schema::default()).expect(&source)).unwrap();
        let evaluate = move || condition.evaluate(&samples::facts(&samples::request()));
        let small = std::thread::Builder::new().stack_size(1 << 20).spawn(evaluate).unwrap();
        assert_eq!(small.join().unwrap(), Truth::True, "{source}");
    }
}
