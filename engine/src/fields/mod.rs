//! What the requester must write: mandatory fields, what they take, and what is wrong with an answer.

mod boilerplate;

use crate::clean::clean;
use crate::deferred::Deferred;
use crate::incident::{self, Incident};
use crate::spelling;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

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

/// A field of the policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRule {
    pub name: String,
    #[serde(flatten)]
    pub kind: FieldKind,
    /// `None`: always. Where it is not known, an answer is required.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_when: Option<Deferred>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldKind {
    /// `min_length` counts visible characters.
    Text {
        min_length: u32,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        reject_boilerplate: bool,
    },
    Choice {
        of: Vec<String>,
    },
    List {
        min_items: u32,
        #[serde(default, skip_serializing_if = "Entry::is_text")]
        entry: Entry,
    },
    /// The id of an incident that is known.
    Incident,
}

/// What each entry of a list is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    #[default]
    Text,
    /// A service of the catalogue, by its name.
    CatalogueService,
}

impl Entry {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_text(&self) -> bool {
        *self == Self::Text
    }
}

/// Answers, and what they are judged by besides their rules.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    pub fields: &'a Fields,
    /// Names of fields whose condition says that no answer is needed.
    pub unneeded: &'a BTreeSet<String>,
    /// The names of the catalogue's services.
    pub catalogue: &'a [String],
    /// The incidents that are known.
    pub incidents: &'a [Incident],
}

/// What is wrong with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    pub name: String,
    pub sentence: String,
}

/// Every rule that the answers do not satisfy, in the order of the policy.
pub fn faults(rules: &[FieldRule], answers: &Answers<'_>) -> Vec<FieldFault> {
    let fault = |rule: &FieldRule| rule.fault(answers).map(|sentence| FieldFault { name: rule.name.clone(), sentence });
    rules.iter().filter_map(fault).collect()
}

