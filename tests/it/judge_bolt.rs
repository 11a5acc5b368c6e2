//! Bolt, Slack's own framework, beside us: the same signed requests get the same kind of answer from both, but where we
//! answer otherwise on purpose.

use serde_json::{Value, json};
use std::collections::BTreeSet;
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, PEOPLE, Plan};
use tests::process::judges::Judge;
use tests::process::patience::seen;
use tests::process::release::{PATIENCE, Release};
use tests::process::service::Service;
use tests::process::workspace::Workspace;

/// A name of a request or the end of several, Bolt's kind of answer, ours, and why ours.
const ON_PURPOSE: [(&str, &str, &str, &str); 6] = [
    ("a time that is none", "5xx", "401", "what is signed wrongly is refused, and is no failure of ours"),
    ("check of the certificate, not signed", "2xx empty", "401", "the address answers nothing to anybody but Slack, whatever is asked"),
    ("press of a control that is not ours", "4xx", "2xx empty", "Slack shows a warning to whoever pressed it unless it is acknowledged"),
    ("command that is not ours", "4xx", "2xx text", "whoever typed it reads what they can type"),
    ("payload that is no JSON", "5xx", "4xx", "the sender is at fault, and nothing of ours failed"),
    ("JSON that is none", "5xx", "4xx", "the sender is at fault, and nothing of ours failed"),
];
/// Slack's id of approver-1.
const APPROVER: &str = "U000000002";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bolt_and_we_answer_alike() {
    let (forge, workspace) = (Forge::start().await, Workspace::start().await);
    let plan = Plan { database: Database::File, gitlab_api: Some(&forge.api), slack_api: Some(&workspace.api), people: PEOPLE };
    let installation = Installation::new(&plan);
    let service = Service::ready(&installation).await;
    let _release = Release::asks(&forge, &installation).await;
    let change = seen("the card", PATIENCE, async || workspace.asked(0).0.pop()).await;
    let mut judge = Judge::bolt();
    let answers = judge.ask("compare", &json!({ "app": installation.base(), "user": APPROVER, "change": change }));
    let found: BTreeSet<Difference> = answers.as_object().unwrap().iter().filter_map(|(name, both)| difference(name, both)).collect();
    let meant: BTreeSet<Difference> = answers.as_object().unwrap().keys().filter_map(|name| on_purpose(name)).collect();
    assert_eq!(found, meant);
    let is_used = |name: &str| meant.iter().any(|(found, ..)| found.ends_with(name));
    assert!(ON_PURPOSE.iter().all(|(name, ..)| is_used(name)), "a difference is allowed that no request shows");
    assert!(service.terminate().await.success());
}

/// A request, and the two kinds of answer that it got.
type Difference = (String, String, String);

fn difference(name: &str, both: &Value) -> Option<Difference> {
    let (bolt, ours) = (kind(&both["bolt"]), kind(&both["ours"]));
    (bolt != ours).then(|| (name.to_owned(), bolt, ours))
}

fn on_purpose(name: &str) -> Option<Difference> {
    let (_, bolt, ours, _) = ON_PURPOSE.iter().find(|(meant, ..)| name.ends_with(meant))?;
    Some((name.to_owned(), (*bolt).to_owned(), (*ours).to_owned()))
}

/// Of success what it says, of a refusal whether the signature was at fault.
fn kind(answer: &Value) -> String {
    let status = answer[0].as_u64().unwrap();
    match status {
        401 => "401".to_owned(),
        200..=299 => format!("2xx {}", answer[1].as_str().unwrap()),
        _ => format!("{}xx", status / 100),
    }
}
