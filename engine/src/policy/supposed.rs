//! What a test of the file supposes in the place of what is known of a change.

use super::schema::{Fact, Kind};
use std::collections::{BTreeMap, BTreeSet};

/// What is not supposed has its type's default, so that a test says only what it is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supposed {
    /// By full name: `change.has_migration`.
    pub values: BTreeMap<String, Fact>,
    /// Full names that nobody knows.
    pub unknown: BTreeSet<String>,
}

impl Supposed {
    /// `known` is what holds where nothing is supposed.
    pub fn value(&self, name: &str, kind: Kind, known: Option<Fact>) -> Option<Fact> {
        if self.unknown.contains(name) {
            return None;
        }
        self.values.get(name).cloned().or(known).or_else(|| nothing(kind))
    }
}

fn nothing(kind: Kind) -> Option<Fact> {
    match kind {
        Kind::Flag => Some(Fact::Flag(false)),
        Kind::Whole => Some(Fact::Whole(0)),
        Kind::Fraction => Some(Fact::Fraction(0.0)),
        Kind::Text | Kind::Mention => Some(Fact::Text(String::new())),
        Kind::List(_) => Some(Fact::Texts(Vec::new())),
        Kind::Any => None,
    }
}
