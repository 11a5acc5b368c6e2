//! Asking a condition again after a change has opened: what its requester answers becomes known then.
//!
//! It comes from the change, so it is compiled anew, with the room that this needs.

use super::condition::{Condition, Facts, Truth};
use super::schema::{FIELDS, Fact, INCIDENT, Kind, NAMES, Schema};
use super::stack;
use crate::deferred::Deferred;
use crate::evaluation::{Answer, kept};
use crate::fields::{FieldRule, FieldValue, Fields};
use crate::incident::Incident;
use serde_json::Value;
use std::collections::BTreeSet;

/// What it comes to with these answers, and these incidents: a condition about incidents asks whether there is one of which
/// it holds. Unknown as long as anything that decides it is not known.
pub fn ask_again(deferred: &Deferred, fields: &Fields, incidents: &[Incident]) -> Answer {
    let asked = stack::with_room(|| evaluate(deferred, fields, incidents));
    match asked {
        Some(Truth::True) => Answer::True,
        Some(Truth::False) => Answer::False,
        Some(Truth::Unknown(why)) => Answer::Unknown(kept(&why)),
        None => Answer::Unknown("there was no memory to judge it".to_owned()),
    }
}

/// The names of those fields without an answer that need none.
pub fn unneeded(rules: &[FieldRule], fields: &Fields, incidents: &[Incident]) -> BTreeSet<String> {
    let is_open = |rule: &&FieldRule| fields.get(&rule.name).is_none_or(FieldValue::is_empty);
    let needs_none =
        |rule: &&FieldRule| rule.required_when.as_ref().is_some_and(|when| ask_again(when, fields, incidents) == Answer::False);
    rules.iter().filter(is_open).filter(needs_none).map(|rule| rule.name.clone()).collect()
}

fn evaluate(deferred: &Deferred, fields: &Fields, incidents: &[Incident]) -> Truth {
    let known: Vec<(String, Fact)> =
        deferred.known.iter().filter_map(|(name, json)| Some((name.clone(), read(json.as_ref()?)?))).chain(answers(fields)).collect();
    // Their kinds were checked when the policy was loaded.
    let declared = deferred.known.keys().map(|name| (name.clone(), Kind::Any)).collect();
    let schema = Schema { built_in: NAMES, declared, lists: deferred.lists.clone(), ..Schema::default() };
    match Condition::compile(&deferred.condition, &schema) {
        Ok(condition) => find(&condition, &known, incidents),
        Err(_) => Truth::Unknown("this build can’t read it".to_owned()),
    }
}

/// True if it holds of one of them; else unknown if it may.
fn find(condition: &Condition, known: &[(String, Fact)], incidents: &[Incident]) -> Truth {
    let about = |incident: Option<&Incident>| {
        let of = condition.names().filter_map(|name| Some((name.to_owned(), of_incident(name, incident)?)));
        condition.evaluate(&Facts::of(known.iter().cloned().chain(of)))
    };
    if incidents.is_empty() || !condition.asks_about_incidents() {
        return about(None);
    }
    let truths: Vec<Truth> = incidents.iter().map(|incident| about(Some(incident))).collect();
    let best = truths.iter().find(|truth| **truth == Truth::True).or_else(|| truths.iter().find(|truth| **truth != Truth::False));
    best.cloned().unwrap_or(Truth::False)
}

/// What a name of an incident says of this one. Where none is known, none is open, and everything else is unknown.
pub fn of_incident(name: &str, incident: Option<&Incident>) -> Option<Fact> {
    match name.strip_prefix(INCIDENT)? {
        "open" => Some(Fact::Flag(incident.is_some_and(Incident::is_open))),
        "id" => Some(Fact::Text(incident?.id.to_string())),
        "severity" => Some(Fact::Text(incident?.severity.clone())),
        "services" => Some(Fact::Texts(incident?.services.iter().cloned().collect())),
        "caused_by_service" => incident?.caused_by_service.clone().map(Fact::Text),
        _ => None,
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
