//! Asking a condition again after a change has opened: what its requester answers becomes known then.
//!
//! It comes from the change, so it is compiled anew, with the room that this needs.

use super::condition::{Condition, Facts, Truth};
use super::schema::{FIELDS, Fact, Kind, NAMES, Schema};
use super::stack;
use crate::deferred::Deferred;
use crate::evaluation::{Answer, kept};
use crate::fields::{FieldRule, FieldValue, Fields};
use serde_json::Value;
use std::collections::BTreeSet;

/// What it comes to with these answers. Unknown as long as anything that decides it is not known.
pub fn ask(deferred: &Deferred, fields: &Fields) -> Answer {
    let asked = stack::with_room(|| evaluate(deferred, fields));
    match asked {
        Some(Truth::True) => Answer::True,
        Some(Truth::False) => Answer::False,
        Some(Truth::Unknown(why)) => Answer::Unknown(kept(&why)),
        None => Answer::Unknown("there was no memory to judge it".to_owned()),
    }
}

/// The names of those fields without an answer that need none.
pub fn unneeded(rules: &[FieldRule], fields: &Fields) -> BTreeSet<String> {
    let is_open = |rule: &&FieldRule| fields.get(&rule.name).is_none_or(FieldValue::is_empty);
    let needs_none = |rule: &&FieldRule| rule.required_when.as_ref().is_some_and(|when| ask(when, fields) == Answer::False);
    rules.iter().filter(is_open).filter(needs_none).map(|rule| rule.name.clone()).collect()
}

fn evaluate(deferred: &Deferred, fields: &Fields) -> Truth {
    let known: Vec<(String, Fact)> =
        deferred.known.iter().filter_map(|(name, json)| Some((name.clone(), read(json.as_ref()?)?))).chain(answers(fields)).collect();
    // Their kinds were checked when the policy was loaded.
    let declared = deferred.known.keys().map(|name| (name.clone(), Kind::Any)).collect();
    let schema = Schema { built_in: NAMES, declared, lists: deferred.lists.clone(), ..Schema::default() };
    match Condition::compile(&deferred.condition, &schema) {
        Ok(condition) => condition.evaluate(&Facts::of(known.into_iter())),
        Err(_) => Truth::Unknown("this build can’t read it".to_owned()),
    }
}

/// What the requester said, as conditions name it. A field without an answer is not known.
pub fn answers(fields: &Fields) -> impl Iterator<Item = (String, Fact)> {
    let answered = fields.iter().filter(|(_, value)| !value.is_empty());
    answered.map(|(name, value)| (format!("{FIELDS}.{name}"), Fact::from(value)))
}

fn read(json: &str) -> Option<Fact> {
    match serde_json::from_str(json).ok()? {
        Value::Bool(flag) => Some(Fact::Flag(flag)),
        Value::Number(number) => number.as_i64().map(Fact::Whole).or_else(|| number.as_f64().map(Fact::Fraction)),
        Value::String(text) => Some(Fact::Text(text)),
        Value::Array(items) => Some(Fact::Texts(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect())),
        Value::Null | Value::Object(_) => None,
    }
}
