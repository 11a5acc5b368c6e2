//! Cards and forms of the samples, as every platform's renderer is given them in its tests.

use templates::samples::{directory, samples};
use templates::{Banner, Card, Controls, Fact, Form, Line, Mark, Mention, PersonRef, Quorum, Rich, Tone, Verb, VoteLine, form_for};

pub fn sample_card(name: &str) -> Card {
    let (samples, directory) = (samples().unwrap(), directory());
    templates::card(&samples.iter().find(|sample| sample.name == name).unwrap().view(&directory, Controls::Vote))
}

/// The form that this button of a sample opens.
pub fn sample_form(name: &str, verb: Verb) -> Form {
    let (samples, directory) = (samples().unwrap(), directory());
    let sample = samples.iter().find(|sample| sample.name == name).unwrap();
    form_for(&sample.view(&directory, Controls::Vote), verb).unwrap()
}

/// A card on which everything that people can write is `text`, as long as it may be; people have accounts on `platform`.
pub fn spoiled(platform: &str, text: &str, votes: usize) -> Card {
    let line = Line::new(text);
    let who = PersonRef { name: line.cut(80), accounts: [(platform.to_owned(), text.to_owned())].into(), mention: Mention::Notify };
    let (counts_for, struck) = (Some(line.cut(60)), Some(line.cut(300)));
    let vote = VoteLine { mark: Mark::Yes, who: who.clone(), counts_for, reason: line.cut(120), struck };
    let mut card = sample_card("pending");
    card.title = line.cut(120);
    card.about = Rich::from(line.cut(200)).code(line.cut(60)).link(text, text);
    card.summary = Rich::new().strong(line.cut(300)).person(who.clone());
    card.banners = vec![Banner { tone: Tone::Bad, text: Rich::from(line.cut(600)) }; 4];
    card.facts = vec![Fact { label: line.cut(20), value: Rich::from(line.cut(60)) }; 4];
    card.quorum = Some(Quorum { given: 1, needed: 2, votes: vec![vote; votes], missing: vec![line.cut(300); 3], asked: vec![who; 9] });
    card
}
