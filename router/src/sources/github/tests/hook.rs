//! Parsing deliveries.

use super::{JOB, KEY, PING, REVIEW, RULE, SHA, STATUS, Way, github, headers};
use crate::sources::{Parsed, Place, Reject, Signal, Source, Wish};
use engine::event::{DeploymentOutcome, ToolDecision};
use engine::ids::ChangeKey;
use serde_json::{Value, json};

fn parse_by(way: Way, event: &str, body: &Value) -> Result<Parsed, Reject> {
    github(way).parse(&headers(&[("x-github-event", event), ("x-github-delivery", "guid-1")]), body.to_string().as_bytes())
}

fn parse(event: &str, body: &Value) -> Result<Parsed, Reject> {
    parse_by(Way::AsApp, event, body)
}

fn sample(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn with(text: &str, pointer: &str, value: Value) -> Value {
    let mut body = sample(text);
    *body.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer}")) = value;
    body
}

fn wish(parsed: Parsed) -> Wish {
    match <[Signal; 1]>::try_from(parsed.signals) {
        Ok([Signal::Opens(wish)]) => *wish,
        other => panic!("{other:?}"),
    }
}

fn state(state: &str) -> Vec<Signal> {
    let parsed = parse("deployment_status", &with(STATUS, "/deployment_status/state", json!(state))).unwrap();
    assert_eq!(parsed.event, format!("deployment_status/{state}"));
    parsed.signals
}

#[test]
fn a_protection_rule_opens_a_change() {
    let parsed = parse("deployment_protection_rule", &sample(RULE)).unwrap();
    assert_eq!((parsed.key.as_str(), parsed.event.as_str()), ("guid-1", "deployment_protection_rule/requested"));
    let wish = wish(parsed);
    assert_eq!((&wish.key, wish.title.as_str()), (&ChangeKey::new(KEY), "example/checkout-api to production"));
    assert_eq!((wish.service.kind.as_str(), wish.service.path.as_str()), ("github", "example/checkout-api"));
    assert_eq!((wish.environment.as_str(), wish.tier.as_deref()), ("production", Some("production")));
    assert_eq!((wish.subject.commit.as_deref(), wish.subject.target.as_str()), (Some(SHA), "github-main:example/checkout-api:production"));
    assert_eq!((wish.sequence, wish.git_ref.as_deref()), (Some(78), Some("main")));
    assert_eq!(wish.url.as_deref(), Some("https://github.com/example/checkout-api/actions/runs/77"));
    assert_eq!((wish.initiator.id.as_deref(), wish.initiator.label.as_str()), (Some("81"), "github user 81"));
    let callback = wish.origin.callback.as_ref().unwrap();
    let params: Vec<_> = callback.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let expected =
        "deployment_id=78 environment=production installation_id=80 repository=example/checkout-api repository_id=79 run=78 run_id=77";
    assert_eq!((params.join(" ").as_str(), callback.run()), (expected, Some("78")));
    assert_eq!(callback.kind, "github.deployment_protection_rule");
}

#[test]
fn a_waiting_status_opens_the_same_change_in_the_same_words() {
    for way in [Way::AsApp, Way::AsReviewer, Way::Silent] {
        let by_rule = wish(parse_by(way, "deployment_protection_rule", &sample(RULE)).unwrap());
        let by_status = wish(parse_by(way, "deployment_status", &sample(STATUS)).unwrap());
        assert_eq!(by_status.title, "Round amounts half to even");
        assert_eq!((&by_rule.key, &by_rule.subject, by_rule.sequence), (&by_status.key, &by_status.subject, by_status.sequence));
        assert_eq!((by_rule.origin.callback, by_rule.initiator), (by_status.origin.callback, by_status.initiator), "{way:?}");
    }
}

