//! A "no" to an attempt, as a value with the sentence that the person reads (chat.md 4.3).
//!
//! One sentence what happened, one what to do; no exclamation marks, no apologies.

use crate::directory::Directory;
use crate::event::{Attempt, Choice};
use crate::fields::FieldFault;
use crate::ids::{ChangeNumber, GroupName, PersonId};
use crate::no_fact::NoFact;
use crate::no_pause::NoPause;
use crate::no_waiver::NoWaiver;
use crate::phase::State;
use crate::rules::Part;
use crate::sentence::any_of;
use crate::time::Timestamp;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The same click or request as before, which was recorded then.
    Repeated {
        number: ChangeNumber,
        earlier: Attempt,
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
        attempt: Attempt,
        part: Part,
        commit: Option<String>,
        others: Vec<GroupName>,
    },
    NotEligible {
        groups: Vec<GroupName>,
    },
    /// Of a board whose people were fixed before they joined it.
    JoinedLater {
        group: GroupName,
    },
    /// It has to come by a door where people sign in.
    NeedsSignIn {
        number: ChangeNumber,
    },
    /// Where a rejection is one vote, one person can't end the round.
    OneOfMany {
        number: ChangeNumber,
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
        attempt: Attempt,
        min_length: u32,
    },
    RationaleTooLong {
        max_length: u32,
    },
    TooManyAttempts,
    UnknownRequirement {
        requirement: String,
    },
    /// There is no vote to take back.
    NoVoteOfYours {
        number: ChangeNumber,
    },
    /// The vote has done its work: its stage is closed.
    StageDecided {
        number: ChangeNumber,
    },
    /// Only who asked for the change may do this.
    NotYours {
        number: ChangeNumber,
        attempt: Attempt,
    },
    NotADraft {
        number: ChangeNumber,
    },
    /// The tool has been told to go ahead.
    OutAlready {
        number: ChangeNumber,
    },
    FieldsUnfit {
        faults: Vec<FieldFault>,
    },
    /// Nobody asks which of two changes goes first.
    NothingToSettle {
        number: ChangeNumber,
    },
    /// No freeze that somebody could lift holds the change.
    NothingToOverride {
        number: ChangeNumber,
    },
    /// Who wrote it is kept apart, and nobody knows who that is.
    AuthorsNotKnown {
        number: ChangeNumber,
    },
    Pause(NoPause),
    Fact(NoFact),
    Waiver(NoWaiver),
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
            Self::JoinedLater { .. } => "joined_later",
            Self::NeedsSignIn { .. } => "needs_sign_in",
            Self::OneOfMany { .. } => "one_of_many",
            Self::NotNeeded { .. } => "not_needed",
            Self::AlreadyVoted { .. } => "already_voted",
            Self::RationaleTooShort { .. } => "rationale_too_short",
            Self::RationaleTooLong { .. } => "rationale_too_long",
            Self::TooManyAttempts => "too_many_attempts",
            Self::UnknownRequirement { .. } => "unknown_requirement",
            Self::NoVoteOfYours { .. } => "no_vote_of_yours",
            Self::StageDecided { .. } => "stage_decided",
            Self::NotYours { .. } => "not_yours",
            Self::NotADraft { .. } => "not_a_draft",
            Self::OutAlready { .. } => "out_already",
            Self::FieldsUnfit { .. } => "fields_unfit",
            Self::NothingToSettle { .. } => "nothing_to_settle",
            Self::NothingToOverride { .. } => "nothing_to_override",
            Self::AuthorsNotKnown { .. } => "authors_not_known",
            Self::Pause(no) => no.code(),
            Self::Fact(no) => no.code(),
            Self::Waiver(no) => no.code(),
        }
    }

    /// Whether the person can mend the form and send it again.
    pub fn is_mendable(&self) -> bool {
        if let Self::Waiver(no) = self {
            return no.is_mendable();
        }
        matches!(self, Self::RationaleTooShort { .. } | Self::RationaleTooLong { .. } | Self::FieldsUnfit { .. })
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
                "Your {} account isn’t linked to a person in the directory, so that was not recorded. Ask an administrator to add it to people.yaml.",
                platform_name(platform)
            ),
            Self::NotInDirectory { person } => {
                format!("{person} is not in the directory, so nothing was recorded. Ask an administrator to add them.")
            }
            Self::OwnPart { attempt, part, commit, others } => {
                format!(
                    "You can’t {} this: {}. Any other member of {} can.",
                    verb(*attempt),
                    own_part(*part, commit.as_deref()),
                    any_of(others)
                )
            }
            Self::NotEligible { groups } => {
                format!("You can’t decide this: it needs someone from {}. Ask one of them to look at it.", any_of(groups))
            }
            Self::JoinedLater { group } => {
                format!(
                    "You can’t vote on this: who of {group} votes was fixed when it was asked for, and you joined later. Leave it to them."
                )
            }
            Self::NeedsSignIn { number } => {
                format!("What you could sign on {number} is signed on the web, where you are signed in, and not from here. Open it there.")
            }
            Self::OneOfMany { number } => {
                format!(
                    "You can’t ask for changes to {number} alone: here a rejection is one vote of several. Reject it, and say what has to change."
                )
            }
            Self::NotNeeded { number } => {
                format!("Nothing more is needed from you for {number}: what you could sign is signed already.")
            }
            Self::AlreadyVoted { number, choice, at } => {
                format!("You already {} {number} at {} UTC. Nothing more is needed.", past((*choice).into()), at.utc().format("%H:%M"))
            }
            Self::RationaleTooShort { attempt, min_length } => {
                format!("Say in at least {min_length} characters {}. It is shown on the card and kept in the record.", subject_of(*attempt))
            }
            Self::RationaleTooLong { max_length } => format!("Keep it to {max_length} characters. Put the rest into the ticket."),
            Self::TooManyAttempts => {
                "That was refused several times within a minute, so nothing more is looked at now. Wait a minute.".to_owned()
            }
            Self::UnknownRequirement { requirement } => {
                format!("There is no requirement “{requirement}” on this change. Leave it out, or name one that the card shows.")
            }
            Self::NoVoteOfYours { number } => format!("There is no vote of yours on {number} that could be taken back."),
            Self::StageDecided { number } => stage_decided(*number),
            Self::NotYours { number, attempt } => format!("You can’t {} {number}: that is for whoever asked for it.", verb(*attempt)),
            Self::NotADraft { number } => format!("{number} waits for nothing from its requester. Look at the card."),
            Self::OutAlready { number } => format!("{number} is out already, so it can’t be withdrawn. Stop it where it is deployed."),
            Self::FieldsUnfit { faults } => faults.iter().map(|fault| fault.sentence.as_str()).collect::<Vec<_>>().join(" "),
            Self::NothingToSettle { number } => {
                format!("{number} does not wait for a word about which change goes first. Look at the card.")
            }
            Self::NothingToOverride { number } => nothing_to_override(*number),
            Self::AuthorsNotKnown { number } => authors_not_known(*number),
            Self::Pause(no) => no.sentence(),
            Self::Fact(no) => no.sentence(),
            Self::Waiver(no) => no.sentence(),
        }
    }
}

