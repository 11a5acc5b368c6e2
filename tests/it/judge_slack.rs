//! One change from its hook to its outcome: the running program, a Slack that others wrote, and people who press what
//! stands in its channel.

use engine::event::DeploymentOutcome;
use router::demo::gitlab::JobStatus;
use serde_json::{Map, Value, json};
use std::time::Duration;
use tests::postgres;
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, Plan};
use tests::process::judges::{Emulate, Judge, Kind, rejected};
use tests::process::patience::seen;
use tests::process::service::Service;

const SHA: &str = "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3";
const WHAT: &str = "checkout-api 9f2c41ab to production";
const PATIENCE: Duration = Duration::from_secs(20);
/// Slack waits so long for an answer to a press or a form, in milliseconds.
const SLACK_WAITS_MS: i64 = 3_000;
/// Who is in the directory, and their user id at GitLab if they have one.
const PEOPLE: [(&str, Option<i64>); 5] =
    [("requester-1", Some(11)), ("author-1", Some(14)), ("approver-1", Some(12)), ("approver-2", Some(13)), ("lead-1", None)];

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_is_approved_in_slack_on_sqlite() {
    play(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_is_approved_in_slack_on_postgres() {
    let database = postgres::empty_database();
    play(Database::At(database.url())).await;
}

async fn play(database: Database<'_>) {
    let emulate = Emulate::start().await;
    let mut judge = Judge::start(&emulate);
    let ids = ids(&mut judge);
    let forge = Forge::start().await;
    let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: Some(&judge.api), people: &people(&ids) };
    let installation = Installation::new(&plan);
    let service = Service::ready(&installation).await;
    let channel = judge.ask("channel", &json!({ "name": "deploys" }));
    let mut story = Story { judge, ids, forge, installation: &installation, channel };
    let deployment = story.a_hook_opens_a_card().await;
    story.the_requester_is_refused().await;
    story.approves("approver-1", "read the diff, tests are green", "1 of 2").await;
    story.approves("approver-2", "canary is clean, rollback tested", "2 of 2").await;
    story.gitlab_is_told(deployment).await;
    story.the_outcome_is_shown(deployment).await;
    story.everything_was_well_formed();
    assert!(service.terminate().await.success());
}

/// Slack's ids of everybody, by their ids in the directory.
fn ids(judge: &mut Judge) -> Map<String, Value> {
    let emails: Vec<String> = PEOPLE.iter().map(|(person, _)| format!("{person}@example.com")).collect();
    let found = judge.ask("people", &json!({ "emails": emails }));
    PEOPLE.iter().map(|(person, _)| ((*person).to_owned(), found[format!("{person}@example.com")].clone())).collect()
}

fn people(ids: &Map<String, Value>) -> String {
    let accounts = |person: &str, gitlab: Option<i64>| {
        let slack = format!("slack: \"T000000001/{}\"", ids[person].as_str().unwrap());
        gitlab.map_or(slack.clone(), |id| format!("{slack}, gitlab: \"{id}\""))
    };
    let line = |(person, gitlab): &(&str, Option<i64>)| {
        format!("  - {{ id: {person}, name: {person}, email: {person}@example.com, accounts: {{ {} }} }}\n", accounts(person, *gitlab))
    };
    let people: String = PEOPLE.iter().map(line).collect();
    format!("people:\n{people}groups:\n  developers: [requester-1, author-1, approver-1]\n  operations: [approver-2]\n  leads: [lead-1]\n")
}

struct Story<'a> {
    judge: Judge,
    ids: Map<String, Value>,
    forge: Forge,
    installation: &'a Installation,
    channel: Value,
}

