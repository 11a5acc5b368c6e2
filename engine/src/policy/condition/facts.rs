//! The facts about one change, as a condition reads them.

use crate::policy::schema::{About, Fact, NAMES};
use cel::{Context, Env, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

/// Longer lists are unknown, because asking about them could take too long.
pub const MAX_LIST_LENGTH: usize = 5_000;

/// The language's own functions and types. To make them costs more than most conditions do.
static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What is known about a change. Any other name is unknown.
pub struct Facts {
    /// What conditions are evaluated in; made once for all of them.
    context: Context<'static, 'static>,
    known: BTreeSet<&'static str>,
    /// List names with their lengths.
    lengths: BTreeMap<&'static str, usize>,
    /// Names whose value there is but can't be asked about, with the reason.
    refused: BTreeMap<&'static str, String>,
}

impl Facts {
    /// Reads every name of the schema once.
    pub fn about(about: &About<'_>) -> Self {
        let mut facts = Self { context: no_facts(), known: BTreeSet::new(), lengths: BTreeMap::new(), refused: BTreeMap::new() };
        let mut records: BTreeMap<&str, HashMap<String, Value>> = BTreeMap::new();
        for row in NAMES {
            let Some(value) = (row.read)(about).and_then(|fact| facts.learn(row.name, fact)) else { continue };
            match row.name.split_once('.') {
                // `change.size` becomes the field `size` of a variable `change`.
                Some((record, field)) => drop(records.entry(record).or_default().insert(field.to_owned(), value)),
                None => facts.context.add_variable_from_value(row.name, value),
            }
        }
        for (record, fields) in records {
            facts.context.add_variable_from_value(record, fields);
        }
        facts
    }

    /// The value by which a condition knows it, unless it can't be asked about.
    fn learn(&mut self, name: &'static str, fact: Fact) -> Option<Value> {
        let value = match fact {
            Fact::Flag(flag) => Value::from(flag),
            Fact::Whole(number) => Value::from(number),
            Fact::Text(text) => Value::from(text),
            Fact::Texts(list) if list.len() > MAX_LIST_LENGTH => {
                self.refused.insert(name, format!("{name} has more than {MAX_LIST_LENGTH} entries"));
                return None;
            }
            Fact::Texts(list) => {
                self.lengths.insert(name, list.len());
                Value::from(list)
            }
        };
        self.known.insert(name);
        Some(value)
    }

    /// Why a name has no value; `None` if it has one.
    pub fn why_unknown(&self, name: &str) -> Option<String> {
        if self.known.contains(name) {
            return None;
        }
        Some(self.refused.get(name).cloned().unwrap_or_else(|| format!("{name} is not known")))
    }

    /// How many entries a list has; 0 for anything else.
    pub fn length(&self, name: &str) -> usize {
        self.lengths.get(name).copied().unwrap_or(0)
    }

    pub fn context(&self) -> &Context<'static, 'static> {
        &self.context
    }
}

/// The language without anything to ask about.
pub fn no_facts() -> Context<'static, 'static> {
    Context::with_env(LANGUAGE.clone())
}
