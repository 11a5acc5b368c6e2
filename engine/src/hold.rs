//! A reason why an approved change may not be released now. Holds stop the release, never the voting.

use crate::gate::Trouble;
use crate::ids::{ChangeRef, EnvironmentName, HoldId, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The longest scope that anybody may name, per part, in characters.
pub const SCOPE_MAX: usize = 200;

/// One hold, as the world has it and as the changes that it stops record it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub id: HoldId,
    #[serde(flatten)]
    pub because: Because,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Because {
    /// Somebody stopped the line.
    Paused(Pause),
    /// An older change of the lane goes first (`when_newer_arrives: queue`).
    Behind { change: ChangeRef },
    /// An older change of the lane is open, and nobody has said yet which goes first (`when_newer_arrives: ask`).
    NewerThan { change: ChangeRef },
    /// A freeze of the policy is in force.
    Frozen(Frozen),
    /// A gate passes no longer, or its fact has grown too old.
    Gate(Trouble),
    /// The window of the environment is closed.
    OutsideWindow(Closed),
    /// The environment before has not shown yet that it works.
    Unproven(Unproven),
    /// Another change of the lane is out (`lock: one_at_a_time`).
    Lock(Out),
}

/// What the environment before has not shown yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unproven {
    pub environment: EnvironmentName,
    /// It has succeeded there, and soaks until then; `None`: it has not.
    pub soaks_until: Option<Timestamp>,
}

/// The change of a lane that is out: its verdict went out, and its deployment has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    pub change: ChangeRef,
    /// From then on nobody waits for it, for its end may never be reported.
    pub until: Timestamp,
}

/// A window that is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The policy's name of it.
    pub window: String,
    /// `None`: not for years.
    pub opens: Option<Timestamp>,
}

/// One time of a freeze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// The policy's name of it.
    pub freeze: String,
    pub since: Timestamp,
    pub until: Timestamp,
    /// What goes out all the same.
    pub lets_through: BTreeSet<LetThrough>,
}

/// A kind of change that a freeze does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetThrough {
    Emergency,
    Rollback,
}

impl LetThrough {
    /// The class whose changes are of this kind.
    pub fn class(self) -> &'static str {
        match self {
            Self::Emergency => "emergency",
            Self::Rollback => "rollback",
        }
    }
}

/// A manual hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    pub scope: Scope,
    pub reason: String,
    pub by: PersonId,
    pub since: Timestamp,
    /// `None`: until somebody resumes.
    pub until: Option<Timestamp>,
}

/// What a pause stops. With neither part: everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    /// The policy's name of the environment, or the source's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// The catalogue's name of the service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
}

impl Scope {
    /// Whether it covers what goes into an environment of these names, the policy's and the source's, and is of this
    /// service of the catalogue.
    pub fn covers(&self, environments: [&str; 2], service: &str) -> bool {
        let is_there = |name: &String| environments.contains(&name.as_str());
        self.environment.as_ref().is_none_or(is_there) && self.service.as_ref().is_none_or(|name| name == service)
    }
}

/// `everything`, `production`, `production/checkout-api`, `checkout-api everywhere`.
impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.environment, &self.service) {
            (None, None) => f.write_str("everything"),
            (Some(environment), None) => f.write_str(environment),
            (Some(environment), Some(service)) => write!(f, "{environment}/{service}"),
            (None, Some(service)) => write!(f, "{service} everywhere"),
        }
    }
}

impl Hold {
    /// The hold of a change that waits for this older one, decided or not.
    pub fn id_behind(older: &ChangeRef) -> HoldId {
        HoldId::new(format!("behind:{}", older.id))
    }

    pub fn pause(&self) -> Option<&Pause> {
        match &self.because {
            Because::Paused(pause) => Some(pause),
            Because::Behind { .. }
            | Because::NewerThan { .. }
            | Because::Frozen(_)
            | Because::Gate(_)
            | Because::OutsideWindow(_)
            | Because::Unproven(_)
            | Because::Lock(_) => None,
        }
    }

    /// The hold of a gate that does not pass.
    pub fn by_gate(trouble: Trouble) -> Self {
        Self { id: HoldId::new(format!("gate:{}", trouble.gate)), because: Because::Gate(trouble) }
    }

    pub fn gate(&self) -> Option<&Trouble> {
        match &self.because {
            Because::Gate(trouble) => Some(trouble),
            Because::Paused(_)
            | Because::Behind { .. }
            | Because::NewerThan { .. }
            | Because::Frozen(_)
            | Because::OutsideWindow(_)
            | Because::Unproven(_)
            | Because::Lock(_) => None,
        }
    }

    /// When it ends by itself; `None`: somebody has to end it, or another change.
    pub fn until(&self) -> Option<Timestamp> {
        match &self.because {
            Because::Paused(pause) => pause.until,
            Because::Frozen(frozen) => Some(frozen.until),
            Because::OutsideWindow(closed) => closed.opens,
            Because::Unproven(unproven) => unproven.soaks_until,
            Because::Lock(out) => Some(out.until),
            Because::Behind { .. } | Because::NewerThan { .. } | Because::Gate(_) => None,
        }
    }

    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until().is_some_and(|until| until <= now)
    }

    /// The older change that goes first, or that waits for a word.
    pub fn ahead(&self) -> Option<&ChangeRef> {
        match &self.because {
            Because::Behind { change } | Because::NewerThan { change } => Some(change),
            Because::Paused(_)
            | Because::Frozen(_)
            | Because::Gate(_)
            | Because::OutsideWindow(_)
            | Because::Unproven(_)
            | Because::Lock(_) => None,
        }
    }
}
