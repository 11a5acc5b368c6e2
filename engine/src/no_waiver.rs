//! A "no" to an exception for a gate.

use crate::ids::{ChangeNumber, GateName, GroupName};
use crate::length::duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWaiver {
    /// The change does not need a gate of this name.
    NoSuchGate {
        number: ChangeNumber,
        gate: GateName,
    },
    /// The policy names nobody who may.
    NobodyMay {
        gate: GateName,
    },
    MayNot {
        gate: GateName,
        groups: Vec<GroupName>,
    },
    /// Asked for it, wrote it, merged it, or supplied its facts.
    OwnPart {
        number: ChangeNumber,
    },
    /// Whoever wrote it may not, and nobody knows yet who did.
    AuthorsUnknown {
        number: ChangeNumber,
    },
    NoTicket,
    NoExpiry {
        longest_s: u64,
    },
    /// What the policy allows.
    TooLong {
        longest_s: u64,
    },
    InThePast,
    /// What is out, or has ended, is judged by no gate any more.
    NoGatesLeft {
        number: ChangeNumber,
    },
}

impl NoWaiver {
    /// A stable word for metrics, events and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoSuchGate { .. } => "no_such_gate",
            Self::NobodyMay { .. } => "nobody_may_waive",
            Self::MayNot { .. } => "may_not_waive",
            Self::OwnPart { .. } => "separation_of_duties",
            Self::AuthorsUnknown { .. } => "authors_unknown",
            Self::NoTicket => "waiver_without_ticket",
            Self::NoExpiry { .. } => "waiver_without_end",
            Self::TooLong { .. } => "waiver_too_long",
            Self::InThePast => "waiver_in_the_past",
            Self::NoGatesLeft { .. } => "no_gates_left",
        }
    }

    /// Whether the person can write something else and send it again.
    pub fn is_mendable(&self) -> bool {
        match self {
            Self::NoTicket | Self::NoExpiry { .. } | Self::TooLong { .. } | Self::InThePast => true,
            Self::NoSuchGate { .. }
            | Self::NobodyMay { .. }
            | Self::MayNot { .. }
            | Self::OwnPart { .. }
            | Self::AuthorsUnknown { .. }
            | Self::NoGatesLeft { .. } => false,
        }
    }

    /// What the person reads.
    pub fn sentence(&self) -> String {
        match self {
            Self::NoSuchGate { number, gate } => {
                format!("{number} needs no gate {gate}, so there is nothing to waive. Name one that its page shows.")
            }
            Self::NobodyMay { gate } => format!("The policy names nobody who may waive the gate {gate}. What it goes by has to be mended."),
            Self::MayNot { gate, groups } => {
                let groups: Vec<&str> = groups.iter().map(GroupName::as_str).collect();
                format!("You can’t waive the gate {gate}: that is for {}. Ask one of them.", groups.join(" or "))
            }
            Self::OwnPart { number } => format!("You can’t waive a gate of {number}: you had a part in it. Somebody else has to."),
            Self::AuthorsUnknown { number } => {
                format!("It is not known yet who wrote {number}, and they can’t waive its gates. Try again in a moment.")
            }
            Self::NoTicket => "Name the ticket under which this exception is kept. Nothing was waived yet.".to_owned(),
            Self::NoExpiry { longest_s } => format!("Say until when, {} at most. Nothing was waived yet.", duration(*longest_s)),
            Self::TooLong { longest_s } => {
                format!("The policy lets this last {} at most, so nothing was waived. Say an earlier end.", duration(*longest_s))
            }
            Self::InThePast => "That time is over already, so nothing was waived. Say a later one.".to_owned(),
            Self::NoGatesLeft { number } => format!("{number} is out or has ended, so there is nothing to waive."),
        }
    }
}
