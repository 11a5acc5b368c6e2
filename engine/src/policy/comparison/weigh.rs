//! What a difference comes to, from its keys up: every key by its own way, and all of them together.

use super::ways::{Way, way};
use crate::difference::Weight;
use crate::policy::duration;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// `None`: they say the same.
pub fn weigh(path: &[&str], before: Option<&Value>, after: Option<&Value>) -> Option<Weight> {
    let mut found = Vec::new();
    gather(path, before, after, &mut found);
    (!found.is_empty()).then(|| Weight::of(found))
}

fn gather(path: &[&str], before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Weight>) {
    if before == after {
        return;
    }
    match way(path) {
        Some(way) if is_decided_here(way, before, after) => found.extend(by_way(way, before, after)),
        Some(_) | None => below(path, before, after, found),
    }
}

/// A table that both have is weighed by its keys, whatever its coming or going would mean.
fn is_decided_here(way: Way, before: Option<&Value>, after: Option<&Value>) -> bool {
    let both_are_tables = before.is_some_and(Value::is_object) && after.is_some_and(Value::is_object);
    matches!(way, Way::Any) || !both_are_tables
}

/// A table that is left out says what all its keys say that are left out. Anything else can't be decided.
fn below(path: &[&str], before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Weight>) {
    let empty = Map::new();
    let table = |value: Option<&'_ Value>| match value {
        Some(Value::Object(table)) => Some(table.clone()),
        Some(_) => None,
        None => Some(empty.clone()),
    };
    let (Some(was), Some(is)) = (table(before), table(after)) else { return found.push(Weight::Looser) };
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    if keys.is_empty() {
        return found.push(Weight::Looser);
    }
    for key in keys {
        let path: Vec<&str> = path.iter().copied().chain([key.as_str()]).collect();
        gather(&path, was.get(key), is.get(key), found);
    }
}

/// `None`: written differently, it says the same.
fn by_way(way: Way, before: Option<&Value>, after: Option<&Value>) -> Option<Weight> {
    match way {
        Way::Any => Some(Weight::Neither),
        Way::Open => Some(Weight::Looser),
        Way::There => Some(by_presence(before, after, Weight::Stricter)),
        Way::Absent => Some(by_presence(before, after, Weight::Looser)),
        Way::Named => Some(if before.is_some() && after.is_some() { Weight::Looser } else { Weight::Neither }),
        Way::More(default) => ordered(number(before, default), number(after, default)),
        Way::Less(default) => ordered(number(after, default), number(before, default)),
        Way::Yes(default) => ordered(flag(before, default), flag(after, default)),
        Way::Ladder(steps, default) => ordered(step(steps, before, default), step(steps, after, default)),
        Way::Earlier => ordered(wall(after), wall(before)),
        Way::Later => ordered(wall(before), wall(after)),
        Way::Fewer => contained(names(after), names(before)),
        Way::FewerThanNone => contained(names_or(after, &[]), names_or(before, &[])),
        Way::Further(default) => contained(names_or(before, default), names_or(after, default)),
    }
}

/// `added` is what it comes to that it is there now; something else in its place can't be decided.
fn by_presence(before: Option<&Value>, after: Option<&Value>, added: Weight) -> Weight {
    match (before, after) {
        (None, Some(_)) => added,
        (Some(_), None) if added == Weight::Looser => Weight::Stricter,
        (_, _) => Weight::Looser,
    }
}

/// Stricter if the second is greater. What is no such value can't be decided.
fn ordered<T: Ord>(less: Option<T>, more: Option<T>) -> Option<Weight> {
    let (Some(less), Some(more)) = (less, more) else { return Some(Weight::Looser) };
    match less.cmp(&more) {
        std::cmp::Ordering::Less => Some(Weight::Stricter),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(Weight::Looser),
    }
}

/// Stricter if the first lies within the second.
fn contained(fewer: Option<BTreeSet<String>>, more: Option<BTreeSet<String>>) -> Option<Weight> {
    match (fewer, more) {
        (Some(fewer), Some(more)) if fewer == more => None,
        (Some(fewer), Some(more)) if fewer.is_subset(&more) => Some(Weight::Stricter),
        (_, _) => Some(Weight::Looser),
    }
}

fn number(value: Option<&Value>, default: u64) -> Option<u64> {
    match value {
        None => Some(default),
        Some(Value::String(text)) => duration::seconds(text),
        Some(value) => value.as_u64(),
    }
}

fn flag(value: Option<&Value>, default: bool) -> Option<bool> {
    value.map_or(Some(default), Value::as_bool)
}

fn step(steps: &[&str], value: Option<&Value>, default: &str) -> Option<usize> {
    let word = value.map_or(Some(default), Value::as_str)?;
    steps.iter().position(|step| *step == word)
}

/// Wall times are written from the year down, so they are in the order of their letters.
fn wall(value: Option<&Value>) -> Option<&str> {
    value.and_then(Value::as_str)
}

fn names(value: Option<&Value>) -> Option<BTreeSet<String>> {
    match value? {
        Value::String(one) => Some(BTreeSet::from([one.clone()])),
        Value::Array(items) => items.iter().map(name).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn names_or(value: Option<&Value>, default: &[&str]) -> Option<BTreeSet<String>> {
    match value {
        None => Some(default.iter().map(|name| (*name).to_owned()).collect()),
        Some(_) => names(value),
    }
}

/// A pair has no order: `approver + initiator`.
fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(one) => Some(one.clone()),
        Value::Array(pair) => {
            let mut both: Vec<&str> = pair.iter().map(Value::as_str).collect::<Option<_>>()?;
            both.sort_unstable();
            Some(both.join(" + "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}
