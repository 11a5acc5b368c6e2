//! Names and ids as types of their own, so that a person is never passed where a group is meant.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            pub fn new(name: impl Into<String>) -> Self {
                Self(name.into())
            }
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
    )+};
}

names! {
    /// A person of the directory: stable, the only way events speak of people.
    PersonId,
    /// A group as the policy names it.
    GroupName,
    /// A requirement as the policy names it.
    RequirementName,
    /// A stage: requirements that are open together.
    StageName,
    /// A class of change: emergency, major, normal, …
    ClassName,
    /// An environment as the policy names it.
    EnvironmentName,
    /// An `[[integration]]` of the configuration.
    IntegrationName,
    /// A gate as the policy names it.
    GateName,
    /// A kind of fact: `tests.unit`.
    FactName,
    /// A service as the policy's catalogue names it.
    ServiceName,
    /// What makes two events one change; see "change key" in docs/architecture.md.
    ChangeKey,
    /// One click, form or request of a person; a repeated one is answered again, not decided again.
    InteractionId,
    /// An incident, as whoever reports it calls it: `INC-88`.
    IncidentId,
    /// A hold: `pause:<uuid>`, `behind:<change>`.
    HoldId,
    /// `sha256:` and 64 hexadecimal digits.
    Digest,
}

/// A change: a UUIDv7 made from the clock by the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeId(pub uuid::Uuid);

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The short number that people see and type: `CHG-1042`. Gaps are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChangeNumber(pub u64);

impl fmt::Display for ChangeNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CHG-{}", self.0)
    }
}

/// A change as another one, a card or a log speaks of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRef {
    pub id: ChangeId,
    pub number: ChangeNumber,
}

impl std::str::FromStr for ChangeNumber {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix("CHG-").or_else(|| text.strip_prefix("chg-")).unwrap_or(text);
        digits.parse().map(Self)
    }
}
