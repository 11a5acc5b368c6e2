//! Gates and the facts that they go by, in the words of card, thread and page.

use super::summary::quoted;
use crate::card::{Banner, Mark, Tone};
use crate::line::Line;
use crate::rich::{PersonRef, Rich, WhenStyle};
use crate::view::View;
use crate::words::{FOREIGN_MAX, NAME_MAX};
use engine::evaluation::Answer;
use engine::fact::{Fact, said};
use engine::gate::{GateRule, Judged, Waiver};
use engine::sentence::listed;

/// Gates that a sentence names.
const NAMED: usize = 8;

/// “Nobody is asked yet: the gates unit and lint wait for the facts tests.unit and lint.code.”
pub fn awaited(view: &View<'_>) -> Option<Rich> {
    let rules = view.change.rules.as_ref()?;
    let evidence = &view.change.evidence;
    let waits = |rule: &&GateRule| evidence.judged(&rule.name).is_none() && waiver(view, rule).is_none();
    let waiting: Vec<&GateRule> = rules.gates.rules.iter().filter(waits).collect();
    if waiting.is_empty() {
        return None;
    }
    let gates = named(waiting.iter().map(|rule| rule.name.as_str()));
    let mut facts: Vec<&str> = waiting.iter().map(|rule| rule.fact.as_str()).collect();
    facts.dedup();
    let facts = named(facts.into_iter());
    let line = match waiting.len() {
        1 => format!("Nobody is asked yet: the gate {gates} waits for the fact {facts}."),
        _ => format!("Nobody is asked yet: the gates {gates} wait for the facts {facts}."),
    };
    Some(Rich::from(Line::from(line).cut(2 * FOREIGN_MAX)))
}

/// Over or not: that it is over becomes an event of its own.
fn waiver<'v>(view: &'v View<'_>, rule: &GateRule) -> Option<&'v Waiver> {
    view.change.evidence.waivers().find(|waiver| waiver.gate == rule.name)
}

/// “The gate sast is waived by … until …, ticket SEC-12: “…”.”
pub fn waived(view: &View<'_>, waiver: &Waiver) -> Rich {
    let by = PersonRef::of(&waiver.by, view.directory).named_only();
    let start = Rich::from(format!("The gate {} is waived by ", Line::new(waiver.gate.as_str()).cut(NAME_MAX))).person(by);
    let start = start.text(" until ").when(waiver.until, WhenStyle::Absolute);
    let ticket = waiver.ticket.as_ref().map(|ticket| format!(", ticket {}", Line::new(ticket).cut(NAME_MAX))).unwrap_or_default();
    start.text(format!("{ticket}: {}", quoted(&Line::new(&waiver.rationale).cut(FOREIGN_MAX))))
}

/// One for each exception, while it matters.
pub fn banners<'a>(view: &'a View<'_>) -> impl Iterator<Item = Banner> + 'a {
    let waivers = view.change.evidence.waivers().filter(|_| view.change.state().can_be_superseded());
    waivers.map(|waiver| Banner { tone: Tone::Warning, text: waived(view, waiver) })
}

fn named<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut names: Vec<&str> = names.collect();
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("others");
    }
    listed(&names, "and")
}

/// “tests.unit was supplied by …: failed 0, total 120. The gate unit passes.”
pub fn supplied(view: &View<'_>, fact: &Fact, judged: &[Judged]) -> Rich {
    let by = PersonRef::of(&fact.by, view.directory).named_only();
    let start = Rich::from(Line::new(fact.name.as_str()).cut(NAME_MAX)).text(" was supplied by ").person(by).text(", measured ");
    let start = start.when(fact.observed_at, WhenStyle::Absolute).text(format!(": {}.", Line::from(said(&fact.fields)).cut(FOREIGN_MAX)));
    judged.iter().fold(start, |line, judged| line.text(format!(" {}", outcome(judged))))
}

fn outcome(judged: &Judged) -> String {
    let gate = Line::new(judged.gate.as_str()).cut(NAME_MAX);
    match &judged.passes {
        Answer::True => format!("The gate {gate} passes."),
        Answer::False => format!("The gate {gate} fails."),
        Answer::Unknown(why) => format!("The gate {gate} can’t be judged: {}.", Line::new(why).cut(FOREIGN_MAX)),
    }
}

