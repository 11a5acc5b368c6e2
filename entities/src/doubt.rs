//! After one connection was found dead, the others of its pool are asked whether they live before they are used.
//!
//! A server that went away and came back leaves a pool of dead connections. Without this each of them would fail
//! somebody once; to ask before every use would cost a round trip each time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Cheap to clone; clones are about the same pool.
#[derive(Clone, Debug)]
pub(crate) struct Doubt {
    connections: u32,
    /// Connections that are still to be asked.
    left: Arc<AtomicU32>,
}

impl Doubt {
    /// About a pool of at most so many connections; of none for a database in the same process.
    pub(crate) fn of(connections: u32) -> Self {
        Self { connections, left: Arc::default() }
    }

    /// One was found dead.
    pub(crate) fn arise(&self) {
        self.left.store(self.connections, Ordering::SeqCst);
    }

    /// Whether the next one is to be asked.
    pub(crate) fn asks(&self) -> bool {
        self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_connection_is_asked_once() {
        let doubt = Doubt::of(2);
        assert!(!doubt.asks());
        doubt.arise();
        assert_eq!([doubt.asks(), doubt.clone().asks(), doubt.asks()], [true, true, false]);
    }
}
