//! What the requester must write: mandatory fields, what they take, and what is wrong with an answer.

use crate::clean::clean;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters of one answer; what a form allows, and what keeps an event small.
pub const ANSWER_MAX: usize = 3_000;
/// The most items of a list.
pub const ITEMS_MAX: usize = 100;

/// A requester's answers by field name.
pub type Fields = BTreeMap<String, FieldValue>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldValue {
    Text(String),
    List(Vec<String>),
}

/// A mandatory field of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    pub name: String,
    #[serde(flatten)]
    pub kind: FieldKind,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// `min_length` counts visible characters.
    Text {
        min_length: u32,
    },
    Choice {
        of: Vec<String>,
    },
    List {
        min_items: u32,
    },
}

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub name: String,
    pub sentence: String,
}

/// Every rule that the answers do not satisfy, in the order of the policy.
pub fn faults(rules: &[FieldRule], fields: &Fields) -> Vec<FieldFault> {
    let fault = |rule: &FieldRule| rule.fault(fields.get(&rule.name)).map(|sentence| FieldFault { name: rule.name.clone(), sentence });
    rules.iter().filter_map(fault).collect()
}

/// `backout_plan` → `Backout plan`, as people read it.
pub fn label(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl FieldRule {
    /// What the form asks for, in one sentence.
    pub fn hint(&self) -> String {
        match &self.kind {
            FieldKind::Text { min_length: 0 | 1 } => "Anything but nothing.".to_owned(),
            FieldKind::Text { min_length } => format!("At least {min_length} characters."),
            FieldKind::Choice { of } => format!("One of: {}.", of.join(", ")),
            FieldKind::List { min_items: 0 | 1 } => "One a line.".to_owned(),
            FieldKind::List { min_items } => format!("At least {min_items}, one a line."),
        }
    }

    fn fault(&self, value: Option<&FieldValue>) -> Option<String> {
        let label = label(&self.name);
        let Some(value) = value.filter(|value| !value.is_empty()) else { return Some(format!("{label} is missing. {}", self.hint())) };
        let fits = match (&self.kind, value) {
            (FieldKind::Text { min_length }, FieldValue::Text(text)) => visible(text) >= *min_length as usize,
            (FieldKind::Choice { of }, FieldValue::Text(text)) => of.contains(text),
            (FieldKind::List { min_items }, FieldValue::List(items)) => items.len() >= *min_items as usize,
            (FieldKind::Text { .. } | FieldKind::Choice { .. }, FieldValue::List(_)) | (FieldKind::List { .. }, FieldValue::Text(_)) => {
                false
            }
        };
        if value.is_too_long() {
            return Some(format!("{label} is too long: at most {ANSWER_MAX} characters and {ITEMS_MAX} items are kept."));
        }
        (!fits).then(|| format!("{label} does not fit. {}", self.hint()))
    }

    /// What a person typed into one box, in this field's own shape.
    pub fn read(&self, typed: &str) -> FieldValue {
        match self.kind {
            FieldKind::Text { .. } | FieldKind::Choice { .. } => FieldValue::Text(clean(typed)),
            FieldKind::List { .. } => {
                let items = typed.split(['\n', ',']).map(clean).filter(|item| !item.is_empty());
                FieldValue::List(items.collect())
            }
        }
    }
}

impl FieldValue {
    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => visible(text) == 0,
            Self::List(items) => items.iter().all(|item| visible(item) == 0),
        }
    }

    fn is_too_long(&self) -> bool {
        match self {
            Self::Text(text) => text.chars().count() > ANSWER_MAX,
            Self::List(items) => items.len() > ITEMS_MAX || items.iter().any(|item| item.chars().count() > ANSWER_MAX),
        }
    }

    /// On one line for cards: lists with commas.
    pub fn line(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(", "),
        }
    }
}

fn visible(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    #[test]
    fn every_unfit_answer_is_named() {
        let rules = [
            FieldRule { name: "summary".to_owned(), kind: FieldKind::Text { min_length: 5 } },
            FieldRule { name: "customer_impact".to_owned(), kind: FieldKind::Choice { of: vec!["none".to_owned(), "outage".to_owned()] } },
            FieldRule { name: "affected_systems".to_owned(), kind: FieldKind::List { min_items: 1 } },
        ];
        let names = |fields: &[(&str, FieldValue)]| {
            let fields: Fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            faults(&rules, &fields).into_iter().map(|fault| fault.name).collect::<Vec<_>>()
        };
        let list = |items: &[&str]| FieldValue::List(items.iter().map(|item| (*item).to_owned()).collect());
        assert_eq!(names(&[]), ["summary", "customer_impact", "affected_systems"]);
        assert_eq!(names(&[("summary", text("a b c")), ("customer_impact", text("all")), ("affected_systems", list(&[" "]))]).len(), 3);
        assert_eq!(
            names(&[("summary", text("enough")), ("customer_impact", text("none")), ("affected_systems", list(&["checkout"]))]),
            [""; 0]
        );
        assert_eq!(names(&[("summary", list(&["enough"])), ("customer_impact", text("none")), ("affected_systems", text("x"))]).len(), 2);
    }

    #[test]
    fn what_is_typed_takes_the_shape_of_its_field() {
        let list = FieldRule { name: "affected_systems".to_owned(), kind: FieldKind::List { min_items: 2 } };
        assert_eq!(list.read("a, b\n\nc"), FieldValue::List(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
        assert_eq!(label("backout_plan"), "Backout plan");
        assert_eq!(list.hint(), "At least 2, one a line.");
    }
}
