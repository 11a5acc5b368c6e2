//! Somebody in Slack who presses a button, fills the form that opens, and reads what comes back.

use super::card::Card;
use super::hooks::Answer;
use super::{Node, World};
use crate::fakes::slack::{Button, View, shown};
use router::people_file;
use serde_json::Value;
use std::rc::Rc;

pub(super) const SLACK_DOOR: &str = "/slack/events";

impl World {
    /// The account of a person of the directory; an account stays as it is.
    pub(super) fn account(&self, person: &str) -> String {
        if person.contains('/') {
            return person.to_owned();
        }
        let people = people_file::parse("people.yaml", &self.plan.borrow().people).expect("the people of the story");
        let found = people.people.iter().find(|known| known.id.as_str() == person);
        let account = found.and_then(|known| known.accounts.get("slack")).cloned();
        account.unwrap_or_else(|| panic!("{person} has no Slack account"))
    }
}

/// A press that is about to happen.
pub struct Press<'w> {
    card: Card<'w>,
    account: String,
    button: Button,
    node: Rc<Node>,
    is_late: bool,
}

impl<'w> Press<'w> {
    pub(super) fn new(card: Card<'w>, account: String, button: Button) -> Self {
        let node = card.world.node();
        Self { card, account, button, node, is_late: false }
    }

    /// A control that no card has, as somebody would make it who crafts requests.
    pub fn with_value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.button.value);
        self
    }

    /// So much time went by on the way that the trigger is worth nothing any more.
    pub fn whose_trigger_expired(self) -> Self {
        Self { is_late: true, ..self }
    }

    /// Slack takes it to this node.
    pub fn at(self, node: &Rc<Node>) -> Self {
        Self { node: node.clone(), ..self }
    }

    /// Presses, writes this reason and sends the form; the sentence that the person reads then.
    pub async fn because(self, why: &str) -> String {
        self.opens_a_form().await.send(why).await.closes()
    }

    /// Presses and reads why no form opens.
    pub async fn is_told(self) -> String {
        match self.happens().await {
            Seen::Told(sentence) => sentence,
            Seen::Form(form) => panic!("a form opened: {}", form.text()),
        }
    }

    pub async fn opens_a_form(self) -> Form<'w> {
        match self.happens().await {
            Seen::Form(form) => form,
            Seen::Told(sentence) => panic!("no form opened, but the person read “{sentence}”"),
        }
    }

    /// What the details show.
    pub async fn opens_details(self) -> String {
        self.opens_a_form().await.text()
    }

    /// The same press, but not signed by Slack: without a signature, with another's, too old, and with a body that was
    /// altered after signing.
    pub async fn forgeries(self) -> Vec<Answer> {
        let world = self.card.world;
        let click = world.slack.click(&self.account, (&self.card.channel, &self.card.ts), &self.button);
        let body = serde_urlencoded::to_string([("payload", click.payload.to_string())]).expect("a form");
        let now = world.now().micros() / 1_000_000;
        let (fresh, old) = (now.to_string(), (now - 301).to_string());
        let good = world.slack.signature(&fresh, &body);
        let forged = [
            (fresh.as_str(), String::new(), body.clone()),
            (&fresh, format!("v0={}", "0".repeat(64)), body.clone()),
            (&old, world.slack.signature(&old, &body), body.clone()),
            (&old, good.clone(), body.clone()),
            (&fresh, good, body.replace("approve", "reject")),
        ];
        let mut answers = Vec::new();
        for (time, signature, body) in forged {
            let request = world.http.post(self.node.url(SLACK_DOOR)).header("content-type", "application/x-www-form-urlencoded");
            let request = request.header("x-slack-request-timestamp", time).header("x-slack-signature", signature).body(body);
            answers.push(Answer::of(request.send().await.expect("an answer")).await);
        }
        answers
    }

    /// As [`Press::is_told`], but nothing of what follows is done yet.
    pub async fn is_told_at_once(self) -> String {
        match self.comes_back().await {
            Seen::Told(sentence) => sentence,
            Seen::Form(form) => panic!("a form opened: {}", form.text()),
        }
    }

    async fn happens(self) -> Seen<'w> {
        let world = self.card.world;
        let seen = self.comes_back().await;
        // A refused press is recorded; the card is not repainted for it, but nothing must be left over.
        world.settle().await;
        seen
    }

    async fn comes_back(self) -> Seen<'w> {
        let world = self.card.world;
        let user = self.account.rsplit('/').next().unwrap_or_default().to_owned();
        let heard = world.whispers_to(&user);
        let click = world.slack.click(&self.account, (&self.card.channel, &self.card.ts), &self.button);
        if self.is_late {
            world.slack.expires(&click.trigger);
        }
        let (status, body) = world.slack.send(&self.node.url(SLACK_DOOR), &click.payload).await;
        assert_eq!((status, &body), (200, &Value::Null), "how a press was answered");
        let seen = world.slack.until("an answer to a press", |state| {
            let view = state.views.iter().find(|view| view.trigger == click.trigger).cloned();
            let told = || state.whispers.iter().filter(|whisper| whisper.user == user).nth(heard).map(|whisper| Err(whisper.text.clone()));
            view.map(Ok).or_else(told)
        });
        match seen.await {
            Ok(view) => Seen::Form(Form { world, account: self.account, user, view, node: self.node }),
            Err(sentence) => Seen::Told(sentence),
        }
    }
}

