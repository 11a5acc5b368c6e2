//! Whole changes under a steady load: from the hook to the card, from the click to its answer, from the last vote to the
//! call that takes the decision back.

use super::figure::{Aim, Figure, quantile};
use super::node::{Node, Site};
use super::peers::Peers;
use crate::process::click::{Reply, Sheet};
use crate::process::service::client;
use crate::process::workspace::target;
use reqwest::Client;
use router::demo::gitlab::{BOT, Commit, Delivery, Deploy, Protection};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Hooks a second, each of which opens a change.
const RATE: u64 = 200;
const CHANGES: u64 = 8 * RATE;
/// Changes that are decided, one after the other.
const DECIDED: usize = 300;
const BETWEEN_CHANGES: Duration = Duration::from_millis(10);
/// The longest that anything may take to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_secs(30);
/// Slack ids of who approves: a developer, then somebody from operations.
const VOTERS: [&str; 2] = ["U000000002", "U000000003"];
const REQUESTER: i64 = 11;

/// Changes by their service's number: what its card's buttons point to, and the deployment.
type Cards = BTreeMap<u64, String>;

pub async fn figures(engine: &'static str, database: &str) -> Vec<Figure> {
    let mut peers = Peers::start().await;
    let hooks: Vec<(i64, Delivery)> = (0..CHANGES).map(|number| deployment(&peers, number)).collect();
    let (node, _) = Node::start(&Site { database, peers: Some(&peers) });
    let (base, client) = (format!("http://{}", node.address), client());
    let used = node.cpu();
    let sent = send(&client, &base, &hooks).await;
    let (cards, mut shown) = arrived(&mut peers, &sent).await;
    let cpu_ms = (node.cpu() - used).as_secs_f64() * 1e3 / CHANGES as f64;
    let mut answered = Vec::new();
    let mut told = Vec::new();
    for (number, target) in cards.iter().take(DECIDED) {
        let votes = votes(&client, &base, target).await;
        let path = format!("/deployments/{}/approval", hooks[usize::try_from(*number).expect("an index")].0);
        told.push(ms(decided(&mut peers, &path).await - votes[1].0));
        answered.extend(votes.map(|(began, ended)| ms(ended - began)));
        tokio::time::sleep(BETWEEN_CHANGES).await;
    }
    let figure = |what, seen, aim| Figure { what, engine, unit: "ms", aim, seen };
    vec![
        figure("hook → card at 200/s, p99", quantile(&mut shown, 0.99), Aim::AtMost(50.0)),
        figure("hook → card at 200/s, p50", quantile(&mut shown, 0.5), Aim::None),
        figure("… processor time of the node, a change", cpu_ms, Aim::None),
        figure("vote → its answer, p99", quantile(&mut answered, 0.99), Aim::AtMost(25.0)),
        figure("vote → its answer, p50", quantile(&mut answered, 0.5), Aim::None),
        figure("last vote → callback, p99", quantile(&mut told, 0.99), Aim::AtMost(100.0)),
        figure("last vote → callback, p50", quantile(&mut told, 0.5), Aim::None),
    ]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// A pipeline of a project of its own comes to its deployment job; the deployment and its hook.
fn deployment(peers: &Peers, number: u64) -> (i64, Delivery) {
    let gitlab = &peers.gitlab;
    let project = gitlab.add_project(&format!("payments/service-{number}-x"));
    gitlab.protect(project, "production", Protection { required_approvals: 1, approvers: vec![BOT] });
    let (sha, email) = (format!("{:040x}", number + 1), "author-1@example.com".to_owned());
    let message = "Validate cards faster".to_owned();
    gitlab.add_commit(project, Commit { sha: sha.clone(), message, author_email: email.clone(), committer_email: email });
    let environment = "production".to_owned();
    let deploy = Deploy { project, tier: environment.clone(), environment, sha, git_ref: "main".to_owned(), user: REQUESTER };
    let deployment = gitlab.deploy(deploy).expect("GitLab knows its own project");
    (deployment, gitlab.take_deliveries().pop().expect("its hook"))
}

/// At a steady rate, whether or not earlier ones are answered; when each was sent.
async fn send(client: &Client, base: &str, hooks: &[(i64, Delivery)]) -> Vec<Instant> {
    let url = format!("{base}/hooks/gitlab-main");
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / u32::try_from(RATE).expect("a rate"));
    let (mut sent, mut answers) = (Vec::new(), JoinSet::new());
    for (_, hook) in hooks {
        ticks.tick().await;
        let request = client.post(&url).headers(hook.headers.clone()).body(hook.body.clone());
        sent.push(Instant::now());
        answers.spawn(async move { request.send().await.expect("an answer to a hook").status().as_u16() });
    }
    while let Some(status) = answers.join_next().await {
        assert_eq!(status.expect("an answer"), 202);
    }
    sent
}

/// Every change's card, and how long after its hook it came.
async fn arrived(peers: &mut Peers, sent: &[Instant]) -> (Cards, Vec<f64>) {
    let (mut cards, mut times) = (Cards::new(), Vec::new());
    while times.len() < sent.len() {
        let next = tokio::time::timeout(ARRIVES_WITHIN, peers.posted.recv()).await;
        let (at, body) = next.unwrap_or_else(|_| panic!("only {} cards of {} came", times.len(), sent.len())).expect("Slack to be there");
        let text = String::from_utf8_lossy(&body);
        let (Some(number), Ok(message)) = (service(&text), serde_json::from_slice(&body)) else { continue };
        let Some(target) = target(&message) else { continue };
        if cards.insert(number, target).is_none() {
            times.push(ms(at - sent[usize::try_from(number).expect("an index")]));
        }
    }
    (cards, times)
}

/// The number in `service-17-x`.
fn service(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once("service-")?;
    rest.split('-').next()?.parse().ok()
}

/// Two people approve; when each form was sent and when it was answered.
async fn votes(client: &Client, base: &str, target: &str) -> [(Instant, Instant); 2] {
    let mut votes = [(Instant::now(), Instant::now()); 2];
    for (vote, user) in votes.iter_mut().zip(VOTERS) {
        let (rationale, view) = ("read the diff, tests are green".to_owned(), format!("V{user}{target}"));
        let sheet = Sheet { user: user.to_owned(), verb: "approve", target: target.to_owned(), rationale, view };
        let began = Instant::now();
        let reply = sheet.send(client, base).await;
        *vote = (began, Instant::now());
        assert_eq!(reply, Reply::Closed, "{target}");
    }
    votes
}

/// When the tool was told about this deployment.
async fn decided(peers: &mut Peers, path: &str) -> Instant {
    loop {
        let next = tokio::time::timeout(ARRIVES_WITHIN, peers.told.recv()).await;
        let (at, called) = next.unwrap_or_else(|_| panic!("{path} was not called")).expect("GitLab to be there");
        if called.ends_with(path) {
            return at;
        }
    }
}
