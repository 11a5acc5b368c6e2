//! Changes as the program itself would open them, made here without it.

use engine::decide::{Decision, World, open};
use engine::directory::Directory;
use engine::event::Actor;
use engine::ids::{ChangeId, ChangeKey, ChangeNumber, PersonId};
use engine::policy::{Document, Policy, load};
use engine::request::{Attributes, Author, Authors, Initiator, Origin, Request, SourceName, Subject};
use engine::rules::Part;
use engine::{Opening, Timestamp};
use router::people_file;
use uuid::Uuid;

/// What a change is opened under.
pub struct Laws {
    policy: Policy,
    directory: Directory,
}

impl Laws {
    /// This policy, and the sample's people.
    pub fn of(policy: &str) -> Self {
        let directory = people_file::parse("people.yaml", super::node::PEOPLE).expect("the sample's people").directory();
        let loaded = load(Document { file: "policy.yaml", text: policy }, None);
        let faults: Vec<String> = loaded.report.faults().map(ToString::to_string).collect();
        Self { policy: loaded.policy.unwrap_or_else(|| panic!("{faults:#?}")), directory }
    }
}

/// The change with this number, of a service of its own, opened at this instant and waiting for people.
pub fn opened(laws: &Laws, number: u64, now: Timestamp) -> Decision {
    let request = request(number);
    let opening = Opening {
        id: ChangeId(Uuid::from_u128(u128::from(number) + 1)),
        number: ChangeNumber(number),
        routed: laws.policy.route(&request, &laws.directory, now),
        previous: None,
        ahead: Vec::new(),
        request,
        actor: Actor::Integration { name: "gitlab-main".into() },
    };
    open(opening, World::of(&laws.directory), now).expect("a change that opens")
}

fn request(number: u64) -> Request {
    let author = Author { person: PersonId::from("lead-1"), part: Part::CommitAuthor, commit: Some("a1b2c3d4".to_owned()) };
    Request {
        key: ChangeKey::new(format!("gitlab-main:{number}:production:a1b2c3d4")),
        title: "Validate cards faster".to_owned(),
        service: SourceName { kind: "gitlab".to_owned(), integration: "gitlab-main".into(), path: format!("payments/service-{number}") },
        environment: "production".to_owned(),
        tier: Some("production".to_owned()),
        subject: Subject { commit: Some("a1b2c3d4e5f6".to_owned()), ..Subject::default() },
        version: None,
        git_ref: Some("main".to_owned()),
        url: None,
        sequence: i64::try_from(number).ok(),
        initiator: Initiator::Person(PersonId::from("requester-1")),
        co_initiators: Vec::new(),
        authors: Some(Authors { known: vec![author], unknown: Vec::new() }),
        attributes: Attributes::default(),
        origin: Origin { callback: None, event: "Deployment Hook/blocked".to_owned() },
    }
}