#[test]
fn a_repository_s_own_webhook_opens_nothing_that_only_the_app_could_answer() {
    let body = with(STATUS, "/installation", Value::Null);
    assert_eq!(parse_by(Way::AsApp, "deployment_status", &body).unwrap().signals, []);
    wish(parse_by(Way::AsReviewer, "deployment_status", &body).unwrap());
    let body = with(RULE, "/installation", Value::Null);
    assert!(matches!(parse("deployment_protection_rule", &body), Err(Reject::Malformed { pointer, .. }) if pointer == "/installation/id"));
    wish(parse_by(Way::Silent, "deployment_protection_rule", &body).unwrap());
}

#[test]
fn the_callback_s_address_leads_to_this_api_repository_and_run() {
    let good = "https://api.github.com/repos/Example/Checkout-API/actions/runs/77/deployment_protection_rule";
    wish(parse("deployment_protection_rule", &with(RULE, "/deployment_callback_url", json!(good))).unwrap());
    let rule = "actions/runs/77/deployment_protection_rule";
    for address in [
        format!("https://api.github.test/repos/example/checkout-api/{rule}"),
        format!("http://api.github.com/repos/example/checkout-api/{rule}"),
        format!("https://api.github.com:444/repos/example/checkout-api/{rule}"),
        format!("https://api.github.com/repos/example/ledger-api/{rule}"),
        format!("https://api.github.com/x/repos/example/checkout-api/{rule}"),
        format!("https://api.github.com/repos/example/checkout-api/{rule}/more"),
        "https://api.github.com/repos/example/checkout-api/actions/runs/x/deployment_protection_rule".to_owned(),
        "https://api.github.com/repos/example/checkout-api/actions/runs/-7/deployment_protection_rule".to_owned(),
        "https://api.github.com/".to_owned(),
        "not an address".to_owned(),
    ] {
        let reject = parse("deployment_protection_rule", &with(RULE, "/deployment_callback_url", json!(address))).unwrap_err();
        assert!(matches!(&reject, Reject::Malformed { pointer, .. } if pointer == "/deployment_callback_url"), "{address}: {reject:?}");
    }
}

#[test]
fn names_that_could_lead_elsewhere_are_refused() {
    for name in ["example", "example/checkout-api/x", "../checkout-api", "example/..", "example/a b", "example/a%2f", "/x", "x/", ""] {
        let reject = parse("deployment_status", &with(STATUS, "/repository/full_name", json!(name))).unwrap_err();
        assert!(matches!(&reject, Reject::Malformed { pointer, .. } if pointer == "/repository/full_name"), "{name}: {reject:?}");
    }
    for (pointer, value) in [("/deployment/sha", json!("zz")), ("/deployment/id", json!(-1)), ("/repository/id", json!("x"))] {
        assert!(
            matches!(parse("deployment_status", &with(STATUS, pointer, value)), Err(Reject::Malformed { pointer: at, .. }) if at == pointer)
        );
    }
}

#[test]
fn every_state_says_what_it_means() {
    let place =
        Place { service: "example/checkout-api".to_owned(), environment: "production".to_owned(), tier: Some("production".to_owned()) };
    let (key, run) = (ChangeKey::new(KEY), "78".to_owned());
    let ends = |outcome| vec![Signal::Finished { key: key.clone(), run: run.clone(), outcome }];
    let cases = [
        ("in_progress", vec![Signal::Started { key: key.clone(), run: run.clone(), place }]),
        ("success", ends(DeploymentOutcome::Success)),
        ("failure", ends(DeploymentOutcome::Failure)),
        ("error", ends(DeploymentOutcome::Failure)),
        ("inactive", ends(DeploymentOutcome::Cancelled)),
        ("queued", vec![]),
        ("pending", vec![]),
        ("a state of next year", vec![]),
    ];
    for (word, signals) in cases {
        assert_eq!(state(word), signals, "{word}");
    }
}

