//! `defaults`: the time zone, how long a change waits, and what a vote has to say.

use super::services::{self, Service};
use crate::policy::field::{Field, Keys};
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::rationale::RATIONALE_MAX;
use crate::rules::{RationaleRule, RationaleRules};
use chrono_tz::Tz;

/// Two weeks.
pub const DEFAULT_EXPIRE_AFTER_S: u64 = 14 * 24 * 60 * 60;

const KEYS: Keys = Keys {
    enforced: &["time_zone", "uncovered_change", "on_unknown", "on_timeout", "expire_after", "rationale", "service"],
    not_enforced: &[],
};
const RATIONALE_KEYS: Keys = Keys { enforced: &["approve", "reject"], not_enforced: &["chips"] };
const RULE_KEYS: Keys = Keys { enforced: &["required", "min_length"], not_enforced: &[] };
/// The keys that have one answer, because any other would let something through.
const FIXED: [(&str, &str); 3] = [("uncovered_change", "block"), ("on_unknown", "block"), ("on_timeout", "expire")];

pub const SHAPE: Shape = Shape::Table(&TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[
        ("time_zone", Shape::Text, "The IANA time zone that wall times are meant in; UTC if left out."),
        ("uncovered_change", Shape::Words(|| vec!["block"]), "A change that no rule covers is blocked."),
        ("on_unknown", Shape::Words(|| vec!["block"]), "What is not known never helps a change."),
        ("on_timeout", Shape::Words(|| vec!["expire"]), "A change that nobody decided ends."),
        ("expire_after", Shape::Length, "How long a change waits."),
        ("rationale", Shape::Table(&RULES), "What a vote has to say."),
        ("service", services::DEFAULT_SHAPE, "What a service is taken for that the catalogue does not know."),
    ],
});
const RULES: TableShape = TableShape {
    keys: RATIONALE_KEYS,
    required: &[],
    shapes: &[("approve", RULE, "The reason of an approval."), ("reject", RULE, "The reason of a rejection.")],
};
pub(super) const RULE: Shape = Shape::Table(&TableShape {
    keys: RULE_KEYS,
    required: &[],
    shapes: &[("required", Shape::Flag, "Whether it has to be there."), ("min_length", Shape::Whole(0), "In visible characters.")],
});

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    pub time_zone: Tz,
    pub expire_after_s: u64,
    pub rationale: RationaleRules,
    /// What unknown services are taken for; `None` blocks them.
    pub service: Option<Service>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self { time_zone: Tz::UTC, expire_after_s: DEFAULT_EXPIRE_AFTER_S, rationale: RationaleRules::default(), service: None }
    }
}

pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Defaults {
    let mut defaults = Defaults::default();
    let Some(table) = field.table(KEYS, reading) else { return defaults };
    for (key, only) in FIXED {
        if let Some(field) = table.get(key) {
            field.word(&[only], reading);
        }
    }
    if let Some(zone) = table.get("time_zone").and_then(|zone| zone.zone(reading)) {
        defaults.time_zone = zone;
        reading.time_zone = Some(zone);
    }
    if let Some(seconds) = table.get("expire_after").and_then(|field| read_expiry(&field, reading)) {
        defaults.expire_after_s = seconds;
    }
    if let Some(rationale) = table.get("rationale") {
        defaults.rationale = read_rationale(&rationale, reading);
    }
    defaults.service = table.get("service").and_then(|service| services::read_default(&service, reading));
    defaults
}

fn read_expiry(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<u64> {
    let seconds = field.seconds(reading)?;
    if seconds == 0 {
        reading.fault(&field.place(), "a change that expires at once could never be approved");
    }
    Some(seconds)
}

fn read_rationale(field: &Field<'_>, reading: &mut Reading<'_>) -> RationaleRules {
    let Some(table) = field.table(RATIONALE_KEYS, reading) else { return RationaleRules::default() };
    let mut rule = |key: &str| table.get(key).and_then(|field| read_rule(&field, reading)).unwrap_or_default();
    RationaleRules { approve: rule("approve"), reject: rule("reject") }
}

/// A length without `required` asks for a rationale of that length.
pub(super) fn read_rule(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<RationaleRule> {
    let table = field.table(RULE_KEYS, reading)?;
    let required = table.get("required").map_or(Some(true), |field| field.flag(reading))?;
    let Some(length) = table.get("min_length") else { return Some(RationaleRule { required, min_length: 0 }) };
    let min_length = length.whole(0, reading)?;
    if min_length > RATIONALE_MAX {
        reading.fault(&length.place(), format!("a rationale has at most {RATIONALE_MAX} characters"));
    }
    Some(RationaleRule { required, min_length })
}
