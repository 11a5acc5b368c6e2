//! The details behind a card: what does not fit on it, for one reader at a time.

use crate::card::Fact;
use crate::cards::{self, banners, facts::fact};
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{self, FOREIGN_MAX, NAME_MAX};
use engine::change::CastVote;
use engine::ids::ChangeNumber;
use engine::request::Author;
use engine::rules::Part;
use engine::standing::standing;

/// Contributors and artifacts that are listed one by one.
const LISTED: usize = 10;
/// Units of one answer; longer ones are whole on the web.
const ANSWER_SHOWN: usize = 1_000;
/// Votes whose reasons are given whole.
const VOTES: usize = 12;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Details {
    pub number: ChangeNumber,
    pub title: Line,
    pub facts: Vec<Fact>,
    pub sections: Vec<Section>,
    pub web: String,
}

/// A heading and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub heading: Line,
    pub lines: Vec<Rich>,
}

pub fn details(view: &View<'_>) -> Details {
    let asked = [rules_section(view), window_section(view), votes_section(view), answers_section(view)];
    let sections = asked.into_iter().chain([
        section("Gates", cards::gates::lines(view)),
        escalation_section(view),
        authors_section(view),
        subject_section(view),
    ]);
    Details {
        number: view.change.number,
        title: cards::title::title(view.change),
        facts: facts(view),
        sections: sections.filter(|section| !section.lines.is_empty()).collect(),
        web: view.web(),
    }
}

fn section(heading: &str, lines: Vec<Rich>) -> Section {
    Section { heading: Line::new(heading), lines }
}

fn facts(view: &View<'_>) -> Vec<Fact> {
    let change = view.change;
    let mut facts = cards::facts::basic(view);
    facts.push(fact("Service", Rich::from(Line::new(&change.request.service.path).cut(NAME_MAX))));
    facts.push(fact("Environment", Rich::from(Line::new(&change.request.environment).cut(NAME_MAX))));
    if let Some(rules) = &change.rules {
        let name = Line::new(&rules.policy.name).cut(NAME_MAX);
        facts.push(fact("Policy", Rich::from(format!("{name} v{}", rules.policy.version))));
    }
    facts
}

/// Each requirement as a sentence, with who counts for it.
fn rules_section(view: &View<'_>) -> Section {
    let Some(rules) = &view.change.rules else { return section("Who has to agree", Vec::new()) };
    let standing = standing(view.change, view.directory);
    let lines = standing.requirements.iter().filter_map(|place| {
        let sentence = engine::sentence::requirement(rules, rules.requirement(&place.name)?);
        let people: Vec<PersonRef> = place.counted.iter().map(|person| PersonRef::of(person, view.directory).named_only()).collect();
        let line = Rich::new().strong(Line::new(place.name.as_str()).cut(NAME_MAX)).text(format!(": {}", stopped(&sentence)));
        let tally = place.tally.map(|tally| format!(" So far {};", tally.words())).unwrap_or_default();
        let counts = format!("{tally} {} of {}", place.counted.len(), place.need);
        Some(if people.is_empty() { line.text(counts).text(".") } else { line.text(counts).text(": ").people(&people, LISTED).text(".") })
    });
    section("Who has to agree", lines.collect())
}

/// When it goes out, once it is approved.
fn window_section(view: &View<'_>) -> Section {
    let rules = || view.change.rules.iter();
    let before = rules().filter_map(|rules| rules.promotion.as_ref()).map(engine::sentence::promotion);
    let window = rules().filter_map(|rules| rules.window.as_ref()).map(engine::sentence::window);
    let lock = rules().filter_map(|rules| engine::sentence::lock(rules.lock)).map(str::to_owned);
    section("When it goes out", before.chain(window).chain(lock).map(|sentence| Rich::from(stopped(&sentence))).collect())
}

fn stopped(sentence: &str) -> String {
    let line = Line::new(sentence).cut(FOREIGN_MAX).to_string();
    if line.ends_with('.') { line } else { format!("{line}.") }
}

/// A page leaves this section to the card.
pub const VOTES_HEADING: &str = "Votes";

fn votes_section(view: &View<'_>) -> Section {
    let newest = view.change.votes.iter().rev().take(VOTES);
    section(VOTES_HEADING, newest.map(|vote| vote_line(view, vote)).collect())
}