#[test]
fn the_run_may_stand_in_the_log_s_address_only() {
    let mut body = with(STATUS, "/deployment_status/state", json!("success"));
    body["workflow_run"] = Value::Null;
    assert_eq!(parse("deployment_status", &body).unwrap().signals, [], "no workflow made this deployment");
    for (page, is_found) in [
        ("https://github.com/example/checkout-api/actions/runs/77/job/84", true),
        ("https://github.com/example/checkout-api/actions/runs/77", true),
        ("https://github.com/example/checkout-api/actions/runs", false),
        ("https://github.com/example/checkout-api/runs/77", false),
        ("nonsense", false),
    ] {
        body["deployment_status"]["target_url"] = json!(page);
        let keys: Vec<_> = parse("deployment_status", &body).unwrap().signals.into_iter().collect();
        assert_eq!(matches!(&keys[..], [Signal::Finished { key, .. }] if *key == ChangeKey::new(KEY)), is_found, "{page}");
    }
}

#[test]
fn a_review_on_github_names_who_and_why_once_for_each_environment() {
    let parsed = parse("deployment_review", &sample(REVIEW)).unwrap();
    let [Signal::DecidedOutside { key, decision: ToolDecision::Approve, by, comment, .. }] = parsed.signals.as_slice() else {
        panic!("{parsed:?}")
    };
    assert_eq!((key, by.label.as_str(), comment.as_str()), (&ChangeKey::new(KEY), "github user 83", "looked at it here"));
    let mut two = with(REVIEW, "/workflow_job_runs/1/environment", json!("staging"));
    two["action"] = json!("rejected");
    let signals = parse("deployment_review", &two).unwrap().signals;
    assert!(
        matches!(&signals[..], [Signal::DecidedOutside { decision: ToolDecision::Reject, .. }, Signal::DecidedOutside { .. }]),
        "{signals:?}"
    );
    for action in ["requested", "an action of next year"] {
        assert_eq!(parse("deployment_review", &with(REVIEW, "/action", json!(action))).unwrap().signals, []);
    }
}

#[test]
fn a_job_that_ends_takes_its_deployment_with_it() {
    let cases = [
        ("cancelled", Some(DeploymentOutcome::Cancelled)),
        ("skipped", Some(DeploymentOutcome::Cancelled)),
        ("success", Some(DeploymentOutcome::Success)),
        ("failure", Some(DeploymentOutcome::Failure)),
        ("timed_out", Some(DeploymentOutcome::Failure)),
        ("a conclusion of next year", None),
    ];
    for (conclusion, outcome) in cases {
        let body = with(JOB, "/workflow_job/conclusion", json!(conclusion));
        let expected = outcome.map(|outcome| Signal::Finished { key: ChangeKey::new(KEY), run: "78".to_owned(), outcome });
        assert_eq!(parse("workflow_job", &body).unwrap().signals, expected.into_iter().collect::<Vec<_>>(), "{conclusion}");
    }
    assert_eq!(parse("workflow_job", &with(JOB, "/deployment", Value::Null)).unwrap().signals, []);
    assert_eq!(parse("workflow_job", &with(JOB, "/action", json!("queued"))).unwrap().signals, []);
}

#[test]
fn everything_else_is_kept_and_says_nothing() {
    for event in ["ping", "push", "workflow_run", "deployment", "check_run", "event of next year"] {
        for body in [PING, "", "not json", "[1]"] {
            let parsed = github(Way::AsApp).parse(&headers(&[("x-github-event", event), ("x-github-delivery", "guid-1")]), body.as_bytes());
            assert_eq!(parsed, Ok(Parsed { key: "guid-1".to_owned(), event: event.to_owned(), signals: vec![] }));
        }
    }
    let key = |body: &str| github(Way::AsApp).parse(&headers(&[("x-github-event", "push")]), body.as_bytes()).unwrap().key;
    assert_eq!(key("a"), key("a"));
    assert_ne!(key("a"), key("b"));
    assert_eq!(parse("deployment_protection_rule", &json!({ "action": "of next year" })).unwrap().signals, []);
    assert_eq!(parse("deployment_status", &json!({})).unwrap().signals, []);
}