impl From<NoFact> for Refusal {
    fn from(no: NoFact) -> Self {
        Self::Fact(no)
    }
}

impl From<NoWaiver> for Refusal {
    fn from(no: NoWaiver) -> Self {
        Self::Waiver(no)
    }
}

impl From<NoPause> for Refusal {
    fn from(no: NoPause) -> Self {
        Self::Pause(no)
    }
}

fn not_open(number: ChangeNumber, state: State, ended_by: Option<&PersonId>, directory: &Directory) -> String {
    let by = ended_by.map(|person| format!(" by {}", directory.name(person))).unwrap_or_default();
    match state {
        State::Draft => format!("{number} waits for its requester, so nobody is asked yet. The card says for what."),
        State::Gating => format!("{number} is still being checked, so nobody is asked yet. Wait for the card to ask."),
        State::Blocked => format!("{number} is blocked, so it takes no votes. The card says what has to be mended."),
        State::Pending => format!("{number} takes no vote of this kind now. Look at the card."),
        State::Approved | State::Released | State::Deploying | State::Succeeded | State::Failed => {
            format!("{number} was approved already{by}. Nothing more is needed.")
        }
        State::Rejected => format!("{number} was rejected{by}. To try again, push a fix or ask for a new approval."),
        State::Expired => format!("{number} has expired, so nothing was recorded. Ask for it again from the pipeline."),
        State::Cancelled => format!("{number} was withdrawn, so nothing was recorded. Nothing more is needed."),
        State::Superseded => format!("{number} was replaced by a newer change, so nothing was recorded. Look at that one."),
    }
}

