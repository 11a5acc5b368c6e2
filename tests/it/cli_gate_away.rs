//! `gate` and servers that are not there, out of order, or something else altogether: none of that is ever an approval.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tests::process::binary::Ran;
use tests::process::gate::Step;
use tokio::net::TcpListener;

const TOKEN: &str = "cs_of-the-tests";

/// A server that answers what it is told to, one after the other, and the last for ever.
#[derive(Clone)]
struct Scripted {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<(String, String)>>>,
    base: String,
}

#[derive(Clone)]
enum Answer {
    Json(u16, Value),
    Page(u16),
    WaitFor(u16, &'static str),
}

impl Scripted {
    async fn start(answers: &[Answer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let scripted = Self { answers: Arc::new(Mutex::new(answers.to_vec().into())), asked: Arc::default(), base };
        let router = Router::new().fallback(answer).with_state(scripted.clone());
        tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        scripted
    }

    async fn runs(&self, arguments: &[&str]) -> Ran {
        Step::at(&self.base, TOKEN).runs(arguments).await
    }

    fn asked(&self) -> Vec<(String, String)> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(scripted): State<Scripted>, request: Request) -> Response {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(text("authorization"), format!("Bearer {TOKEN}"));
    scripted.asked.lock().unwrap().push((request.uri().path().to_owned(), text("idempotency-key")));
    // What a change is besides its decision matters to nobody here.
    if request.method() == "GET" && !request.uri().path().ends_with("/decision") {
        return axum::Json(json!({ "number": "CHG-1", "state": "made up" })).into_response();
    }
    let mut answers = scripted.answers.lock().unwrap();
    let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
    match next.unwrap() {
        Answer::Json(status, body) => (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response(),
        Answer::Page(status) => (StatusCode::from_u16(status).unwrap(), "<h1>approved</h1>").into_response(),
        Answer::WaitFor(status, seconds) => (StatusCode::from_u16(status).unwrap(), [(header::RETRY_AFTER, seconds)]).into_response(),
    }
}

fn decision(outcome: &str) -> Answer {
    Answer::Json(200, json!({ "state": "any", "outcome": outcome, "holds": [], "verdict": null }))
}

const WAIT: [&str; 4] = ["wait", "CHG-1", "--timeout", "3s"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_outcome_ends_with_its_code() {
    for (outcome, code) in
        [("approved", 0), ("succeeded", 0), ("rejected", 10), ("expired", 11), ("cancelled", 12), ("superseded", 13), ("failed", 20)]
    {
        let ran = Scripted::start(&[decision(outcome)]).await.runs(&WAIT).await;
        assert_eq!(ran.code, Some(code), "{outcome}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_clearly_an_approval_is_none() {
    let held = json!({ "state": "approved", "outcome": "approved", "holds": [{ "kind": "freeze" }], "verdict": null });
    let table = [
        (Answer::Json(200, held), 14),
        (Answer::Page(200), 14),
        (Answer::Page(502), 14),
        (Answer::Json(500, json!({ "outcome": "approved", "holds": [] })), 14),
        (decision("fine"), 1),
        (Answer::Json(200, json!({ "outcome": "approved" })), 1),
        (Answer::Json(404, json!({ "type": "urn:countersign:problem:not-found", "title": "No", "detail": "There is none." })), 1),
        (Answer::WaitFor(302, "0"), 1),
    ];
    for (answer, code) in table {
        let ran = Scripted::start(std::slice::from_ref(&answer)).await.runs(&WAIT).await;
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(!ran.out.contains("approved"), "{ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_out_of_order_is_asked_again() {
    let scripted = Scripted::start(&[Answer::Page(502), Answer::WaitFor(503, "1"), decision("approved")]).await;
    let ran = scripted.runs(&["wait", "CHG-1", "--timeout", "30s"]).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("502") && ran.err.contains("503"), "{}", ran.err);
}

/// The answer to the first one was lost: the second has the same key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_is_sent_again_under_the_same_key() {
    let opened =
        Answer::Json(201, json!({ "id": "x", "number": "CHG-1", "state": "pending", "url": "https://gate.example.com/changes/CHG-1" }));
    let scripted = Scripted::start(&[Answer::Page(502), opened]).await;
    let ask = ["request", "--service", "a", "--environment", "b", "--commit", "9f2c41ab"];
    let ran = scripted.runs(&ask).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "CHG-1\n"), "{ran:?}");
    let asked = scripted.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked[0] == asked[1] && !asked[0].1.is_empty(), "{asked:?}");
    // Outside of a pipeline each call is a wish of its own; a named key is taken as it is.
    scripted.runs(&ask).await;
    scripted.runs(&[&ask[..], &["--key", "mine"]].concat()).await;
    let asked = scripted.asked();
    assert!(asked[2].1 != asked[0].1 && asked[3].1 == "mine", "{asked:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_nobody_hears_ends_with_1() {
    let nobody = format!("http://127.0.0.1:{}", tests::process::installation::free_port());
    let ask = ["request", "--service", "a", "--environment", "b", "--commit", "9f2c41ab", "--wait=1s"];
    let ran = Step::at(&nobody, TOKEN).runs(&ask).await;
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), ""), "{ran:?}");
    assert!(ran.err.contains("has not answered"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_token_comes_from_a_file_or_a_variable_and_is_never_said() {
    let folder = TempDir::new().unwrap();
    let (file, empty) = (folder.path().join("token"), folder.path().join("empty"));
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    std::fs::write(&empty, "\n").unwrap();
    let scripted = Scripted::start(&[decision("approved")]).await;
    let bare = Step::at(&scripted.base, "");
    let from_file = bare.runs(&["status", "CHG-1", "--token-file", file.to_str().unwrap()]).await;
    assert_eq!(from_file.code, Some(0), "{from_file:?}");
    for (arguments, words) in [
        (vec!["status", "CHG-1"], "COUNTERSIGN_TOKEN"),
        (vec!["status", "CHG-1", "--token-file", empty.to_str().unwrap()], "holds no token"),
        (vec!["status", "CHG-1", "--server", "gate.example.com"], "Write it like https://"),
    ] {
        let ran = bare.runs(&arguments).await;
        assert_eq!(ran.code, Some(1), "{arguments:?}: {ran:?}");
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    let as_an_argument = bare.runs(&["status", "CHG-1", "--token", TOKEN]).await;
    assert_eq!(as_an_argument.code, Some(2), "there is no such argument");
    let help = bare.runs(&["status", "--help"]).await;
    assert!(!help.out.contains(&scripted.base), "what variables hold is not shown: {}", help.out);
}
