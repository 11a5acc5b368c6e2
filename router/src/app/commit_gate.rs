//! Between a caller whose time is limited and a commit that can't be called back.
//!
//! Either the commit begins and the caller has to wait for its truth, or the caller gives up and the commit never
//! begins. Never both, so nobody is told "not recorded" about something that is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

const OPEN: u8 = 0;
const COMMITTING: u8 = 1;
const CLOSED: u8 = 2;

/// Cheap to clone; clones are the same gate.
#[derive(Clone, Debug, Default)]
pub struct CommitGate(Arc<AtomicU8>);

impl CommitGate {
    /// For the committer: whether the commit may begin.
    pub fn enter(&self) -> bool {
        self.0.compare_exchange(OPEN, COMMITTING, Ordering::SeqCst, Ordering::SeqCst).is_ok() || self.0.load(Ordering::SeqCst) == COMMITTING
    }

    /// For the caller: whether it is now certain that no commit begins.
    pub fn close(&self) -> bool {
        self.0.compare_exchange(OPEN, CLOSED, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_side_wins_once() {
        let gate = CommitGate::default();
        assert!(gate.enter());
        assert!(!gate.close());
        assert!(gate.enter(), "a commit that met a conflict begins again");
        let gate = CommitGate::default();
        assert!(gate.close());
        assert!(!gate.enter());
    }
}
