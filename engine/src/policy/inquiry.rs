//! Asking conditions about one change, and keeping what was asked, answered and read.

use super::condition::{Condition, Facts, Truth};
use super::schema::{About, FIELDS, Fact, INCIDENT};
use crate::deferred::Deferred;
use crate::evaluation::{Answer, Asker, Evaluation, MAX_TEXT, Question, kept};
use crate::ids::ClassName;
use crate::incident::Incident;
use serde_json::json;
use std::collections::BTreeMap;

/// Bytes of a value that is kept for a condition that is asked again.
const MAX_KEPT: usize = 2_000;

/// What is known of the change.
pub struct Inquiry<'a> {
    about: About<'a>,
    facts: Facts,
    incidents: &'a [Incident],
}

/// What a condition came to, and of which incident that was said.
struct Found<'a> {
    truth: Truth,
    incident: Option<&'a Incident>,
}

impl<'a> Inquiry<'a> {
    pub fn about(about: About<'a>) -> Self {
        Self { facts: Facts::about(&about), about, incidents: &[] }
    }

    /// With these incidents known.
    pub fn amid(self, incidents: &'a [Incident]) -> Self {
        Self { incidents, ..self }
    }

    /// The same, once its class is known.
    pub fn with_class(&self, class: &'a ClassName) -> Self {
        Self::about(About { class: Some(class), ..self.about }).amid(self.incidents)
    }

    /// `None` while it is not known.
    pub fn class(&self) -> Option<&'a ClassName> {
        self.about.class
    }

    /// The answer, which is kept. Without a condition it is yes.
    pub fn ask(&self, of: Asker, when: Option<&Condition>, evaluation: &mut Evaluation) -> Truth {
        let Found { truth, incident } = when.map_or(Found { truth: Truth::True, incident: None }, |when| self.find(when));
        for name in when.into_iter().flat_map(Condition::names) {
            self.keep_value(name, incident, evaluation);
        }
        let answer = match &truth {
            Truth::True => Answer::True,
            Truth::False => Answer::False,
            Truth::Unknown(why) => Answer::Unknown(kept(why)),
        };
        evaluation.keep(Question { of, condition: when.map(|when| kept(when.source())), answer });
        truth
    }

    /// The condition to be asked again, when more is known. What is too long to be kept with the change stays unknown.
    pub fn defer(&self, condition: &Condition, lists: &BTreeMap<String, Vec<String>>) -> Deferred {
        let changes = |name: &str| name.starts_with(INCIDENT) || name.split('.').next() == Some(FIELDS);
        let value = |name: &str| self.about.value(name).filter(|_| !changes(name)).map(json).filter(|json| json.len() <= MAX_KEPT);
        Deferred {
            condition: condition.source().to_owned(),
            known: condition.names().map(|name| (name.to_owned(), value(name))).collect(),
            lists: condition.lists().filter_map(|list| Some((list.to_owned(), lists.get(list)?.clone()))).collect(),
        }
    }

    /// A condition about incidents asks whether there is one of which it holds: it is asked once for each that is known. Where
    /// none is known, no incident is open, and everything else about one is unknown.
    fn find(&self, when: &Condition) -> Found<'a> {
        if self.incidents.is_empty() || !when.asks_about_incidents() {
            return Found { truth: when.evaluate(&self.facts), incident: None };
        }
        let mut found = Found { truth: Truth::False, incident: None };
        for incident in self.incidents {
            match when.evaluate(&Facts::named(&self.with_incident(Some(incident)), when.names())) {
                Truth::True => return Found { truth: Truth::True, incident: Some(incident) },
                truth @ Truth::Unknown(_) if found.incident.is_none() => found = Found { truth, incident: Some(incident) },
                Truth::Unknown(_) | Truth::False => {}
            }
        }
        found
    }

    fn with_incident(&self, incident: Option<&'a Incident>) -> About<'a> {
        About { incident, ..self.about }
    }

    /// Conditions may have been answered by different incidents, so their values name theirs.
    fn keep_value(&self, name: &str, incident: Option<&'a Incident>, evaluation: &mut Evaluation) {
        let of = incident.filter(|_| name.starts_with(INCIDENT));
        let key = of.map_or_else(|| name.to_owned(), |incident| format!("{name} of {}", incident.id));
        evaluation.values.entry(key).or_insert_with(|| value(&self.with_incident(of), name));
    }
}

/// So much of a value as is kept; of a long list the first entries.
fn value(about: &About<'_>, name: &str) -> Option<String> {
    let value = match about.value(name)? {
        // Each entry takes a character at least, so that no more of them are shown.
        Fact::Texts(list) => Fact::Texts(list.into_iter().take(MAX_TEXT).collect()),
        other @ (Fact::Flag(_) | Fact::Whole(_) | Fact::Fraction(_) | Fact::Text(_)) => other,
    };
    Some(kept(&json(value)))
}

fn json(fact: Fact) -> String {
    let value = match fact {
        Fact::Flag(flag) => json!(flag),
        Fact::Whole(number) => json!(number),
        Fact::Fraction(number) => json!(number),
        Fact::Text(text) => json!(text),
        Fact::Texts(list) => json!(list),
    };
    value.to_string()
}
