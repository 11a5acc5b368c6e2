//! Why a change is blocked, with the sentence that says so and what to do.

use crate::gate::Trouble;
use crate::ids::{ChangeNumber, GroupName, PersonId, RequirementName};
use crate::quorum::MAX_ELECTORATE;
use serde::{Deserialize, Serialize};

const EVERYBODY_HAD_A_PART: &str = "everybody in its groups asked for this or wrote it";

/// Why too few people can fill a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shortage {
    pub groups: Vec<GroupName>,
    /// How many it needs.
    pub need: u32,
    /// Everybody who is asked.
    pub members: u32,
    /// Those of them whom separation of duties excludes.
    pub excluded: u32,
    /// The group of a board of which somebody has to vote, and nobody can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chair: Option<GroupName>,
}

impl Shortage {
    /// `it needs 2 of developers, and of its 3 members 2 asked for this or wrote it`
    fn words(&self) -> String {
        let Self { groups, need, members, excluded, chair } = self;
        let groups = groups.iter().map(GroupName::as_str).collect::<Vec<_>>().join(" and ");
        if *members == 0 {
            return format!("nobody is in {groups}");
        }
        if members == excluded {
            return EVERYBODY_HAD_A_PART.to_owned();
        }
        let plural = if *members == 1 { "" } else { "s" };
        let start = format!("it needs {need} of {groups}, and of the {members} member{plural} {excluded} asked for this or wrote it");
        match chair {
            Some(chair) if members - excluded >= *need => format!("{start}; somebody of {chair} has to vote, and nobody of them can"),
            Some(_) | None if members - excluded < *need => start,
            Some(_) | None => format!("{start}; the others are needed elsewhere, and one person is for one requirement"),
        }
    }
}

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
        /// `None` in events of earlier builds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shortage: Option<Shortage>,
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
            Self::NobodyCanApprove { requirement, shortage } => {
                let why = shortage.as_ref().map_or_else(|| EVERYBODY_HAD_A_PART.to_owned(), Shortage::words);
                format!("Nobody left can fill the requirement {requirement}: {why}. Add people to its groups.")
            }
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
