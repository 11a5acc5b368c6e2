//! The facts about one change, as a condition reads them.

use crate::policy::schema::{About, Fact, NAMES};
use cel::{Context, Value};
use std::collections::{BTreeMap, HashMap};

/// Longer lists are unknown, because asking about them could take too long.
pub const MAX_LIST_LENGTH: usize = 5_000;

/// What is known about a change. Any other name is unknown.
#[derive(Clone, Debug)]
pub struct Facts {
    known: BTreeMap<&'static str, Value>,
    /// List names with their lengths.
    lengths: BTreeMap<&'static str, usize>,
    /// Names whose value there is but can't be asked about, with the reason.
    refused: BTreeMap<&'static str, String>,
}

impl Facts {
    /// Reads every name of the schema once.
    pub fn about(about: &About<'_>) -> Self {
        let mut facts = Self { known: BTreeMap::new(), lengths: BTreeMap::new(), refused: BTreeMap::new() };
        for row in NAMES {
            if let Some(fact) = (row.read)(about) {
                facts.learn(row.name, fact);
            }
        }
        facts
    }

    fn learn(&mut self, name: &'static str, fact: Fact) {
        let value = match fact {
            Fact::Flag(flag) => Value::from(flag),
            Fact::Whole(number) => Value::from(number),
            Fact::Text(text) => Value::from(text),
            Fact::Texts(list) if list.len() > MAX_LIST_LENGTH => {
                self.refused.insert(name, format!("{name} has more than {MAX_LIST_LENGTH} entries"));
                return;
            }
            Fact::Texts(list) => {
                self.lengths.insert(name, list.len());
                Value::from(list)
            }
        };
        self.known.insert(name, value);
    }

    /// Why a name has no value; `None` if it has one.
    pub fn why_unknown(&self, name: &str) -> Option<String> {
        if self.known.contains_key(name) {
            return None;
        }
        Some(self.refused.get(name).cloned().unwrap_or_else(|| format!("{name} is not known")))
    }

    /// How many entries a list has; 0 for anything else.
    pub fn length(&self, name: &str) -> usize {
        self.lengths.get(name).copied().unwrap_or(0)
    }

    /// `change.size` becomes the field `size` of a variable `change`.
    pub fn context(&self) -> Context<'static, 'static> {
        let mut context = Context::default();
        let mut records: BTreeMap<&str, HashMap<String, Value>> = BTreeMap::new();
        for (name, value) in &self.known {
            match name.split_once('.') {
                Some((record, field)) => {
                    records.entry(record).or_default().insert(field.to_owned(), value.clone());
                }
                None => context.add_variable_from_value(*name, value.clone()),
            }
        }
        for (record, fields) in records {
            context.add_variable_from_value(record, fields);
        }
        context
    }
}
