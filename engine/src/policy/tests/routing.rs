//! What the policy asks of a change, and what blocks it.

use crate::event::BlockReason;
use crate::ids::GroupName;
use crate::input::Routed;
use crate::policy::samples::{self, SPINE, directory, directory_of, noon, policy, request};
use crate::request::{Attributes, Request, SourceName};
use crate::rules::{Channel, Part, Rules, StepAct, Superseded, Tell, WhenNewerArrives};
use std::collections::BTreeSet;

fn route(text: &str, request: &Request) -> Routed {
    policy(text).route(request, &directory(), noon())
}

fn rules(text: &str, request: &Request) -> Rules {
    route(text, request).rules.unwrap_or_else(|why| panic!("{why:?}"))
}

fn blocked(text: &str, request: &Request) -> BlockReason {
    route(text, request).rules.expect_err("it was routed")
}

/// `review: peer, security | release: owners`
fn stages(rules: &Rules) -> String {
    let stage = |stage: &crate::rules::Stage| {
        let requirements: Vec<&str> = stage.requirements.iter().map(|name| name.as_str()).collect();
        format!("{}: {}", stage.name, requirements.join(", "))
    };
    rules.stages.iter().map(stage).collect::<Vec<_>>().join(" | ")
}

fn into(environment: &str) -> Request {
    Request { environment: environment.to_owned(), ..request() }
}

fn of(kind: &str, integration: &str, path: &str) -> Request {
    let service = SourceName { kind: kind.to_owned(), integration: integration.into(), path: path.to_owned() };
    Request { service, ..request() }
}

fn with(attributes: Attributes) -> Request {
    Request { attributes, ..into("staging") }
}

#[test]
fn the_environment_is_found_by_name_then_pattern_then_tier() {
    let policy = policy(SPINE);
    let table = [
        ("production", None, Some("production")),
        ("staging", Some("production"), Some("staging")),
        ("prod-eu", Some("staging"), Some("production")),
        ("production/eu/1", None, Some("production")),
        ("review/feature/x", None, Some("staging")),
        ("live", Some("production"), Some("production")),
        ("live", Some("testing"), None),
        ("Production", None, None),
        ("", None, None),
    ];
    for (name, tier, expected) in table {
        assert_eq!(policy.environment_for(name, tier).map(|found| found.as_str()), expected, "{name} {tier:?}");
    }
}

#[test]
fn a_name_wins_over_an_earlier_pattern_and_a_shared_tier_is_no_answer() {
    let text = SPINE.replace("\"review/*\"]", "\"prod*\"]").replace("tier: staging", "tier: production");
    let policy = policy(&text);
    assert_eq!(policy.environment_for("production", None).map(|found| found.as_str()), Some("production"));
    assert_eq!(policy.environment_for("prod-eu", None).map(|found| found.as_str()), Some("staging"));
    assert_eq!(policy.environment_for("live", Some("production")), None);
}

#[test]
fn the_service_is_found_by_kind_or_name_of_the_integration() {
    let text = SPINE.replace("\"gitlab:payments/statements*\"", "\"gitlab-second:payments/statements*\"");
    let table = [
        (of("gitlab", "gitlab-main", "payments/checkout-api"), "checkout-api"),
        (of("github", "github-main", "example/checkout-api"), "checkout-api"),
        (of("gitlab", "gitlab-second", "payments/statements/eu"), "statements"),
        (of("gitlab", "gitlab-main", "payments/statements"), "payments/statements"),
        (of("argocd", "argocd", "payments/checkout-api"), "payments/checkout-api"),
    ];
    for (request, expected) in table {
        assert_eq!(route(&text, &request).service, expected);
    }
}

#[test]
fn an_unknown_service_takes_the_default_or_is_blocked() {
    let request = of("gitlab", "gitlab-main", "web/shop");
    let routed = route(SPINE, &request);
    assert_eq!(routed.service, "web/shop");
    assert_eq!(stages(&routed.rules.unwrap()), "review: peer");
    let strict = SPINE.replace("  service: { criticality: tier-2, owners: [payments-devs] }\n", "");
    assert_eq!(blocked(&strict, &request), BlockReason::UnknownService { service: "web/shop".to_owned() });
}

