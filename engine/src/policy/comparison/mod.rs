//! What differs between two policies: part by part, in the sentences that cards use, each with its weight.
//!
//! The files are compared as trees, so that no key is overlooked, whether or not this build enforces it; what a part says
//! comes from the compiled policy.

mod parts;
mod spelled;
mod told;
mod ways;
mod weigh;

use super::load::{Document, load};
use super::report::Report;
use super::yaml::{self, Node};
use super::{Policy, stack};
use crate::difference::{Deed, Difference, Weight};
use parts::{Part, parts, values};
use serde_json::Value;
use std::collections::BTreeMap;
use told::told;

/// A policy, and the tree that it was read from.
struct Side {
    policy: Policy,
    root: Node,
}

/// Everything that differs, in the order of the newer file, what is gone last; or what is wrong with one of the two.
pub fn compare(older: Document<'_>, newer: Document<'_>) -> Result<Vec<Difference>, Report> {
    let (older, newer) = (side(older)?, side(newer)?);
    Ok(differences(&older, &newer))
}

fn side(document: Document<'_>) -> Result<Side, Report> {
    let loaded = load(document, None);
    let root = || stack::with_room(|| yaml::parse(document.text).ok()).flatten();
    match loaded.policy.and_then(|policy| Some((policy, root()?))) {
        Some((policy, root)) => Ok(Side { policy, root }),
        None => Err(loaded.report),
    }
}

fn differences(older: &Side, newer: &Side) -> Vec<Difference> {
    let (before, after) = (parts(&older.root), parts(&newer.root));
    let was: BTreeMap<(&str, &str), &Part> = before.iter().map(|part| (part.key(), part)).collect();
    let is: BTreeMap<(&str, &str), &Part> = after.iter().map(|part| (part.key(), part)).collect();
    let of_newer = after.iter().filter_map(|part| difference(older, newer, (was.get(&part.key()).copied(), Some(part))));
    let gone = before.iter().filter(|part| !is.contains_key(&part.key()));
    let gone = gone.filter_map(|part| difference(older, newer, (Some(part), None)));
    let moved = ways::ORDERED.iter().filter_map(|(block, weight)| moved(block, *weight, (&before, &after)));
    of_newer.chain(gone).chain(moved).collect()
}

fn difference(older: &Side, newer: &Side, (before, after): (Option<&Part>, Option<&Part>)) -> Option<Difference> {
    let part = after.or(before)?;
    let (was, is) = (before.map(|part| &part.value), after.map(|part| &part.value));
    let weight = weigh::weigh(&part.path(), was, is)?;
    let says = |side: &Side, part: &Part| told(&side.policy, part).unwrap_or_else(|| spelled::part(&part.value));
    let deed = match (before, after) {
        (None, Some(after)) => Deed::Added { after: says(newer, after) },
        (Some(before), None) => Deed::Removed { before: says(older, before) },
        (Some(before), Some(after)) => changed((says(older, before), &before.value), (says(newer, after), &after.value)),
        (None, None) => return None,
    };
    Some(Difference { block: part.block.clone(), name: part.name.clone(), deed, weight })
}

/// Where the sentences leave out what differs, it is spelled out.
fn changed((before, was): (String, &Value), (after, is): (String, &Value)) -> Deed {
    if before != after {
        return Deed::Changed { before, after };
    }
    let (was, is) = spelled::apart(was, is);
    Deed::Changed { before: format!("{before} {was}"), after: format!("{after} {is}") }
}

/// The entries that both have, if they stand in another order.
fn moved(block: &str, weight: Weight, (before, after): (&[Part], &[Part])) -> Option<Difference> {
    let names = |parts: &[Part], others: &[Part]| {
        let theirs = values(others, block);
        let own = parts.iter().filter(|part| part.block == block).map(|part| part.name.clone());
        own.filter(|name| theirs.contains_key(name.as_str())).collect::<Vec<String>>()
    };
    let (was, is) = (names(before, after), names(after, before));
    let deed = Deed::Moved { before: spelled::shortened(&was.join(", ")), after: spelled::shortened(&is.join(", ")) };
    (was != is).then(|| Difference { block: block.to_owned(), name: String::new(), deed, weight })
}

#[cfg(test)]
mod tests;
