//! What holds for every policy, condition and text.

use crate::policy::condition::Condition;
use crate::policy::samples::{self, SPINE, directory, load_text, noon, request};
use crate::policy::schema::Schema;
use crate::policy::{Document, load, stack};
use crate::request::{Attributes, Request};
use crate::rules::Rules;
use proptest::prelude::*;

/// How many signatures each requirement of the routed stages asks for; `None` if the change is blocked.
fn asked(rules: Option<&Rules>) -> Option<Vec<(String, u32)>> {
    let rules = rules?;
    let names = rules.stages.iter().flat_map(|stage| &stage.requirements);
    Some(names.map(|name| (name.to_string(), rules.requirement(name).unwrap().count)).collect())
}

fn conditions() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "true",
        "false",
        "risk.score > 1.0",
        "change.class == 'normal'",
        "change.size > 10",
        "environment == 'staging'",
        "change.paths.exists(p, p.startsWith('auth/'))",
        "1 / 0 == 1",
    ])
}

fn requests() -> impl Strategy<Value = Request> {
    let environment = prop::sample::select(vec!["staging", "production"]);
    let path = prop::sample::select(vec!["payments/checkout-api", "payments/statements", "web/shop"]);
    let size = prop::option::of(0i64..100);
    let paths = prop::collection::vec("(auth|src)/[a-z]{1,3}", 0..4);
    (environment, path, size, paths).prop_map(|(environment, path, size, paths)| {
        let mut request = request();
        request.environment = environment.to_owned();
        request.service.path = path.to_owned();
        request.attributes = Attributes { size, paths, ..Attributes::default() };
        request
    })
}

/// A text with some of its lines dropped, doubled or cut, and some characters put in.
fn mutated() -> impl Strategy<Value = String> {
    let edits = prop::collection::vec((0usize..SPINE.len(), 0usize..8, "[\\PC\n]{0,4}"), 1..6);
    edits.prop_map(|edits| {
        let mut text: Vec<char> = SPINE.chars().collect();
        for (at, length, new) in edits {
            let start = at.min(text.len());
            let end = (start + length).min(text.len());
            text.splice(start..end, new.chars());
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Invariant: adding a requirement never asks for less.
    #[test]
    fn one_more_requirement_never_asks_for_less(
        when in conditions(), stage in prop::sample::select(vec!["review", "release", "signing"]), count in 1u32..3, request in requests(),
    ) {
        let more = format!("  - {{ name: extra, when: \"{when}\", stage: {stage}, approve: {{ from: [payments-devs], count: {count} }} }}\n\nflows:");
        let (before, after) = (samples::policy(SPINE), samples::policy(&SPINE.replace("\nflows:", &more)));
        let (before, after) = (before.route(&request, &directory(), noon()), after.route(&request, &directory(), noon()));
        let (before, after) = (asked(before.rules.as_ref().ok()), asked(after.rules.as_ref().ok()));
        if let Some(after) = after {
            let before = before.unwrap_or_default();
            prop_assert!(before.iter().all(|asked| after.contains(asked)), "{:?} became {:?}", before, after);
        } else {
            prop_assert_eq!(before, None);
        }
    }

    /// Invariant: a missing fact never drops a requirement.
    #[test]
    fn knowing_less_never_asks_for_less(request in requests(), when in conditions()) {
        let policy = samples::policy(&SPINE.replace("when: \"change.class == 'major'\"\n", &format!("when: \"{when}\"\n")));
        let known = policy.route(&request, &directory(), noon());
        let less = Request { attributes: Attributes { size: None, ..request.attributes.clone() }, ..request };
        let less = policy.route(&less, &directory(), noon());
        let (known, less) = (asked(known.rules.as_ref().ok()), asked(less.rules.as_ref().ok()));
        prop_assert!(known.unwrap_or_default().iter().all(|asked| less.clone().unwrap_or_default().contains(asked)));
    }

    #[test]
    fn a_damaged_policy_never_panics_the_loader(text in mutated(), request in requests()) {
        let loaded = load_text(&text);
        prop_assert_eq!(loaded.policy.is_none(), loaded.report.faults().next().is_some());
        prop_assert!(loaded.report.findings.iter().all(|finding| finding.line >= 1 && finding.column >= 1));
        if let Some(policy) = loaded.policy {
            let _ = policy.route(&request, &directory(), noon());
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "\\PC{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for text in [text.as_str(), &String::from_utf8_lossy(&bytes)] {
            let loaded = load(Document { file: "p", text }, None);
            prop_assert!(loaded.policy.is_none());
            prop_assert!(loaded.report.faults().next().is_some(), "refused without a word");
            prop_assert!(loaded.report.findings.iter().all(|finding| finding.line >= 1 && finding.column >= 1));
        }
    }

    #[test]
    fn any_condition_is_compiled_without_a_panic(
        source in prop_oneof![
            "[-a-z0-9.'\"()\\[\\]?:,+*/%<>=!&| ]{0,60}",
            "\\PC{0,60}",
            "(change\\.(paths|class|size)|service\\.name|'a'|1|\\(|\\)|\\[|\\]|\\.exists\\(p, |in|==|&&|!| ){0,14}",
        ],
    ) {
        let works = stack::with_room(|| {
            if let Ok(condition) = Condition::compile(&source, &Schema::default()) {
                let _ = condition.evaluate(&samples::facts(&request()));
            }
        });
        prop_assert!(works.is_some(), "{}", source);
    }
}
