//! One change from its hook to its outcome: the running program, a Discord that others wrote, and people who press what
//! stands in its channel.

use serde_json::{Map, Value, json};
use tests::postgres;
use tests::process::binary::run;
use tests::process::cast::{CAST, people};
use tests::process::forge::Forge;
use tests::process::installation::{Database, Installation, POLICY, Plan};
use tests::process::judges::Judge;
use tests::process::patience::seen;
use tests::process::release::{PATIENCE, Release, WHAT};
use tests::process::service::Service;

/// Discord waits so long for an answer to an interaction, in milliseconds.
const DISCORD_WAITS_MS: i64 = 3_000;
/// Where the policy of every installation says where cards go.
const CHANNELS: &str = "slack: { deploys: [production, staging] }";
/// Enough letters, most of which say nothing.
const POOR_REASON: &str = "ok        !";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_is_approved_in_discord_on_sqlite() {
    play(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_change_is_approved_in_discord_on_postgres() {
    let database = postgres::empty_database();
    play(Database::At(database.url())).await;
}

async fn play(database: Database<'_>) {
    let mut judge = Judge::discord();
    let ids = judge.ask("people", &json!({ "names": CAST.map(|(person, _)| person) })).as_object().unwrap().clone();
    let channel = judge.ask("channel", &json!({ "name": "deploys" }));
    let forge = Forge::start().await;
    let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: None, people: &people("discord", &ids) };
    let installation = Installation::new(&plan);
    join(&installation, &mut judge, &channel);
    let service = Service::ready(&installation).await;
    let mut story = Story { judge, ids, installation: &installation, channel };
    story.the_address_is_confirmed();
    // The answer to the first post gets lost, so the program posts again, with the nonce that it used before.
    story.judge.ask("drop_next", &json!({}));
    let release = Release::asks(&forge, &installation).await;
    let card = story.a_card_is_posted().await;
    story.the_requester_is_refused(&card).await;
    story.a_command_is_answered(&card).await;
    story.a_poor_reason_comes_back(&card).await;
    story.approves(&card, "approver-1", "read the diff, tests are green", "1 of 2").await;
    story.approves(&card, "approver-2", "canary is clean, rollback tested", "2 of 2").await;
    release.is_approved().await;
    story.card(&format!("Approved: {WHAT}")).await;
    release.succeeds().await;
    story.the_outcome_is_shown().await;
    story.everything_was_well_formed(&card);
    assert!(service.terminate().await.success());
}

/// Makes the installation this application of the judge's Discord, and its command known there.
fn join(installation: &Installation, judge: &mut Judge, channel: &Value) {
    let ours = judge.ask("application", &json!({}));
    let keys = ours.as_object().unwrap().iter().map(|(key, value)| format!("{key} = {value}\n")).collect::<String>();
    installation.append("countersign.toml", &format!("[discord]\n{keys}api_url = \"{}\"\n", judge.api));
    installation.write("policy.yaml", &POLICY.replace(CHANNELS, &format!("discord: {{ {channel}: [production, staging] }}")));
    let registered = run(installation.folder(), &["chat", "register"]);
    assert_eq!(registered.code, Some(0), "{}{}", registered.out, registered.err);
}

struct Story<'a> {
    judge: Judge,
    ids: Map<String, Value>,
    installation: &'a Installation,
    channel: Value,
}

