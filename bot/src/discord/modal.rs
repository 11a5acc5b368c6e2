//! A form as a modal with text inputs. Discord shows no sentence in it, so the hint stands where the text will be.

use super::controls;
use super::limits::{INPUT_LABEL_MAX, INPUT_MAX, INPUTS_MAX, MODAL_TITLE_MAX, PLACEHOLDER_MAX, WRITTEN_MAX};
use crate::ids::{self, RATIONALE};
use serenity::all::InputTextStyle;
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};
use templates::line::cut;
use templates::{Field, FieldInput, Form, RationaleField};

/// The modal in which one thing is done; `opened_by` is the interaction that it answers. Of many fields the first ones
/// are asked for, and the rest when the form is opened again.
pub fn modal(form: &Form, opened_by: &str) -> CreateModal {
    let form = form.clone().within(INPUTS_MAX);
    let id = controls::modal(form.verb, form.number, form.round, opened_by);
    let room = room(form.fields.len() + 1);
    let reason = CreateActionRow::InputText(reason(&form.rationale, room));
    let fields = form.fields.iter().map(|it| CreateActionRow::InputText(field(it, room)));
    let reason_first = form.rationale.min > 0;
    let rows = if reason_first { std::iter::once(reason).chain(fields).collect() } else { fields.chain([reason]).collect() };
    CreateModal::new(id, cut(form.title.as_str(), MODAL_TITLE_MAX)).components(rows)
}

/// Characters of each input, so that all of them can be given back.
fn room(inputs: usize) -> u32 {
    let inputs = u32::try_from(inputs).unwrap_or(u32::MAX);
    INPUT_MAX.min(WRITTEN_MAX / inputs.max(2))
}

fn reason(field: &RationaleField, room: u32) -> CreateInputText {
    let hint = cut(&format!("{} {}", field.placeholder, field.hint), PLACEHOLDER_MAX);
    let input = CreateInputText::new(InputTextStyle::Paragraph, cut(field.label.as_str(), INPUT_LABEL_MAX), RATIONALE);
    let input = input.placeholder(hint).max_length(length(field.max.min(room))).required(field.min > 0);
    if field.min > 0 { input.min_length(length(field.min)) } else { input }
}

fn field(field: &Field, room: u32) -> CreateInputText {
    let (style, min, max) = match &field.input {
        FieldInput::Text { min, max } => (InputTextStyle::Paragraph, *min, *max),
        FieldInput::List { max } => (InputTextStyle::Paragraph, 1, *max),
        FieldInput::Choice { of } => (InputTextStyle::Short, 1, longest(of)),
    };
    let max = max.min(room.max(min));
    let input = CreateInputText::new(style, cut(field.label.as_str(), INPUT_LABEL_MAX), ids::field(&field.name));
    let input = input.placeholder(cut(field.hint.as_str(), PLACEHOLDER_MAX)).required(!field.optional).max_length(length(max));
    let input = if field.optional { input } else { input.min_length(length(min)) };
    let fits = !field.value.is_empty() && field.value.chars().count() <= max as usize;
    if fits { input.value(field.value.clone()) } else { input }
}

/// Characters of the longest word.
fn longest(of: &[String]) -> u32 {
    let longest = of.iter().map(|word| word.chars().count()).max().unwrap_or_default();
    u32::try_from(longest).unwrap_or(u32::MAX)
}

fn length(characters: u32) -> u16 {
    u16::try_from(characters.min(INPUT_MAX)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampled::sample_form;
    use engine::event::Choice;
    use serde_json::Value;
    use templates::samples::{directory, samples};
    use templates::{Controls, Verb};

    #[test]
    fn a_form_asks_for_its_reason() {
        let (samples, directory) = (samples().unwrap(), directory());
        let sample = samples.iter().find(|sample| sample.name == "pending").unwrap();
        let form = templates::form(&sample.view(&directory, Controls::Vote), Choice::Approve);
        let json = serde_json::to_value(modal(&form, "77")).unwrap();
        assert_eq!((&json["custom_id"], &json["title"]), (&"gate:v1:approve:CHG-1042.r1:77".into(), &"Approve CHG-1042".into()));
        let input = &json["components"][0]["components"][0];
        assert_eq!((&input["custom_id"], &input["label"]), (&"rationale".into(), &"Why is this safe to ship?".into()));
        assert_eq!((&input["min_length"], &input["max_length"], &input["required"]), (&15.into(), &1_000.into(), &true.into()));
        assert!(input["placeholder"].as_str().unwrap().ends_with("15 to 1,000 characters."), "{input}");
    }

    fn inputs(sample: &str, verb: Verb) -> Vec<Value> {
        let json = serde_json::to_value(modal(&sample_form(sample, verb), "77")).unwrap();
        json["components"].as_array().unwrap().iter().map(|row| row["components"][0].clone()).collect()
    }

    #[test]
    fn the_first_fields_are_asked_for_beside_the_reason() {
        let ids = |inputs: &[Value]| inputs.iter().map(|input| input["custom_id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(ids(&inputs("draft", Verb::FillIn)), ["field.summary", "field.backout_plan", "rationale"]);
        let many = inputs("draft-many-fields", Verb::FillIn);
        assert_eq!((many.len(), &many[4]["custom_id"]), (5, &"rationale".into()));
        let again = inputs("draft-changes-requested", Verb::AskAgain);
        assert_eq!(ids(&again)[..2], ["rationale", "field.summary"]);
        assert_eq!((&again[3]["value"], &again[3]["max_length"], &again[3]["style"]), (&"none".into(), &8.into(), &1.into()));
        let all: u64 = again.iter().map(|input| input["max_length"].as_u64().unwrap()).sum();
        assert!(all <= u64::from(WRITTEN_MAX), "{all} characters could not be given back");
    }
}
