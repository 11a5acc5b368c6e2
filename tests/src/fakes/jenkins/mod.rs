//! A Jenkins of our own: builds with inputs that are reached, answered once, and gone afterwards.
//!
//! Facts are from the public sources of Jenkins and of its plugins Pipeline: Input Step and Pipeline: REST API.

mod answers;

use super::door::{Door, Tool, lock};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

/// The user whose API token we have.
pub const USER: &str = "svc-gate";
/// `user:api-token`.
pub const TOKEN: &str = "svc-gate:11deadbeef";

#[derive(Default)]
pub struct FakeJenkins {
    door: Door,
    builds: Mutex<Builds>,
}

/// Full name of the job and number → build.
pub type Builds = BTreeMap<(String, u64), Build>;

#[derive(Clone, Debug, Default)]
pub struct Build {
    pub inputs: BTreeMap<String, Input>,
    /// What each input asks for besides yes or no, as `pendingInputActions` lists it.
    pub asks: BTreeMap<String, Vec<Value>>,
    /// The parameters that an input was let through with, by name.
    pub given: BTreeMap<String, Value>,
    /// Who let an input through, in order.
    pub approvers: Vec<String>,
    /// `None` while it runs.
    pub result: Option<&'static str>,
    /// Users that may answer inputs; nobody else may.
    pub submitters: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    NotReached,
    Waits,
    Proceeded,
    Aborted,
}

impl FakeJenkins {
    pub fn builds(&self) -> MutexGuard<'_, Builds> {
        lock(&self.builds)
    }
}

impl Build {
    /// As a person or a program answers it; a sentence of Jenkins if that is not possible.
    pub fn answer(&mut self, id: &str, user: &str, to: Input) -> Result<(), Refusal> {
        // Once given, an input is taken off the build: it can't be told from one that was never there.
        let waits = self.inputs.get(id) == Some(&Input::Waits) && self.result.is_none();
        if !waits {
            return Err(Refusal::NotThere);
        }
        if !self.submitters.iter().any(|submitter| submitter == user) {
            return Err(Refusal::NotAllowed);
        }
        self.inputs.insert(id.to_owned(), to);
        match to {
            Input::Proceeded => self.approvers.push(user.to_owned()),
            Input::Aborted => self.result = Some("ABORTED"),
            Input::NotReached | Input::Waits => {}
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotThere,
    NotAllowed,
}

impl Tool for FakeJenkins {
    fn answer(&self, call: &super::door::Call) -> Option<super::door::Reply> {
        answers::answer(self, call)
    }

    fn door(&self) -> &Door {
        &self.door
    }
}
