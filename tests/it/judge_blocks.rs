//! Every sample as Slack gets it, before two models of Block Kit that others wrote.

use bot::slack;
use serde_json::{Map, Value, json};
use templates::samples::{Sample, directory, samples};
use templates::view::Controls;
use templates::{Verb, form_for};
use tests::process::judges::{Kind, rejected};

fn value(of: impl serde::Serialize) -> Value {
    serde_json::to_value(of).unwrap()
}

fn message(sample: &Sample) -> Value {
    let directory = directory();
    let lowered = slack::card::card(&templates::card(&sample.view(&directory, Controls::Vote)));
    json!({ "channel": "C000000001", "text": lowered.text, "blocks": value(&lowered.blocks) })
}

fn modals(sample: &Sample) -> Vec<(String, Value)> {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    let form = |verb: Verb| Some((format!("{}-{}", sample.name, verb.word()), value(slack::form_view(&form_for(&view, verb)?))));
    let details = (format!("{}-details", sample.name), value(slack::details_view(&templates::details(&view))));
    Verb::ALL.into_iter().filter_map(form).chain([details]).collect()
}

#[test]
fn every_card_is_accepted() {
    let cards: Map<String, Value> = samples().unwrap().iter().map(|sample| (sample.name.to_owned(), message(sample))).collect();
    assert_eq!(rejected(Kind::Message, &cards), Vec::<String>::new());
}

#[test]
fn every_form_and_all_details_are_accepted() {
    let views: Map<String, Value> = samples().unwrap().iter().flat_map(modals).collect();
    assert_eq!(rejected(Kind::Modal, &views), Vec::<String>::new());
}

/// A judge that accepts everything would be none.
#[test]
fn both_judges_reject_what_slack_would() {
    let header = json!({ "type": "header", "text": { "type": "plain_text", "text": "x".repeat(151) } });
    let cases = Map::from_iter([("too-long".to_owned(), json!({ "channel": "C000000001", "text": "x", "blocks": [header] }))]);
    let lines = rejected(Kind::Message, &cases);
    assert!(lines.len() >= 2 && lines.iter().all(|line| line.starts_with("too-long: ")), "{lines:#?}");
    let modal = json!({ "type": "modal", "title": { "type": "plain_text", "text": "a title of more than 24 characters" }, "blocks": [] });
    let lines = rejected(Kind::Modal, &Map::from_iter([("long-title".to_owned(), modal)]));
    assert!(!lines.is_empty(), "{lines:#?}");
}
