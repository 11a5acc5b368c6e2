//! The inputs of a form: its reason, and a box or a menu for each of its fields.

use super::lower::plain_text;
use super::modal::WHY_BLOCK;
use super::mrkdwn::escape_within;
use crate::ids::{self, RATIONALE};
use slack_morphism::prelude::*;
use templates::{Field, FieldInput, Form, RationaleField};

/// Units of a placeholder.
const PLACEHOLDER_MAX: usize = 150;
/// Units of a label and of what stands below an input: 2,000 are allowed, nobody reads them.
const LABEL_MAX: usize = 150;
const HINT_MAX: usize = 300;
/// Entries of a menu, and units of each.
const OPTIONS_MAX: usize = 100;
const OPTION_MAX: usize = 75;

/// A reason that has to be given comes first, one that may be given last.
pub fn inputs(form: &Form) -> Vec<SlackBlock> {
    let reason_first = form.rationale.min > 0 || form.fields.is_empty();
    let reason = reason(&form.rationale, reason_first);
    let fields = form.fields.iter().map(field);
    if reason_first { std::iter::once(reason).chain(fields).collect() } else { fields.chain([reason]).collect() }
}

fn reason(field: &RationaleField, has_focus: bool) -> SlackBlock {
    let element = SlackBlockPlainTextInputElement::new()
        .with_action_id(RATIONALE.into())
        .with_multiline(true)
        .with_min_length(u64::from(field.min))
        .with_max_length(u64::from(field.max))
        .with_placeholder(plain_text(&escape_within(field.placeholder.as_str(), PLACEHOLDER_MAX)))
        .with_focus_on_load(has_focus);
    SlackInputBlock::new(plain_text(field.label.as_str()), element.into())
        .with_block_id(SlackBlockId(WHY_BLOCK.into()))
        .with_hint(plain_text(field.hint.as_str()))
        .with_optional(field.min == 0)
        .into()
}

fn field(field: &Field) -> SlackBlock {
    let id = ids::field(&field.name);
    let element = match &field.input {
        FieldInput::Text { min, max } => text(field, *max).with_min_length(u64::from(*min)).with_action_id(id.clone().into()).into(),
        FieldInput::List { max } => text(field, *max).with_action_id(id.clone().into()).into(),
        FieldInput::Choice { of } => menu(field, of).with_action_id(id.clone().into()).into(),
    };
    SlackInputBlock::new(plain_text(&escape_within(field.label.as_str(), LABEL_MAX)), element)
        .with_block_id(SlackBlockId(id))
        .with_hint(plain_text(&escape_within(field.hint.as_str(), HINT_MAX)))
        .with_optional(field.optional)
        .into()
}

fn text(field: &Field, max: u32) -> SlackBlockPlainTextInputElement {
    let element = SlackBlockPlainTextInputElement::new().with_multiline(true).with_max_length(u64::from(max));
    if field.value.is_empty() || field.value.chars().count() > max as usize {
        element
    } else {
        element.with_initial_value(field.value.clone())
    }
}

/// The whole words are the values, so that what is shown may be cut.
fn menu(field: &Field, of: &[String]) -> SlackBlockStaticSelectElement {
    let option = |word: &String| SlackBlockChoiceItem::new(plain_text(&escape_within(word, OPTION_MAX)), word.clone());
    let menu = SlackBlockStaticSelectElement::new().with_options(of.iter().take(OPTIONS_MAX).map(option).collect());
    match of.iter().take(OPTIONS_MAX).find(|word| **word == field.value) {
        Some(chosen) => menu.with_initial_option(option(chosen)),
        None => menu,
    }
}

#[cfg(test)]
mod tests {
    use super::super::modal::form_view;
    use crate::sampled::sample_form;
    use serde_json::Value;
    use templates::samples::{directory, samples};
    use templates::{Controls, Verb, form_for};

    fn blocks(sample: &str, verb: Verb) -> Vec<Value> {
        serde_json::to_value(form_view(&sample_form(sample, verb))).unwrap()["blocks"].as_array().unwrap().clone()
    }

    #[test]
    fn what_is_missing_is_asked_for_and_the_note_comes_last() {
        let blocks = blocks("draft", Verb::FillIn);
        let ids: Vec<&str> = blocks.iter().filter_map(|block| block["block_id"].as_str()).collect();
        assert_eq!(ids, ["sum", "field.summary", "field.backout_plan", "why"]);
        assert_eq!((&blocks[1]["element"]["min_length"], &blocks[1]["element"]["max_length"]), (&20.into(), &3_000.into()));
        assert_eq!((&blocks[2]["hint"]["text"], &blocks[3]["optional"]), (&"At least 30 characters.".into(), &true.into()));
    }

    #[test]
    fn earlier_answers_stand_in_their_boxes_and_menus() {
        let blocks = blocks("draft-changes-requested", Verb::AskAgain);
        let element = |id: &str| &blocks.iter().find(|block| block["block_id"] == id).unwrap()["element"];
        assert_eq!(blocks[1]["block_id"], "why", "what has to be said comes first");
        assert_eq!(element("field.backout_plan")["initial_value"], "Roll the deployment back; the index may stay.");
        let impact = element("field.customer_impact");
        assert_eq!((&impact["type"], &impact["initial_option"]["value"]), (&"static_select".into(), &"none".into()));
        assert_eq!(impact["options"].as_array().unwrap().len(), 3);
        assert_eq!(element("field.affected_systems")["initial_value"], "checkout\nledger");
    }

    #[test]
    fn every_form_of_every_sample_keeps_the_limits() {
        let (samples, directory) = (samples().unwrap(), directory());
        for sample in samples {
            let view = sample.view(&directory, Controls::Vote);
            for form in Verb::ALL.into_iter().filter_map(|verb| form_for(&view, verb)) {
                let view = serde_json::to_value(form_view(&form)).unwrap();
                let blocks = view["blocks"].as_array().unwrap();
                assert!(blocks.len() <= 100 && view.to_string().len() < 250_000, "{}", sample.name);
                let focused = blocks.iter().filter(|block| block["element"]["focus_on_load"] == true).count();
                assert!(focused <= 1, "{}", sample.name);
                let intro = blocks[0]["text"]["text"].as_str().unwrap();
                assert!((1..=3_000).contains(&intro.chars().count()), "{}: {intro}", sample.name);
            }
        }
    }
}
