//! Attributes that a policy declares: further names of a change, each with its type and what holds when nobody says.

use super::schema::{Fact, Kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// The most characters of a text, and of an entry of a list.
pub const MAX_TEXT: usize = 500;
/// The most entries of a list.
pub const MAX_ENTRIES: usize = 100;

/// What a change may say of itself beyond what every change can.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// `cve_score`; conditions call it `change.cve_score`.
    pub name: String,
    pub kind: AttributeKind,
    pub default: Fact,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    Bool,
    Int,
    Double,
    String,
    List,
}

/// What is wrong with a value that a change brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeFault {
    pub name: String,
    pub message: String,
}

impl Attribute {
    /// As conditions call it.
    pub fn full_name(&self) -> String {
        format!("change.{}", self.name)
    }

    /// What holds for a change that says this; `None` where it says something of another type, which is not known.
    pub fn value(&self, said: &BTreeMap<String, Value>) -> Option<Fact> {
        match said.get(&self.name) {
            None | Some(Value::Null) => Some(self.default.clone()),
            Some(value) => self.kind.read(value),
        }
    }
}

impl AttributeKind {
    pub const ALL: [Self; 5] = [Self::Bool, Self::Int, Self::Double, Self::String, Self::List];

    /// As the policy names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Double => "double",
            Self::String => "string",
            Self::List => "list",
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub fn kind(self) -> Kind {
        match self {
            Self::Bool => Kind::Flag,
            Self::Int => Kind::Whole,
            Self::Double => Kind::Fraction,
            Self::String => Kind::Text,
            Self::List => Kind::TEXTS,
        }
    }

    pub fn read(self, value: &Value) -> Option<Fact> {
        match self {
            Self::Bool => value.as_bool().map(Fact::Flag),
            Self::Int => value.as_i64().map(Fact::Whole),
            Self::Double => value.as_f64().map(Fact::Fraction),
            Self::String => value.as_str().filter(|text| fits(text)).map(|text| Fact::Text(text.to_owned())),
            Self::List => texts(value).map(Fact::Texts),
        }
    }
}

fn fits(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let entries = value.as_array().filter(|entries| entries.len() <= MAX_ENTRIES)?;
    entries.iter().map(|entry| entry.as_str().filter(|text| fits(text)).map(str::to_owned)).collect()
}

/// What a change says that the policy does not declare, or declares as something else.
pub fn faults(declared: &[Attribute], said: &BTreeMap<String, Value>) -> Vec<AttributeFault> {
    let fault = |(name, value): (&String, &Value)| {
        let message = match declared.iter().find(|attribute| &attribute.name == name) {
            None => format!("the policy declares no attribute “{name}”"),
            Some(attribute) if value.is_null() || attribute.kind.read(value).is_some() => return None,
            Some(attribute) => format!("{name} is of type {}", attribute.kind.word()),
        };
        Some(AttributeFault { name: name.clone(), message })
    };
    said.iter().filter_map(fault).collect()
}
