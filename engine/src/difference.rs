//! What differs between two policies, in sentences, and whether the newer one asks more or less.

use serde::{Deserialize, Serialize};

/// One thing that another policy has, does not have, or has otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// `requirements`
    pub block: String,
    /// `peer`; empty for the block as a whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(flatten)]
    pub deed: Deed,
    pub weight: Weight,
}

/// What it says, in sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Deed {
    Added {
        after: String,
    },
    Removed {
        before: String,
    },
    Changed {
        before: String,
        after: String,
    },
    /// The same entries in another order, where the first one that holds is taken.
    Moved {
        before: String,
        after: String,
    },
}

/// What a difference comes to. Stricter is only what provably asks at least as much of every change for which the older
/// policy had rules; what can't be decided counts as looser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// It decides nothing about what goes out.
    Neither,
    Stricter,
    Looser,
}

impl Weight {
    /// Of several together: one that is looser makes all of them so.
    pub fn of(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().max().unwrap_or(Self::Neither)
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Neither => "neither",
            Self::Stricter => "stricter",
            Self::Looser => "looser",
        }
    }
}

impl Difference {
    /// `requirements peer`
    pub fn place(&self) -> String {
        format!("{} {}", self.block, self.name).trim_end().to_owned()
    }

    /// `requirements peer is now: 2 people from developers. It was: 1 person from developers.`
    pub fn sentence(&self) -> String {
        let place = self.place();
        match &self.deed {
            Deed::Added { after } => format!("{place} is new: {after}"),
            Deed::Removed { before } => format!("{place} is gone: {before}"),
            Deed::Changed { before, after } => format!("{place} is now: {after} It was: {before}"),
            Deed::Moved { before, after } => format!("The order of {place} is now {after}. It was {before}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_looser_difference_makes_all_of_them_so() {
        use Weight::{Looser, Neither, Stricter};
        let table: [(&[Weight], Weight); 5] = [
            (&[], Neither),
            (&[Neither], Neither),
            (&[Neither, Stricter], Stricter),
            (&[Stricter, Looser, Neither], Looser),
            (&[Looser], Looser),
        ];
        for (all, expected) in table {
            assert_eq!(Weight::of(all.iter().copied()), expected, "{all:?}");
        }
    }
}
