//! What a source says about a change before anybody has judged it.

use crate::canonical;
use crate::fields::Fields;
use crate::ids::{ChangeKey, Digest, IntegrationName, PersonId};
use crate::rules::Part;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One wish to put one subject into one environment, normalised by its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub key: ChangeKey,
    pub title: String,
    /// The catalogue's patterns are matched against this: `gitlab:payments/checkout-api`.
    pub service: SourceName,
    /// The environment as the source names it; a lane is this and the service.
    pub environment: String,
    /// GitLab's word for the tier, the last resort when no pattern matches.
    pub tier: Option<String>,
    pub subject: Subject,
    pub version: Option<String>,
    pub git_ref: Option<String>,
    pub url: Option<String>,
    /// The source's own sequence (deployment id, build number): what "newer" means in a lane.
    pub sequence: Option<i64>,
    pub initiator: Initiator,
    /// People named beside the initiator: whom a service token asks for does not replace the token's owner.
    #[serde(default)]
    pub co_initiators: Vec<PersonId>,
    /// `None`: they are still to be asked of the forge.
    pub authors: Option<Authors>,
    pub attributes: Attributes,
    pub origin: Origin,
}

/// A name in a source's own words, `path` without its integration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceName {
    /// The integration's kind: `gitlab`.
    pub kind: String,
    /// The integration's name: `gitlab-main`.
    pub integration: IntegrationName,
    /// The source's full name: GitLab `path_with_namespace`.
    pub path: String,
}

/// What is approved, as digests and names that can't change under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub commit: Option<String>,
    /// Artifact name → digest.
    pub artifacts: BTreeMap<String, String>,
    /// Where it goes: service and environment in the source's words.
    pub target: String,
    /// What the requester wrote: approved with the rest.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
}

impl Subject {
    /// The subject digest. A subject is made of strings, so its JSON can't fail.
    pub fn digest(&self) -> Digest {
        canonical::digest(self).unwrap_or_else(|_| canonical::digest_of_bytes(b""))
    }

    /// What goes from one environment to the next, commit and artifacts, as a digest: neither where it goes nor what was
    /// written about it. `None` where there is neither to know it by.
    pub fn promoted(&self) -> Option<Digest> {
        let Self { commit, artifacts, .. } = self;
        let is_known = commit.is_some() || !artifacts.is_empty();
        is_known.then(|| canonical::digest(&Promoted { commit, artifacts }).ok()).flatten()
    }
}

#[derive(Serialize)]
struct Promoted<'a> {
    commit: &'a Option<String>,
    artifacts: &'a BTreeMap<String, String>,
}

/// Who asked. Events name people by id only, so an account without a person stays an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    Person(PersonId),
    /// An account that nobody has linked; `kind` is the integration's kind.
    Unknown {
        kind: String,
        account: String,
    },
}

impl Initiator {
    pub fn person(&self) -> Option<&PersonId> {
        match self {
            Self::Person(id) => Some(id),
            Self::Unknown { .. } => None,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authors {
    pub known: Vec<Author>,
    /// Contributors that match nobody, in words without an address: `author of a1b2c3d`.
    pub unknown: Vec<String>,
}

impl Authors {
    /// These, and those of them that were not among these.
    pub fn and(&self, others: &Self) -> Self {
        let mut all = self.clone();
        all.known.extend(others.known.iter().filter(|author| !self.known.contains(author)).cloned());
        all.unknown.extend(others.unknown.iter().filter(|who| !self.unknown.contains(who)).cloned());
        all
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Author {
    pub person: PersonId,
    pub part: Part,
    /// The commit, shortened to 8 digits, if it is about one.
    pub commit: Option<String>,
}

/// What conditions may ask of a change besides service and environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Attributes {
    /// `normal`, `standard` or `emergency`, as declared by the requester.
    pub declared: String,
    pub paths: Vec<String>,
    pub services: Vec<String>,
    pub data_classes: Vec<String>,
    pub affected_systems: Vec<String>,
    /// Changed lines, if the source says so.
    pub size: Option<i64>,
    pub has_migration: bool,
    pub fixes_incident: String,
    pub template: String,
    /// What the policy in force declares besides, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Value>,
}

/// The same wish once more: which run of the source waits now, and who asks this time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Again {
    pub origin: Origin,
    pub sequence: Option<i64>,
    pub initiator: Initiator,
    pub co_initiators: Vec<PersonId>,
    /// Absent in events of before subjects could change.
    #[serde(default)]
    pub subject: Option<Subject>,
    /// Who wrote that subject; `None`: they are still to be asked of the forge.
    #[serde(default)]
    pub authors: Option<Authors>,
}

impl From<Request> for Again {
    fn from(request: Request) -> Self {
        let Request { origin, sequence, initiator, co_initiators, subject, authors, .. } = request;
        Self { origin, sequence, initiator, co_initiators, subject: Some(subject), authors }
    }
}

/// Where a change came from and how its decision goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// `None` for a change asked for through the API: its caller polls.
    pub callback: Option<Callback>,
    /// The raw event's own name: `Deployment Hook/blocked`.
    pub event: String,
}

/// What a source needs to find its waiting work again; each source reads only its own parameters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    pub integration: IntegrationName,
    /// `gitlab.deployment_approval`, as in the published change schema.
    pub kind: String,
    pub params: BTreeMap<String, String>,
}

impl Callback {
    /// The parameter that every source fills: its own run, as its reports of the deployment name it.
    pub const RUN: &str = "run";

    pub fn run(&self) -> Option<&str> {
        self.params.get(Self::RUN).map(String::as_str)
    }
}
