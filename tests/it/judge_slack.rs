//! One change from its hook to its outcome: the running program, a Slack that others wrote, and people who press what
//! stands in its channel.

use serde_json::{Map, Value, json};
use tests::postgres;
use tests::process::cast::{CAST, people};
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, Plan};
use tests::process::judges::{Emulate, Judge, Kind, rejected};
use tests::process::patience::seen;
use tests::process::release::{PATIENCE, Release, WHAT};
use tests::process::service::Service;

/// Slack waits so long for an answer to a press or a form, in milliseconds.
const SLACK_WAITS_MS: i64 = 3_000;

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
    let mut judge = Judge::slack(&emulate);
    let ids = ids(&mut judge);
    let forge = Forge::start().await;
    let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: Some(&judge.api), people: &people("slack", &accounts(&ids)) };
    let installation = Installation::new(&plan);
    let service = Service::ready(&installation).await;
    let channel = judge.ask("channel", &json!({ "name": "deploys" }));
    let release = Release::asks(&forge, &installation).await;
    let mut story = Story { judge, ids, installation: &installation, channel };
    story.a_card_is_posted().await;
    story.the_requester_is_refused().await;
    story.approves("approver-1", "read the diff, tests are green", "1 of 2").await;
    story.approves("approver-2", "canary is clean, rollback tested", "2 of 2").await;
    release.is_approved().await;
    story.card(&format!("Approved: {WHAT}")).await;
    release.succeeds().await;
    story.the_outcome_is_shown().await;
    story.everything_was_well_formed();
    assert!(service.terminate().await.success());
}

/// Slack's ids of everybody, by their ids in the directory.
fn ids(judge: &mut Judge) -> Map<String, Value> {
    let emails = CAST.map(|(person, _)| format!("{person}@example.com"));
    let found = judge.ask("people", &json!({ "emails": emails }));
    CAST.iter().map(|(person, _)| ((*person).to_owned(), found[format!("{person}@example.com")].clone())).collect()
}

/// As the directory writes them, with the workspace.
fn accounts(ids: &Map<String, Value>) -> Map<String, Value> {
    ids.iter().map(|(person, id)| (person.clone(), format!("T000000001/{}", id.as_str().unwrap()).into())).collect()
}

struct Story<'a> {
    judge: Judge,
    ids: Map<String, Value>,
    installation: &'a Installation,
    channel: Value,
}

impl Story<'_> {
    async fn a_card_is_posted(&mut self) {
        let card = self.card(&format!("Approval needed: {WHAT}")).await;
        assert!(card["text"].as_str().unwrap().starts_with(&format!("Approval needed: {WHAT}")), "{card}");
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

    async fn the_outcome_is_shown(&mut self) {
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
