//! Why a change is blocked, with the sentence that says so and what to do.

use crate::gate::Trouble;
use crate::ids::{ChangeNumber, GroupName, PersonId, RequirementName};
use crate::quorum::MAX_ELECTORATE;
use serde::{Deserialize, Serialize};

/// Why nobody is asked. Each says what happened; `sentence` says what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum BlockReason {
    UnknownEnvironment {
        environment: String,
    },
    UnknownService {
        service: String,
    },
    /// A condition that could not be evaluated.
    UnknownCondition {
        place: String,
        why: String,
    },
    NoClass,
    NoRequirement {
        class: String,
    },
    NoFlow {
        class: String,
    },
    EmptyGroup {
        group: GroupName,
    },
    UnknownAuthor {
        who: Vec<String>,
    },
    UnknownInitiator {
        who: String,
    },
    /// A failed or impossible look-up.
    AuthorsNotLookedUp {
        why: String,
    },
    NobodyCanApprove {
        requirement: RequirementName,
    },
    /// More people are on a board than an event has room for.
    BoardTooLarge {
        requirement: RequirementName,
        people: usize,
    },
    AlreadyRejected {
        number: ChangeNumber,
        /// `None`: it was voted down.
        by: Option<PersonId>,
        rationale: String,
    },
    /// Gates that fail, or whose facts are too old; and those that still wait for theirs.
    Gates {
        troubles: Vec<Trouble>,
    },
}

impl BlockReason {
    /// One sentence what happened, one what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::UnknownEnvironment { environment } => {
                format!("No environment of the policy matches “{environment}”. Add it under environments, or a pattern under its match.")
            }
            Self::UnknownService { service } => {
                format!("The policy’s catalogue does not know “{service}”. Add it under services, or set defaults.service.")
            }
            Self::UnknownCondition { place, why } => {
                format!("The condition of {place} could not be evaluated: {why}. The policy’s owners have to mend it.")
            }
            Self::NoClass => "No class of the policy matched. The last class must be \"true\".".to_owned(),
            Self::NoRequirement { class } => {
                format!(
                    "No requirement of the policy applies to class {class}, and the class does not say that nobody is asked. The policy’s owners have to mend it."
                )
            }
            Self::NoFlow { class } => format!("No flow of the policy was chosen for class {class}. Add one under flow_choice."),
            Self::EmptyGroup { group } => format!("The group {group} has no members, so nobody could approve. Add people to it."),
            Self::UnknownAuthor { who } => {
                format!("Not everybody who wrote this is known: {}. Add their e-mail address or account to the directory.", who.join(", "))
            }
            Self::UnknownInitiator { who } => {
                format!("It is not known who asked for this: {who} is linked to nobody. Add the account to the directory.")
            }
            Self::AuthorsNotLookedUp { why } => format!("The authors could not be looked up: {why}. It is tried again."),
            Self::NobodyCanApprove { requirement } => format!(
                "Nobody left can fill the requirement {requirement}: everybody in its groups asked for this or wrote it. Add people to its groups."
            ),
            Self::BoardTooLarge { requirement, people } => {
                format!("{people} people would vote on {requirement}, and a board has at most {MAX_ELECTORATE}. Name a smaller group.")
            }
            Self::AlreadyRejected { number, rationale, .. } => {
                format!("The same subject was rejected in {number}: “{rationale}”. To try again, push a fix.")
            }
            Self::Gates { troubles } => {
                let each: Vec<String> = troubles.iter().map(Trouble::sentence).collect();
                format!("{} Mend what fails, measure again and supply the new fact.", each.join(" "))
            }
        }
    }
}
