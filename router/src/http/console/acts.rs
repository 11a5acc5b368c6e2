//! `POST /changes/{id}`: what a person does by a form of the page, through the same door as everything else.
//!
//! What was recorded is told after a redirect; what was refused comes back at once, with what was written.

use super::VIA;
use super::change::{Said, found, rendered};
use super::controls::{Sent, interaction_of, scope};
use super::halt::Halt;
use super::notice;
use super::session::{Viewer, sender};
use crate::app::apply::Outcome;
use crate::app::personal::{Personal, Wanted};
use crate::app::recorded::deed_recorded;
use crate::app::shown::Shown;
use crate::app::{App, Failure};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use engine::event::{Choice, Precedence};
use engine::fields::Fields;
use engine::ids::{Digest, GateName, RequirementName};
use engine::input::Sight;
use engine::{Refusal, Timestamp};
use std::collections::BTreeMap;
use templates::Verb;
use templates::html::Message;
use uuid::Uuid;

/// What the names of the requester's fields begin with.
const FIELD: &str = "field.";
const SECONDS_OF_AN_HOUR: u64 = 3_600;

/// A form of the page, as its browser sent it.
#[derive(Debug)]
struct Filled(Vec<(String, String)>);

impl Filled {
    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    fn fields(&self) -> BTreeMap<String, String> {
        let typed = self.0.iter().filter_map(|(key, value)| Some((key.strip_prefix(FIELD)?.to_owned(), value.clone())));
        typed.collect()
    }

    fn sent(&self) -> Sent {
        let text = |name| self.text(name).to_owned();
        let waiver = (self.text("deed") == Verb::Waive.word()).then(|| (text("ticket"), text("hours")));
        Sent { rationale: text("rationale"), note: text("note"), fields: self.fields(), waiver, ..Sent::default() }
    }

    /// `None` for a form that no page of this build has.
    fn wanted(&self, shown: &Shown, now: Timestamp) -> Option<(Verb, Wanted)> {
        let rationale = || self.text("rationale").to_owned();
        let requirement = Some(self.text("requirement")).filter(|name| !name.is_empty()).map(RequirementName::from);
        let vote = |choice| Wanted::Vote { choice, rationale: rationale(), requirement };
        let submit = || Wanted::Submit { fields: self.answers(shown), note: self.text("note").to_owned() };
        Some(match self.text("deed") {
            "approve" => (Verb::Approve, vote(Choice::Approve)),
            "reject" => (Verb::Reject, vote(Choice::Reject)),
            "request_changes" => (Verb::RequestChanges, vote(Choice::RequestChanges)),
            "abstain" => (Verb::Abstain, vote(Choice::Abstain)),
            "withdraw_vote" => (Verb::WithdrawVote, Wanted::TakeBack),
            "fill_in" => (Verb::FillIn, submit()),
            "ask_again" => (Verb::AskAgain, submit()),
            "withdraw" => (Verb::Withdraw, Wanted::Withdraw { rationale: rationale() }),
            "override" => (Verb::Override, Wanted::Override { rationale: rationale() }),
            "replace" => (Verb::Replace, Wanted::Settle(Precedence::Replace)),
            "queue" => (Verb::Queue, Wanted::Settle(Precedence::Queue)),
            "waive" => (Verb::Waive, self.waiver(now)),
            _ => return None,
        })
    }

    /// How long it lasts is a number of hours; anything else is no end.
    fn waiver(&self, now: Timestamp) -> Wanted {
        let hours: Option<u64> = self.text("hours").trim().parse().ok();
        let until = hours.map(|hours| now.plus_seconds(hours.saturating_mul(SECONDS_OF_AN_HOUR)));
        let text = |name| self.text(name).to_owned();
        Wanted::Waive { gate: GateName::new(self.text("gate")), rationale: text("rationale"), ticket: text("ticket"), until }
    }

    /// Only fields that the policy asks for; each in its own shape.
    fn answers(&self, shown: &Shown) -> Fields {
        let typed = self.fields();
        let rules = shown.change.rules.iter().flat_map(|rules| &rules.fields);
        rules.filter_map(|rule| Some((rule.name.clone(), rule.read(typed.get(&rule.name)?)))).collect()
    }

    /// `None` unless it has a round and the number of a rendered page.
    fn by(&self, viewer: &Viewer) -> Option<Personal> {
        let person = viewer.person.clone()?;
        let id: Uuid = self.text("interaction").parse().ok()?;
        let digest = Some(self.text("digest")).filter(|digest| !digest.is_empty()).map(Digest::from);
        let seen = Sight { round: self.text("round").parse().ok()?, digest };
        Some(Personal { interaction: interaction_of(&person, &id.to_string()), person, via: VIA, seen })
    }
}

pub async fn act(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let filled = Filled(pairs);
    let viewer = sender(&app, &headers, filled.text("csrf")).await?;
    let shown = found(&app, &id).await?;
    if viewer.person.is_none() {
        return Err(Halt::forbidden(&app, "A service’s token lets you look, and services never decide. Sign in with a personal one."));
    }
    let (Some((verb, wanted)), Some(by)) = (filled.wanted(&shown, app.clock.now()), filled.by(&viewer)) else {
        return Err(Halt::foreign(&app));
    };
    if !viewer.may(scope(verb)) {
        return Err(Halt::forbidden(&app, &format!("Your token does not have the scope {}. Nothing was recorded.", scope(verb))));
    }
    let done = async { carry_out(&app, &viewer, &filled, Doing { shown, by, verb, wanted }).await };
    done.await.map_err(|failure| Halt::failed(&app, &failure))
}

struct Doing {
    shown: Shown,
    by: Personal,
    verb: Verb,
    wanted: Wanted,
}

async fn carry_out(app: &App, viewer: &Viewer, filled: &Filled, doing: Doing) -> Result<Response, Failure> {
    let Doing { shown, by, verb, wanted } = doing;
    let change = &shown.change;
    let to = format!("/changes/{}", change.number);
    match app.personally(change.id, &by, wanted).await? {
        Outcome::Done(done) => notice::go(app, &to, &deed_recorded(&done, verb)),
        // The same form again, as after an answer that got lost: it was recorded then.
        Outcome::Refused { refusal: refusal @ Refusal::Repeated { .. }, done } => notice::go(app, &to, &refusal.sentence(&done.directory)),
        Outcome::Refused { refusal, done } => {
            let shown = Shown::load(app, change.id).await?;
            Ok(refused(app, viewer, &shown, filled.sent().because(&refusal, &done.directory)))
        }
    }
}

/// The page as it is now, with the sentence and with what was written.
fn refused(app: &App, viewer: &Viewer, shown: &Shown, (sent, status): (Sent, StatusCode)) -> Response {
    let message = (status == StatusCode::CONFLICT).then_some(Message { tone: "bad", text: &sent.problem });
    let in_form = Sent { problem: if message.is_some() { String::new() } else { sent.problem.clone() }, ..sent.clone() };
    let mut response = rendered(app, viewer, shown, &Said { message, sent: Some(&in_form) });
    *response.status_mut() = status;
    response
}

impl Sent {
    fn because(self, refusal: &Refusal, directory: &engine::directory::Directory) -> (Self, StatusCode) {
        let faults = if let Refusal::FieldsUnfit { faults } = refusal { faults.clone() } else { Vec::new() };
        let status = if refusal.is_mendable() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
        (Self { problem: refusal.sentence(directory), faults, ..self }, status)
    }
}