impl Story<'_> {
    fn the_address_is_confirmed(&mut self) {
        let answers = self.judge.ask("confirm", &json!({ "app": self.installation.base() }));
        assert_eq!(answers, json!({ "ping": [200, "{\"type\":1}"], "spoiled": [401, 401, 401] }));
    }

    /// It was posted twice, but stands there once and notified once those who are asked.
    async fn a_card_is_posted(&mut self) -> Value {
        let path = format!("/channels/{}/messages", self.channel.as_str().unwrap());
        let judge = &mut self.judge;
        let sent = seen("the second post", PATIENCE, async || {
            let sent = judge.ask("sent", &json!({}));
            let posts = sent["calls"].as_array().unwrap().iter().filter(|call| call["path"] == path).count();
            (posts == 2).then_some(sent)
        });
        let heard = sent.await["heard"].take();
        let [post] = heard.as_array().unwrap().as_slice() else { panic!("not one message is new: {heard}") };
        let users = post["users"].as_array().unwrap();
        assert!(["approver-1", "approver-2"].iter().all(|person| users.contains(&self.ids[*person])), "{heard}");
        assert!(post["others"] == false && !users.contains(&self.ids["requester-1"]), "{heard}");
        self.card(&format!("Approval needed: {WHAT}")).await
    }

    /// The one message of the channel, once its title is this.
    async fn card(&mut self, title: &str) -> Value {
        let (judge, channel) = (&mut self.judge, &self.channel);
        seen(title, PATIENCE, async || {
            let messages = judge.ask("messages", &json!({ "channel": channel }));
            let [card] = messages.as_array().unwrap().as_slice() else { return None };
            (card["embeds"][0]["title"] == title).then(|| card.clone())
        })
        .await
    }

    /// What somebody does, with the answer that came with 200 within Discord's time, and the interaction that it was.
    fn does(&mut self, method: &str, person: &str, mut with: Value) -> (Value, Value) {
        with["app"] = self.installation.base().into();
        with["user"] = self.ids[person].clone();
        let answer = self.judge.ask(method, &with);
        assert!(answer["status"] == 200 && answer["ms"].as_i64().unwrap() < DISCORD_WAITS_MS, "{method} was answered {answer}");
        (serde_json::from_str(answer["body"].as_str().unwrap()).unwrap(), answer["interaction"].clone())
    }

    fn press(&mut self, card: &Value, person: &str, label: &str) -> (Value, Value) {
        self.does("press", person, json!({ "channel": self.channel, "message": card["id"], "label": label }))
    }

    /// The last text that only this person reads, which is the latest of all.
    fn was_told(&mut self, person: &str) -> String {
        let told = self.judge.ask("told", &json!({}));
        let last = told.as_array().unwrap().last().unwrap();
        assert_eq!(last["user"], self.ids[person], "{told}");
        last["text"].as_str().unwrap().to_owned()
    }

    async fn the_requester_is_refused(&mut self, card: &Value) {
        let (answer, interaction) = self.press(card, "requester-1", "Approve…");
        assert_eq!(answer["type"], 4, "{answer}");
        let told = self.was_told("requester-1");
        assert!(told.contains("you asked for it"), "{told}");
        assert_eq!(self.judge.ask("form", &json!({ "interaction": interaction })), Value::Null, "a form was opened for the requester");
        assert_eq!(self.card(&format!("Approval needed: {WHAT}")).await["thread"], json!([]), "a refusal is private");
    }

    async fn a_command_is_answered(&mut self, card: &Value) {
        let text = card["embeds"][0].to_string();
        let number = text.split("/changes/").nth(1).and_then(|rest| rest.split(['"', ')', '>']).next()).unwrap();
        self.does("type", "lead-1", json!({ "channel": self.channel, "words": "gate show", "options": { "change": number } }));
        let told = self.was_told("lead-1");
        assert!(told.contains(number) && told.contains("production"), "{told}");
    }

    /// Presses “Approve…” and sends the form.
    fn vote(&mut self, card: &Value, person: &str, why: &str) {
        let (answer, interaction) = self.press(card, person, "Approve…");
        assert_eq!(answer["type"], 9, "no form opened: {answer}");
        self.does("submit", person, json!({ "interaction": interaction, "values": { "rationale": why } }));
    }

    async fn a_poor_reason_comes_back(&mut self, card: &Value) {
        self.vote(card, "approver-1", POOR_REASON);
        let told = self.was_told("approver-1");
        assert!(told.starts_with("Say in at least 10 characters") && told.contains(POOR_REASON), "{told}");
    }

    async fn approves(&mut self, card: &Value, person: &str, why: &str, count: &str) {
        self.vote(card, person, why);
        let told = self.was_told(person);
        assert!(told.contains(count), "{told}");
    }

    async fn the_outcome_is_shown(&mut self) {
        let card = self.card(&format!("Deployed: {WHAT}")).await;
        assert!(!card["components"].to_string().contains("gate:v1:approve"), "a decided card still has its buttons: {card}");
        let (judge, channel) = (&mut self.judge, &self.channel);
        let thread = seen("the thread's last line", PATIENCE, async || {
            let thread = judge.ask("messages", &json!({ "channel": channel }))[0]["thread"].to_string();
            thread.contains("Deployed").then_some(thread)
        });
        let thread = thread.await;
        for words in ["approver-1", "approver-2", "read the diff", "canary is clean", "Approved"] {
            assert!(thread.contains(words), "“{words}” is missing in {thread}");
        }
    }

    /// Discord refused nothing, everything new had a nonce, and nobody was notified but by the card.
    fn everything_was_well_formed(&mut self, card: &Value) {
        let sent = self.judge.ask("sent", &json!({}));
        let unbegun = format!("POST /channels/{}/messages: 10003 Unknown Channel", card["id"].as_str().unwrap());
        assert_eq!(sent["refused"], json!([unbegun]), "but for the thread's first line, which begins it");
        let calls = sent["calls"].as_array().unwrap();
        for call in calls.iter().filter(|call| call["verb"] == "POST" && call["path"].as_str().unwrap().ends_with("/messages")) {
            let nonce = call["body"]["nonce"].as_str().unwrap_or_default().len();
            assert!((1..=25).contains(&nonce) && call["body"]["enforce_nonce"] == true, "{call}");
        }
        let late: Vec<&Value> = sent["heard"].as_array().unwrap()[1..].iter().filter(|it| it["users"] != json!([])).collect();
        assert_eq!(late, Vec::<&Value>::new());
    }
}
