//! The directory and the policy: what decisions read, and the versions that keep them still.

use crate::store_bench::{Bench, at, digest, on_both};
use engine::directory::{Directory, GroupSource, Person};
use engine::ids::PersonId;
use entities::{DirectoryDiff, NewPolicy, StoreError, VersionName, Versions};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

on_both!(
    a_directory_comes_back_as_it_was_put,
    only_differences_are_written,
    removed_members_are_named,
    sources_do_not_touch_each_other,
    a_large_directory_is_replaced_in_chunks,
    a_policy_in_force_is_replaced_by_another,
    a_writer_waits_for_a_decision,
);

fn person(id: &str, accounts: &[(&str, &str)]) -> Person {
    Person {
        id: PersonId::new(id),
        name: format!("Person {id}"),
        email: Some(format!("{id}@example.com")),
        accounts: accounts.iter().map(|(kind, account)| ((*kind).to_owned(), (*account).to_owned())).collect(),
    }
}

fn groups(groups: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<PersonId>> {
    groups.iter().map(|(group, people)| ((*group).to_owned(), people.iter().map(|id| PersonId::new(*id)).collect())).collect()
}

fn group(source: &str, name: &str) -> GroupSource {
    GroupSource { source: source.to_owned(), group: name.to_owned() }
}

async fn replace(bench: &Bench, source: &str, people: &[Person], members: &[(&str, &[&str])]) -> Result<DirectoryDiff, StoreError> {
    let mut tx = bench.store.begin().await?;
    let diff = tx.replace_directory(source, people, &groups(members)).await?;
    tx.commit().await?;
    Ok(diff)
}

async fn a_directory_comes_back_as_it_was_put(bench: Bench) {
    assert_eq!(bench.store.directory().await.unwrap(), (0, Directory::default()));
    let people = vec![person("approver-1", &[("slack", "T1/U1"), ("gitlab", "17")]), person("approver-2", &[])];
    replace(&bench, "file", &people, &[("devs", &["approver-1", "approver-2"]), ("nobody", &[])]).await.unwrap();
    let members = groups(&[("devs", &["approver-1", "approver-2"]), ("nobody", &[])]);
    let expected = Directory::new(people, members.into_iter().map(|(name, people)| (group("file", &name), people)).collect());
    assert_eq!(bench.store.directory().await.unwrap(), (1, expected.clone()));
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.read_versions().await.unwrap(), Versions { directory: 1, holds: 0, policy: 0 });
    assert_eq!(tx.directory().await.unwrap(), expected);
}

async fn only_differences_are_written(bench: Bench) {
    let people = [person("a", &[("slack", "1")]), person("b", &[("slack", "2")])];
    let members: &[(&str, &[&str])] = &[("devs", &["a", "b"])];
    assert!(replace(&bench, "file", &people, members).await.unwrap().changed);
    assert_eq!(replace(&bench, "file", &people, members).await.unwrap(), DirectoryDiff::default());
    assert_eq!(bench.store.versions().await.unwrap().directory, 1);
    // The account moves to the other person, who also has a new name.
    let renamed = Person { name: "Renamed".to_owned(), ..person("b", &[("slack", "1")]) };
    let diff = replace(&bench, "file", &[person("a", &[]), renamed], members).await.unwrap();
    assert_eq!(diff, DirectoryDiff { changed: true, removed: Vec::new() });
    let (version, directory) = bench.store.directory().await.unwrap();
    assert_eq!(version, 2);
    assert_eq!(directory.by_account("slack", "1"), Some(&PersonId::new("b")));
    assert_eq!(directory.by_account("slack", "2"), None);
    assert_eq!(directory.name(&PersonId::new("b")), "Renamed");
}

async fn removed_members_are_named(bench: Bench) {
    let people = [person("a", &[]), person("b", &[]), person("c", &[])];
    replace(&bench, "file", &people, &[("devs", &["a", "b", "c"]), ("ops", &["a"]), ("old", &["b"])]).await.unwrap();
    // One leaves a group, a group goes, one leaves altogether while a group still names them.
    let diff = replace(&bench, "file", &people[..2], &[("devs", &["b", "c"]), ("ops", &["a"])]).await.unwrap();
    let id = PersonId::new;
    assert_eq!(diff.removed, [(group("file", "devs"), id("a")), (group("file", "devs"), id("c")), (group("file", "old"), id("b"))]);
    assert!(!bench.store.directory().await.unwrap().1.has_group(&group("file", "old")));
}