impl Story<'_> {
    async fn a_hook_opens_a_card(&mut self) -> i64 {
        let project = self.forge.project("payments/checkout-api", &["production"]);
        let deployment = self.forge.deployment_waits(project, "production", SHA);
        self.forge.deliver(self.installation).await;
        let card = self.card(&format!("Approval needed: {WHAT}")).await;
        assert!(card["text"].as_str().unwrap().starts_with(&format!("Approval needed: {WHAT}")), "{card}");
        deployment
    }

    /// The one message of the channel, once its title is this.
    async fn card(&mut self, title: &str) -> Value {
        let (judge, channel) = (&mut self.judge, &self.channel);
        seen(title, PATIENCE, async || {
            let messages = judge.ask("messages", &json!({ "channel": channel }));
            let [card] = messages.as_array().unwrap().as_slice() else { return None };
            (card["blocks"][0]["text"]["text"] == title).then(|| card.clone())
        })
        .await
    }

    async fn press(&mut self, person: &str, action: &str) {
        let card = self.card(&format!("Approval needed: {WHAT}")).await;
        let with = json!({ "app": self.installation.base(), "user": self.ids[person], "channel": self.channel, "ts": card["ts"], "action": action });
        self.in_time("press", &with);
    }

    /// The body of an answer that came with 200 within Slack's time.
    fn in_time(&mut self, method: &str, with: &Value) -> Value {
        let mut answer = self.judge.ask(method, with);
        assert!(answer["status"] == 200 && answer["ms"].as_i64().unwrap() < SLACK_WAITS_MS, "{method} was answered {answer}");
        answer["body"].take()
    }

    /// The next sentence that only one person reads, once it holds these words.
    async fn is_told(&mut self, words: &str) {
        let judge = &mut self.judge;
        seen(words, PATIENCE, async || {
            let told = judge.ask("told", &json!({}));
            told.as_array().unwrap().iter().any(|sentence| sentence.as_str().unwrap().contains(words)).then_some(())
        })
        .await;
    }

    fn views(&mut self) -> Vec<Value> {
        self.judge.ask("views", &json!({})).as_array().unwrap().clone()
    }

    async fn the_requester_is_refused(&mut self) {
        self.press("requester-1", "gate:v1:approve").await;
        self.is_told("you asked for it").await;
        assert!(self.views().is_empty(), "a form was opened for the requester");
        assert_eq!(self.card(&format!("Approval needed: {WHAT}")).await["thread"], json!([]), "a refusal is private");
    }

    async fn approves(&mut self, person: &str, why: &str, count: &str) {
        let before = self.views().len();
        self.press(person, "gate:v1:approve").await;
        let judge = &mut self.judge;
        let view = seen("the form", PATIENCE, async || judge.ask("views", &json!({})).as_array().unwrap().get(before).cloned()).await;
        let with = |why: &str| json!({ "app": self.installation.base(), "user": self.ids[person], "view": view["id"], "why": why });
        let (short, whole) = (with("ok"), with(why));
        let kept = self.in_time("submit", &short);
        assert!(kept.as_str().unwrap().contains("\"response_action\":\"errors\""), "a short reason was answered {kept}");
        assert_eq!(self.in_time("submit", &whole), "", "the form closes");
        self.is_told(count).await;
    }

    async fn gitlab_is_told(&mut self, deployment: i64) {
        let gitlab = &self.forge.gitlab;
        let started = seen("the job's start", PATIENCE, async || {
            let deployment = gitlab.deployment(deployment)?;
            gitlab.job(deployment.job).filter(|job| job.status == JobStatus::Pending).map(|_| deployment)
        });
        let told = started.await;
        assert_eq!((self.forge.decisions(&told), self.forge.plays(&told)), (1, 1));
        assert!(told.approvals[0].approved && told.approvals[0].comment.starts_with(&self.installation.base()), "{:?}", told.approvals);
        self.card(&format!("Approved: {WHAT}")).await;
    }

    async fn the_outcome_is_shown(&mut self, deployment: i64) {
        self.forge.gitlab.run(deployment);
        self.forge.gitlab.finish(deployment, DeploymentOutcome::Success);
        self.forge.deliver(self.installation).await;
        let card = self.card(&format!("Deployed: {WHAT}")).await;
        assert!(!card.to_string().contains("gate:v1:approve"), "a decided card still has its buttons: {card}");
        let (judge, channel) = (&mut self.judge, &self.channel);
        let thread = seen("the thread's last line", PATIENCE, async || {
            let messages = judge.ask("messages", &json!({ "channel": channel }));
            let thread = messages[0]["thread"].to_string();
            thread.contains("Deployed").then_some(thread)
        });
        let thread = thread.await;
        for words in ["approver-1", "approver-2", "read the diff", "canary is clean", "Approved"] {
            assert!(thread.contains(words), "“{words}” is missing in {thread}");
        }
    }

    /// Every message and form as it went over the wire, before every judge.
    fn everything_was_well_formed(&mut self) {
        let sent = self.judge.ask("sent", &json!({}));
        assert_eq!(sent["rejected"], json!([]));
        let cases = |kind: &str| sent[kind].as_object().unwrap().clone();
        assert_eq!(rejected(Kind::Message, &cases("messages")), Vec::<String>::new());
        assert_eq!(rejected(Kind::Modal, &cases("forms")), Vec::<String>::new());
    }
}
