//! Every sample as production sends it, by our own clients, to a Slack and a Discord that others wrote: cards and their
//! edits, threads, direct messages, forms, details and private sentences, in every state and of hostile texts.

use bot::discord::{Discord, DiscordSettings, Written, details_reply, kept_reply, modal_reply, said_reply, whisper_reply};
use bot::slack::{Slack, SlackSettings};
use bot::{Audience, Doubt, FormOpener, Place, Platform, Post, ReplyHandle, Secret, SendError, ThreadLine};
use engine::event::What;
use router::net::{Guard, connector};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use templates::samples::{Sample, directory, samples};
use templates::{Controls, Form, Notice, Rich, Verb, View, card_text, form_for, owners_notice, requester_notice, step_notice, thread_line};
use tests::process::installation::BOT_TOKEN;
use tests::process::judges::{Emulate, Judge, Kind, rejected};

/// The people of the samples in Discord.
const IN_DISCORD: [&str; 5] = ["1401", "1402", "1403", "1404", "1405"];
/// Whom the hostile samples name, and a role that they name. Nobody ever asked either of them.
const OUTSIDER: &str = "1499";
const OUTSIDE_ROLE: &str = "1498";
/// What stands in angle brackets, as Slack reads our texts: the people of the samples, times, and where our links lead.
const IN_SLACK: [&str; 5] = ["<@U000000001>", "<@U000000002>", "<@U000000003>", "<@U000000004>", "<@U000000005>"];
const TIMES_AND_LINKS: [&str; 3] = ["<!date^", "<https://gate.example.com/", "<https://gitlab.example.com/"];

fn guard() -> Arc<Guard> {
    Arc::new(Guard::new(vec!["127.0.0.0/8".parse().unwrap()]))
}

/// Where everything is sent, and to whom.
struct Surface<'a> {
    platform: &'a dyn Platform,
    channel: &'a str,
    account: &'a str,
}

impl Surface<'_> {
    /// All that production ever sends about such a change, but for forms.
    async fn shows(&self, sample: &Sample, reply: &ReplyHandle) -> Result<(), SendError> {
        let directory = directory();
        let view = sample.view(&directory, Controls::Vote);
        let card = templates::card(&view);
        // All samples are one change: without another message to replace, the second post would be the first one's repeat.
        let posted = self.platform.post(Post { channel: self.channel, replaces: Some(sample.name), doubt: Doubt::None }, &card).await?;
        let place = Place { channel: &posted.channel, message: &posted.message };
        self.platform.update(place, &card).await?;
        for (seq, words) in sample.events.iter().filter_map(|event| Some((event.seq, thread_line(&view, event)?))) {
            self.platform.thread(place, ThreadLine { seq, words: &words, doubt: Doubt::None }).await?;
        }
        for notice in notices(&view, sample) {
            self.platform.direct(self.account, &notice).await?;
        }
        self.platform.whisper(reply, &card_text(&card)).await?;
        self.platform.tell(reply, &Rich::from(card_text(&card)), Audience::Asker).await
    }
}

fn notices(view: &View<'_>, sample: &Sample) -> Vec<Notice> {
    let taken = |what: &What| if let What::StepTaken { people, .. } = what { people.clone() } else { Default::default() };
    let of_steps = sample.events.iter().flat_map(|event| taken(&event.what).into_iter().map(move |person| (event, person)));
    let of_steps = of_steps.filter_map(|(event, person)| step_notice(view, event, &person));
    [requester_notice(view), owners_notice(view)].into_iter().chain(of_steps).collect()
}

/// Every form of a sample, with its verb's word.
fn forms(sample: &Sample) -> Vec<(&'static str, Form)> {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    Verb::ALL.into_iter().filter_map(|verb| Some((verb.word(), form_for(&view, verb)?))).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slack_takes_every_sample_and_nobody_is_mentioned_by_words_of_others() {
    let emulate = Emulate::start().await;
    let mut judge = Judge::slack(&emulate);
    let slack = Slack::new(&SlackSettings { bot_token: Secret::new(BOT_TOKEN), api_url: judge.api.clone() }, connector(guard()).unwrap());
    let user = judge.ask("people", &json!({ "emails": ["lead-1@example.com"] }))["lead-1@example.com"].as_str().unwrap().to_owned();
    let channel = judge.ask("channel", &json!({ "name": "deploys" })).as_str().unwrap().to_owned();
    let surface = Surface { platform: &slack, channel: &channel, account: &format!("T000000001/{user}") };
    for sample in samples().unwrap() {
        let address = judge.ask("address", &json!({}));
        let reply = ReplyHandle { url: address.as_str().map(Secret::new), channel: Some(channel.clone()), user: user.clone() };
        surface.shows(&sample, &reply).await.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        open_all(&slack, &sample, &mut judge, &user).await;
    }
    let sent = judge.ask("sent", &json!({}));
    let cases = |kind: &str| sent[kind].as_object().unwrap().clone();
    assert_eq!(sent["rejected"], json!([]));
    assert_eq!(rejected(Kind::Message, &cases("messages")), Vec::<String>::new());
    assert_eq!(rejected(Kind::Modal, &cases("forms")), Vec::<String>::new());
    let mut texts = Vec::new();
    marked_up(&sent["messages"], &mut texts);
    marked_up(&sent["forms"], &mut texts);
    marked_up(&json!({ "text": judge.ask("told", &json!({})) }), &mut texts);
    assert_eq!(texts.iter().flat_map(|text| strangers(text)).collect::<BTreeSet<_>>(), BTreeSet::new());
}

