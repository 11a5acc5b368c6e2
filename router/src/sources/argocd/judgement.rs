//! Where an application stands as seen from one revision.

use super::application::{Application, Phase};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// This revision is being synced, or waits to be.
    Underway,
    /// This revision is what the cluster has.
    Synced,
    /// Something else is being done.
    Busy,
    /// Nothing is being done.
    Idle {
        /// When the last operation began, if it was of this revision, however it ended.
        ours: Option<String>,
    },
}

pub fn found(application: &Application, revision: &str) -> Found {
    if let Some(requested) = &application.requested {
        return if requested == revision { Found::Underway } else { Found::Busy };
    }
    let ours = application.last.as_ref().filter(|last| last.revision.as_deref() == Some(revision));
    match (application.last.as_ref().map(|last| last.phase), ours) {
        (Some(Phase::Running), Some(_)) => Found::Underway,
        (Some(Phase::Running), None) => Found::Busy,
        (Some(Phase::Over) | None, _) if application.synced.as_deref() == Some(revision) => Found::Synced,
        (Some(Phase::Over) | None, ours) => Found::Idle { ours: ours.map(|last| last.started_at.clone()) },
    }
}
