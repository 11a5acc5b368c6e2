//! The form that a vote is given in: the reason is the confirmation. What its requester fills in is in [`crate::requester_form`].

use crate::card::Verb;
use crate::field::Field;
use crate::line::Line;
use crate::rich::Rich;
use crate::view::View;
use crate::{cards, words};
use engine::event::Choice;
use engine::ids::ChangeNumber;
use engine::quorum::{Abstain, Rejection};
use engine::rules::{RationaleRule, Requirement};

/// Characters of a reason that a form takes.
pub const RATIONALE_MAX: u32 = 1_000;
/// [`RATIONALE_MAX`] as people read it.
const RATIONALE_MAX_WORDS: &str = "1,000";
/// The narrowest form title of all platforms (Slack: 24).
pub const FORM_TITLE_MAX: usize = 24;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub verb: Verb,
    pub number: ChangeNumber,
    pub round: u32,
    pub title: Line,
    /// What is decided, and what comes of it.
    pub intro: Rich,
    /// What is asked for besides the reason, in the order of the policy; empty for a vote.
    pub fields: Vec<Field>,
    pub rationale: RationaleField,
    pub submit: Line,
    pub close: Line,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RationaleField {
    pub label: Line,
    pub hint: Line,
    pub placeholder: Line,
    /// Characters; 0 where the policy asks for no reason.
    pub min: u32,
    pub max: u32,
}

impl Form {
    /// The same form with so many inputs at most, the reason among them; what is cut is asked for again.
    #[must_use]
    pub fn within(mut self, inputs: usize) -> Self {
        self.fields.truncate(inputs.saturating_sub(1));
        self
    }
}

/// The form for one choice on a change that takes votes.
pub fn form(view: &View<'_>, choice: Choice) -> Form {
    let words = words::form(choice);
    let change = view.change;
    Form {
        verb: words.verb,
        number: change.number,
        round: change.round,
        title: Line::from(format!("{} {}", words.submit, change.number)).cut(FORM_TITLE_MAX),
        intro: intro(view, choice),
        fields: Vec::new(),
        rationale: RationaleField {
            label: Line::new(words.label),
            hint: hint(rule(view, choice)),
            placeholder: Line::new(words.placeholder),
            min: shortest(rule(view, choice)),
            max: RATIONALE_MAX,
        },
        submit: Line::new(words.submit),
        close: Line::new("Cancel"),
    }
}

/// What the policy in force for this change asks of a reason.
fn rule(view: &View<'_>, choice: Choice) -> RationaleRule {
    let rationale = view.change.rules.as_ref().map(|rules| &rules.rationale);
    rationale.map(|rules| engine::rationale::rule(rules, choice)).unwrap_or_default()
}

fn shortest(rule: RationaleRule) -> u32 {
    if rule.required { rule.min_length.clamp(1, RATIONALE_MAX) } else { 0 }
}

fn hint(rule: RationaleRule) -> Line {
    length_hint(shortest(rule))
}

/// Where a reason goes and how long it may be.
pub(crate) fn length_hint(shortest: u32) -> Line {
    let kept = "Shown on the card and kept in the record.";
    match shortest {
        0 => Line::from(format!("{kept} Up to {RATIONALE_MAX_WORDS} characters.")),
        min => Line::from(format!("{kept} {min} to {RATIONALE_MAX_WORDS} characters.")),
    }
}

fn intro(view: &View<'_>, choice: Choice) -> Rich {
    let subject = subject(view);
    match choice {
        Choice::Approve => subject.text(after_approval(view)),
        Choice::Reject => subject.text(after_rejection(view)),
        Choice::RequestChanges => subject.text("The votes so far end with this round, and its requester is asked to mend it."),
        Choice::Abstain => subject.text(format!("{} You can still vote otherwise until the stage is decided.", after_abstention(view))),
    }
}

/// What, and in which round.
pub(crate) fn subject(view: &View<'_>) -> Rich {
    let change = view.change;
    let what = Rich::new().strong(cards::title::what(change)).line_break();
    what.text("Subject ").code(words::short_digest(&change.subject_digest)).text(format!(", round {}.", change.round)).line_break()
}

fn after_rejection(view: &View<'_>) -> String {
    let is_vote = |requirement: &&Requirement| requirement.a_rejection == Rejection::IsAVote;
    let ends = format!("One rejection ends this change, and {} is told.", view.tool);
    match (open(view).any(|requirement| is_vote(&requirement)), open(view).all(|requirement| is_vote(&requirement))) {
        (false, _) => ends,
        (true, true) => "It is one vote against. The change ends when it can’t be agreed to any more.".to_owned(),
        (true, false) => format!("On a board it is one vote against. For whoever may sign something else here too: {ends}"),
    }
}

fn after_abstention(view: &View<'_>) -> &'static str {
    let mut boards = open(view).filter_map(|requirement| requirement.quorum.as_ref());
    match boards.any(|quorum| quorum.abstain == Abstain::CountsForTurnout) {
        true => "On a board it counts for the turnout, and nowhere for anybody.",
        false => "It counts for nobody.",
    }
}

/// The requirements that have been opened: a rejection is for any of them.
fn open<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Requirement> {
    let change = view.change;
    let opened = change.open_stage().map_or(0, |open| open + 1);
    let stages = change.rules.iter().flat_map(move |rules| rules.stages.iter().take(opened).map(move |stage| (rules, stage)));
    stages.flat_map(|(rules, stage)| stage.requirements.iter().filter_map(|name| rules.requirement(name)))
}

fn after_approval(view: &View<'_>) -> String {
    let Some(quorum) = cards::quorum::quorum(view) else { return String::new() };
    let next = quorum.given + 1;
    if next >= quorum.needed {
        return format!("Approval {next} of {}: with it, {} is told to go ahead.", quorum.needed, view.tool);
    }
    format!("Approvals so far: {} of {}.", quorum.given, quorum.needed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{directory, samples};
    use crate::text::rich_text;
    use crate::view::Controls;

    fn of(name: &str, choice: Choice) -> Form {
        let samples = samples().unwrap();
        let sample = samples.iter().find(|sample| sample.name == name).unwrap();
        form(&sample.view(&directory(), Controls::Vote), choice)
    }

    #[test]
    fn a_form_names_the_change_and_what_comes_of_it() {
        let approve = of("pending-stage-two", Choice::Approve);
        assert_eq!(approve.title.as_str(), "Approve CHG-1042");
        assert!(rich_text(&approve.intro).ends_with("round 1. Approval 3 of 3: with it, GitLab is told to go ahead."));
        assert_eq!(approve.rationale.label.as_str(), "Why is this safe to ship?");
        assert_eq!((approve.rationale.min, approve.rationale.max), (15, 1_000));
        let reject = of("pending", Choice::Reject);
        assert_eq!(reject.rationale.label.as_str(), "What has to change?");
        assert_eq!(reject.rationale.hint.as_str(), "Shown on the card and kept in the record. 15 to 1,000 characters.");
        assert!(reject.title.units() <= FORM_TITLE_MAX);
    }

    #[test]
    fn without_a_rule_no_reason_is_asked() {
        assert_eq!(of("blocked-unknown-requester", Choice::Approve).rationale.min, 0);
    }
}
