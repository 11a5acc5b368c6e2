//! Facts: what reports and tools say about a change, typed. Gates go by them; nothing else does.

mod kinds;
mod reading;

pub use kinds::{FACTS, FactField, FactKind, Presence, ValueKind};
pub use reading::{FactFault, MAX_TEXT, read};

use crate::ids::{FactName, PersonId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a fact says, by the names of its fields. [`read`] has found that it is what its kind asks for.
pub type FactFields = BTreeMap<String, Value>;

/// One measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: FactName,
    pub fields: FactFields,
    /// When it was measured: its age counts from here.
    pub observed_at: Timestamp,
    /// Who supplied it; of a service's token, its owner.
    pub by: PersonId,
}

/// `failed 3, total 120`: what fields say, for people.
pub fn said(fields: &FactFields) -> String {
    let each = |(name, value): (&String, &Value)| match value {
        Value::String(text) => format!("{name} “{text}”"),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => format!("{name} {value}"),
    };
    fields.iter().map(each).collect::<Vec<_>>().join(", ")
}
