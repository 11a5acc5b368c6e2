//! Every event of a change as one sentence, for the thread below a card and for the timeline of a page.

use crate::card::Mark;
use crate::cards::{banners, gates, holds, summary};
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{self, FOREIGN_MAX, NAME_MAX};
use engine::change::OutsideDecision;
use engine::event::{Choice, DeploymentOutcome, Event, OnDuty, Opened, Refused, SignedOverride, Submitted, TakenAct, Voted, What};
use engine::ids::PersonId;
use engine::request::{Again, Initiator};

/// People that one line names.
const NAMED: usize = 10;

/// Said of a vote that nobody may see yet.
pub const SEALED: &str = "A vote was given. It is shown when all who sign blind have voted.";

/// What happened. The voter's own words are left to the caller, who knows how much of them fits.
pub fn sentence(view: &View<'_>, event: &Event) -> Rich {
    match &event.what {
        What::Opened(opened) => opened_sentence(view, opened),
        What::InitiatorKnown { person } => Rich::from("It is known now who asked for this: ").person(person_ref(view, person)).text("."),
        What::AuthorsKnown { authors } => authors_sentence(view, authors),
        What::AuthorsUnknown { why } => Rich::from(format!("The authors could not be looked up: {}", foreign(why))),
        What::FactSupplied { fact, judged } => gates::supplied(view, fact, judged),
        What::GateWaived { waiver, .. } => gates::waived(view, waiver),
        What::WaiverEnded { gate, why } => {
            Rich::from(format!("The gate {} is not waived any more: {}", Line::new(gate.as_str()).cut(NAME_MAX), foreign(why)))
        }
        What::Blocked { why } => Rich::from(format!("Blocked. {}", Line::from(why.sentence()).cut(2 * FOREIGN_MAX))),
        What::StageOpened { stage, index, .. } => stage_sentence(view, stage.as_str(), *index),
        What::DutyKnown(on_duty) => on_duty_sentence(view, on_duty),
        What::Voted(voted) => voted_sentence(view, voted),
        What::VoteStruck { person, why } => {
            let start = Rich::from("The vote of ").person(person_ref(view, person));
            start.text(format!(" no longer counts: {}", foreign(why)))
        }
        What::VoteWithdrawn { person, .. } => Rich::new().person(person_ref(view, person)).text(" took their vote back."),
        What::Refused(refused) => Rich::from(refused_sentence(refused)),
        What::FieldsMissing { fields } => {
            let labels: Vec<String> = fields.iter().map(|name| engine::fields::label(name)).collect();
            Rich::from(format!("Its requester has to fill in: {}", foreign(&labels.join(", "))))
        }
        What::ChangesRequested { by, round, .. } => {
            Rich::from("Changes requested by ").person(person_ref(view, by)).text(format!(". What comes next is round {round}."))
        }
        What::Submitted(submitted) => {
            Rich::new().person(person_ref(view, &submitted.person)).text(format!(" sent it in, as round {}.", submitted.round))
        }
        What::SubjectChanged { round, subject_digest, .. } => {
            let digest = words::short_digest(subject_digest);
            Rich::from("The subject is another one now: ").code(digest).text(format!(". Round {round} begins without votes."))
        }
        What::Held { hold } => holds::text(view, hold),
        What::HoldLifted { why, .. } => Rich::from(format!("No longer held: {}", foreign(why))),
        What::Settled { older, precedence, by, .. } => {
            Rich::from("Said by ").person(person_ref(view, by)).text(": ").then(holds::settled(view, older, *precedence))
        }
        What::OverrideSigned(signed) => {
            let freeze = Line::new(&signed.freeze).cut(NAME_MAX);
            Rich::new().person(person_ref(view, &signed.person)).text(format!(" overrides the freeze {freeze} for it."))
        }
        What::LaneTaken => Rich::from("It goes out. Nothing else of its service does there until it has ended."),
        What::Approved { counted } => Rich::from(approved_sentence(counted.len())),
        What::Rejected { by, .. } => Rich::from("Rejected by ").person(person_ref(view, by)).text(". Nothing is released."),
        What::Outvoted(outvoted) => Rich::from(format!("Rejected: {} Nothing is released.", foreign(&outvoted.sentence()))),
        What::Expired { .. } => Rich::from("Expired without a decision. Nothing is released."),
        What::Cancelled { why } => Rich::from(format!("Withdrawn: {}", foreign(why))),
        What::Superseded { by } => {
            Rich::from("Replaced by ").link(&view.web_of(by.number), by.number.to_string()).text(", which is newer.")
        }
        What::StepTaken { act, people, .. } => step_sentence(view, act, people),
        What::StepSkipped { step } => {
            Rich::from(format!("Escalation step {} was skipped: it has nobody to reach, or has come again meanwhile.", step + 1))
        }
        What::Retargeted { again, attempt } => asked_again(view, again, *attempt),
        What::Reported { words, .. } => Rich::from(format!("The tool shows: {}", foreign(words))),
        What::Answered { decision, .. } => Rich::from(banners::delivered(view.tool, *decision)),
        What::AnswerFailed { error, .. } => Rich::from(format!("The decision could not be delivered to {}: {}", view.tool, foreign(error))),
        What::DecidedOutside { decision, by } => {
            banners::outside_text(view.tool, &OutsideDecision { decision: *decision, by: by.clone(), at: event.at })
        }
        What::DeploymentStarted { .. } => Rich::from("The deployment started."),
        What::UnapprovedDeployment { run } => Rich::from(banners::unapproved_sentence(run)),
        What::DeploymentFinished { outcome, .. } => Rich::from(finished_sentence(*outcome)),
    }
}

