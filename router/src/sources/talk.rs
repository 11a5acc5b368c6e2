//! A conversation with a tool, as values: what is asked, what was said, what comes next.

use crate::secret::Secret;
use crate::sources::{Account, AppIdentity};
use engine::directory::Directory;
use engine::event::ToolDecision;
use engine::request::{Author, Authors, Callback};
use engine::rules::Part;
use serde_json::Value;
use url::Url;

/// Where a tool is called and as whom.
#[derive(Clone, Debug)]
pub struct Api {
    /// `https://gitlab.example.com/api/v4`.
    pub base: Url,
    pub auth: Auth,
}

impl Api {
    /// http or https, a host, no user, query or fragment: what is appended must stay below it.
    pub fn check_base(base: &Url) -> bool {
        matches!(base.scheme(), "http" | "https")
            && base.has_host()
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none()
    }
}

/// How a call proves who makes it.
#[derive(Clone, Debug)]
pub enum Auth {
    /// GitLab's `PRIVATE-TOKEN`.
    PrivateToken(Secret),
    /// `Authorization: Bearer …`.
    Bearer(Secret),
    /// `Authorization: Bearer …` with a token that is lent to an application, and asked for before a conversation.
    App(AppIdentity),
}

/// What has to become known, or true, at the tool.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    /// Who wrote and merged the commit.
    Authors { callback: &'a Callback, commit: &'a str },
    /// The tool holds our decision and acts on it.
    Decision { callback: &'a Callback, decision: ToolDecision, comment: &'a str },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Get,
    Post,
}

/// One HTTP call, without its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub verb: Verb,
    /// Appended to the API's base: `/projects/7/jobs/9`. Every part of it is percent-encoded.
    pub path_and_query: String,
    pub body: Option<Value>,
}

impl Call {
    pub fn get(path_and_query: String) -> Self {
        Self { verb: Verb::Get, path_and_query, body: None }
    }

    pub fn post(path_and_query: String, body: Option<Value>) -> Self {
        Self { verb: Verb::Post, path_and_query, body }
    }
}

/// A call and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub call: Call,
    pub status: u16,
    /// `Null` for an empty answer, a string for one that is not JSON.
    pub body: Value,
}

/// What comes next in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Call(Call),
    /// The end of [`Ask::Authors`].
    Authors(ForgeAuthors),
    /// The tool holds our decision. `note` is what was found beside that; empty if nothing.
    Confirmed {
        note: String,
    },
    /// The tool holds the other decision, or can't carry ours out any more.
    DecidedOtherwise {
        decision: ToolDecision,
        note: String,
    },
    /// Not yet: begin again later.
    Wait {
        why: String,
    },
    /// Never: somebody has to look.
    Failed {
        why: String,
    },
}

/// Everybody that the forge names for a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ForgeAuthors {
    pub contributors: Vec<Contributor>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contributor {
    pub account: Account,
    pub part: Part,
    /// The commit, shortened to 8 digits, if it is about one.
    pub commit: Option<String>,
}

impl ForgeAuthors {
    /// Author and committer are mostly one person, and one person in several merge requests is still one.
    pub fn without_repeats(contributors: Vec<Contributor>) -> Self {
        let mut kept: Vec<Contributor> = Vec::new();
        for one in contributors {
            let named = one.account.id.is_some() || one.account.email.is_some();
            let same = |other: &Contributor| {
                other.account.id == one.account.id && other.account.email == one.account.email && other.part == one.part
            };
            if !(named && kept.iter().any(same)) {
                kept.push(one);
            }
        }
        Self { contributors: kept }
    }

    /// By account link, else by e-mail: being an author only ever excludes.
    pub fn to_authors(&self, directory: &Directory) -> Authors {
        let mut authors = Authors::default();
        for Contributor { account, part, commit } in &self.contributors {
            match account.person(directory) {
                Some(person) => authors.known.push(Author { person: person.clone(), part: *part, commit: commit.clone() }),
                None => authors.unknown.push(account.label.clone()),
            }
        }
        authors.known.sort();
        authors.known.dedup();
        authors.unknown.sort();
        authors.unknown.dedup();
        authors
    }
}
