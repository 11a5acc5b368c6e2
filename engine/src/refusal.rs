//! A "no" to an attempt, as a value with the sentence that the person reads (chat.md 4.3).
//!
//! One sentence what happened, one what to do; no exclamation marks, no apologies.

use crate::directory::Directory;
use crate::event::Choice;
use crate::ids::{ChangeNumber, GroupName, PersonId};
use crate::phase::State;
use crate::rules::Part;
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The same click or request as before, which was recorded then.
    Repeated {
        number: ChangeNumber,
        earlier: Choice,
    },
    ChangedSinceSeen {
        number: ChangeNumber,
        digest: String,
    },
    NotOpen {
        number: ChangeNumber,
        state: State,
        ended_by: Option<PersonId>,
    },
    NotLinked {
        platform: String,
    },
    NotInDirectory {
        person: PersonId,
    },
    /// Separation of duties.
    OwnPart {
        choice: Choice,
        part: Part,
        commit: Option<String>,
        others: Vec<GroupName>,
    },
    NotEligible {
        groups: Vec<GroupName>,
    },
    /// Eligible, but the requirements they could fill are full already.
    NotNeeded {
        number: ChangeNumber,
    },
    AlreadyVoted {
        number: ChangeNumber,
        choice: Choice,
        at: Timestamp,
    },
    RationaleTooShort {
        choice: Choice,
        min_length: u32,
    },
    RationaleTooLong {
        max_length: u32,
    },
    TooManyAttempts,
    UnknownRequirement {
        requirement: String,
    },
}

impl Refusal {
    /// A stable word for metrics, events and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Repeated { .. } => "repeated",
            Self::ChangedSinceSeen { .. } => "changed_since_seen",
            Self::NotOpen { .. } => "not_open",
            Self::NotLinked { .. } => "not_linked",
            Self::NotInDirectory { .. } => "not_in_directory",
            Self::OwnPart { .. } => "separation_of_duties",
            Self::NotEligible { .. } => "not_eligible",
            Self::NotNeeded { .. } => "not_needed",
            Self::AlreadyVoted { .. } => "already_voted",
            Self::RationaleTooShort { .. } => "rationale_too_short",
            Self::RationaleTooLong { .. } => "rationale_too_long",
            Self::TooManyAttempts => "too_many_attempts",
            Self::UnknownRequirement { .. } => "unknown_requirement",
        }
    }

    /// Whether the person can mend the form and send it again.
    pub fn is_mendable(&self) -> bool {
        matches!(self, Self::RationaleTooShort { .. } | Self::RationaleTooLong { .. })
    }

    /// What the person reads.
    pub fn sentence(&self, directory: &Directory) -> String {
        match self {
            Self::Repeated { number, earlier } => {
                format!("Recorded already: you {} {number}. Nothing more is needed from you.", past(*earlier))
            }
            Self::ChangedSinceSeen { digest, .. } => {
                format!("This changed since you looked: the subject is now {}. Please check the card and submit again.", short(digest))
            }
            Self::NotOpen { number, state, ended_by } => not_open(*number, *state, ended_by.as_ref(), directory),
            Self::NotLinked { platform } => format!(
                "Your {} account isn’t linked to a person in the directory, so your click was not recorded. Ask an administrator to add it to people.yaml.",
                platform_name(platform)
            ),
            Self::NotInDirectory { person } => {
                format!("{person} is not in the directory, so nothing was recorded. Ask an administrator to add them.")
            }
            Self::OwnPart { choice, part, commit, others } => {
                format!(
                    "You can’t {} this: {}. Any other member of {} can.",
                    verb(*choice),
                    own_part(*part, commit.as_deref()),
                    any_of(others)
                )
            }
            Self::NotEligible { groups } => {
                format!("You can’t decide this: it needs someone from {}. Ask one of them to look at it.", any_of(groups))
            }
            Self::NotNeeded { number } => {
                format!("Nothing more is needed from you for {number}: what you could sign is signed already.")
            }
            Self::AlreadyVoted { number, choice, at } => {
                format!("You already {} {number} at {} UTC. Nothing more is needed.", past(*choice), at.utc().format("%H:%M"))
            }
            Self::RationaleTooShort { choice, min_length } => format!(
                "Say in at least {min_length} characters {}. It is shown on the card and kept in the record.",
                match choice {
                    Choice::Approve => "why this is safe to ship",
                    Choice::Reject => "what has to change",
                }
            ),
            Self::RationaleTooLong { max_length } => format!("Keep it to {max_length} characters. Put the rest into the ticket."),
            Self::TooManyAttempts => {
                "That was refused several times within a minute, so nothing more is looked at now. Wait a minute.".to_owned()
            }
            Self::UnknownRequirement { requirement } => {
                format!("There is no requirement “{requirement}” on this change. Leave it out, or name one that the card shows.")
            }
        }
    }
}

fn not_open(number: ChangeNumber, state: State, ended_by: Option<&PersonId>, directory: &Directory) -> String {
    let by = ended_by.map(|person| format!(" by {}", directory.name(person))).unwrap_or_default();
    match state {
        State::Gating => format!("{number} is still being checked, so nobody is asked yet. Wait for the card to ask."),
        State::Blocked => format!("{number} is blocked, so it takes no votes. The card says what has to be mended."),
        State::Pending => format!("{number} takes no vote of this kind now. Look at the card."),
        State::Approved | State::Released | State::Deploying | State::Succeeded | State::Failed => {
            format!("{number} was approved already{by}. Nothing more is needed.")
        }
        State::Rejected => format!("{number} was rejected{by}. To try again, push a fix or ask for a new approval."),
        State::Expired => format!("{number} has expired, so your vote was not recorded. Ask for it again from the pipeline."),
        State::Cancelled => format!("{number} was withdrawn, so your vote was not recorded. Nothing more is needed."),
        State::Superseded => format!("{number} was replaced by a newer change, so your vote was not recorded. Vote on that one."),
    }
}

fn own_part(part: Part, commit: Option<&str>) -> String {
    let commit = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    match part {
        Part::Initiator => "you asked for it".to_owned(),
        Part::CommitAuthor => format!("you wrote one of its commits{commit}"),
        Part::CommitCoAuthor => format!("you are a co-author of one of its commits{commit}"),
        Part::Merger => "you merged it".to_owned(),
    }
}

fn verb(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approve",
        Choice::Reject => "reject",
    }
}

fn any_of(groups: &[GroupName]) -> String {
    match groups {
        [] => "its groups".to_owned(),
        [one] => one.to_string(),
        [rest @ .., last] => {
            let rest: Vec<&str> = rest.iter().map(GroupName::as_str).collect();
            format!("{} or {last}", rest.join(", "))
        }
    }
}

fn past(choice: Choice) -> &'static str {
    match choice {
        Choice::Approve => "approved",
        Choice::Reject => "rejected",
    }
}

fn short(digest: &str) -> String {
    digest.chars().take("sha256:".len() + 8).collect()
}

fn platform_name(platform: &str) -> String {
    let mut letters = platform.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