/// The symbol of a fact: what its gates made of it.
pub fn mark(judged: &[Judged]) -> Mark {
    match judged.iter().all(|judged| judged.passes == Answer::True) {
        true if judged.is_empty() => Mark::Open,
        true => Mark::Yes,
        false => Mark::No,
    }
}

/// Each gate, what it goes by, and what became of it.
pub fn lines(view: &View<'_>) -> Vec<Rich> {
    let rules = view.change.rules.iter().flat_map(|rules| &rules.gates.rules);
    rules.map(|rule| line(view, rule)).collect()
}

fn line(view: &View<'_>, rule: &GateRule) -> Rich {
    let start = Rich::new().strong(Line::new(rule.name.as_str()).cut(NAME_MAX));
    if let Some(waiver) = waiver(view, rule) {
        return start.text(": ").then(waived(view, waiver));
    }
    let Some(judged) = view.change.evidence.judged(&rule.name) else {
        return start.text(format!(" waits for {}. It needs {}.", rule.fact, Line::new(&rule.pass).cut(FOREIGN_MAX)));
    };
    let what = match &judged.passes {
        Answer::True => "passes".to_owned(),
        Answer::False => "fails".to_owned(),
        Answer::Unknown(why) => format!("can’t be judged, because {}", Line::new(why).cut(FOREIGN_MAX)),
    };
    let values = if judged.values.is_empty() { String::new() } else { format!(": {} says {}", rule.fact, said(&judged.values)) };
    let line =
        start.text(format!(" {what}{}; measured ", Line::from(values).cut(FOREIGN_MAX))).when(judged.observed_at, WhenStyle::Absolute);
    let line = match judged.fresh_until {
        Some(until) => line.text(", counts until ").when(until, WhenStyle::Absolute),
        None => line,
    };
    line.text(format!(". It needs {}.", Line::new(&rule.pass).cut(FOREIGN_MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{directory, samples};
    use crate::text::{card_text, rich_text};
    use crate::thread::thread_line;
    use crate::view::Controls;

    /// The card, the lines of its thread and of its details, as text.
    fn told(name: &str) -> String {
        let (samples, directory) = (samples().unwrap(), directory());
        let sample = samples.iter().find(|sample| sample.name == name).unwrap();
        let view = sample.view(&directory, Controls::Vote);
        let thread = sample.events.iter().filter_map(|event| thread_line(&view, event)).map(|line| rich_text(&line));
        let gates = lines(&view).into_iter().map(|line| rich_text(&line));
        std::iter::once(card_text(&crate::cards::card(&view))).chain(thread).chain(gates).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn every_surface_says_which_gate_on_which_values() {
        let table: [(&str, &[&str]); 6] = [
            (
                "gating-gates",
                &[
                    "Checking: ",
                    "Nobody is asked yet: the gate unit waits for the fact tests.unit.",
                    "unit waits for tests.unit. It needs fact.total > 0 && fact.failed == 0.",
                ],
            ),
            (
                "blocked-gates",
                &[
                    "Blocked: ",
                    "The gate unit fails: tests.unit says failed 3, total 120, and it needs fact.total > 0 && fact.failed == 0.",
                    "✕ tests.unit was supplied by Lead One, measured 16 Nov 2026, 14:05 UTC: failed 3, total 120. The gate unit fails.",
                ],
            ),
            (
                "pending-gates",
                &[
                    "✓ tests.unit was supplied by Lead One, measured 16 Nov 2026, 14:05 UTC: failed 0, total 120. The gate unit passes.",
                    "unit passes: tests.unit says failed 0, total 120; measured 16 Nov 2026, 14:05 UTC, counts until 16 Nov 2026, 15:05 UTC.",
                ],
            ),
            (
                "pending-gate-waived",
                &[
                    "○ The gate unit is waived by Lead One until 17 Nov 2026, 14:05 UTC, ticket QA-88: “The three failures are of a test machine that is gone.”",
                    "unit: The gate unit is waived by Lead One",
                ],
            ),
            (
                "pending-gate-old",
                &[
                    "The gate unit waits for a newer tests.unit: this one is of 16 Nov 2026, 14:05 UTC and counts for 1 hour. Voting goes on.",
                ],
            ),
            ("approved-gate", &["Approved: ", "It is not released yet.", "The gate unit fails: "]),
        ];
        for (name, expected) in table {
            let told = told(name);
            for words in expected {
                assert!(told.contains(words), "{name}: “{words}” is missing in\n{told}");
            }
        }
    }
}
