//! Which controls a reader gets: those that may work for them now, found by the judgement that would take the deed.

use super::VIA;
use super::session::Viewer;
use crate::app::App;
use crate::app::personal::{Personal, Wanted};
use crate::app::shown::Shown;
use crate::clock::new_id;
use engine::event::{Choice, Precedence};
use engine::fields::{FieldFault, Fields};
use engine::gate::{Ageing, troubles};
use engine::ids::{GateName, InteractionId, PersonId, RequirementName};
use engine::input::Sight;
use engine::phase::{Phase, State, Unfinished};
use engine::standing::{Voice, is_useful, standing};
use engine::{Change, Refusal};
use std::collections::BTreeMap;
use templates::Verb;
use templates::html::{Offer, Written, WrittenWaiver};

/// What was sent and refused.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub problem: String,
    pub rationale: String,
    pub note: String,
    pub fields: BTreeMap<String, String>,
    pub faults: Vec<FieldFault>,
    /// Where an exception was asked for: beside the reason, the ticket and how long.
    pub waiver: Option<(String, String)>,
}

/// What is offered, before it is laid before the page.
#[derive(Default)]
pub struct Controls {
    interaction: String,
    verbs: Vec<Verb>,
    requirements: Vec<String>,
    /// Gates that this person may make an exception for.
    gates: Vec<String>,
    note: Option<String>,
}

impl Controls {
    pub fn offer<'a>(&'a self, viewer: &'a Viewer, action: &'a str, sent: Option<&'a Sent>) -> Offer<'a> {
        let written = sent.map(|sent| Written {
            problem: Some(sent.problem.as_str()),
            waiver: sent.waiver.as_ref().map(|(ticket, hours)| WrittenWaiver {
                problem: &sent.problem,
                rationale: &sent.rationale,
                ticket,
                hours,
            }),
            rationale: &sent.rationale,
            note: &sent.note,
            fields: sent.fields.clone(),
            faults: &sent.faults,
        });
        Offer {
            action,
            csrf: &viewer.csrf,
            interaction: &self.interaction,
            verbs: &self.verbs,
            requirements: &self.requirements,
            gates: &self.gates,
            note: self.note.as_deref(),
            written: written.unwrap_or_default(),
        }
    }
}

/// The scope that a token needs for this deed; the API asks for the same.
pub fn scope(verb: Verb) -> &'static str {
    match verb {
        Verb::Approve | Verb::Reject | Verb::RequestChanges | Verb::Abstain | Verb::WithdrawVote => "votes:write",
        Verb::Override | Verb::Replace | Verb::Queue | Verb::Waive => "votes:write",
        Verb::FillIn | Verb::AskAgain | Verb::Withdraw => "changes:write",
        Verb::Details => "changes:read",
    }
}

/// Everything that somebody could send from this page.
fn deeds(change: &Change) -> Vec<(Verb, Wanted)> {
    let submit = Wanted::Submit { fields: Fields::new(), note: String::new() };
    let is_second = matches!(change.phase, Phase::Draft { why: Unfinished::ChangesRequested { .. } });
    let submit_verb = if is_second { Verb::AskAgain } else { Verb::FillIn };
    vec![
        (Verb::Approve, Wanted::vote(Choice::Approve)),
        (Verb::Reject, Wanted::vote(Choice::Reject)),
        (Verb::RequestChanges, Wanted::vote(Choice::RequestChanges)),
        (Verb::Abstain, Wanted::vote(Choice::Abstain)),
        (Verb::WithdrawVote, Wanted::TakeBack),
        (submit_verb, submit),
        (Verb::Withdraw, Wanted::Withdraw { rationale: String::new() }),
        (Verb::Override, Wanted::Override { rationale: String::new() }),
        (Verb::Replace, Wanted::Settle(Precedence::Replace)),
        (Verb::Queue, Wanted::Settle(Precedence::Queue)),
    ]
}

