//! Where an application stands as seen from one revision.

use super::application::{Application, Phase};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This revision is being synced, or waits to be.
    Underway,
    /// This revision is what the cluster has.
    Synced,
    /// The last operation was of this revision, and failed.
    Failed,
    /// Something else is being done.
    Busy,
    Idle,
}

pub fn found(application: &Application, revision: &str) -> Found {
    if let Some(requested) = &application.requested {
        return if requested == revision { Found::Underway } else { Found::Busy };
    }
    let last = application.last.as_ref().map(|(phase, of)| (*phase, of.as_deref() == Some(revision)));
    match last {
        Some((Phase::Running, true)) => Found::Underway,
        Some((Phase::Running, false)) => Found::Busy,
        _ if application.synced.as_deref() == Some(revision) => Found::Synced,
        Some((Phase::Failed, true)) => Found::Failed,
        Some((Phase::Succeeded | Phase::Unknown | Phase::Failed, _)) | None => Found::Idle,
    }
}
