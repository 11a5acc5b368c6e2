//! Whole conversations: the real source and client against the pretend GitLab, over loopback.

use super::*;
use crate::net::{Client, Guard, Timeouts, TransportError};
use crate::sources::{Ask, Connection, ForgeAuthors, Integration, Occasion, Signal, Sources, Turn};
use engine::Timestamp;
use engine::event::ToolDecision::{Approve, Reject};
use engine::request::Callback;
use serde_json::json;
use std::time::Duration;

const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const TOKEN: &str = "token-of-the-bot";
const SECRET: &str = "hook-secret";
const APPROVER: i64 = 18;

/// One project with one waiting deployment, and Countersign's side of it.
struct Scene {
    gitlab: PretendGitlab,
    sources: Sources,
    client: Client,
    project: i64,
    deployment: i64,
    callback: Callback,
}

impl Scene {
    async fn new(protection: Option<Protection>) -> Self {
        Self::with_token(protection, TOKEN).await
    }

    async fn with_token(protection: Option<Protection>, token: &str) -> Self {
        let gitlab = PretendGitlab::new(TOKEN, SECRET);
        let project = gitlab.add_project("payments/checkout-api");
        let address = |name: &str| format!("{name}@example.com");
        let message = "Round half to even\n\nCo-authored-by: Second <second@example.com>".to_owned();
        gitlab.add_commit(
            project,
            Commit { sha: SHA.to_owned(), message, author_email: address("author"), committer_email: address("author") },
        );
        gitlab.add_merge_request(project, MergeRequest { iid: 12, commits: vec![SHA.to_owned()], author: 17, merger: Some(19) });
        if let Some(protection) = protection {
            gitlab.protect(project, "production", protection);
        }
        let deploy = Deploy {
            project,
            environment: "production".to_owned(),
            tier: "production".to_owned(),
            sha: SHA.to_owned(),
            git_ref: "main".to_owned(),
            user: 17,
        };
        let deployment = gitlab.deploy(deploy).unwrap();
        let sources = sources(&serve(&gitlab).await, token);
        let callback = opened(&sources, &gitlab.take_deliveries()[0]);
        let guard = Guard::new(vec!["127.0.0.0/8".parse().unwrap()]);
        let timeouts = Timeouts { connect: Duration::from_secs(2), total: Duration::from_secs(2) };
        let client = Client::with_timeouts(Arc::new(guard), timeouts).unwrap();
        Self { gitlab, sources, client, project, deployment, callback }
    }

    async fn decide(&self, decision: ToolDecision) -> Result<Turn, TransportError> {
        converse(
            &self.client,
            self.connection(),
            &Ask::Decision { callback: &self.callback, decision, comment: "CHG-1042", occasion: &Occasion::first() },
        )
        .await
    }

    async fn authors(&self) -> Result<Turn, TransportError> {
        converse(&self.client, self.connection(), &Ask::Authors { callback: &self.callback, commit: SHA }).await
    }

    fn connection(&self) -> &Connection {
        self.sources.named("gitlab-main").unwrap()
    }

    fn statuses(&self) -> (&'static str, &'static str) {
        let deployment = self.gitlab.deployment(self.deployment).unwrap();
        (deployment.status.word(), self.gitlab.job(deployment.job).unwrap().status.word())
    }

    /// Method and path of every call, the last part of it.
    fn calls(&self) -> Vec<String> {
        let short = |call: Recorded| {
            let path = call.path.split('?').next().unwrap_or_default();
            let last: Vec<&str> = path.rsplit('/').filter(|part| part.parse::<i64>().is_err() && *part != SHA).take(1).collect();
            format!("{} {}", call.method, last.join("/"))
        };
        self.gitlab.calls().into_iter().map(short).collect()
    }
}

async fn serve(gitlab: &PretendGitlab) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = gitlab.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}{API_ROOT}")
}

fn sources(api_url: &str, token: &str) -> Sources {
    let toml = format!("name = 'gitlab-main'\nkind = 'gitlab'\nsecret = '{SECRET}'\napi_url = '{api_url}'\ntoken = '{token}'");
    Sources::build(&[toml::from_str::<Integration>(&toml).unwrap()]).unwrap()
}

/// The callback of the change that this hook opens, after it has been verified like any other.
fn opened(sources: &Sources, delivery: &Delivery) -> Callback {
    match signals(sources, delivery).pop() {
        Some(Signal::Opens(wish)) => wish.origin.callback.unwrap(),
        other => panic!("{other:?}"),
    }
}

fn signals(sources: &Sources, delivery: &Delivery) -> Vec<Signal> {
    let source = &sources.named("gitlab-main").unwrap().source;
    source.verify(&delivery.headers, &delivery.body, Timestamp::from_micros(0).unwrap()).unwrap();
    source.parse(&delivery.headers, &delivery.body).unwrap().signals
}