fn stage_decided(number: ChangeNumber) -> String {
    format!("Your vote on {number} has been counted and its stage is closed, so it stays. Rejecting is still possible while others vote.")
}

fn nothing_to_override(number: ChangeNumber) -> String {
    format!("No freeze holds {number} that anybody could override. The card says what it waits for.")
}

fn authors_not_known(number: ChangeNumber) -> String {
    format!("It is not known who wrote {number}, and its authors may not override a freeze for it. Wait for the freeze to end.")
}

fn own_part(part: Part, commit: Option<&str>) -> String {
    let commit = commit.map(|commit| format!(" ({commit})")).unwrap_or_default();
    match part {
        Part::Initiator => "you asked for it".to_owned(),
        Part::CommitAuthor => format!("you wrote one of its commits{commit}"),
        Part::CommitCoAuthor => format!("you are a co-author of one of its commits{commit}"),
        Part::Merger => "you merged it".to_owned(),
        Part::FactSupplier => "you supplied facts that its gates go by".to_owned(),
    }
}

fn verb(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Approve => "approve",
        Attempt::Reject => "reject",
        Attempt::RequestChanges => "ask for changes to",
        Attempt::Abstain => "abstain on",
        Attempt::WithdrawVote => "take a vote back on",
        Attempt::Withdraw => "withdraw",
        Attempt::Submit => "fill in",
        Attempt::Settle => "say what goes first for",
        Attempt::Override => "override a freeze for",
        Attempt::SupplyFact => "supply facts for",
        Attempt::Waive => "waive a gate of",
    }
}

fn subject_of(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Approve | Attempt::Settle | Attempt::SupplyFact => "why this is safe to ship",
        Attempt::Reject | Attempt::RequestChanges => "what has to change",
        Attempt::Abstain => "why you leave it to others",
        Attempt::Override => "why it can’t wait",
        Attempt::WithdrawVote | Attempt::Withdraw => "why you take it back",
        Attempt::Submit => "what is different now",
        Attempt::Waive => "why this gate does not have to pass",
    }
}

fn past(attempt: Attempt) -> &'static str {
    match attempt {
        Attempt::Approve => "approved",
        Attempt::Reject => "rejected",
        Attempt::RequestChanges => "asked for changes to",
        Attempt::Abstain => "abstained on",
        Attempt::WithdrawVote => "took your vote back on",
        Attempt::Withdraw => "withdrew",
        Attempt::Submit => "filled in",
        Attempt::Settle => "said what goes first for",
        Attempt::Override => "overrode a freeze for",
        Attempt::SupplyFact => "supplied a fact for",
        Attempt::Waive => "waived a gate of",
    }
}

fn short(digest: &str) -> String {
    digest.chars().take("sha256:".len() + 8).collect()
}

fn platform_name(platform: &str) -> String {
    let mut letters = platform.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
