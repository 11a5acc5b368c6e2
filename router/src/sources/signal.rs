//! What a delivery says, in words that are the same for every source.

use crate::sources::{Account, ForgeAuthors};
use engine::directory::Directory;
use engine::event::{DeploymentOutcome, ToolDecision};
use engine::ids::ChangeKey;
use engine::request::{Attributes, Author, Authors, Origin, Request, SourceName, Subject};
use engine::rules::Part;
use serde::{Deserialize, Serialize};

/// A verified delivery, understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parsed {
    /// The delivery key: a repeat of the same delivery has the same one, within its integration.
    pub key: String,
    /// The raw event's own name: `Deployment Hook/blocked`.
    pub event: String,
    /// Empty for an event that is not handled.
    pub signals: Vec<Signal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "signal", rename_all = "snake_case")]
pub enum Signal {
    /// Something waits for a decision.
    Opens(Box<Wish>),
    Started {
        key: ChangeKey,
        /// The source's own run: GitLab's deployment id. A change may see several.
        run: String,
        place: Place,
    },
    Finished {
        key: ChangeKey,
        run: String,
        outcome: DeploymentOutcome,
    },
    /// A run ended that may have held several gates: every open change whose key begins like this ends with it, and one
    /// that had ended before and was never let through was deployed all the same if the run is a success.
    RunFinished {
        keys_begin: String,
        run: String,
        outcome: DeploymentOutcome,
    },
    /// Somebody decided in the tool itself; or it is the echo of our own decision, which the comment tells.
    DecidedOutside {
        key: ChangeKey,
        run: String,
        decision: ToolDecision,
        by: Account,
        comment: String,
    },
    /// These have a part in these commits now: it concerns every open change of one, whose key begins like this and ends
    /// with the commit.
    PeopleJoined {
        keys_begin: String,
        commits: Vec<String>,
        people: ForgeAuthors,
    },
}

/// Where a deployment goes, in the source's words: enough to say whether anybody should have been asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub service: String,
    pub environment: String,
    pub tier: Option<String>,
}

/// A request whose people are still accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    pub key: ChangeKey,
    pub title: String,
    pub service: SourceName,
    pub environment: String,
    pub tier: Option<String>,
    pub subject: Subject,
    pub version: Option<String>,
    pub git_ref: Option<String>,
    pub url: Option<String>,
    pub sequence: Option<i64>,
    pub initiator: Account,
    /// `None`: they are still to be asked of the forge.
    #[serde(default)]
    pub authors: Option<Vec<Account>>,
    pub attributes: Attributes,
    pub origin: Origin,
}

impl Wish {
    /// The request as the engine takes it.
    pub fn to_request(&self, directory: &Directory) -> Request {
        Request {
            key: self.key.clone(),
            title: self.title.clone(),
            service: self.service.clone(),
            environment: self.environment.clone(),
            tier: self.tier.clone(),
            subject: self.subject.clone(),
            version: self.version.clone(),
            git_ref: self.git_ref.clone(),
            url: self.url.clone(),
            sequence: self.sequence,
            initiator: self.initiator.initiator(directory),
            co_initiators: Vec::new(),
            authors: self.authors.as_ref().map(|named| authors(named, directory)),
            attributes: self.attributes.clone(),
            origin: self.origin.clone(),
        }
    }
}

/// By account link, else by e-mail: being an author only ever excludes.
fn authors(named: &[Account], directory: &Directory) -> Authors {
    let mut authors = Authors::default();
    for account in named {
        match account.person(directory) {
            Some(person) => authors.known.push(Author { person: person.clone(), part: Part::CommitAuthor, commit: None }),
            None => authors.unknown.push(account.label.clone()),
        }
    }
    authors.known.sort();
    authors.known.dedup();
    authors
}

/// Bad input from outside; nothing of it is stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// 401.
    #[error("{0}")]
    BadSignature(String),
    /// 400. `pointer` is a JSON pointer into the body, empty for the whole of it.
    #[error("{detail}")]
    Malformed { detail: String, pointer: String },
}

impl Reject {
    pub(crate) fn malformed(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::Malformed { detail: detail.into(), pointer: pointer.into() }
    }
}