async fn converse(client: &Client, connection: &Connection, ask: &Ask<'_>) -> Result<Turn, TransportError> {
    let mut so_far = Vec::new();
    loop {
        match connection.source.converse(ask, &so_far) {
            Turn::Call(call) => so_far.push(client.send(connection.api.as_ref().unwrap(), &call).await?),
            turn => return Ok(turn),
        }
    }
}

fn by_the_bot() -> Option<Protection> {
    Some(Protection { required_approvals: 1, approvers: vec![BOT, APPROVER] })
}

fn confirmed(note: &str) -> Result<Turn, TransportError> {
    Ok(Turn::Confirmed { note: note.to_owned() })
}

#[tokio::test]
async fn an_approval_reaches_gitlab_and_the_hooks_tell_the_rest() {
    let scene = Scene::new(by_the_bot()).await;
    assert_eq!(scene.decide(Approve).await, confirmed("approved, and the job was started"));
    assert_eq!(scene.calls(), ["POST approval", "GET jobs", "POST play"]);
    assert_eq!(scene.gitlab.calls()[0].body, json!({ "status": "approved", "comment": "CHG-1042" }));
    assert_eq!(scene.statuses(), ("created", "pending"));
    scene.gitlab.run(scene.deployment);
    scene.gitlab.finish(scene.deployment, DeploymentOutcome::Success);
    let told: Vec<Signal> = scene.gitlab.take_deliveries().iter().flat_map(|hook| signals(&scene.sources, hook)).collect();
    assert!(matches!(&told[0], Signal::DecidedOutside { decision: Approve, comment, .. } if comment == "CHG-1042"));
    let job = scene.gitlab.deployment(scene.deployment).unwrap().job.to_string();
    assert!(matches!(&told[1], Signal::Started { run, .. } if *run == job));
    assert!(matches!(&told[2], Signal::Finished { outcome: DeploymentOutcome::Success, .. }));
    assert_eq!(told.len(), 3);
}

#[tokio::test]
async fn a_rejection_fails_the_job_and_is_said_once() {
    let scene = Scene::new(by_the_bot()).await;
    assert_eq!(scene.decide(Reject).await, confirmed(""));
    assert_eq!((scene.statuses(), scene.calls().len()), (("failed", "failed"), 1));
    assert_eq!(scene.decide(Reject).await, confirmed("GitLab held a rejection already"));
    let otherwise = scene.decide(Approve).await;
    assert!(matches!(otherwise, Ok(Turn::DecidedOtherwise { decision: Reject, .. })), "{otherwise:?}");
    assert_eq!(scene.gitlab.deployment(scene.deployment).unwrap().approvals.len(), 1);
}

