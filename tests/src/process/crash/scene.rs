//! What the story is played on: an installation, a pretend GitLab, a workspace, and the ledger of what was promised.

use super::ledger::Ledger;
use crate::process::forge::Forge;
use crate::process::installation::{Database, Installation, PEOPLE, Plan};
use crate::process::workspace::Workspace;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The policy's environments. In `staging` newer replaces older often, because few services share its lanes.
pub const PRODUCTION: &str = "production";
pub const STAGING: &str = "staging";
pub const ENVIRONMENTS: [&str; 2] = [PRODUCTION, STAGING];
/// Services that take turns.
pub const SERVICES: usize = 24;

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
        let plan = Plan { database, gitlab_api: Some(&forge.api), slack_api: Some(&workspace.api), people: PEOPLE };
        let projects = (0..SERVICES).map(|number| forge.project(&format!("payments/service-{number}"), &ENVIRONMENTS)).collect();
        let installation = Installation::new(&plan);
        Arc::new(Self { installation, forge, workspace, projects, ledger: Mutex::default() })
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