enum Seen<'w> {
    Form(Form<'w>),
    Told(String),
}

impl World {
    fn whispers_to(&self, user: &str) -> usize {
        self.slack.state().whispers.iter().filter(|whisper| whisper.user == user).count()
    }
}

/// A view that stands open before somebody.
pub struct Form<'w> {
    world: &'w World,
    account: String,
    user: String,
    view: View,
    node: Rc<Node>,
}

/// What came back after a form was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It closed, and this sentence came privately.
    Closed(String),
    /// It stays open with these sentences below its inputs, a line each.
    Open(String),
}

impl Sent {
    pub fn closes(self) -> String {
        match self {
            Self::Closed(sentence) => sentence,
            Self::Open(sentence) => panic!("the form stays open: {sentence}"),
        }
    }

    pub fn stays_open(self) -> String {
        match self {
            Self::Open(sentence) => sentence,
            Self::Closed(sentence) => panic!("the form closed: {sentence}"),
        }
    }
}

impl Form<'_> {
    /// Everything that stands in it.
    pub fn text(&self) -> String {
        shown(&self.view.content)
    }

    /// Sends it with this reason, and what follows is done.
    pub async fn send(&self, why: &str) -> Sent {
        let sent = self.submit(why).await;
        self.world.settle().await;
        sent
    }

    /// Fills in inputs by their labels and sends the form; the others stay as they are. What follows is done.
    pub async fn fill(&self, answers: &[(&str, &str)]) -> Sent {
        assert!(self.world.slack.would_be_sent(&self.view, answers), "Slack itself would not let {answers:?} out of this form");
        let sent = self.submit_answers(answers).await;
        self.world.settle().await;
        sent
    }

    /// The label of the input for the reason.
    fn reason(&self) -> String {
        let blocks = self.view.content["blocks"].as_array().cloned().unwrap_or_default();
        let block = blocks.into_iter().find(|block| block["block_id"] == "why").expect("the form asks for a reason");
        block["label"]["text"].as_str().unwrap_or_default().to_owned()
    }

    /// Sends it; what follows from a vote waits. The same form can be sent again, as after an answer that got lost.
    pub async fn submit(&self, why: &str) -> Sent {
        assert!(
            self.world.slack.would_be_sent(&self.view, &[(&self.reason(), why)]),
            "Slack itself would not let “{why}” out of this form"
        );
        self.submit_crafted(why).await
    }

    /// Past Slack's own checks.
    pub async fn submit_crafted(&self, why: &str) -> Sent {
        self.submit_answers(&[(&self.reason(), why)]).await
    }

    async fn submit_answers(&self, answers: &[(&str, &str)]) -> Sent {
        let heard = self.world.whispers_to(&self.user);
        let payload = self.world.slack.submission(&self.account, &self.view, answers);
        let (status, body) = self.world.slack.send(&self.node.url(SLACK_DOOR), &payload).await;
        assert_eq!(status, 200, "how a form was answered: {body}");
        if body["response_action"] == "errors" {
            let errors = body["errors"].as_object().expect("errors by block");
            let inputs = crate::fakes::slack::inputs(&self.view.content);
            let below: Vec<&str> = inputs.filter_map(|block| errors.get(block["block_id"].as_str()?)?.as_str()).collect();
            assert_eq!(below.len(), errors.len(), "Slack takes errors for inputs of the form only: {body}");
            return Sent::Open(below.join("\n"));
        }
        assert_eq!(body, Value::Null, "how a form was answered");
        let told = self.world.slack.until("a sentence after a form", |state| {
            state.whispers.iter().filter(|whisper| whisper.user == self.user).nth(heard).map(|whisper| whisper.text.clone())
        });
        Sent::Closed(told.await)
    }
}
