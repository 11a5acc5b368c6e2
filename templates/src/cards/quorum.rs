//! The approvals: how many of how many, by whom, and who is still needed in words.

use crate::card::{Mark, Quorum, VoteLine};
use crate::line::Line;
use crate::rich::PersonRef;
use crate::view::View;
use crate::words::{FOREIGN_MAX, NAME_MAX, REASON_MAX};
use engine::change::CastVote;
use engine::event::{Choice, Counted};
use engine::phase::State;
use engine::quorum::Tally;
use engine::rules::Rules;
use engine::standing::{Standing, standing};

/// `None` where nobody was asked: no rules, a class that asks for nobody, or not asked yet.
pub fn quorum(view: &View<'_>) -> Option<Quorum> {
    let change = view.change;
    let rules = change.rules.as_ref().filter(|rules| !rules.stages.is_empty())?;
    let standing = standing(change, view.directory);
    let counted = counted(view, &standing);
    let is_open = change.state() == State::Pending;
    Some(Quorum {
        given: counted.len(),
        needed: standing.requirements.iter().map(|requirement| requirement.need as usize).sum(),
        votes: change.votes.iter().map(|vote| vote_line(view, vote, &counted)).collect(),
        missing: if is_open { missing(rules, &standing) } else { Vec::new() },
        asked: if is_open { asked(view, &standing) } else { Vec::new() },
    })
}

/// What the decision counted once there is one, because later memberships don't rewrite it; until then what counts now.
fn counted(view: &View<'_>, standing: &Standing) -> Vec<Counted> {
    match view.change.state() {
        State::Approved | State::Released | State::Deploying | State::Succeeded | State::Failed => view.change.counted.clone(),
        State::Draft
        | State::Gating
        | State::Blocked
        | State::Pending
        | State::Rejected
        | State::Expired
        | State::Cancelled
        | State::Superseded => standing.counted(),
    }
}

fn vote_line(view: &View<'_>, vote: &CastVote, counted: &[Counted]) -> VoteLine {
    let voted = &vote.voted;
    let counts_for = counted.iter().find(|counted| counted.person == voted.person && vote.struck.is_none());
    VoteLine {
        mark: mark(vote),
        who: PersonRef::of(&voted.person, view.directory),
        counts_for: counts_for.map(|counted| Line::new(counted.requirement.as_str()).cut(NAME_MAX)),
        reason: Line::new(&voted.rationale).cut(REASON_MAX),
        struck: vote.struck.as_ref().map(|why| Line::new(why).cut(FOREIGN_MAX)),
    }
}

fn mark(vote: &CastVote) -> Mark {
    match (&vote.struck, vote.voted.choice) {
        (Some(_), _) => Mark::Gone,
        (None, Choice::Approve) => Mark::Yes,
        (None, Choice::Reject | Choice::RequestChanges) => Mark::No,
        (None, Choice::Abstain) => Mark::Gone,
    }
}

/// One line for each requirement that misses somebody; later stages say that they come later.
fn missing(rules: &Rules, standing: &Standing) -> Vec<Line> {
    let short = standing.requirements.iter().filter(|requirement| requirement.missing() > 0);
    let lines = short.filter_map(|short| {
        let words = engine::sentence::missing(rules, rules.requirement(&short.name)?, short.missing());
        let when = if short.open { "Still needed" } else { "After that" };
        let so_far = short.tally.filter(Tally::has_votes).map(|tally| format!(" So far: {}.", tally.words())).unwrap_or_default();
        Some(Line::from(format!("{when}: {words}{so_far}")).cut(FOREIGN_MAX))
    });
    lines.collect()
}

fn asked(view: &View<'_>, standing: &Standing) -> Vec<PersonRef> {
    standing.waiting_on.iter().map(|person| PersonRef::of(person, view.directory)).collect()
}
