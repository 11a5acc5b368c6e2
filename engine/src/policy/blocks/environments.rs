//! `environments`: where a change may go, and which of a source's names mean it.

use super::promotion;
use crate::ids::{EnvironmentName, GateName};
use crate::lock::Lock;
use crate::policy::field::{Field, Keys};
use crate::policy::glob::Glob;
use crate::policy::names::What;
use crate::policy::reading::Reading;
use crate::policy::shape::{Shape, TableShape};
use crate::policy::yaml::Content;
use crate::promotion::Promotion;
use crate::rules::{Superseded, WhenNewerArrives};
use crate::window::Window;

pub const MAX_ENVIRONMENTS: usize = 200;
pub const MAX_PATTERNS: usize = 200;
pub const MAX_GATES: usize = 50;

const KEYS: Keys = Keys {
    enforced: &["tier", "match", "promote_when", "when_newer_arrives", "superseded", "window", "after", "soak", "lock"],
    not_enforced: &["source", "bind", "carry_over", "targets"],
};
/// GitLab's words for the tier of an environment.
const TIERS: [&str; 5] = ["production", "staging", "testing", "development", "other"];

pub const SHAPE: Shape = Shape::Named(&Shape::Either(&[Shape::Nothing, Shape::Table(&ENVIRONMENT)]), MAX_ENVIRONMENTS);
const ENVIRONMENT: TableShape = TableShape {
    keys: KEYS,
    required: &[],
    shapes: &[
        ("tier", Shape::Words(|| TIERS.to_vec()), "Its tier, by which a source’s environment is known as a last resort."),
        ("match", Shape::List(&Shape::Text, MAX_PATTERNS), "Patterns over the names that sources use; * also matches /."),
        ("promote_when", Shape::List(&Shape::Text, MAX_GATES), "The gates that have to pass."),
        ("when_newer_arrives", Shape::Words(|| NEWER.to_vec()), "What a newer change does to an open one."),
        ("after", Shape::Text, "The environment in which the same subject has to have succeeded before."),
        ("soak", Shape::Length, "For how long, at least; needs “after”."),
        ("window", Shape::Text, "When what is approved goes out: a name under windows; at any time if left out."),
        ("lock", Shape::Words(|| LOCKS.to_vec()), "Whether only one change of a lane is out at a time."),
        ("superseded", Shape::Words(|| SUPERSEDED.to_vec()), "Whether the tool of a replaced change hears a rejection."),
    ],
};
const NEWER: [&str; 3] = ["supersede", "queue", "ask"];
const LOCKS: [&str; 1] = ["one_at_a_time"];
const SUPERSEDED: [&str; 2] = ["reject", "leave_to_tool"];

/// An environment of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    pub name: EnvironmentName,
    pub tier: Option<String>,
    pub patterns: Vec<Glob>,
    /// Gates that have to pass.
    pub promote_when: Vec<GateName>,
    pub when_newer_arrives: WhenNewerArrives,
    pub superseded: Superseded,
    pub window: Option<Window>,
    pub promotion: Option<Promotion>,
    pub lock: Lock,
}

/// In the order of the file.
pub fn read(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<Environment> {
    let entries = field.entries(MAX_ENVIRONMENTS, reading);
    let environments: Vec<Environment> = entries.iter().filter_map(|(key, entry)| read_environment(&key.name, entry, reading)).collect();
    promotion::refuse_circles(&environments, &entries, reading);
    environments
}

fn read_environment(name: &str, field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Environment> {
    let mut environment = Environment {
        name: EnvironmentName::new(name),
        tier: None,
        patterns: Vec::new(),
        promote_when: Vec::new(),
        when_newer_arrives: WhenNewerArrives::Supersede,
        superseded: Superseded::LeaveToTool,
        window: None,
        promotion: None,
        lock: Lock::Free,
    };
    if field.node.content == Content::Nothing {
        return Some(environment);
    }
    let table = field.table(KEYS, reading)?;
    environment.tier = table.get("tier").and_then(|tier| tier.word(&TIERS, reading)).map(str::to_owned);
    if let Some(patterns) = table.get("match") {
        environment.patterns = patterns.texts(MAX_PATTERNS, reading).iter().map(|(pattern, _)| Glob::new(pattern)).collect();
    }
    if let Some(gates) = table.get("promote_when") {
        environment.promote_when = read_gates(&gates, reading);
    }
    let newer = table.get("when_newer_arrives").and_then(|newer| newer.word(&NEWER, reading));
    environment.when_newer_arrives = match newer {
        Some("queue") => WhenNewerArrives::Queue,
        Some("ask") => WhenNewerArrives::Ask,
        Some(_) | None => WhenNewerArrives::Supersede,
    };
    if let Some(superseded) = table.get("superseded")
        && superseded.word(&SUPERSEDED, reading) == Some("reject")
    {
        environment.superseded = Superseded::Reject;
    }
    environment.promotion = promotion::read(name, &table, reading);
    if table.get("lock").and_then(|lock| lock.word(&LOCKS, reading)).is_some() {
        environment.lock = Lock::OneAtATime;
    }
    environment.window = table.get("window").and_then(|window| read_window(&window, reading));
    Some(environment)
}

/// What is wrong with the window is said there.
fn read_window(field: &Field<'_>, reading: &mut Reading<'_>) -> Option<Window> {
    let name = field.text(reading)?;
    if !reading.names.has(What::Window, name) {
        reading.unknown(field, What::Window, name);
    }
    reading.windows.get(name).cloned()
}

fn read_gates(field: &Field<'_>, reading: &mut Reading<'_>) -> Vec<GateName> {
    let mut gates = Vec::new();
    for (name, item) in field.texts(MAX_GATES, reading) {
        if reading.names.has(What::Gate, name) {
            gates.push(GateName::new(name));
        } else {
            reading.unknown(&item, What::Gate, name);
        }
    }
    gates
}
