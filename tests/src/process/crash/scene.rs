//! What the story is played on: an installation, a pretend GitLab, a workspace, and the ledger of what was promised.

use super::ledger::Ledger;
use crate::process::forge::Forge;
use crate::process::installation::{Database, INTEGRATION, Installation, Plan};
use crate::process::workspace::Workspace;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The policy's environments. In `staging` newer replaces older often, because few services share its lanes.
pub const PRODUCTION: &str = "production";
pub const STAGING: &str = "staging";
pub const ENVIRONMENTS: [&str; 2] = [PRODUCTION, STAGING];
/// Services that take turns.
pub const SERVICES: usize = 24;
/// Of the pretend GitLab.
pub const REQUESTER: i64 = 11;

const POLICY: &str = r#"
version: 1
name: crash-test
owners: [leads]
defaults:
  time_zone: Etc/UTC
  expire_after: 1d
  rationale: { approve: { required: true, min_length: 10 }, reject: { required: true, min_length: 10 } }
  service: { criticality: tier-1, team: payments, owners: [developers] }
groups:
  developers: { from: "file:developers" }
  operations: { from: "file:operations" }
  leads: { from: "file:leads", notify: false }
environments:
  production: { tier: production, superseded: reject }
  staging: { tier: staging, superseded: reject }
separation_of_duties:
  never_same_person: [[initiator, approver], [commit_author, approver]]
  one_person_one_requirement: true
  unknown_author: block
classes:
  - { name: normal, when: "true" }
requirements:
  - { name: peer, when: "true", stage: approve, approve: { from: [developers], count: 1 } }
  - { name: operations, when: "true", stage: approve, approve: { from: [operations], count: 1 } }
flows:
  normal: [approve]
notifications:
  channels:
    slack: { deploys: [production, staging] }
"#;

const PEOPLE: &str = r#"
people:
  - { id: requester-1, name: Requester One, email: requester-1@example.com, accounts: { slack: "T000000001/U000000001", gitlab: "11" } }
  - { id: author-1, name: Author One, email: author-1@example.com }
  - { id: approver-1, name: Approver One, email: approver-1@example.com, accounts: { slack: "T000000001/U000000002" } }
  - { id: approver-2, name: Approver Two, email: approver-2@example.com, accounts: { slack: "T000000001/U000000003" } }
  - { id: lead-1, name: Lead One, email: lead-1@example.com }
groups:
  developers: [requester-1, author-1, approver-1]
  operations: [approver-2]
  leads: [lead-1]
"#;

pub struct Scene {
    pub installation: Installation,
    pub forge: Forge,
    pub workspace: Workspace,
    /// The pretend GitLab's projects, one a service.
    pub projects: Vec<i64>,
    ledger: Mutex<Ledger>,
}

impl Scene {
    pub async fn build(database: Database<'_>) -> Arc<Self> {
        let (forge, workspace) = (Forge::start().await, Workspace::start().await);
        let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: Some(&workspace.api), policy: POLICY, people: PEOPLE };
        let projects = (0..SERVICES).map(|number| forge.project(&format!("payments/service-{number}"), &ENVIRONMENTS)).collect();
        let installation = Installation::new(&plan);
        Arc::new(Self { installation, forge, workspace, projects, ledger: Mutex::default() })
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn hooks_url(&self) -> String {
        format!("{}/hooks/{INTEGRATION}", self.installation.base())
    }
}
