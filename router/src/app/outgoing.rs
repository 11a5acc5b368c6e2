//! Effects → rows of the outbox. A row names what must become true; its sender looks up how when it is sent.

use super::{App, Failure};
use engine::Timestamp;
use engine::change::Change;
use engine::decide::Decision;
use engine::directory::Directory;
use engine::effect::Effect;
use engine::event::{Event, What};
use engine::ids::PersonId;
use engine::rules::Route;
use entities::Outgoing;
use serde::{Deserialize, Serialize};

/// What a row asks for, as it lies in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wish", rename_all = "snake_case")]
pub enum Wish {
    Authors,
    Card {
        platform: String,
        channel: String,
    },
    /// What the tool shows while it waits.
    Report,
    Answer {
        attempt: u32,
    },
    Notice {
        platform: String,
        person: PersonId,
        seq: u64,
        to: Audience,
    },
    /// A deployment that no change stands for, told to an owner of the policy.
    Unapproved {
        platform: String,
        person: PersonId,
        service: String,
        environment: String,
    },
}

/// As whom a person is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Reached by a step of the escalation.
    Step,
    Requester,
    Owner,
}

impl Wish {
    /// The row's kind, by which people find it in lists.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Authors => "authors",
            Self::Card { .. } => "card",
            Self::Report => "report",
            Self::Answer { .. } => "answer",
            Self::Notice { .. } | Self::Unapproved { .. } => "notice",
        }
    }

    pub fn to_json(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Unreadable { what: "an effect".to_owned(), why: error.to_string() })
    }

    /// Wishes with the same key are one: the newest state is what gets sent.
    fn key(&self, change: &Change) -> String {
        let id = change.id;
        match self {
            Self::Authors => format!("authors:{id}"),
            Self::Card { platform, channel } => format!("card:{id}:{platform}:{channel}"),
            Self::Report => format!("report:{id}"),
            Self::Answer { attempt } => format!("answer:{id}:{attempt}"),
            Self::Notice { platform, person, seq, .. } => format!("notice:{id}:{seq}:{platform}:{person}"),
            Self::Unapproved { platform, person, .. } => format!("unapproved:{id}:{platform}:{person}"),
        }
    }
}

pub(super) fn rows(app: &App, decision: &Decision, directory: &Directory, now: Timestamp) -> Result<Vec<Outgoing>, Failure> {
    let change = &decision.change;
    let mut rows: Vec<Outgoing> = Vec::new();
    for effect in &decision.effects {
        for wish in wishes(app, decision, *effect, directory) {
            let key = wish.key(change);
            if !rows.iter().any(|row| row.key == key) {
                rows.push(row(change, &wish, key, now)?);
            }
        }
    }
    Ok(rows)
}

fn row(change: &Change, wish: &Wish, key: String, now: Timestamp) -> Result<Outgoing, Failure> {
    Ok(Outgoing { key, kind: wish.kind().to_owned(), change: Some(change.id), payload: wish.to_json()?, due_at: now })
}

fn wishes(app: &App, decision: &Decision, effect: Effect, directory: &Directory) -> Vec<Wish> {
    let change = &decision.change;
    match effect {
        Effect::LookUpAuthors => vec![Wish::Authors],
        Effect::Answer { attempt } => vec![Wish::Answer { attempt }],
        Effect::ShowCards => cards(change).into_iter().chain(report(app, change)).collect(),
        Effect::Notify { seq } => notices(app, reached(decision, seq), seq, Audience::Step),
        Effect::TellRequester { seq } => notices(app, change.initiator().person().into_iter().cloned().collect(), seq, Audience::Requester),
        Effect::TellOwners { seq } => notices(app, owners(app, change, directory), seq, Audience::Owner),
    }
}

fn cards(change: &Change) -> Vec<Wish> {
    let channels = change.rules.iter().flat_map(|rules| &rules.channels);
    channels.map(|channel| Wish::Card { platform: channel.platform.clone(), channel: channel.channel.clone() }).collect()
}

/// The tool shows the state as the cards do, where it can.
fn report(app: &App, change: &Change) -> Option<Wish> {
    let callback = change.request.origin.callback.as_ref()?;
    let source = app.sources.named(callback.integration.as_str()).filter(|connection| connection.source.shows_reports());
    source.map(|_| Wish::Report)
}

/// One notice for each person on each platform that this node speaks; who has no account there is left out when sent.
fn notices(app: &App, people: Vec<PersonId>, seq: u64, to: Audience) -> Vec<Wish> {
    let notice = |person: &PersonId, platform: &str| Wish::Notice { platform: platform.to_owned(), person: person.clone(), seq, to };
    people.iter().flat_map(|person| app.platforms.iter().map(|platform| notice(person, platform.name()))).collect()
}

/// The people of a step that goes by direct message; one that goes to the thread is a line there.
fn reached(decision: &Decision, seq: u64) -> Vec<PersonId> {
    let event = decision.events.iter().find(|event| event.seq == seq);
    match event {
        Some(Event { what: What::StepTaken { people, via, .. }, .. }) if via.contains(&Route::ChatDm) => people.clone(),
        _ => Vec::new(),
    }
}

/// The owners that the change's own rules name; those of the policy in force for a change that has none.
fn owners(app: &App, change: &Change, directory: &Directory) -> Vec<PersonId> {
    let members = match &change.rules {
        Some(rules) => rules.members(&rules.owners, directory),
        None => app.laws.known_policy().map(|policy| policy.owner_people(directory)).unwrap_or_default(),
    };
    members.into_iter().collect()
}
