//! What is known of a change by its facts, and what its gates made of them.

use super::waiver::Waiver;
use crate::evaluation::Answer;
use crate::fact::{Fact, FactFields};
use crate::ids::{FactName, GateName, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a gate made of the newest fact that it goes by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub gate: GateName,
    pub passes: Answer,
    /// What its condition read.
    pub values: FactFields,
    pub observed_at: Timestamp,
    /// From then on the fact is too old for it; `None`: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fresh_until: Option<Timestamp>,
}

/// The newest fact of each name, by the time of its measurement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    facts: BTreeMap<FactName, Fact>,
    judged: BTreeMap<GateName, Judged>,
    suppliers: BTreeSet<PersonId>,
    waivers: BTreeMap<GateName, Waiver>,
}

impl Evidence {
    /// Whether this says nothing that is not known already: an older measurement, or the same once more.
    pub fn knows(&self, fact: &Fact) -> bool {
        self.facts.get(&fact.name).is_some_and(|known| {
            known.observed_at > fact.observed_at || (known.observed_at == fact.observed_at && known.fields == fact.fields)
        })
    }

    pub fn learn(&mut self, fact: &Fact, judged: &[Judged]) {
        self.suppliers.insert(fact.by.clone());
        self.facts.insert(fact.name.clone(), fact.clone());
        self.judged.extend(judged.iter().map(|judged| (judged.gate.clone(), judged.clone())));
    }

    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values()
    }

    pub fn judged(&self, gate: &GateName) -> Option<&Judged> {
        self.judged.get(gate)
    }

    pub fn waive(&mut self, waiver: &Waiver) {
        self.waivers.insert(waiver.gate.clone(), waiver.clone());
    }

    pub fn end_waiver(&mut self, gate: &GateName) {
        self.waivers.remove(gate);
    }

    pub fn waivers(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.values()
    }

    /// The exception that is in force then.
    pub fn waiver(&self, gate: &GateName, now: Timestamp) -> Option<&Waiver> {
        self.waivers.get(gate).filter(|waiver| now < waiver.until)
    }

    /// Whether this person supplied any of it, and so may not decide by it.
    pub fn is_by(&self, person: &PersonId) -> bool {
        self.suppliers.contains(person)
    }
}