fn vote_line(view: &View<'_>, vote: &CastVote) -> Rich {
    let line = Rich::new().person(PersonRef::of(&vote.voted.person, view.directory).named_only());
    let line = line.text(format!(" {} ", words::chosen(vote.voted.choice))).when(vote.at, WhenStyle::Absolute);
    let reason = Line::new(&vote.voted.rationale).cut(crate::form::RATIONALE_MAX as usize);
    let line = if reason.is_empty() { line.text(".") } else { line.text(format!(": “{reason}”")) };
    match &vote.struck {
        Some(why) => line.text(format!(" No longer counts: {}", stopped(why))),
        None => line,
    }
}

/// Everything that the requester filled in.
fn answers_section(view: &View<'_>) -> Section {
    let line = |(label, value): (Line, Line)| Rich::new().strong(label).text(format!(": {}", value.cut(ANSWER_SHOWN)));
    section("What its requester filled in", cards::facts::answers(view).map(line).collect())
}

/// What was done, and the next step with its time.
fn escalation_section(view: &View<'_>) -> Section {
    let Some(rules) = &view.change.rules else { return section("Escalation", Vec::new()) };
    let taken = view.change.taken.iter().filter_map(|taken| {
        let act = banners::act(rules.escalation.get(taken.step)?);
        Some(Rich::from("Done ").when(taken.at, WhenStyle::Absolute).text(": ").text(act))
    });
    section("Escalation", taken.chain(banners::next_step(view)).collect())
}

fn authors_section(view: &View<'_>) -> Section {
    let Some(authors) = &view.change.authors else { return section("Who wrote it", Vec::new()) };
    let known = authors.known.iter().take(LISTED).map(|author| author_line(view, author));
    let unknown = authors.unknown.iter().take(LISTED).map(|who| Rich::from(format!("Not known: {}", Line::new(who).cut(NAME_MAX))));
    section("Who wrote it", known.chain(unknown).collect())
}

fn author_line(view: &View<'_>, author: &Author) -> Rich {
    let line = Rich::new().person(PersonRef::of(&author.person, view.directory).named_only());
    let line = line.text(format!(" {}", words::part(author.part)));
    match &author.commit {
        Some(commit) => line.text(" ").code(Line::new(commit).cut(NAME_MAX)),
        None => match author.part {
            Part::CommitAuthor | Part::CommitCoAuthor => line.text(" it"),
            Part::Initiator | Part::Merger | Part::FactSupplier => line,
        },
    }
}

/// The subject in full: what a vote is for.
fn subject_section(view: &View<'_>) -> Section {
    let subject = &view.change.request.subject;
    let digest = Rich::from("Subject ").code(Line::new(view.change.subject_digest.as_str()).cut(2 * NAME_MAX));
    let commit = subject.commit.as_ref().map(|commit| Rich::from("Commit ").code(Line::new(commit).cut(NAME_MAX)));
    let artifacts = subject.artifacts.iter().take(LISTED).map(|(name, digest)| {
        let name = Line::new(name).cut(NAME_MAX);
        Rich::from(format!("Artifact {name} ")).code(Line::new(digest).cut(2 * NAME_MAX))
    });
    section("What is approved", std::iter::once(digest).chain(commit).chain(artifacts).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{directory, samples};
    use crate::text::rich_text;
    use crate::view::Controls;

    #[test]
    fn details_say_every_rule_and_the_next_step() {
        let samples = samples().unwrap();
        let sample = samples.iter().find(|sample| sample.name == "pending-escalated").unwrap();
        let details = details(&sample.view(&directory(), Controls::Vote));
        let lines: Vec<String> = details.sections.iter().flat_map(|section| section.lines.iter().map(rich_text)).collect();
        let said = |part: &str| assert!(lines.iter().any(|line| line.contains(part)), "{part}: {lines:#?}");
        said("operations: 2 people from operations, other than the requester and the authors. 1 of 2: Approver One.");
        said("business: 1 person from business-owners, other than the requester and the authors. 0 of 1.");
        said("Done 16 Nov 2026, 14:42 UTC: operations-leads are asked too.");
        said("Next 16 Nov 2026, 18:21 UTC: operations-leads are asked, and nobody else is reminded.");
        said("Approver One approved 16 Nov 2026, 14:28 UTC: “Canary is clean so far, rollback tested.”");
        said("Requester One wrote a1b2c3d4");
        said("Artifact checkout-api sha256:9f2c");
    }
}
