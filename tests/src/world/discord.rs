//! The Discord of a story: what its channel and its people see there, and what they do.

use super::hooks::Answer;
use super::{Node, World};
use crate::fakes::discord::{Control, Fault, Message, Route, State};
use router::people_file;
use serde_json::{Value, json};
use std::rc::Rc;
use std::sync::MutexGuard;

/// The channel that the policy of a story with Discord names.
pub const CHANNEL: u64 = 7_000;
const DOOR: &str = "/discord/interactions";
/// Discord's numbers for answers: a message, and a modal.
const MESSAGE: u64 = 4;
const MODAL: u64 = 9;

#[derive(Clone, Copy)]
pub struct Discord<'w> {
    pub(super) world: &'w World,
}

impl<'w> Discord<'w> {
    /// The one card of the channel whose title contains this.
    pub fn sees(self, title: &str) -> DiscordCard<'w> {
        let titles = self.titles();
        let state = self.state();
        let messages = state.messages_in(CHANNEL);
        let found: Vec<&&Message> = messages.iter().filter(|message| message.title().contains(title)).collect();
        let [message] = found.as_slice() else { panic!("not one card but {} say “{title}”: {titles:#?}", found.len()) };
        DiscordCard { world: self.world, id: message.id }
    }

    /// The titles of all cards, oldest first.
    pub fn titles(self) -> Vec<String> {
        self.state().messages_in(CHANNEL).iter().map(|message| message.title().to_owned()).collect()
    }

    /// What the bot told this person directly, oldest first.
    pub fn directs_to(self, person: &str) -> Vec<String> {
        let user = self.world.discord_user(person);
        self.state().directs_to(&user).iter().map(|message| message.text()).collect()
    }

    pub fn fails_next(self, route: Route, count: usize, fault: Fault) {
        self.world.discord.fail_next(route, count, fault);
    }

    pub fn state(self) -> MutexGuard<'w, State> {
        self.world.discord.state()
    }

    pub fn count(self, route: Route) -> usize {
        self.state().count(route)
    }

    /// Somebody types `/gate`; the private answer.
    pub async fn command(self, person: &str, verb: &str, options: &[(&str, &str)]) -> String {
        let user = self.world.discord_user(person);
        self.sends(&self.world.discord.command(&user, verb, options)).await.told()
    }

    /// As `command`, whatever the response is.
    pub async fn types(self, person: &str, verb: &str, options: &[(&str, &str)]) -> Value {
        let user = self.world.discord_user(person);
        self.sends(&self.world.discord.command(&user, verb, options)).await.0
    }

    /// Somebody types this into an option of `/gate`: the labels and values that are offered.
    pub async fn offers(self, person: &str, (verb, option): (&str, &str), typed: &str) -> Vec<(String, String)> {
        let option = json!({ "name": option, "type": 3, "value": typed, "focused": true });
        let data = json!({ "id": "5", "name": "gate", "options": [{ "name": verb, "type": 1, "options": [option] }] });
        let typing = self.world.discord.interaction(4, &self.world.discord_user(person), data);
        let reply = self.sends(&typing).await.0;
        assert_eq!(reply["type"], 8, "{reply}");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let choices = reply["data"]["choices"].as_array().expect("a list").iter();
        choices.map(|choice| (text(&choice["name"]), text(&choice["value"]))).collect()
    }

    pub fn signature(self, time: &str, body: &str) -> String {
        self.world.discord.signature(time, body)
    }

    /// Whatever Discord sends, signed.
    pub async fn sends(self, interaction: &Value) -> Reply {
        let url = self.world.node().url(DOOR);
        let (status, body) = self.world.discord.send(&url, interaction).await;
        assert_eq!(status, 200, "how an interaction was answered: {body}");
        Reply(body)
    }

    /// Sends a body as it is, with these headers.
    pub async fn posts(self, time: &str, signature: &str, body: &str) -> Answer {
        let request = self.world.http.post(self.world.node().url(DOOR)).header("content-type", "application/json");
        let request = request.header("x-signature-timestamp", time).header("x-signature-ed25519", signature).body(body.to_owned());
        Answer::of(request.send().await.expect("an answer")).await
    }
}

impl World {
    pub fn discord(&self) -> Discord<'_> {
        Discord { world: self }
    }

    /// The Discord user of a person of the directory; a number stays as it is.
    fn discord_user(&self, person: &str) -> String {
        if person.parse::<u64>().is_ok() {
            return person.to_owned();
        }
        let people = people_file::parse("people.yaml", &self.plan.borrow().people).expect("the people of the story");
        let found = people.people.iter().find(|known| known.id.as_str() == person);
        found.and_then(|known| known.accounts.get("discord")).cloned().unwrap_or_else(|| panic!("{person} has no Discord account"))
    }
}

/// What the response to an interaction holds.
#[derive(Clone, Debug)]
pub struct Reply(pub Value);

