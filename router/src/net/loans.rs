//! Tokens that were lent to us: kept until shortly before they run out, in memory only.

use crate::secret::Secret;
use engine::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A token that runs out sooner is asked for anew, so that none runs out in the middle of a conversation.
const MARGIN_S: u64 = 300;
/// Tokens that are kept; with more, those that ran out are let go first.
const KEPT: usize = 10_000;

#[derive(Default)]
pub struct Loans(Mutex<HashMap<String, Kept>>);

struct Kept {
    token: Secret,
    expires_at: Timestamp,
}

impl Loans {
    /// `what` names the tool, the borrower and the purpose.
    pub fn held(&self, what: &str, now: Timestamp) -> Option<Secret> {
        self.kept().get(what).filter(|kept| kept.lasts(now)).map(|kept| kept.token.clone())
    }

    pub fn keep(&self, what: String, token: Secret, expires_at: Timestamp, now: Timestamp) {
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.retain(|_, kept| kept.lasts(now));
        }
        if kept.len() < KEPT {
            kept.insert(what, Kept { token, expires_at });
        }
    }

    /// It is not accepted any more.
    pub fn forget(&self, what: &str) {
        self.kept().remove(what);
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<String, Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn lasts(&self, now: Timestamp) -> bool {
        self.expires_at > now.plus_seconds(MARGIN_S)
    }
}

/// Never what is kept.
impl std::fmt::Debug for Loans {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loans").finish_non_exhaustive()
    }
}
