//! From one environment to the next: the same subject has to have succeeded in the one before, and for how long.

use crate::hold::{Because, Hold, Unproven};
use crate::ids::{Digest, EnvironmentName, HoldId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What an environment asks of the one before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promotion {
    /// The policy's name of the environment before.
    pub after: EnvironmentName,
    /// Seconds since it succeeded there.
    pub soak_s: u64,
}

/// The newest deployment of a subject into an environment, which went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succeeded {
    /// What of it goes from one environment to the next.
    pub subject: Digest,
    pub environment: EnvironmentName,
    pub at: Timestamp,
}

impl Promotion {
    /// The hold that it is now for what is promoted, unless that has soaked long enough. What was found out about another
    /// subject or another environment says nothing; nor does anything of one that can't be known by anything.
    pub fn hold_at(&self, promoted: Option<&Digest>, succeeded: Option<&Succeeded>, now: Timestamp) -> Option<Hold> {
        let is_ours = |succeeded: &&Succeeded| succeeded.environment == self.after && promoted == Some(&succeeded.subject);
        let ours = succeeded.filter(is_ours);
        let soaks_until = ours.map(|succeeded| succeeded.at.plus_seconds(self.soak_s));
        if soaks_until.is_some_and(|until| until <= now) {
            return None;
        }
        let unproven = Unproven { environment: self.after.clone(), soaks_until };
        Some(Hold { id: HoldId::new(format!("promotion:{}", self.after)), because: Because::Unproven(unproven) })
    }
}