/// `backout_plan` → `Backout plan`, as people read it.
pub fn label(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl FieldRule {
    /// An answer of this kind, whatever else was answered.
    pub fn of(name: impl Into<String>, kind: FieldKind) -> Self {
        Self { name: name.into(), kind, required_when: None }
    }

    /// What the form asks for, in one sentence or two.
    pub fn hint(&self) -> String {
        let needed = self.required_when.as_ref().map(|when| format!(" Needed where {}.", when.condition));
        format!("{}{}", self.kind.hint(), needed.unwrap_or_default())
    }

    fn fault(&self, answers: &Answers<'_>) -> Option<String> {
        let label = label(&self.name);
        let Some(value) = answers.fields.get(&self.name).filter(|value| !value.is_empty()) else {
            let is_needed = !answers.unneeded.contains(&self.name);
            return is_needed.then(|| format!("{label} is missing. {}", self.hint()));
        };
        if value.is_too_long() {
            return Some(format!("{label} is too long: at most {ANSWER_MAX} characters and {ITEMS_MAX} items are kept."));
        }
        if !self.kind.takes(value) {
            return Some(format!("{label} does not fit. {}", self.hint()));
        }
        self.says_nothing(value, answers).or_else(|| self.stranger(value, answers)).map(|why| format!("{label} {why}"))
    }

    /// Why the text is one that says nothing, where such are not taken.
    fn says_nothing(&self, value: &FieldValue, answers: &Answers<'_>) -> Option<String> {
        let (FieldKind::Text { reject_boilerplate: true, .. }, FieldValue::Text(text)) = (&self.kind, value) else { return None };
        let others = answers.fields.iter().filter(|(name, _)| **name != self.name);
        let twin = others.filter(|(_, other)| matches!(other, FieldValue::Text(other) if boilerplate::is_same(text, other)));
        let same = twin.map(|(name, _)| format!("says the same as {}. Write what belongs here.", label(name))).next();
        same.or_else(|| boilerplate::is_filler(text).then(|| "says nothing. Write it in words of your own.".to_owned()))
    }

    /// The first entry that is not in the catalogue, and what may have been meant.
    fn stranger(&self, value: &FieldValue, answers: &Answers<'_>) -> Option<String> {
        let items = match (&self.kind, value) {
            (FieldKind::Incident, FieldValue::Text(id)) => return no_incident(id, answers.incidents),
            (FieldKind::List { entry: Entry::CatalogueService, .. }, FieldValue::List(items)) => items,
            (FieldKind::Text { .. } | FieldKind::Choice { .. } | FieldKind::List { .. } | FieldKind::Incident, _) => return None,
        };
        let stranger = items.iter().find(|item| !answers.catalogue.contains(item))?;
        let meant = spelling::nearest(stranger, answers.catalogue.iter().map(String::as_str));
        let meant = meant.map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
        Some(format!("names “{stranger}”, which is no service of the catalogue.{meant}"))
    }

    /// What a person typed into one box, in this field's own shape.
    pub fn read(&self, typed: &str) -> FieldValue {
        match &self.kind {
            FieldKind::Text { .. } | FieldKind::Incident => FieldValue::Text(clean(typed)),
            FieldKind::Choice { of } => FieldValue::Text(chosen(of, &clean(typed))),
            FieldKind::List { .. } => {
                let items = typed.split(['\n', ',']).map(clean).filter(|item| !item.is_empty());
                FieldValue::List(items.collect())
            }
        }
    }
}

impl FieldKind {
    /// What it takes, in one sentence.
    pub fn hint(&self) -> String {
        match self {
            Self::Text { min_length: 0 | 1, .. } => "Anything but nothing.".to_owned(),
            Self::Text { min_length, reject_boilerplate: false } => format!("At least {min_length} characters."),
            Self::Text { min_length, reject_boilerplate: true } => format!("At least {min_length} characters, in words of your own."),
            Self::Choice { of } => format!("One of: {}.", of.join(", ")),
            Self::Incident => "The id of an incident that is open, or was not long ago.".to_owned(),
            Self::List { min_items: 0 | 1, entry: Entry::Text } => "One a line.".to_owned(),
            Self::List { min_items, entry: Entry::Text } => format!("At least {min_items}, one a line."),
            Self::List { min_items: 0 | 1, entry: Entry::CatalogueService } => "Services of the catalogue, one a line.".to_owned(),
            Self::List { min_items, entry: Entry::CatalogueService } => {
                format!("At least {min_items} services of the catalogue, one a line.")
            }
        }
    }

    /// Whether an answer has its shape and is long enough.
    fn takes(&self, value: &FieldValue) -> bool {
        match (self, value) {
            (Self::Text { min_length, .. }, FieldValue::Text(text)) => visible(text) >= *min_length as usize,
            (Self::Choice { of }, FieldValue::Text(text)) => of.contains(text),
            (Self::Incident, FieldValue::Text(_)) => true,
            (Self::List { min_items, .. }, FieldValue::List(items)) => items.len() >= *min_items as usize,
            (Self::Text { .. } | Self::Choice { .. } | Self::Incident, FieldValue::List(_)) | (Self::List { .. }, FieldValue::Text(_)) => {
                false
            }
        }
    }
}

impl FieldValue {
    pub fn is_empty(&self) -> bool {
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

    /// As it is typed into a box, one item a line; [`FieldRule::read`] reads it back.
    pub fn typed(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join("\n"),
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

fn no_incident(id: &str, known: &[Incident]) -> Option<String> {
    let id = incident::named(id);
    if known.iter().any(|incident| incident.id == id) {
        return None;
    }
    let meant = spelling::nearest(id.as_str(), known.iter().map(|incident| incident.id.as_str()));
    let meant = meant.map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
    Some(format!("names “{id}”, which is no known incident.{meant}"))
}

/// The word as the policy has it, however it was typed where there is no menu.
fn chosen(of: &[String], typed: &str) -> String {
    let same = |word: &&String| word.to_lowercase() == typed.to_lowercase();
    of.iter().find(same).map_or_else(|| typed.to_owned(), Clone::clone)
}

fn visible(text: &str) -> usize {
    text.chars().filter(|letter| !letter.is_whitespace()).count()
}

#[cfg(test)]
mod tests;