/// Every form and the details, each by a press of its own.
async fn open_all(opener: &dyn FormOpener, sample: &Sample, judge: &mut Judge, user: &str) {
    let mut trigger = || Secret::new(judge.ask("trigger", &json!({ "user": user })).as_str().unwrap());
    for (verb, form) in forms(sample) {
        opener.open_form(&trigger(), &form).await.unwrap_or_else(|error| panic!("{} {verb}: {error}", sample.name));
    }
    let directory = directory();
    let details = templates::details(&sample.view(&directory, Controls::Vote));
    opener.open_details(&trigger(), &details).await.unwrap_or_else(|error| panic!("{} details: {error}", sample.name));
}

/// Every text that Slack reads as its markup; in plain text nothing means anything.
fn marked_up(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) if fields.get("type").is_some_and(|kind| kind == "plain_text") => {}
        Value::Object(fields) => fields.iter().for_each(|(name, field)| match field {
            Value::String(text) if name == "text" => found.push(text.clone()),
            field => marked_up(field, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| match item {
            Value::String(text) => found.push(text.clone()),
            item => marked_up(item, found),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What would mention somebody, or lead somewhere, whom none of our own words name.
fn strangers(text: &str) -> Vec<&str> {
    let tokens = text.match_indices('<').map(|(at, _)| text[at..].split_inclusive('>').next().unwrap_or_default());
    tokens.filter(|token| !IN_SLACK.contains(token) && !TIMES_AND_LINKS.iter().any(|start| token.starts_with(start))).collect()
}

#[test]
fn a_stranger_is_one() {
    assert_eq!(
        strangers("&lt;!channel&gt; <@U000000001> <!date^1^{time}|now> <https://gate.example.com/changes/CHG-1|x>"),
        Vec::<&str>::new()
    );
    assert_eq!(strangers("<!channel> <@U000000009> <https://phish.example>"), ["<!channel>", "<@U000000009>", "<https://phish.example>"]);
}

fn discord(judge: &mut Judge) -> impl Platform + use<> {
    let ours = judge.ask("application", &json!({}));
    let text = |name: &str| ours[name].as_str().unwrap();
    let settings = DiscordSettings {
        application_id: text("application_id").parse().unwrap(),
        bot_token: Secret::new(text("bot_token")),
        api_url: judge.api.clone(),
        public_key: text("public_key").parse().unwrap(),
        interactions_url: "https://gate.example.com/discord/interactions".to_owned(),
    };
    let users: Vec<&str> = IN_DISCORD.into_iter().chain([OUTSIDER]).collect();
    judge.ask("known", &json!({ "users": users, "roles": [OUTSIDE_ROLE] }));
    Discord::new(settings, connector(guard()).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn discord_takes_every_sample_and_nobody_is_notified_by_words_of_others() {
    let mut judge = Judge::discord();
    let discord = discord(&mut judge);
    let channel = judge.ask("channel", &json!({ "name": "deploys" })).as_str().unwrap().to_owned();
    let surface = Surface { platform: &discord, channel: &channel, account: IN_DISCORD[4] };
    let mut answers = Map::new();
    for sample in samples().unwrap() {
        let token = judge.ask("token", &json!({ "user": IN_DISCORD[4], "channel": channel }));
        let reply = ReplyHandle { url: token.as_str().map(Secret::new), channel: Some(channel.clone()), user: IN_DISCORD[4].to_owned() };
        surface.shows(&sample, &reply).await.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        answers.extend(answers_of(&sample));
    }
    judge.ask("answers", &json!({ "user": IN_DISCORD[4], "channel": channel, "answers": answers }));
    let sent = judge.ask("sent", &json!({}));
    assert_eq!(refusals(&sent), Vec::<&str>::new());
    assert_eq!(rejected(Kind::DiscordMessage, &messages(&sent)), Vec::<String>::new());
    assert_eq!(rejected(Kind::DiscordAnswer, &answers), Vec::<String>::new());
    assert_eq!(wrongly_notified(&sent), Vec::<&Value>::new());
    let is_asked = |it: &Value| it["users"].as_array().unwrap().iter().any(|user| IN_DISCORD.contains(&user.as_str().unwrap()));
    assert!(sent["heard"].as_array().unwrap().iter().any(is_asked), "nobody at all was notified");
}

/// Every answer to an interaction: forms, details, private sentences, what is given back, the line for all.
fn answers_of(sample: &Sample) -> Vec<(String, Value)> {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    let text = card_text(&templates::card(&view));
    let long = text.repeat(20);
    let written = [Written { label: text.clone(), text: &long }, Written { label: "your reason".to_owned(), text: &text }];
    let others = [
        ("details", details_reply(&templates::details(&view))),
        ("whisper", whisper_reply(&text)),
        ("long-whisper", whisper_reply(&long)),
        ("kept", kept_reply(&text, &written)),
        ("said", said_reply(&Rich::from(long.clone()), Audience::Everybody)),
    ];
    let forms = forms(sample).into_iter().map(|(verb, form)| (verb, modal_reply(&form, "77")));
    forms.chain(others).map(|(name, answer)| (format!("{}-{name}", sample.name), answer)).collect()
}

/// What Discord refused, but for first lines of threads: their refusal is how we learn that a thread has to be begun.
fn refusals(sent: &Value) -> Vec<&str> {
    let all = sent["refused"].as_array().unwrap().iter().map(|refused| refused.as_str().unwrap());
    all.filter(|refused| !refused.ends_with("/messages: 10003 Unknown Channel")).collect()
}

/// Every message and edit as it went over the wire.
fn messages(sent: &Value) -> Map<String, Value> {
    let calls = sent["calls"].as_array().unwrap().iter().enumerate();
    let messages = calls.filter(|(_, call)| call["path"].as_str().unwrap().contains("/messages") && !call["body"]["embeds"].is_null());
    messages.map(|(index, call)| (format!("{index}-{}", call["verb"]), call["body"].clone())).collect()
}

/// Messages that notified a role, everybody, or somebody who is not in the directory.
fn wrongly_notified(sent: &Value) -> Vec<&Value> {
    let is_wrong = |it: &&Value| {
        it["others"] == true || it["users"].as_array().unwrap().iter().any(|user| !IN_DISCORD.contains(&user.as_str().unwrap()))
    };
    sent["heard"].as_array().unwrap().iter().filter(is_wrong).collect()
}

/// A judge that accepts everything would be none.
#[test]
fn discord_refuses_what_is_wrong_and_notifies_whom_it_may() {
    let mut judge = Judge::discord();
    drop(discord(&mut judge));
    let channel = judge.ask("channel", &json!({ "name": "deploys" }));
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "x", "custom_id": id });
    let twice = json!({ "content": "x", "embeds": [], "components": [{ "type": 1, "components": [button("a"), button("a")] }] });
    let long = json!({ "embeds": [{ "type": "rich", "title": "x".repeat(257) }] });
    let named = json!({ "content": format!("<@{OUTSIDER}> @everyone") });
    for body in [&twice, &long, &named] {
        judge.ask("post", &json!({ "channel": channel, "body": body }));
    }
    let form = json!({ "type": 9, "data": { "custom_id": "x", "title": "x".repeat(46), "components": [] } });
    judge.ask("answers", &json!({ "user": OUTSIDER, "channel": channel, "answers": { "form": form } }));
    let sent = judge.ask("sent", &json!({}));
    assert_eq!(refusals(&sent).iter().filter(|refused| refused.contains("50035")).count(), 3, "{}", sent["refused"]);
    let notified = wrongly_notified(&sent);
    assert!(notified.len() == 1 && notified[0]["others"] == true && notified[0]["users"] == json!([OUTSIDER]), "{notified:?}");
    let lines = rejected(Kind::DiscordMessage, &Map::from_iter([("long".to_owned(), long)]));
    assert_eq!(lines.len(), 1, "{lines:?}");
    let wide = json!({ "type": 4, "data": { "content": "x".repeat(2_001) } });
    assert_eq!(rejected(Kind::DiscordAnswer, &Map::from_iter([("wide".to_owned(), wide)])).len(), 1);
}
