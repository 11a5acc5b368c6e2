//! The details as one embed that only the person who asked reads; what has no room is left to the web.

use super::limits::{EMBED_DESCRIPTION_MAX, EMBED_TITLE_MAX};
use super::markdown::{bounded, escape_within, link, strong};
use super::shown::Shown;
use templates::line::units;
use templates::{Details, Fact, Section, Tone};

/// Units of one line: the longest reason, escaped.
const LINE_MAX: usize = 1_200;
const LEFT_OUT: &str = "… and more:";

pub fn details(details: &Details) -> Shown {
    let facts = details.facts.iter().map(fact);
    let sections = details.sections.iter().flat_map(section);
    Shown {
        title: escape_within(&format!("Details of {}", details.number), EMBED_TITLE_MAX),
        description: fitting(facts.chain(sections), &link(&details.web, "Open it on the web, with its whole history")),
        footer: String::new(),
        web: details.web.clone(),
        tone: Tone::Calm,
    }
}

fn fact(fact: &Fact) -> String {
    format!("{} {}", strong(fact.label.as_str()), bounded(&fact.value, LINE_MAX))
}

/// A heading, with a free line above it, and its lines.
fn section(section: &Section) -> impl Iterator<Item = String> + '_ {
    let heading = format!("\n{}", strong(section.heading.as_str()));
    std::iter::once(heading).chain(section.lines.iter().map(|line| bounded(line, LINE_MAX)))
}

/// As many lines as there is room for, and the way to the rest.
fn fitting(lines: impl Iterator<Item = String>, web: &str) -> String {
    let reserve = units(web) + units(LEFT_OUT) + 3;
    let mut text = String::new();
    for line in lines {
        if units(&text) + units(&line) + 1 + reserve > EMBED_DESCRIPTION_MAX {
            return format!("{text}\n{LEFT_OUT} {web}");
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text += &line;
    }
    format!("{text}\n\n{web}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use templates::samples::{directory, samples};
    use templates::{Controls, Rich};

    #[test]
    fn every_sample_fits() {
        let directory = directory();
        for sample in samples().unwrap() {
            let view = sample.view(&directory, Controls::Vote);
            let shown = details(&templates::details(&view));
            assert!(shown.fits(), "{}: {shown:?}", sample.name);
            assert!(shown.description.contains("on the web"), "{}", sample.name);
        }
    }

    #[test]
    fn what_has_no_room_is_left_to_the_web() {
        let directory = directory();
        let samples = samples().unwrap();
        let mut long = templates::details(&samples[0].view(&directory, Controls::Vote));
        let line = Rich::from("@everyone ".repeat(200));
        long.sections = vec![Section { heading: "Votes".into(), lines: vec![line; 50] }];
        let shown = details(&long);
        assert!(shown.fits() && shown.description.contains(LEFT_OUT), "{shown:?}");
    }
}