/// What somebody wrote with it.
pub fn own_words(what: &What) -> Option<&str> {
    if let What::Voted(Voted { rationale: words, .. })
    | What::OverrideSigned(SignedOverride { rationale: words, .. })
    | What::Submitted(Submitted { note: words, .. }) = what
    {
        Some(words)
    } else {
        None
    }
}

/// The symbol before the sentence.
pub fn mark(event: &Event) -> Mark {
    match &event.what {
        What::Voted(Voted { choice: Choice::Approve, .. }) | What::Approved { .. } => Mark::Yes,
        What::DeploymentFinished { outcome: DeploymentOutcome::Success, .. } => Mark::Yes,
        What::Voted(Voted { choice: Choice::Reject | Choice::RequestChanges, .. })
        | What::ChangesRequested { .. }
        | What::Rejected { .. }
        | What::Outvoted(_)
        | What::Blocked { .. }
        | What::Refused(_)
        | What::AnswerFailed { .. }
        | What::UnapprovedDeployment { .. }
        | What::DeploymentFinished { .. } => Mark::No,
        What::Voted(Voted { choice: Choice::Abstain, .. })
        | What::VoteStruck { .. }
        | What::VoteWithdrawn { .. }
        | What::Expired { .. }
        | What::Cancelled { .. }
        | What::Superseded { .. }
        | What::WaiverEnded { .. }
        | What::StepSkipped { .. } => Mark::Gone,
        What::StepTaken { .. } | What::DeploymentStarted { .. } | What::Answered { .. } | What::Retargeted { .. } | What::LaneTaken => {
            Mark::Under
        }
        What::FactSupplied { judged, .. } => gates::mark(judged),
        What::Opened(_)
        | What::GateWaived { .. }
        | What::FieldsMissing { .. }
        | What::Submitted(_)
        | What::SubjectChanged { .. }
        | What::Held { .. }
        | What::HoldLifted { .. }
        | What::Settled { .. }
        | What::OverrideSigned(_)
        | What::InitiatorKnown { .. }
        | What::AuthorsKnown { .. }
        | What::AuthorsUnknown { .. }
        | What::Reported { .. }
        | What::StageOpened { .. }
        | What::DutyKnown(_)
        | What::DecidedOutside { .. } => Mark::Open,
    }
}

fn person_ref(view: &View<'_>, id: &PersonId) -> PersonRef {
    PersonRef::of(id, view.directory).named_only()
}

