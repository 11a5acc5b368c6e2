//! Conditions that are asked again after a change has opened, because what they ask about is not known before.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A condition of the policy, with what it asks about of the change as that was when the change opened.
///
/// It was found to be sound when the policy was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferred {
    /// As it stands in the file.
    pub condition: String,
    /// Every name that it asks about, with its value as JSON. `None`: it becomes known later, or stays unknown.
    pub known: BTreeMap<String, Option<String>>,
    /// The lists of the policy that it names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, Vec<String>>,
}