async fn sources_do_not_touch_each_other(bench: Bench) {
    replace(&bench, "file", &[person("a", &[("slack", "1")])], &[("devs", &["a"])]).await.unwrap();
    replace(&bench, "scim", &[person("b", &[])], &[("devs", &["a", "b"])]).await.unwrap();
    let foreign = replace(&bench, "scim", &[person("a", &[])], &[]).await;
    assert!(matches!(foreign, Err(StoreError::BelongsElsewhere { what: "person", .. })), "{foreign:?}");
    let foreign = replace(&bench, "scim", &[person("b", &[("slack", "1")])], &[]).await;
    assert!(matches!(foreign, Err(StoreError::BelongsElsewhere { what: "account", .. })), "{foreign:?}");
    let diff = replace(&bench, "scim", &[], &[]).await.unwrap();
    assert_eq!(diff.removed, [(group("scim", "devs"), PersonId::new("a")), (group("scim", "devs"), PersonId::new("b"))]);
    assert!(bench.store.directory().await.unwrap().1.is_member(&group("file", "devs"), &PersonId::new("a")));
}

async fn a_large_directory_is_replaced_in_chunks(bench: Bench) {
    let ids: Vec<String> = (0..1500).map(|n| format!("person-{n}")).collect();
    let people: Vec<Person> = ids.iter().map(|id| person(id, &[("slack", id), ("gitlab", id)])).collect();
    let members: Vec<&str> = ids.iter().map(String::as_str).collect();
    replace(&bench, "file", &people, &[("all", &members)]).await.unwrap();
    assert_eq!(bench.store.directory().await.unwrap().1.members(&group("file", "all")).count(), 1500);
    let diff = replace(&bench, "file", &people[..100], &[("all", &members[..50])]).await.unwrap();
    assert_eq!(diff.removed.len(), 1450);
    assert_eq!(bench.store.directory().await.unwrap().1.people().count(), 100);
}

fn policy(n: u8) -> NewPolicy {
    NewPolicy {
        digest: digest(n),
        name: "payments".to_owned(),
        version: u32::from(n),
        text: format!("version: {n}"),
        loaded_at: at(n.into()),
    }
}

async fn put(bench: &Bench, new: &NewPolicy) -> u64 {
    let mut tx = bench.store.begin().await.unwrap();
    let version = tx.put_policy(new).await.unwrap();
    tx.commit().await.unwrap();
    version
}

async fn a_policy_in_force_is_replaced_by_another(bench: Bench) {
    assert_eq!(bench.store.policy_in_force().await.unwrap(), None);
    assert_eq!((put(&bench, &policy(1)).await, put(&bench, &policy(1)).await), (1, 1));
    assert_eq!(put(&bench, &policy(2)).await, 2);
    let found = bench.store.policy_in_force().await.unwrap().unwrap();
    assert_eq!(
        (found.digest, found.version, found.text.as_str(), found.loaded_at, found.store_version),
        (digest(2), 2, "version: 2", at(2), 2)
    );
    // Back to the first one: its text is there already.
    assert_eq!(put(&bench, &policy(1)).await, 3);
    assert_eq!(bench.store.policy_in_force().await.unwrap().unwrap().digest, digest(1));
    assert_eq!(bench.store.versions().await.unwrap(), Versions { directory: 0, holds: 0, policy: 3 });
}

async fn a_writer_waits_for_a_decision(bench: Bench) {
    let mut decision = bench.store.begin().await.unwrap();
    assert_eq!(decision.read_versions().await.unwrap(), Versions::default());
    let store = bench.store.clone();
    let mut writer = tokio::spawn(async move {
        let mut tx = store.begin().await.unwrap();
        let version = tx.bump_version(VersionName::Directory).await.unwrap();
        tx.commit().await.unwrap();
        version
    });
    if bench.store.is_postgres() {
        // Decisions do not wait for one another, only the writer does.
        let mut other = bench.store.begin().await.unwrap();
        other.read_versions().await.unwrap();
        other.commit().await.unwrap();
    }
    tokio::time::timeout(Duration::from_millis(200), &mut writer).await.expect_err("the writer has to wait for the decision");
    assert_eq!(decision.read_versions().await.unwrap(), Versions::default());
    decision.commit().await.unwrap();
    assert_eq!(writer.await.unwrap(), 1);
}