pub fn controls(app: &App, viewer: &Viewer, shown: &Shown, sent: Option<&Sent>) -> Controls {
    let interaction = new_id(app.clock.now()).to_string();
    let nothing = |note: Option<String>| Controls { note, ..Controls::default() };
    let note_of = |text: &str| if shown.change.state().is_end() && sent.is_none() { None } else { Some(text.to_owned()) };
    let Some(person) = &viewer.person else {
        return nothing(note_of(
            "You are signed in with a service’s token, which lets you look. Services never decide: sign in with a personal token.",
        ));
    };
    let judged = Judged { by: personal(person, shown, &interaction), shown, viewer };
    let gates = judged.gates(app);
    let mut verbs = judged.possible(app);
    verbs.extend((!gates.is_empty()).then_some(Verb::Waive));
    let note = judged.note(app, &verbs);
    Controls { interaction, requirements: judged.requirements(person), gates, verbs, note }
}

/// The reader, as they see the change now.
pub fn personal(person: &PersonId, shown: &Shown, interaction: &str) -> Personal {
    let seen = Sight { round: shown.change.round, digest: Some(shown.change.subject_digest.clone()) };
    Personal { person: person.clone(), via: VIA, seen, interaction: interaction_of(person, interaction) }
}

/// One person's; the same number in somebody else's form is another interaction.
pub fn interaction_of(person: &PersonId, id: &str) -> InteractionId {
    InteractionId::new(format!("{VIA}:{person}:{id}"))
}

struct Judged<'a> {
    by: Personal,
    shown: &'a Shown,
    viewer: &'a Viewer,
}

impl Judged<'_> {
    fn possible(&self, app: &App) -> Vec<Verb> {
        let works = |wanted: Wanted| self.obstacle(app, wanted).is_none();
        deeds(&self.shown.change)
            .into_iter()
            .filter(|(verb, _)| self.viewer.may(scope(*verb)))
            .filter(|(_, wanted)| works(wanted.clone()))
            .map(|(verb, _)| verb)
            .collect()
    }

    /// Those that stand in the way and that this person may make an exception for.
    fn gates(&self, app: &App) -> Vec<String> {
        let change = &self.shown.change;
        let Some(rules) = change.rules.as_ref().filter(|_| self.viewer.may(scope(Verb::Waive))) else { return Vec::new() };
        let ageing = change.ageing().unwrap_or(Ageing::OfAll);
        let stopped = troubles(&rules.gates, &change.evidence, ageing, app.clock.now()).into_iter().map(|trouble| trouble.gate);
        let may = |gate: &GateName| {
            let (rationale, ticket) = (String::new(), String::new());
            self.obstacle(app, Wanted::Waive { gate: gate.clone(), rationale, ticket, until: None }).is_none()
        };
        stopped.filter(may).map(|gate| gate.to_string()).collect()
    }

    fn obstacle(&self, app: &App, wanted: Wanted) -> Option<Refusal> {
        self.by.obstacle(&self.shown.change, &self.shown.directory, wanted, app.clock.now())
    }

    /// Why approving does not work, while others are asked.
    fn note(&self, app: &App, verbs: &[Verb]) -> Option<String> {
        if self.shown.change.state() != State::Pending {
            return None;
        }
        if !self.viewer.may(scope(Verb::Approve)) {
            return Some("Your token lets you look. To decide, sign in with a personal one that has the scope votes:write.".to_owned());
        }
        let refusal = self.obstacle(app, Wanted::vote(Choice::Approve)).filter(|_| !verbs.contains(&Verb::Approve))?;
        Some(refusal.sentence(&self.shown.directory))
    }

    /// Requirements that this person’s approval could fill, where that leaves a choice.
    fn requirements(&self, person: &PersonId) -> Vec<String> {
        let (change, directory) = (&self.shown.change, &self.shown.directory);
        let Some(rules) = &change.rules else { return Vec::new() };
        let standing = standing(change, directory);
        let fits = |name: &&RequirementName| is_useful(change, rules, directory, Voice { person, wish: Some(name), via: VIA });
        let names: Vec<String> = standing.open_and_missing().map(|place| &place.name).filter(fits).map(ToString::to_string).collect();
        if names.len() > 1 { names } else { Vec::new() }
    }
}
