//! A form as a modal with one text input. Discord shows no sentence in it, so the hint stands where the text will be.

use super::controls;
use super::limits::{INPUT_LABEL_MAX, INPUT_MAX, MODAL_TITLE_MAX, PLACEHOLDER_MAX};
use crate::ids::RATIONALE;
use serenity::all::InputTextStyle;
use serenity::builder::{CreateActionRow, CreateInputText, CreateModal};
use templates::line::cut;
use templates::{Form, RationaleField};

/// The modal in which one vote is given; `opened_by` is the interaction that it answers.
pub fn modal(form: &Form, opened_by: &str) -> CreateModal {
    let id = controls::modal(form.verb, form.number, form.round, opened_by);
    let input = CreateActionRow::InputText(input(&form.rationale));
    CreateModal::new(id, cut(form.title.as_str(), MODAL_TITLE_MAX)).components(vec![input])
}

fn input(field: &RationaleField) -> CreateInputText {
    let hint = cut(&format!("{} {}", field.placeholder, field.hint), PLACEHOLDER_MAX);
    let input = CreateInputText::new(InputTextStyle::Paragraph, cut(field.label.as_str(), INPUT_LABEL_MAX), RATIONALE);
    let input = input.placeholder(hint).max_length(length(field.max)).required(field.min > 0);
    if field.min > 0 { input.min_length(length(field.min)) } else { input }
}

fn length(characters: u32) -> u16 {
    u16::try_from(characters.min(INPUT_MAX)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::event::Choice;
    use templates::Controls;
    use templates::samples::{directory, samples};

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
}
