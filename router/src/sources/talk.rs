//! A conversation with a tool, as values: what is asked, what was said, what comes next.

use crate::secret::Secret;
use crate::sources::{Account, AppIdentity};
use engine::Timestamp;
use engine::directory::Directory;
use engine::event::ToolDecision;
use engine::fields::Fields;
use engine::ids::{ChangeId, ChangeNumber};
use engine::request::{Author, Authors, Callback};
use engine::rules::Part;
use serde::{Deserialize, Serialize};
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
    /// `Authorization: Basic …` of `user:password`.
    Basic(Secret),
    /// The call proves itself by a signature among its own headers.
    Signature,
}

/// What has to become known, or true, at the tool.
#[derive(Clone, Copy, Debug)]
pub enum Ask<'a> {
    /// Who wrote and merged the commit.
    Authors { callback: &'a Callback, commit: &'a str },
    /// The tool shows how far it is while it waits. A courtesy: nothing hangs on it.
    Report { callback: &'a Callback, words: &'a str },
    /// The tool holds our decision and acts on it.
    Decision { callback: &'a Callback, decision: ToolDecision, comment: &'a str, occasion: &'a Occasion },
}

/// When, for which change and after what a decision is told.
#[derive(Clone, Debug)]
pub struct Occasion {
    pub change: ChangeId,
    pub number: ChangeNumber,
    pub attempt: u32,
    pub now: Timestamp,
    pub earlier: Earlier,
    /// What the requester filled in, as it was approved.
    pub fields: Fields,
}

#[cfg(test)]
impl Occasion {
    /// For tables: change CHG-1042, told for the first time.
    pub fn first() -> Self {
        let now = Timestamp::from_micros(1_700_000_000_000_000).unwrap();
        Self {
            change: ChangeId(uuid::Uuid::nil()),
            number: ChangeNumber(1042),
            attempt: 1,
            now,
            earlier: Earlier::Nothing,
            fields: Fields::new(),
        }
    }
}

/// What is known of earlier attempts to tell the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    Nothing,
    /// [`Turn::NoteFirst`] was answered: the tool was ready, and our call was made or about to be made. `seen` is what
    /// the source saw there before.
    Noted {
        seen: String,
    },
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
    pub body: Option<Body>,
    /// Besides those that every call has.
    pub headers: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    Json(Value),
    /// Names and values of a form, encoded as browsers do.
    Form(Vec<(&'static str, String)>),
}

impl Call {
    pub fn get(path_and_query: String) -> Self {
        Self { verb: Verb::Get, path_and_query, body: None, headers: Vec::new() }
    }

    pub fn post(path_and_query: String, body: Option<Value>) -> Self {
        Self { verb: Verb::Post, path_and_query, body: body.map(Body::Json), headers: Vec::new() }
    }

    pub fn submit(path_and_query: String, form: Vec<(&'static str, String)>) -> Self {
        Self { verb: Verb::Post, path_and_query, body: Some(Body::Form(form)), headers: Vec::new() }
    }

    /// The JSON that it sends, if it sends any.
    pub fn json(&self) -> Option<&Value> {
        match self.body.as_ref()? {
            Body::Json(json) => Some(json),
            Body::Form(_) => None,
        }
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
    /// A call comes next whose effect can't be read back, or which has to be the same whenever it is made again: it is
    /// written down that it comes, then the conversation begins again with [`Earlier::Noted`].
    NoteFirst {
        seen: String,
    },
    /// The end of [`Ask::Authors`].
    Authors(ForgeAuthors),
    /// The tool holds our decision. `note` is what was found beside that; empty if nothing.
    Confirmed {
        note: String,
    },
    /// As confirmed, and the tool has begun to carry it out.
    Begun {
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

impl Turn {
    /// For a tool that shows nothing while it waits.
    pub fn no_reports() -> Self {
        Self::Failed { why: "this tool shows nothing while it waits".to_owned() }
    }
}

/// Everybody that the forge names for a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeAuthors {
    pub contributors: Vec<Contributor>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
