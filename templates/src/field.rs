//! One field of a form besides the reason: what a policy asks of the requester, as a box or a menu.

use crate::line::Line;
use engine::fields::{ANSWER_MAX, FieldKind, FieldRule, Fields, label};

/// Units of a label, the narrowest of all platforms (Discord: 45).
const LABEL_MAX: usize = 45;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// As the policy names it.
    pub name: String,
    pub label: Line,
    pub hint: Line,
    /// What holds until now, as it is typed; empty where nothing does. Not cleaned: it goes into a box, not into a text.
    pub value: String,
    pub input: FieldInput,
    /// Whether it may be left empty: what the other answers say decides whether it has to be filled in.
    pub optional: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldInput {
    /// Characters, at least and at most.
    Text { min: u32, max: u32 },
    /// One of these words, as the policy has them: 1 to 100 of at most 75 characters.
    Choice { of: Vec<String> },
    /// One item a line; characters at most.
    List { max: u32 },
}

impl Field {
    /// The field of a rule with the answer that it has so far.
    pub fn of(rule: &FieldRule, fields: &Fields) -> Self {
        Self {
            name: rule.name.clone(),
            label: Line::from(label(&rule.name)).cut(LABEL_MAX),
            hint: Line::from(rule.hint()),
            value: fields.get(&rule.name).map(engine::fields::FieldValue::typed).unwrap_or_default(),
            input: input(&rule.kind),
            optional: rule.required_when.is_some(),
        }
    }
}

fn input(kind: &FieldKind) -> FieldInput {
    let max = u32::try_from(ANSWER_MAX).unwrap_or(u32::MAX);
    match kind {
        FieldKind::Text { min_length, .. } => FieldInput::Text { min: (*min_length).clamp(1, max), max },
        FieldKind::Incident => FieldInput::Text { min: 1, max },
        FieldKind::Choice { of } => FieldInput::Choice { of: of.clone() },
        FieldKind::List { .. } => FieldInput::List { max },
    }
}
