//! A "no" to pausing or resuming releases: these are about no change.

use crate::ids::GroupName;
use crate::sentence::{any_of, duration};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPause {
    /// The policy names nobody who may stop the line.
    NobodyMay,
    MayNot {
        groups: Vec<GroupName>,
    },
    /// `longest_s` as the policy has it.
    TooLong {
        longest_s: u64,
    },
    InThePast,
    /// Without a word that says why.
    Unexplained {
        min_length: u32,
    },
    /// A typing error must not look like a pause: nothing is known by this name.
    UnknownScope {
        scope: String,
        meant: Option<String>,
    },
    NotThere {
        scope: String,
    },
}

impl NoPause {
    /// A stable word for metrics, events and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NobodyMay => "nobody_may_pause",
            Self::MayNot { .. } => "may_not_pause",
            Self::TooLong { .. } => "pause_too_long",
            Self::InThePast => "pause_in_the_past",
            Self::Unexplained { .. } => "pause_unexplained",
            Self::UnknownScope { .. } => "unknown_scope",
            Self::NotThere { .. } => "no_such_hold",
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::NobodyMay => {
                "The policy names nobody who may pause releases, so nothing was paused. Its owners can add incidents.stop_the_line."
                    .to_owned()
            }
            Self::MayNot { groups } => format!("You can’t pause or resume releases: that is for {}. Ask one of them.", any_of(groups)),
            Self::TooLong { longest_s } => {
                format!("A pause lasts {} at most by the policy, so nothing was paused. Say a shorter time.", duration(*longest_s))
            }
            Self::InThePast => "That time is over already, so nothing was paused. Say a later one.".to_owned(),
            Self::Unexplained { min_length } => {
                format!("Say in at least {min_length} characters why. It is shown on every card that waits, so nothing was changed yet.")
            }
            Self::UnknownScope { scope, meant } => {
                let meant = meant.as_ref().map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
                format!("Nothing is known as {scope}, so nothing was paused.{meant}")
            }
            Self::NotThere { scope } => format!("{scope} is not paused, so there is nothing to resume. Look at what is."),
        }
    }
}