#[test]
fn class_requirements_and_stages_follow() {
    let auth = Attributes { paths: vec!["auth/login.rs".to_owned()], ..Attributes::default() };
    let phi = Attributes { data_classes: vec!["phi".to_owned()], ..Attributes::default() };
    let scale_out = Attributes { template: "scale-out".to_owned(), ..Attributes::default() };
    let statements = |attributes| Request { attributes, ..of("gitlab", "gitlab-main", "payments/statements") };
    let table = [
        (request(), "major", "review: peer, security | release: owners"),
        (into("staging"), "normal", "review: peer, security"),
        (statements(Attributes::default()), "normal", "review: peer"),
        (statements(auth), "normal", "review: peer, security"),
        (statements(phi), "normal", "review: peer, security"),
        (with(scale_out), "pre-approved", ""),
    ];
    for (request, class, expected) in table {
        let rules = rules(SPINE, &request);
        assert_eq!((rules.class.as_str(), stages(&rules).as_str()), (class, expected));
    }
}

#[test]
fn the_rules_carry_everything_that_is_needed_later() {
    let policy = policy(SPINE);
    let routed = policy.route(&request(), &directory(), noon());
    assert_eq!((routed.service.as_str(), routed.expire_after_s), ("checkout-api", 7 * 86_400));
    let rules = routed.rules.unwrap();
    assert_eq!(&rules.policy, policy.reference());
    assert_eq!(rules.policy.digest, crate::canonical::digest_of_bytes(SPINE.as_bytes()));
    assert_eq!(rules.owners, policy.owners());
    assert_eq!(rules.environment.as_str(), "production");
    assert_eq!(rules.superseded, Superseded::Reject);
    assert_eq!(rules.rationale.approve.min_length, 15);
    assert_eq!(rules.separation.excluded, BTreeSet::from([Part::Initiator, Part::CommitAuthor, Part::CommitCoAuthor, Part::Merger]));
    assert_eq!(rules.channels, [Channel { platform: "slack".to_owned(), channel: "payments-releases".to_owned() }]);
    assert_eq!(rules.tell_requester, BTreeSet::from([Tell::Approved, Tell::Rejected, Tell::Expired, Tell::Released, Tell::Failed]));
    let groups: Vec<&str> = rules.groups.keys().map(GroupName::as_str).collect();
    assert_eq!(groups, ["operations-leads", "payments-devs", "payments-owners", "platform-owners", "security"]);
    assert!(!rules.groups[&GroupName::new("operations-leads")].notify);
    assert_eq!(rules.escalation.len(), 4);
    assert_eq!(rules.escalation[1].act, StepAct::Add("operations-leads".into()));
}

#[test]
fn what_can_not_be_known_blocks_where_a_change_can_not_go_on_without_it() {
    let class = SPINE.replace("service.criticality == 'tier-0' && environment", "risk.score > 5.0 && environment");
    let choice = SPINE.replace("when: \"change.class == 'major'\", use", "when: \"change.size > 5 && change.class == 'major'\", use");
    let why = |place: &str, name: &str| BlockReason::UnknownCondition { place: place.to_owned(), why: format!("{name} is not known") };
    assert_eq!(blocked(&class, &request()), why("class major", "risk.score"));
    assert_eq!(blocked(&choice, &request()), why("flow_choice[1]", "change.size"));
    // Where the answer does not depend on it, nothing is blocked.
    assert_eq!(stages(&rules(&class, &into("staging"))), "review: peer, security");
}

#[test]
fn an_unknown_requirement_applies_and_an_unknown_escalation_counts() {
    let text = SPINE.replace("when: \"change.class == 'major'\"\n", "when: \"risk.score > 90.0\"\n");
    let request = of("gitlab", "gitlab-main", "payments/statements");
    assert_eq!(stages(&rules(&text, &request)), "review: peer | release: owners");

    let unknown = SPINE.replace("    when: \"service.criticality == 'tier-0'\"\n    clock", "    when: \"risk.score > 1.0\"\n    clock");
    assert_eq!(rules(&unknown, &request).escalation.len(), 1, "a true one is taken before an unknown one");
    let only = unknown.replace("  standard:\n", "  standard:\n    when: \"false\"\n");
    assert_eq!(rules(&only, &request).escalation.len(), 4);
    let none = SPINE.replace("  standard:\n", "  standard:\n    when: \"false\"\n");
    assert_eq!(rules(&none, &request).escalation, []);
}

#[test]
fn nobody_is_asked_only_by_an_explicit_empty_flow() {
    let scale_out = with(Attributes { template: "scale-out".to_owned(), ..Attributes::default() });
    assert_eq!(rules(SPINE, &scale_out).stages, []);
    let no_match = SPINE.replace("change.class in ['normal', 'major']", "change.class == 'major'");
    let statements = of("gitlab", "gitlab-main", "payments/statements");
    assert_eq!(blocked(&no_match, &statements), BlockReason::NoRequirement { class: "normal".to_owned() });
    let no_flow = SPINE.replace("when: \"true\", use", "when: \"change.class == 'pre-approved'\", use");
    assert_eq!(blocked(&no_flow, &statements), BlockReason::NoFlow { class: "normal".to_owned() });
}

