//! What the answer to a form says: mend it, close it, or read this instead.

use super::lower::{SECTION_MAX, mrkdwn_text, plain_text};
use super::modal::WHY_BLOCK;
use super::mrkdwn::escape_within;
use crate::ids;
use engine::fields::FieldFault;
use serde_json::{Map, Value, json};
use slack_morphism::prelude::*;

/// Units of an error below an input.
const ERROR_MAX: usize = 1_000;

/// Keeps the form open with a sentence below each answer that does not fit, or one below the reason.
///
/// `faults` may name fields of this form only: Slack takes errors for inputs that are there.
pub fn form_errors(message: &str, faults: &[FieldFault]) -> Value {
    let mut errors = Map::new();
    for fault in faults {
        errors.insert(ids::field(&fault.name), escape_within(&fault.sentence, ERROR_MAX).into());
    }
    if errors.is_empty() {
        errors.insert(WHY_BLOCK.to_owned(), escape_within(message, ERROR_MAX).into());
    }
    json!({ "response_action": "errors", "errors": errors })
}

/// Closes the form and whatever lies below it.
pub fn form_clear() -> Value {
    json!({ "response_action": "clear" })
}

/// Shows a sentence in the place of the form: what was recorded, or that nothing was.
pub fn form_update(title: &str, message: &str) -> Value {
    let text = mrkdwn_text(escape_within(message, SECTION_MAX));
    let section = SlackSectionBlock::new().with_text(text);
    let modal = SlackModalView::new(plain_text(&escape_within(title, super::modal::VIEW_TITLE_MAX)), vec![section.into()]);
    let view = SlackView::Modal(modal.with_close(plain_text("Close")));
    json!({ "response_action": "update", "view": view })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_stand_below_what_they_are_about() {
        assert_eq!(form_errors("Say <more>.", &[])["errors"], json!({ "why": "Say &lt;more&gt;." }));
        let fault = |name: &str, sentence: &str| FieldFault { name: name.to_owned(), sentence: sentence.to_owned() };
        let errors = form_errors("Both.", &[fault("plan", "Too short."), fault("impact", "Is missing.")]);
        assert_eq!(errors["errors"], json!({ "field.plan": "Too short.", "field.impact": "Is missing." }));
    }
}