/// “On duty in ops-on-call: Approver One. Next handover …”
fn on_duty_sentence(view: &View<'_>, on_duty: &OnDuty) -> Rich {
    let mut said = Rich::new();
    for (roster, people) in &on_duty.people {
        said = said.text(format!("On duty in {}: ", Line::new(roster.as_str()).cut(NAME_MAX)));
        for (n, person) in people.iter().take(NAMED).enumerate() {
            said = said.text(if n == 0 { "" } else { ", " }).person(person_ref(view, person));
        }
        said = said.text(if people.is_empty() { "nobody. " } else { ". " });
    }
    match on_duty.until {
        Some(until) => said.text("Next handover ").when(until, WhenStyle::Absolute).text("."),
        None => said,
    }
}

fn foreign(text: &str) -> String {
    summary::full_stop(text)
}

fn opened_sentence(view: &View<'_>, opened: &Opened) -> Rich {
    let what = crate::cards::title::what(view.change);
    let start = Rich::from(format!("Asked for: {what}, by ")).then(crate::cards::facts::requester(view));
    start.text(". It expires ").when(opened.expires_at, WhenStyle::Absolute).text(".")
}

fn asked_again(view: &View<'_>, again: &Again, attempt: u32) -> Rich {
    let start = match &again.initiator {
        Initiator::Person(id) => Rich::from("Asked for again by ").person(person_ref(view, id)),
        Initiator::Unknown { kind, account } => Rich::from(format!("Asked for again by {}", foreign(&format!("{kind} account {account}")))),
    };
    start.text(format!(", as attempt {attempt}."))
}

fn authors_sentence(view: &View<'_>, authors: &engine::request::Authors) -> Rich {
    let mut people: Vec<PersonRef> = Vec::new();
    for author in &authors.known {
        let person = person_ref(view, &author.person);
        if !people.contains(&person) {
            people.push(person);
        }
    }
    let known = if people.is_empty() { Rich::from("No author is known") } else { Rich::from("Written by ").people(&people, NAMED) };
    if authors.unknown.is_empty() {
        return known.text(".");
    }
    known.text(format!("; not known: {}", foreign(&authors.unknown.join(", "))))
}

fn stage_sentence(view: &View<'_>, stage: &str, index: usize) -> Rich {
    let stages = view.change.rules.as_ref().map_or(1, |rules| rules.stages.len());
    let name = Line::new(stage).cut(NAME_MAX);
    Rich::from(format!("Stage {} of {stages} is open: {name}.", index + 1))
}

fn voted_sentence(view: &View<'_>, voted: &Voted) -> Rich {
    let requirement = voted.requirement.as_ref().map(|name| format!(" for {}", Line::new(name.as_str()).cut(NAME_MAX)));
    let chosen = words::chosen(voted.choice);
    Rich::new().person(person_ref(view, &voted.person)).text(format!(" {chosen}{}.", requirement.unwrap_or_default()))
}

fn refused_sentence(refused: &Refused) -> String {
    let code = Line::new(&refused.code).cut(NAME_MAX).to_string().replace('_', " ");
    format!("An attempt to {} was refused: {code}.", words::attempt(refused.attempt))
}

fn approved_sentence(counted: usize) -> String {
    match counted {
        0 => "Approved by rule: its class asks for nobody.".to_owned(),
        1 => "Approved, with 1 vote counted.".to_owned(),
        votes => format!("Approved, with {votes} votes counted."),
    }
}

fn step_sentence(view: &View<'_>, act: &TakenAct, people: &[PersonId]) -> Rich {
    let people: Vec<PersonRef> = people.iter().map(|person| person_ref(view, person)).collect();
    let start = match act {
        TakenAct::Reminded => Rich::from("Reminded"),
        TakenAct::Added(group) => Rich::from("Escalated to ").strong(Line::new(group.as_str()).cut(NAME_MAX)),
        TakenAct::Reassigned(group) => Rich::from("Reassigned to ").strong(Line::new(group.as_str()).cut(NAME_MAX)),
        TakenAct::Told(group) => Rich::from("Reported to ").strong(Line::new(group.as_str()).cut(NAME_MAX)),
    };
    if people.is_empty() { start.text(".") } else { start.text(": ").people(&people, NAMED).text(".") }
}

fn finished_sentence(outcome: DeploymentOutcome) -> &'static str {
    match outcome {
        DeploymentOutcome::Success => "Deployed.",
        DeploymentOutcome::Failure => "The deployment failed.",
        DeploymentOutcome::Cancelled => "The deployment was cancelled.",
    }
}
