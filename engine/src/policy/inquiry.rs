//! Asking conditions about one change, and keeping what was asked, answered and read.

use super::condition::{Condition, Facts, Truth};
use super::schema::{About, FIELDS, Fact};
use crate::deferred::Deferred;
use crate::evaluation::{Answer, Asker, Evaluation, MAX_TEXT, Question, kept};
use crate::ids::ClassName;
use serde_json::json;
use std::collections::BTreeMap;

/// Bytes of a value that is kept for a condition that is asked again.
const MAX_KEPT: usize = 2_000;

/// What is known of the change.
pub struct Inquiry<'a> {
    about: About<'a>,
    facts: Facts,
}

impl<'a> Inquiry<'a> {
    pub fn about(about: About<'a>) -> Self {
        Self { facts: Facts::about(&about), about }
    }

    /// The same, once its class is known.
    pub fn with_class(&self, class: &'a ClassName) -> Self {
        Self::about(About { class: Some(class), ..self.about })
    }

    /// `None` while it is not known.
    pub fn class(&self) -> Option<&'a ClassName> {
        self.about.class
    }

    /// The answer, which is kept. Without a condition it is yes.
    pub fn ask(&self, of: Asker, when: Option<&Condition>, evaluation: &mut Evaluation) -> Truth {
        let truth = when.map_or(Truth::True, |when| when.evaluate(&self.facts));
        for name in when.into_iter().flat_map(Condition::names) {
            evaluation.values.entry(name.to_owned()).or_insert_with(|| self.value(name));
        }
        let answer = match &truth {
            Truth::True => Answer::True,
            Truth::False => Answer::False,
            Truth::Unknown(why) => Answer::Unknown(kept(why)),
        };
        evaluation.keep(Question { of, condition: when.map(|when| kept(when.source())), answer });
        truth
    }

    /// So much of a value as is kept; of a long list the first entries.
    fn value(&self, name: &str) -> Option<String> {
        let value = match self.about.value(name)? {
            // Each entry takes a character at least, so that no more of them are shown.
            Fact::Texts(list) => Fact::Texts(list.into_iter().take(MAX_TEXT).collect()),
            other @ (Fact::Flag(_) | Fact::Whole(_) | Fact::Fraction(_) | Fact::Text(_)) => other,
        };
        Some(kept(&json(value)))
    }

    /// The condition to be asked again, when more is known. What is too long to be kept with the change stays unknown.
    pub fn defer(&self, condition: &Condition, lists: &BTreeMap<String, Vec<String>>) -> Deferred {
        let changes = |name: &str| name.split('.').next() == Some(FIELDS);
        let value = |name: &str| self.about.value(name).filter(|_| !changes(name)).map(json).filter(|json| json.len() <= MAX_KEPT);
        Deferred {
            condition: condition.source().to_owned(),
            known: condition.names().map(|name| (name.to_owned(), value(name))).collect(),
            lists: condition.lists().filter_map(|list| Some((list.to_owned(), lists.get(list)?.clone()))).collect(),
        }
    }
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