#[tokio::test]
async fn a_conversation_begun_again_changes_nothing() {
    let scene = Scene::new(by_the_bot()).await;
    scene.decide(Approve).await.unwrap();
    let again = scene.decide(Approve).await;
    assert_eq!(again, confirmed("the job had been started already: pending"));
    let otherwise = scene.decide(Reject).await;
    assert!(matches!(otherwise, Ok(Turn::DecidedOtherwise { decision: Approve, .. })), "{otherwise:?}");
    assert_eq!(scene.calls().iter().filter(|call| *call == "POST play").count(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_out_not_repeated() {
    let scene = Scene::new(by_the_bot()).await;
    scene.gitlab.fail_next(1, Fault::DoneButDropped);
    assert!(matches!(scene.decide(Approve).await, Err(TransportError::Ambiguous(_))));
    assert_eq!(scene.statuses(), ("created", "manual"));
    scene.gitlab.forget_calls();
    assert!(matches!(scene.decide(Approve).await, Ok(Turn::Confirmed { .. })));
    assert_eq!(scene.calls(), ["POST approval", "GET deployments", "GET jobs", "POST play"]);
    let approved = scene.gitlab.take_deliveries().len();
    assert_eq!((approved, scene.statuses()), (1, ("created", "pending")));
}

#[tokio::test]
async fn faults_of_the_way_are_told_apart() {
    let scene = Scene::new(by_the_bot()).await;
    for fault in [Fault::Status(503), Fault::RetryAfter(2), Fault::Reset, Fault::Status(500)] {
        scene.gitlab.fail_next(1, fault);
    }
    assert!(matches!(scene.decide(Approve).await, Err(TransportError::Away(_))));
    assert_eq!(scene.decide(Approve).await, Err(TransportError::RetryAfter { seconds: 2 }));
    assert!(matches!(scene.decide(Approve).await, Err(TransportError::Ambiguous(_))));
    assert!(matches!(scene.authors().await, Err(TransportError::Away(_))));
    assert_eq!(scene.statuses(), ("blocked", "manual"));
    assert!(matches!(scene.decide(Approve).await, Ok(Turn::Confirmed { .. })));
}

#[tokio::test]
async fn a_slow_answer_comes_when_it_is_let_go() {
    let scene = Scene::new(by_the_bot()).await;
    scene.gitlab.fail_next(1, Fault::Slow);
    let let_go = async {
        while scene.gitlab.deployment(scene.deployment).unwrap().approvals.is_empty() {
            tokio::task::yield_now().await;
        }
        scene.gitlab.answer_now();
    };
    let (decided, ()) = tokio::join!(scene.decide(Reject), let_go);
    assert_eq!(decided, confirmed(""));
    scene.gitlab.fail_next(1, Fault::Slow);
    assert!(matches!(scene.decide(Reject).await, Err(TransportError::Ambiguous(_))));
}

#[tokio::test]
async fn an_unprotected_environment_or_a_free_plan_has_only_its_manual_job() {
    for free in [false, true] {
        let scene = Scene::new(if free { by_the_bot().map(|_| Protection::default()) } else { None }).await;
        if free {
            scene.gitlab.without_approvals();
        }
        let rejected = scene.decide(Reject).await;
        assert!(matches!(&rejected, Ok(Turn::Confirmed { note }) if note.contains("stays manual")), "{rejected:?}");
        assert_eq!(scene.statuses(), ("blocked", "manual"));
        assert_eq!(scene.decide(Approve).await, confirmed("GitLab asked for no approval; the job was started"));
        assert_eq!(scene.statuses(), ("created", "pending"));
    }
}

#[tokio::test]
async fn further_approvals_are_waited_for() {
    let scene = Scene::new(Some(Protection { required_approvals: 2, approvers: vec![BOT, APPROVER] })).await;
    assert!(matches!(scene.decide(Approve).await, Ok(Turn::Wait { .. })));
    assert_eq!(scene.statuses(), ("blocked", "manual"));
    scene.gitlab.decide_in_gitlab(scene.deployment, APPROVER, Approve, "looks fine").unwrap();
    assert!(matches!(scene.decide(Approve).await, Ok(Turn::Confirmed { .. })));
    assert_eq!(scene.statuses(), ("created", "pending"));
}

#[tokio::test]
async fn what_was_decided_and_started_in_gitlab_is_found() {
    let scene = Scene::new(by_the_bot()).await;
    scene.gitlab.decide_in_gitlab(scene.deployment, APPROVER, Approve, "looks fine").unwrap();
    assert!(scene.gitlab.play_in_gitlab(scene.gitlab.deployment(scene.deployment).unwrap().job));
    scene.gitlab.run(scene.deployment);
    assert_eq!(scene.decide(Approve).await, confirmed("the deployment had gone ahead already: running"));
    assert!(matches!(scene.decide(Reject).await, Ok(Turn::DecidedOtherwise { decision: Approve, .. })));
}

#[tokio::test]
async fn gitlabs_own_sentence_is_passed_on() {
    let nobody = Scene::new(Some(Protection { required_approvals: 1, approvers: vec![APPROVER] })).await;
    let failed = nobody.decide(Approve).await;
    assert!(matches!(&failed, Ok(Turn::Failed { why }) if why.contains("You don't have permission to approve")), "{failed:?}");
    let wrong_token = Scene::with_token(by_the_bot(), "another-token").await;
    for turn in [wrong_token.decide(Approve).await, wrong_token.authors().await] {
        assert!(matches!(&turn, Ok(Turn::Failed { why }) if why.contains("401") && !why.contains("another-token")), "{turn:?}");
    }
}

#[tokio::test]
async fn the_forge_names_authors_co_authors_and_mergers() {
    let scene = Scene::new(None).await;
    let Ok(Turn::Authors(ForgeAuthors { contributors })) = scene.authors().await else { panic!() };
    let named: Vec<_> = contributors.into_iter().map(|one| one.account.id.or(one.account.email).unwrap()).collect();
    assert_eq!(named, ["author@example.com", "second@example.com", "17", "19"]);
    assert_eq!(scene.calls(), ["GET commits", "GET merge_requests"]);
    let mut gone = scene.callback.clone();
    gone.params.insert("project_id".to_owned(), (scene.project + 1000).to_string());
    let turn = converse(&scene.client, scene.connection(), &Ask::Authors { callback: &gone, commit: SHA }).await;
    assert!(matches!(&turn, Ok(Turn::Failed { why }) if why.contains("404 Project Not Found")), "{turn:?}");
}

#[tokio::test]
async fn a_hook_that_is_sent_again_has_other_keys_only_as_a_delivery_of_its_own() {
    let scene = Scene::new(None).await;
    let parse = |delivery: &Delivery| scene.connection().source.parse(&delivery.headers, &delivery.body).unwrap();
    let first = scene.gitlab.deployment_hook(scene.deployment, HookStatus::Blocked).unwrap();
    let second = scene.gitlab.deployment_hook(scene.deployment, HookStatus::Blocked).unwrap();
    assert_eq!(parse(&first).key, parse(&first.clone()).key);
    assert_ne!(parse(&first).key, parse(&second).key);
    let Some(Signal::Opens(wish)) = parse(&second).signals.pop() else { panic!() };
    assert_eq!(wish.key.as_str(), format!("gitlab-main:{}:production:{SHA}", scene.project));
    assert!(scene.gitlab.deployment_hook(9999, HookStatus::Blocked).is_none());
}
