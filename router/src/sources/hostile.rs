//! Every source against input that nobody meant: it may be refused, it may not be fatal, and it may not grow.

use crate::secret::Secret;
use crate::sources::{Ask, Call, Earlier, Exchange, Integration, Occasion, Parsed, Reject, Signal, Sources, Turn};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use engine::Timestamp;
use engine::directory::Directory;
use engine::event::ToolDecision;
use engine::request::Callback;
use proptest::prelude::*;
use serde_json::{Map, Number, Value};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Real payloads of a folder are read too, if this names one. The files' names say which event they are.
const PAYLOADS: &str = "COUNTERSIGN_PAYLOADS";

static SOURCES: LazyLock<Sources> = LazyLock::new(|| {
    let integration = |kind: &str| -> Integration { toml::from_str(&format!("name = '{kind}'\nkind = '{kind}'\nsecret = 'x'")).unwrap() };
    let mut jenkins = integration("jenkins");
    (jenkins.api_url, jenkins.token) = ("https://ci.test".parse().ok(), Secret::new("user:token").ok());
    let mut argocd = integration("argocd");
    (argocd.api_url, argocd.token) = ("https://argocd.test/api/v1".parse().ok(), Secret::new("token").ok());
    let mut generic = integration("generic");
    (generic.callback_url, generic.token) = ("https://ci.test/hook".parse().ok(), Secret::new("whsec_MDEyMzQ1").ok());
    Sources::build(&[integration("gitlab"), integration("github"), reviewer(), jenkins, argocd, generic]).unwrap()
});