impl Reply {
    /// The sentence that the person alone reads.
    pub fn told(self) -> String {
        assert_eq!((self.0["type"].as_u64(), self.0["data"]["flags"].as_u64()), (Some(MESSAGE), Some(64)), "{}", self.0);
        assert!(self.0["data"]["allowed_mentions"]["parse"] == Value::Array(Vec::new()), "{}", self.0);
        let content = self.0["data"]["content"].as_str().map(str::to_owned);
        let embeds = self.0["data"]["embeds"].as_array().cloned().unwrap_or_default();
        let texts =
            embeds.iter().flat_map(|embed| [&embed["title"], &embed["description"]]).filter_map(|text| text.as_str().map(str::to_owned));
        content.into_iter().chain(texts).collect::<Vec<_>>().join("\n")
    }

    fn modal(self) -> Value {
        assert_eq!(self.0["type"], MODAL, "no form opened: {}", self.0);
        self.0["data"].clone()
    }
}

/// A card in the channel, as people see it now.
#[derive(Clone, Copy)]
pub struct DiscordCard<'w> {
    world: &'w World,
    id: u64,
}

impl<'w> DiscordCard<'w> {
    /// Its title begins with this.
    pub fn shows(&self, title: &str) -> &Self {
        let message = self.message();
        assert!(message.title().starts_with(title), "the card shows\n{}", message.text());
        self
    }

    /// This stands somewhere on it.
    pub fn says(&self, words: &str) -> &Self {
        let text = self.message().text();
        assert!(text.contains(words), "the card does not say “{words}” but\n{text}");
        self
    }

    /// Nobody can vote on it; details and the way to the web stay, and what is not out yet can be withdrawn.
    pub fn has_no_buttons(&self) -> &Self {
        let left: Vec<Control> = self.message().controls().into_iter().filter(|control| !control.custom_id.is_empty()).collect();
        assert!(left.iter().all(|control| matches!(control.label.as_str(), "Details" | "Withdraw…")), "the card has {left:?}");
        self
    }

    /// The lines below it, oldest first; each begins like this.
    pub fn tells(&self, lines: &[&str]) -> &Self {
        let told: Vec<String> = self.world.discord.state().messages_in(self.id).iter().map(|line| line.content.clone()).collect();
        let is_so = told.len() == lines.len() && told.iter().zip(lines).all(|(line, begin)| line.starts_with(begin));
        assert!(is_so, "the thread tells {told:#?}");
        self
    }

    pub fn message(&self) -> Message {
        self.world.discord.state().message(self.id).cloned().expect("the card is still there")
    }

    /// Somebody removes it from the channel.
    pub fn is_deleted(&self) {
        self.world.discord.delete(self.id);
    }

    /// Somebody presses the button with this label; `person` is an id of the directory, or of a Discord user.
    pub async fn press(&self, label: &str, person: &str) -> Reply {
        self.press_crafted(&self.control(label), person).await
    }

    /// The id of the button with this label.
    fn control(&self, label: &str) -> String {
        let all = self.message().controls();
        let control = all.iter().find(|control| control.label == label);
        control.unwrap_or_else(|| panic!("no button “{label}” but {all:?}")).custom_id.clone()
    }

    /// Presses a control that the card may not have, as somebody would make it who crafts requests.
    pub async fn press_crafted(&self, custom_id: &str, person: &str) -> Reply {
        let interaction = self.interaction(custom_id, person);
        let reply = self.world.discord().sends(&interaction).await;
        self.world.settle().await;
        reply
    }

    /// A press as it is about to be sent.
    pub fn interaction(&self, custom_id: &str, person: &str) -> Value {
        self.world.discord.press(&self.world.discord_user(person), &self.message(), custom_id)
    }

    /// As `press`, but nothing of what follows is done yet.
    pub async fn press_at_once(&self, label: &str, person: &str) -> Reply {
        let interaction = self.interaction(&self.control(label), person);
        self.world.discord().sends(&interaction).await
    }

    pub async fn opens_a_form(&self, label: &str, person: &str) -> DiscordForm<'w> {
        let modal = self.press(label, person).await.modal();
        DiscordForm { world: self.world, user: self.world.discord_user(person), modal, node: self.world.node() }
    }

    /// Presses, writes this reason and sends the form; the sentence that the person reads then.
    pub async fn vote(&self, label: &str, person: &str, why: &str) -> String {
        self.opens_a_form(label, person).await.send(why).await
    }
}

/// A modal that stands open before somebody.
pub struct DiscordForm<'w> {
    world: &'w World,
    user: String,
    pub modal: Value,
    node: Rc<Node>,
}

impl DiscordForm<'_> {
    /// Sends it, and what follows is done. It can be sent again, as after an answer that got lost.
    pub async fn send(&self, why: &str) -> String {
        self.fill(&[("rationale", why)]).await
    }

    /// As `send`, with answers by the ids of the inputs; the others stay as they are.
    pub async fn fill(&self, answers: &[(&str, &str)]) -> String {
        let told = self.submit(answers).await;
        self.world.settle().await;
        told
    }

    /// As `fill`, but nothing of what follows is done yet.
    pub async fn submit(&self, answers: &[(&str, &str)]) -> String {
        let submission = self.world.discord.submission(&self.user, &self.modal, answers);
        let (status, body) = self.world.discord.send(&self.node.url(DOOR), &submission).await;
        assert_eq!(status, 200, "how a form was answered: {body}");
        Reply(body).told()
    }
}
