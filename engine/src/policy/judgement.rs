//! What a gate makes of a fact. Its condition was found to be sound when the policy was loaded; it comes from the change here,
//! so it is compiled anew, with the room that this needs.

use super::condition::{Condition, Facts, Truth};
use super::schema::{FACT, Schema};
use super::stack;
use crate::evaluation::{Answer, kept};
use crate::fact::{Fact, FactFields, FactKind};
use crate::gate::{GateRule, Judged};
use std::collections::BTreeMap;

/// Unknown never passes: neither what the fact leaves out nor what could not be evaluated.
pub fn judge(rule: &GateRule, lists: &BTreeMap<String, Vec<String>>, fact: &Fact) -> Judged {
    let (passes, values) = stack::with_room(|| evaluate(&rule.pass, lists, fact))
        .unwrap_or_else(|| (Answer::Unknown("there was no memory to judge it".to_owned()), FactFields::new()));
    Judged {
        gate: rule.name.clone(),
        passes,
        values,
        observed_at: fact.observed_at,
        fresh_until: rule.max_age_s.map(|seconds| fact.observed_at.plus_seconds(seconds)),
    }
}

/// The answer, and what was read for it.
fn evaluate(pass: &str, lists: &BTreeMap<String, Vec<String>>, fact: &Fact) -> (Answer, FactFields) {
    let unknown = |why: &str| (Answer::Unknown(why.to_owned()), FactFields::new());
    let Some(kind) = FactKind::named(fact.name.as_str()) else { return unknown("this build does not know its fact") };
    let Ok(condition) = Condition::compile(pass, &Schema::of_fact(kind, lists)) else {
        return unknown("this build can’t read its condition");
    };
    let answer = match condition.evaluate(&Facts::of_fact(kind, &fact.fields)) {
        Truth::True => Answer::True,
        Truth::False => Answer::False,
        Truth::Unknown(why) => Answer::Unknown(kept(&why)),
    };
    (answer, read_by(&condition, &fact.fields))
}

fn read_by(condition: &Condition, fields: &FactFields) -> FactFields {
    let names = condition.names().filter_map(|name| name.strip_prefix(FACT)?.strip_prefix('.'));
    names.filter_map(|name| Some((name.to_owned(), fields.get(name)?.clone()))).collect()
}
