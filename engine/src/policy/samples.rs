//! A policy, its people and a change, for the tests of this crate.

use super::blocks::services::Service;
use super::condition::Facts;
use super::schema::About;
use super::{Document, Loaded, Policy, load};
use crate::directory::{Directory, GroupSource, Person};
use crate::ids::{EnvironmentName, IncidentId, PersonId};
use crate::incident::Incident;
use crate::request::{Attributes, Initiator, Origin, Request, SourceName, Subject};
use crate::roster::{Level, Roster};
use crate::rules::Rules;
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

pub const SPINE: &str = include_str!("../../testdata/policy/spine.yaml");

const GROUPS: [(&str, &[&str]); 5] = [
    ("platform-owners", &["platform-1"]),
    ("payments-devs", &["dev-1", "dev-2", "dev-3"]),
    ("payments-owners", &["owner-1", "owner-2"]),
    ("security", &["security-1"]),
    ("operations-leads", &["lead-1"]),
];

/// The groups above, and a roster: `dev-1` and `dev-2` by turns of a week, and above them `lead-1`.
pub fn directory() -> Directory {
    let level = |members: &[&str]| Level {
        since: "2026-11-09T09:00:00".parse().unwrap(),
        handover: "0 9 * * MON".to_owned(),
        members: members.iter().map(|id| PersonId::new(*id)).collect(),
    };
    let levels = vec![level(&["dev-2", "dev-1"]), level(&["lead-1"])];
    let roster = Roster { time_zone: "Europe/Berlin".to_owned(), levels, overrides: Vec::new() };
    directory_with(&GROUPS, BTreeMap::from([(GroupSource { source: "file".to_owned(), group: "ops".to_owned() }, roster)]))
}

/// These groups of the file directory, and the people in them.
pub fn directory_of(groups: &[(&str, &[&str])]) -> Directory {
    directory_with(groups, BTreeMap::new())
}

fn directory_with(groups: &[(&str, &[&str])], rosters: BTreeMap<GroupSource, Roster>) -> Directory {
    let ids: BTreeSet<&str> = groups.iter().flat_map(|(_, members)| members.iter().copied()).collect();
    let person = |id: &str| Person { id: PersonId::new(id), name: id.to_owned(), email: None, accounts: BTreeMap::new() };
    let source = |group: &str| GroupSource { source: "file".to_owned(), group: group.to_owned() };
    let members = |ids: &[&str]| ids.iter().map(|id| PersonId::new(*id)).collect();
    let groups = groups.iter().map(|(group, ids)| (source(group), members(ids))).collect();
    Directory::with_rosters(ids.into_iter().map(person).collect(), groups, rosters)
}

pub fn load_text(text: &str) -> Loaded {
    load(Document { file: "policy.yaml", text }, Some(&directory()))
}

pub fn policy(text: &str) -> Policy {
    let loaded = load_text(text);
    loaded.policy.unwrap_or_else(|| panic!("{:#?}", loaded.report))
}

/// Half past noon in UTC on Monday, 23 November 2026.
pub fn noon() -> Timestamp {
    Timestamp::from_micros(1_795_437_000_000_000).unwrap()
}

/// checkout-api into production, by a person.
pub fn request() -> Request {
    Request {
        key: "key-1".into(),
        title: "checkout-api 2.31.0 to production".to_owned(),
        service: SourceName { kind: "gitlab".to_owned(), integration: "gitlab-main".into(), path: "payments/checkout-api".to_owned() },
        environment: "production".to_owned(),
        tier: None,
        subject: Subject::default(),
        version: Some("2.31.0".to_owned()),
        git_ref: Some("main".to_owned()),
        url: None,
        sequence: None,
        initiator: Initiator::Person("dev-1".into()),
        co_initiators: Vec::new(),
        authors: None,
        attributes: Attributes::default(),
        origin: Origin { callback: None, event: "test".to_owned() },
    }
}

pub fn rules() -> Rules {
    policy(SPINE).route(&request(), &directory(), noon()).rules.unwrap_or_else(|why| panic!("{why:?}"))
}

/// What is known of a request for a service that nothing is said about.
pub fn facts(request: &Request) -> Facts {
    let (service, environment) = (Service::default(), EnvironmentName::new("production"));
    Facts::about(&About {
        request,
        service: &service,
        environment: &environment,
        class: None,
        attributes: &[],
        supposed: None,
        incident: None,
    })
}

/// An incident that is open.
pub fn incident(id: &str, severity: &str, services: &[&str]) -> Incident {
    Incident {
        id: IncidentId::from(id),
        title: "Card errors".to_owned(),
        severity: severity.to_owned(),
        services: services.iter().map(|service| (*service).to_owned()).collect(),
        caused_by_service: None,
        url: None,
        opened_at: noon(),
        resolved_at: None,
        source: "monitoring".to_owned(),
        revision: 1,
    }
}