/// One that answers, so that its conversations are held too.
fn reviewer() -> Integration {
    toml::from_str("name = 'reviewer'\nkind = 'github'\nsecret = 'x'\ntoken = 'y'").unwrap()
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(|number| Value::Number(number.into())),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        "\\PC{0,20}".prop_map(Value::String),
        Just(Value::String("é".repeat(2000))),
        Just(Value::String("https://gitlab.test/-/commit/0123abcd0123abcd0123abcd0123abcd0123abcd".to_owned())),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::hash_map("[a-z_]{1,12}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// A hook's sample, with the headers that go with it.
type Sample = (&'static str, &'static str, &'static str);

const SAMPLES: [Sample; 7] = [
    ("gitlab", "Job Hook", include_str!("../../testdata/gitlab/job-manual.json")),
    ("gitlab", "Pipeline Hook", include_str!("../../testdata/gitlab/pipeline.json")),
    ("gitlab", "Deployment Hook", include_str!("../../testdata/gitlab/deployment-blocked.json")),
    ("github", "deployment_protection_rule", include_str!("../../testdata/github/deployment_protection_rule.json")),
    ("github", "deployment_status", include_str!("../../testdata/github/deployment_status.json")),
    ("github", "deployment_review", include_str!("../../testdata/github/deployment_review.json")),
    ("github", "workflow_job", include_str!("../../testdata/github/workflow_job.json")),
];

/// Where every leaf and every branch of a body stands.
fn pointers(body: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    let children: Vec<(String, &Value)> = match body {
        Value::Object(map) => map.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(place, value)| (place.to_string(), value)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (name, value) in children {
        pointers(value, &format!("{at}/{name}"), found);
    }
}

/// Any of the samples, with some of its values replaced.
fn mutated_sample() -> impl Strategy<Value = (Sample, Value)> {
    let changes = prop::collection::vec((any::<prop::sample::Index>(), json()), 0..4);
    (prop::sample::select(SAMPLES.to_vec()), changes).prop_map(|(sample, changes)| {
        let mut body: Value = serde_json::from_str(sample.2).unwrap();
        let mut places = Vec::new();
        pointers(&body, "", &mut places);
        for (index, value) in changes {
            if let Some(place) = body.pointer_mut(index.get(&places).as_str()) {
                *place = value;
            }
        }
        (sample, body)
    })
}

/// A deployment hook with some of its fields replaced, and some taken out.
fn mutated() -> impl Strategy<Value = Value> {
    let fields = [
        "/status",
        "/deployment_id",
        "/deployable_id",
        "/deployable_url",
        "/environment",
        "/environment_tier",
        "/project",
        "/project/id",
        "/project/path_with_namespace",
        "/short_sha",
        "/user",
        "/user/id",
        "/user/email",
        "/commit_url",
        "/commit_title",
        "/ref",
        "/approver",
        "/approval",
        "/approval/comment",
        "",
    ];
    let statuses = prop::sample::select(vec!["blocked", "running", "success", "failed", "canceled", "approved", "rejected", "odd"]);
    let changes = prop::collection::vec((prop::sample::select(fields.to_vec()), json()), 0..4);
    (statuses, changes).prop_map(|(status, changes)| {
        let mut body: Value = serde_json::from_str(include_str!("../../testdata/gitlab/deployment-approved.json")).unwrap();
        body["status"] = status.into();
        for (pointer, value) in changes {
            if let Some(place) = body.pointer_mut(pointer) {
                *place = value;
            }
        }
        body
    })
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let names = [
        "x-gitlab-event",
        "x-gitlab-token",
        "webhook-id",
        "idempotency-key",
        "x-gitlab-event-uuid",
        "webhook-signature",
        "webhook-timestamp",
        "x-github-event",
        "x-hub-signature-256",
        "x-github-delivery",
    ];
    let value = prop_oneof![
        Just(b"Deployment Hook".to_vec()),
        Just(b"x".to_vec()),
        Just(b"sha256=00".to_vec()),
        prop::collection::vec(any::<u8>(), 0..300),
    ];
    prop::collection::vec((prop::sample::select(names.to_vec()), value), 0..6).prop_map(|pairs| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        headers
    })
}

/// What holds for whatever a source makes of a delivery.
fn is_sound(parsed: &Parsed) {
    assert!(!parsed.key.is_empty() && parsed.key.len() <= 128, "{}", parsed.key);
    assert!(!parsed.event.is_empty() && parsed.event.len() <= 150, "{}", parsed.event);
    for signal in &parsed.signals {
        let written = serde_json::to_string(signal).unwrap();
        assert!(written.len() < 48 * 1024, "an event has to stay below 64 KiB");
        assert_eq!(&serde_json::from_str::<Signal>(&written).unwrap(), signal);
        if let Signal::Opens(wish) = signal {
            let request = wish.to_request(&Directory::default());
            let own = SOURCES.iter().any(|connection| wish.key.as_str().starts_with(&format!("{}:", connection.name)));
            assert!(own && !request.environment.is_empty());
        }
    }
}

fn deployment_hook() -> HeaderMap {
    HeaderMap::from_iter([(HeaderName::from_static("x-gitlab-event"), HeaderValue::from_static("Deployment Hook"))])
}

proptest! {
    #[test]
    fn arbitrary_deliveries_never_panic(headers in headers(), body in prop::collection::vec(any::<u8>(), 0..400)) {
        for connection in SOURCES.iter() {
            let _ = connection.source.verify(&headers, &body, Timestamp::from_micros(0).unwrap());
            if let Ok(parsed) = connection.source.parse(&headers, &body) {
                is_sound(&parsed);
            }
        }
    }

    #[test]
    fn mutated_hooks_are_understood_or_pointed_at(body in prop_oneof![mutated(), json()]) {
        match SOURCES.named("gitlab").unwrap().source.parse(&deployment_hook(), body.to_string().as_bytes()) {
            Ok(parsed) => is_sound(&parsed),
            Err(Reject::Malformed { pointer, .. }) => prop_assert!(pointer.is_empty() || pointer.starts_with('/')),
            Err(Reject::BadSignature(_)) => prop_assert!(false, "parsing does not judge signatures"),
        }
    }

    #[test]
    fn every_sample_is_understood_or_pointed_at((sample, body) in mutated_sample()) {
        let (source, event, _) = sample;
        let name = if source == "gitlab" { "x-gitlab-event" } else { "x-github-event" };
        let headers = HeaderMap::from_iter([(HeaderName::from_static(name), HeaderValue::from_static(event))]);
        match SOURCES.named(source).unwrap().source.parse(&headers, body.to_string().as_bytes()) {
            Ok(parsed) => is_sound(&parsed),
            Err(Reject::Malformed { pointer, .. }) => prop_assert!(pointer.is_empty() || pointer.starts_with('/')),
            Err(Reject::BadSignature(_)) => prop_assert!(false, "parsing does not judge signatures"),
        }
    }

    #[test]
    fn a_reviewer_s_conversations_end_too(answers in prop::collection::vec((100_u16..600, json()), 12), reject in any::<bool>()) {
        let params = [("repository", "example/checkout-api"), ("run_id", "1"), ("deployment_id", "2"), ("environment", "production")];
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let callback = Callback { integration: "reviewer".into(), kind: "github.pending_deployments".to_owned(), params };
        let decision = if reject { ToolDecision::Reject } else { ToolDecision::Approve };
        for ask in [Ask::Authors { callback: &callback, commit: "0123abcd" }, Ask::Decision { callback: &callback, decision, comment: "x", occasion: &Occasion::first() }] {
            let mut so_far: Vec<Exchange> = Vec::new();
            let mut answers = answers.iter().cloned();
            while let Turn::Call(call) = SOURCES.named("reviewer").unwrap().source.converse(&ask, &so_far) {
                let (status, body) = answers.next().expect("a conversation has at most a dozen calls");
                let says_approve = call.json().is_some_and(|body| body["state"] == "approved");
                prop_assert!(call.path_and_query.starts_with("/repos/example/checkout-api/") && !(reject && says_approve), "{call:?}");
                // Mostly well, so that conversations go on.
                let status = if status % 3 == 0 { status } else { 200 };
                so_far.push(Exchange { call, status, body });
            }
        }
    }

    #[test]
    fn conversations_end_whatever_the_tool_answers(answers in prop::collection::vec((100_u16..600, json()), 12), reject in any::<bool>()) {
        let params = [("project_id", "1"), ("deployment_id", "2"), ("job_id", "3")];
        let params = params.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let callback = Callback { integration: "gitlab".into(), kind: "gitlab.deployment_approval".to_owned(), params };
        let decision = if reject { ToolDecision::Reject } else { ToolDecision::Approve };
        let occasion = Occasion::first();
        for ask in [Ask::Authors { callback: &callback, commit: "0123abcd" }, Ask::Decision { callback: &callback, decision, comment: "x", occasion: &occasion }] {
            let mut so_far: Vec<Exchange> = Vec::new();
            let mut answers = answers.iter().cloned();
            while let Turn::Call(call) = SOURCES.named("gitlab").unwrap().source.converse(&ask, &so_far) {
                let (status, body) = answers.next().expect("a conversation has at most a dozen calls");
                prop_assert!(stays_with(&call, reject), "{call:?}");
                so_far.push(Exchange { call, status, body });
            }
        }
    }
}

proptest! {
    #[test]
    fn other_conversations_end_as_well(answers in prop::collection::vec((100_u16..600, json()), 12), reject in any::<bool>()) {
        let decision = if reject { ToolDecision::Reject } else { ToolDecision::Approve };
        talks_to_an_end("jenkins", &[("job", "a/b"), ("build", "7"), ("input_id", "Gate")], decision, &answers);
        talks_to_an_end("argocd", &[("app", "a"), ("project", "p"), ("uid", "u"), ("revision", "r")], decision, &answers);
        talks_to_an_end("generic", &[("sha", "0123abcd")], decision, &answers);
    }

    #[test]
    fn mutated_steps_are_understood_or_pointed_at(changes in prop::collection::vec((prop::sample::select(STEP.to_vec()), json()), 0..4)) {
        let mut body = serde_json::json!({ "environment": "e", "sha": "0123abcd", "job": "a/b", "build": 7, "input_id": "gate" });
        changes.into_iter().for_each(|(name, value)| body[name] = value);
        for kind in ["jenkins", "generic", "argocd"] {
            match SOURCES.named(kind).unwrap().source.parse(&HeaderMap::new(), body.to_string().as_bytes()) {
                Ok(parsed) => is_sound(&parsed),
                Err(Reject::Malformed { pointer, .. }) => prop_assert!(pointer.is_empty() || pointer.starts_with('/')),
                Err(Reject::BadSignature(_)) => prop_assert!(false, "parsing does not judge signatures"),
            }
        }
    }
}

/// Fields of our own JSON, the Notification plugin's and Argo CD's.
const STEP: [&str; 22] = [
    "environment",
    "sha",
    "build_url",
    "job",
    "build",
    "input_id",
    "service",
    "version",
    "artifacts",
    "requested_by",
    "authors",
    "fields",
    "url",
    "v",
    "event",
    "app",
    "uid",
    "project",
    "revision",
    "operation",
    "author",
    "odd",
];

/// Whoever answers, and whatever: the conversation ends, and a rejection never lets anything through.
fn talks_to_an_end(kind: &str, params: &[(&str, &str)], decision: ToolDecision, answers: &[(u16, Value)]) {
    let params = params.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let callback = Callback { integration: kind.into(), kind: kind.to_owned(), params };
    for earlier in [Earlier::Nothing, Earlier::Noted { seen: String::new() }] {
        let occasion = Occasion { earlier, ..Occasion::first() };
        let asks = [
            Ask::Authors { callback: &callback, commit: "0123abcd" },
            Ask::Decision { callback: &callback, decision, comment: "x", occasion: &occasion },
        ];
        for ask in asks {
            let mut so_far: Vec<Exchange> = Vec::new();
            let mut answers = answers.iter().cloned();
            while let Turn::Call(call) = SOURCES.named(kind).unwrap().source.converse(&ask, &so_far) {
                let lets_through = ["/proceedEmpty", "/proceed", "/sync"].iter().any(|end| call.path_and_query.ends_with(end));
                assert!(!(decision == ToolDecision::Reject && lets_through), "{call:?}");
                let (status, body) = answers.next().expect("a conversation has at most a dozen calls");
                so_far.push(Exchange { call, status, body });
            }
        }
    }
}

/// Every call is below the project, and a rejection never starts a job or approves.
fn stays_with(call: &Call, reject: bool) -> bool {
    let says_approve = call.path_and_query.ends_with("/play") || call.json().is_some_and(|body| body["status"] == "approved");
    call.path_and_query.starts_with("/projects/1/") && !(reject && says_approve)
}

#[test]
fn real_payloads_are_understood() {
    let Some(folder) = std::env::var_os(PAYLOADS) else { return };
    let mut read = 0;
    for (file, name) in files(Path::new(&folder)) {
        let body = std::fs::read(&file).unwrap();
        let is_deployment =
            name.contains("deployment") && serde_json::from_slice::<Value>(&body).is_ok_and(|body| body["object_kind"] == "deployment");
        for hook in ["Deployment Hook", "Pipeline Hook", "System Hook"] {
            let headers = HeaderMap::from_iter([(HeaderName::from_static("x-gitlab-event"), HeaderValue::from_static(hook))]);
            let parsed = SOURCES.named("gitlab").unwrap().source.parse(&headers, &body);
            assert!(parsed.is_ok() || (hook == "Deployment Hook" && !is_deployment), "{name} as {hook}: {parsed:?}");
            if hook == "Deployment Hook" && is_deployment {
                assert_eq!(parsed.unwrap().signals.len(), 1, "{name}");
            }
        }
        for event in ["deployment_protection_rule", "deployment_status", "deployment_review", "workflow_job", "workflow_run"] {
            let headers = HeaderMap::from_iter([(HeaderName::from_static("x-github-event"), HeaderValue::from_static(event))]);
            let parsed = SOURCES.named("github").unwrap().source.parse(&headers, &body);
            assert!(parsed.is_ok() || !name.contains(event), "{name} as {event}: {parsed:?}");
            parsed.iter().for_each(is_sound);
        }
        read += 1;
    }
    assert!(read > 0, "{PAYLOADS} names a folder without JSON files");
}

fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let json = entries.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    json.map(|path| (path.clone(), path.file_name().unwrap().to_string_lossy().into_owned())).collect()
}
