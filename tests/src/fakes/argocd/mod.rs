//! An Argo CD of our own: applications, one operation at a time, and who wrote a revision.
//!
//! Facts are from Argo CD's public API description.

mod answers;

use super::door::{Call, Door, Reply, Tool, lock};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

pub const TOKEN: &str = "a-token-of-the-project";

#[derive(Default)]
pub struct FakeArgocd {
    door: Door,
    state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    /// By name.
    pub applications: BTreeMap<String, Application>,
    /// Revision → author and message.
    pub commits: BTreeMap<String, (String, String)>,
}

#[derive(Clone, Debug)]
pub struct Application {
    pub uid: String,
    pub project: String,
    /// Whether it has a list of sources: their revisions stand in one text then, with commas between.
    pub has_list: bool,
    /// What Git has now.
    pub target: String,
    /// What the cluster has.
    pub live: String,
    pub operation: Option<Operation>,
    pub has_open_window: bool,
    /// Revisions that were synced, or tried, in order.
    pub synced: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    pub revision: String,
    /// `Running`, `Succeeded`, `Failed`.
    pub phase: &'static str,
    /// RFC 3339.
    pub started_at: String,
}

impl Application {
    /// What the API says to a sync of this revision.
    pub fn sync(&mut self, revision: &str) -> Result<(), (u16, &'static str)> {
        if !self.has_open_window {
            return Err((403, "cannot sync: blocked by sync window"));
        }
        if self.operation.as_ref().is_some_and(|operation| operation.phase == "Running") {
            return Err((400, "another operation is already in progress"));
        }
        self.synced.push(revision.to_owned());
        let started_at = format!("2026-01-01T10:{:02}:00Z", self.synced.len());
        self.operation = Some(Operation { revision: revision.to_owned(), phase: "Running", started_at });
        Ok(())
    }

    pub fn ends(&mut self, phase: &'static str) {
        let Some(operation) = &mut self.operation else { return };
        operation.phase = phase;
        if phase == "Succeeded" {
            self.live = operation.revision.clone();
        }
    }
}

impl FakeArgocd {
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Tool for FakeArgocd {
    fn answer(&self, call: &Call) -> Option<Reply> {
        answers::answer(self, call)
    }

    fn door(&self) -> &Door {
        &self.door
    }
}
