//! What must become true outside. Level-triggered: a stale or doubled effect is harmless.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Ask the forge who wrote the change.
    LookUpAuthors,
    /// Every card of the change, and its thread, shows the newest state.
    ShowCards,
    /// The tool knows the decision of this attempt.
    Answer { attempt: u32 },
    /// The people of the `step_taken` event with this sequence number were reached.
    Notify { seq: u64 },
    /// The owners of the policy know what the event with this sequence number says.
    TellOwners { seq: u64 },
    /// The requester knows the state that the event with this sequence number led to.
    TellRequester { seq: u64 },
}
