//! The tests of a policy's file: what each gives and what it expects.

use super::blocks::services::Service;
use super::field::Place;
use super::supposed::Supposed;
use crate::event::Choice;
use crate::ids::{PersonId, RequirementName};
use crate::phase::State;
use crate::time::Timestamp;

/// One test, as it stands in the file.
#[derive(Debug)]
pub struct Trial {
    pub name: String,
    pub place: Place,
    pub given: Given,
    pub expected: Expected,
}

/// What holds in a test. All else has its type's default; gates pass and fields are filled in.
#[derive(Debug)]
pub struct Given {
    pub environment: String,
    pub service: Service,
    pub authors: Vec<PersonId>,
    pub supposed: Supposed,
    /// Empty: at a time at which nothing is frozen.
    pub at: Vec<Timestamp>,
    pub votes: Votes,
}

#[derive(Debug)]
pub enum Votes {
    /// Everybody approves who may, until nobody is needed any more.
    AllNeeded,
    Cast(Vec<Cast>),
}

/// A vote with a reason that is good enough, by somebody who belongs to a group of this requirement.
#[derive(Debug)]
pub struct Cast {
    pub by: PersonId,
    pub requirement: RequirementName,
    pub choice: Choice,
}

/// What is left out is not looked at.
#[derive(Debug, Default)]
pub struct Expected {
    pub class: Option<String>,
    /// In any order.
    pub requirements: Option<Vec<String>>,
    pub flow: Option<String>,
    /// Whose votes are not taken, in any order.
    pub refused: Option<Vec<String>>,
    /// Why: the code of a refusal, or `unknown` for a condition that nobody can answer.
    pub because: Option<String>,
    pub state: Option<State>,
    /// The names of freezes, for each time that is given.
    pub holds: Option<Vec<Vec<String>>>,
    pub release: Option<Release>,
}

/// What the tool hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    Granted,
    /// Nothing, or no.
    Refused,
}

impl Release {
    pub const ALL: [Self; 2] = [Self::Granted, Self::Refused];

    /// As the file has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Refused => "refused",
        }
    }
}