#[test]
fn a_requirement_outside_the_flow_is_asked_last() {
    let text = SPINE
        .replace("normal: [review]", "normal: [release]")
        .replace("\"true\", use: normal", "\"change.class == 'normal'\", use: normal");
    assert_eq!(stages(&rules(&text, &into("staging"))), "review: peer, security");
    let reordered = text.replace("when: \"change.class == 'major'\"\n", "when: \"true\"\n");
    assert_eq!(stages(&rules(&reordered, &into("staging"))), "release: owners | review: peer, security");
    let scale_out = with(Attributes { template: "scale-out".to_owned(), ..Attributes::default() });
    assert_eq!(stages(&rules(&reordered, &scale_out)), "release: owners", "even where the flow asks nobody");
}

/// The sample without the lines from one block to the next.
fn without(from: &str, to: &str) -> String {
    format!("{}{}", &SPINE[..SPINE.find(from).unwrap()], &SPINE[SPINE.find(to).unwrap()..])
}

#[test]
fn absent_blocks_have_safe_defaults() {
    let no_flows = without("flows:", "a_rejection:");
    assert_eq!(stages(&rules(&no_flows, &request())), "review: peer, security | release: owners");
    let by_class = without("flow_choice:", "a_rejection:");
    assert_eq!(stages(&rules(&by_class, &into("staging"))), "review: peer, security");
    let separation = rules(&without("separation_of_duties:", "\nclasses:"), &request()).separation;
    assert_eq!(separation, crate::policy::blocks::separation::default_rules());
    assert_eq!(separation.excluded, BTreeSet::from([Part::Initiator, Part::CommitAuthor, Part::CommitCoAuthor]));
    let quiet = rules(&without("escalations:", "notifications:"), &request());
    assert_eq!(quiet.escalation, []);
    let plain = route(&without("defaults:", "services:"), &request());
    assert_eq!(plain.expire_after_s, 14 * 86_400);
}

#[test]
fn stages_side_by_side_are_one_stage_of_the_change() {
    let beside = |major: &str| SPINE.replace("major: [review, release]", &format!("major: {major}"));
    let table = [
        ("[[review, release]]", "review and release: peer, security, owners"),
        ("[[release, review]]", "release and review: owners, peer, security"),
        ("[[release], review]", "release: owners | review: peer, security"),
        ("[[release]]", "release: owners | review: peer, security"),
    ];
    for (major, expected) in table {
        assert_eq!(stages(&rules(&beside(major), &request())), expected, "{major}");
    }
    // A stage without a requirement gives no name; three are listed as people do.
    let spare = "  - { name: spare, when: \"false\", stage: spare, approve: { from: [security], count: 1 } }\n\nflows:";
    let text = beside("[[review, spare, release]]").replace("\nflows:", spare);
    assert_eq!(stages(&rules(&text, &request())), "review and release: peer, security, owners");
    let all = text.replace("when: \"false\", stage: spare", "stage: spare");
    assert_eq!(stages(&rules(&all, &request())), "review, spare and release: peer, security, spare, owners");
}

#[test]
fn what_a_newer_change_does_is_the_environments_word() {
    let table = [("supersede", WhenNewerArrives::Supersede), ("queue", WhenNewerArrives::Queue), ("ask", WhenNewerArrives::Ask)];
    for (word, expected) in table {
        let text = SPINE.replace("when_newer_arrives: supersede", &format!("when_newer_arrives: {word}"));
        assert_eq!(rules(&text, &request()).when_newer_arrives, expected);
        assert_eq!(rules(&text, &into("staging")).when_newer_arrives, WhenNewerArrives::Supersede);
    }
}

#[test]
fn the_requester_hears_of_a_hold_if_the_policy_says_so() {
    let text = SPINE.replace("released, failed]", "held]");
    assert!(rules(&text, &request()).tell_requester.contains(&Tell::Held));
}

#[test]
fn an_empty_group_is_asked_all_the_same() {
    let nobody = directory_of(&[("payments-devs", &["dev-1"]), ("payments-owners", &[]), ("security", &["security-1"])]);
    let rules = policy(SPINE).route(&request(), &nobody, noon()).rules.unwrap();
    assert!(rules.requirement(&"owners".into()).is_some(), "what can't be met is never dropped; the change is blocked for it");
}

#[test]
fn a_policy_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&samples::policy(SPINE));
}
