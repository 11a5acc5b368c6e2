//! What is known of one change, or of one measurement, as a condition reads it.

use crate::fact::{FactField, FactFields, FactKind, ValueKind};
use crate::policy::schema::{About, FACT, Fact};
use cel::{Context, Env, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, LazyLock};

/// Longer lists are unknown, because asking about them could take too long.
pub const MAX_LIST_LENGTH: usize = 5_000;

/// The language's own functions and types. To make them costs more than most conditions do.
static LANGUAGE: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

/// What is known. Any other name is unknown.
pub struct Facts {
    /// What conditions are evaluated in; made once for all of them.
    context: Context<'static, 'static>,
    known: BTreeSet<String>,
    /// List names with their lengths.
    lengths: BTreeMap<String, usize>,
    /// Names whose value there is but can't be asked about, with the reason.
    refused: BTreeMap<String, String>,
}

impl Facts {
    /// Reads every name of the schema once.
    pub fn about(about: &About<'_>) -> Self {
        Self::of(about.known())
    }

    /// Reads these names only.
    pub fn named<'n>(about: &About<'_>, names: impl Iterator<Item = &'n str>) -> Self {
        Self::of(names.filter_map(|name| Some((name.to_owned(), about.value(name)?))))
    }

    /// What a gate is asked about: the fields of its fact. Those that it leaves out are unknown.
    pub fn of_fact(kind: &FactKind, fields: &FactFields) -> Self {
        let read = |field: &FactField| Some((format!("{FACT}.{}", field.name), value_of(field.kind, fields.get(field.name)?)?));
        Self::of(kind.fields.iter().filter_map(read))
    }

    /// These names, and no others.
    pub fn of(values: impl Iterator<Item = (String, Fact)>) -> Self {
        let mut facts = Self { context: no_facts(), known: BTreeSet::new(), lengths: BTreeMap::new(), refused: BTreeMap::new() };
        let mut records: BTreeMap<String, HashMap<String, Value>> = BTreeMap::new();
        for (name, fact) in values {
            let Some(value) = facts.learn(&name, fact) else { continue };
            match name.split_once('.') {
                // `change.size` becomes the field `size` of a variable `change`.
                Some((record, field)) => drop(records.entry(record.to_owned()).or_default().insert(field.to_owned(), value)),
                None => facts.context.add_variable_from_value(name, value),
            }
        }
        for (record, fields) in records {
            facts.context.add_variable_from_value(record, fields);
        }
        facts
    }

    /// The value by which a condition knows it, unless it can't be asked about.
    fn learn(&mut self, name: &str, fact: Fact) -> Option<Value> {
        let value = match fact {
            Fact::Flag(flag) => Value::from(flag),
            Fact::Whole(number) => Value::from(number),
            Fact::Fraction(number) => Value::from(number),
            Fact::Text(text) => Value::from(text),
            Fact::Texts(list) if list.len() > MAX_LIST_LENGTH => {
                self.refused.insert(name.to_owned(), format!("{name} has more than {MAX_LIST_LENGTH} entries"));
                return None;
            }
            Fact::Texts(list) => {
                self.lengths.insert(name.to_owned(), list.len());
                Value::from(list)
            }
        };
        self.known.insert(name.to_owned());
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

fn value_of(kind: ValueKind, value: &serde_json::Value) -> Option<Fact> {
    match kind {
        ValueKind::Flag => value.as_bool().map(Fact::Flag),
        ValueKind::Whole => value.as_i64().map(Fact::Whole),
        ValueKind::Fraction => value.as_f64().map(Fact::Fraction),
        ValueKind::Text => value.as_str().map(|text| Fact::Text(text.to_owned())),
    }
}

/// The language without anything to ask about.
pub fn no_facts() -> Context<'static, 'static> {
    Context::with_env(LANGUAGE.clone())
}
