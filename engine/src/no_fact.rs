//! A "no" to a fact: what is wrong with who supplies it, with its time or with what it is about.

use crate::ids::ChangeNumber;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoFact {
    /// Nobody supplies facts for a change that they vote on.
    Voted { number: ChangeNumber },
    /// A measurement of tomorrow would never be too old.
    InTheFuture,
    /// It is about another commit than the one that is to go out.
    AnotherSubject { number: ChangeNumber, about: String },
    /// What is out, or has ended, is judged by no gate any more.
    NoGatesLeft { number: ChangeNumber },
}

impl NoFact {
    /// A stable word for metrics, events and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Voted { .. } => "voted_on_it",
            Self::InTheFuture => "fact_of_the_future",
            Self::AnotherSubject { .. } => "fact_of_another_subject",
            Self::NoGatesLeft { .. } => "no_gates_left",
        }
    }

    /// What the caller reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::Voted { number } => {
                format!("Whoever answers for this token has voted on {number}, so its facts have to come from somebody else.")
            }
            Self::InTheFuture => {
                "It says that it was measured in the future, so it was not recorded. Look at the clock that it comes from.".to_owned()
            }
            Self::AnotherSubject { number, about } => {
                format!("{number} is about something else than {about}, so the fact was not recorded. Measure what is to go out.")
            }
            Self::NoGatesLeft { number } => format!("{number} is out or has ended, so no gate waits for facts any more."),
        }
    }
}
