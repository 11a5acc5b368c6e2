//! How the policy was read when a change opened: every condition that was asked, with its answer and the values it
//! read. Kept in the `opened` event, so that it can be explained when policy and facts have long changed.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Conditions that one change keeps. A policy asks a few; what is over is counted.
pub const MAX_QUESTIONS: usize = 100;
/// Characters of a value or of a condition that are kept.
pub const MAX_TEXT: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// In the order in which they were asked.
    pub questions: Vec<Question>,
    /// Questions that were asked and not kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
    /// What the conditions asked about, as JSON; `None`: it was not known.
    pub values: BTreeMap<String, Option<String>>,
}

/// One condition, asked about this change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub of: Asker,
    /// `None`: it has no condition and applies to every change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    pub answer: Answer,
}

/// What in the policy has the condition, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "name", rename_all = "snake_case")]
pub enum Asker {
    Class(String),
    Requirement(String),
    /// Of `flow_choice`; the flow that it would choose.
    Flow(String),
    Escalation(String),
    Freeze(String),
    Gate(String),
    /// What the requester writes; whether it has to.
    Field(String),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", content = "why", rename_all = "snake_case")]
pub enum Answer {
    True,
    False,
    /// And why.
    Unknown(String),
}

impl Evaluation {
    pub fn keep(&mut self, question: Question) {
        if self.questions.len() < MAX_QUESTIONS {
            self.questions.push(question);
        } else {
            self.left_out += 1;
        }
    }
}

/// So much of a text as is kept.
pub fn kept(text: &str) -> String {
    match text.chars().count() > MAX_TEXT {
        true => text.chars().take(MAX_TEXT - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_size_is_bounded() {
        let mut evaluation = Evaluation::default();
        for n in 0..MAX_QUESTIONS + 3 {
            evaluation.keep(Question { of: Asker::Class(n.to_string()), condition: None, answer: Answer::False });
        }
        assert_eq!((evaluation.questions.len(), evaluation.left_out), (MAX_QUESTIONS, 3));
        assert_eq!(kept(&"é".repeat(MAX_TEXT)).chars().count(), MAX_TEXT);
        let cut = kept(&"é".repeat(MAX_TEXT + 1));
        assert!(cut.chars().count() == MAX_TEXT && cut.ends_with('…'));
    }
}
