//! The conversation about who wrote a commit.

use super::{answered, callback, gitlab};
use crate::sources::{Ask, Call, Contributor, Exchange, Source, Turn};
use engine::directory::{Directory, Person};
use engine::rules::Part;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const SHA: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";

fn next(so_far: &[Exchange]) -> Turn {
    gitlab().converse(&Ask::Authors { callback: &callback(), commit: SHA }, so_far)
}

fn commit_call() -> Call {
    Call::get(format!("/projects/30/repository/commits/{SHA}"))
}

fn page_call(page: usize) -> Call {
    Call::get(format!("/projects/30/repository/commits/{SHA}/merge_requests?per_page=100&page={page}"))
}

fn commit(message: &str) -> Exchange {
    let body = json!({ "author_email": "Author@Example.com", "committer_email": "author@example.com", "message": message });
    answered(commit_call(), 200, body)
}

fn page(number: usize, requests: Vec<Value>) -> Exchange {
    answered(page_call(number), 200, Value::Array(requests))
}

fn named(so_far: &[Exchange]) -> Vec<(String, Part)> {
    let Turn::Authors(authors) = next(so_far) else { panic!("{:?}", next(so_far)) };
    let name = |Contributor { account, part, .. }: Contributor| (account.id.or(account.email).unwrap_or(account.label), part);
    authors.contributors.into_iter().map(name).collect()
}

#[test]
fn the_commit_is_asked_first_then_its_merge_requests() {
    assert_eq!(next(&[]), Turn::Call(commit_call()));
    assert_eq!(next(&[commit("Round")]), Turn::Call(page_call(1)));
    assert_eq!(named(&[commit("Round"), page(1, vec![])]), [("author@example.com".to_owned(), Part::CommitAuthor)]);
}

#[test]
fn trailers_and_merge_requests_add_people() {
    let message =
        "Round\n\nco-AUTHORED-by : Somebody <Second@example.com>\nCo-authored-by: nobody at all\nSigned-off-by: x <x@example.com>";
    let requests = vec![
        json!({ "iid": 12, "author": { "id": 18 }, "merge_user": { "id": 19 }, "merged_by": { "id": 99 } }),
        json!({ "iid": 13, "author": { "id": 18 }, "merge_user": null, "merged_by": { "id": 20 } }),
        json!({ "iid": 14, "author": null, "merge_user": null }),
        json!("nonsense"),
    ];
    let expected = [
        ("author@example.com", Part::CommitAuthor),
        ("second@example.com", Part::CommitCoAuthor),
        ("co-author of 0123abcd", Part::CommitCoAuthor),
        ("18", Part::CommitAuthor),
        ("19", Part::Merger),
        ("20", Part::Merger),
        ("author of merge request !14", Part::CommitAuthor),
        ("author of a merge request", Part::CommitAuthor),
    ];
    let expected = expected.map(|(name, part)| (name.to_owned(), part));
    assert_eq!(named(&[commit(message), page(1, requests)]), expected);
}

#[test]
fn missing_addresses_are_unknown_people() {
    for body in [json!({}), json!({ "author_email": null, "committer_email": "[REDACTED]", "message": 3 })] {
        let commit = answered(commit_call(), 200, body);
        assert_eq!(named(&[commit, page(1, vec![])]).len(), 2);
    }
}

#[test]
fn full_pages_are_followed_by_the_next_up_to_a_limit() {
    let full = |number| page(number, (0..100).map(|iid| json!({ "iid": iid + 1, "author": { "id": 18 } })).collect());
    assert_eq!(next(&[commit(""), full(1)]), Turn::Call(page_call(2)));
    assert_eq!(named(&[commit(""), full(1), page(2, vec![json!({ "iid": 1, "author": { "id": 21 } })])]).len(), 3);
    let endless = [commit(""), full(1), full(2), full(3), full(4), full(5)];
    assert!(matches!(next(&endless), Turn::Failed { .. }));
}

#[test]
fn a_failed_look_up_is_a_failure_and_an_outage_is_not() {
    for status in [401, 403, 404, 302, 418] {
        let failing = |call| answered(call, status, json!({ "message": "no" }));
        assert!(matches!(next(&[failing(commit_call())]), Turn::Failed { .. }), "{status}");
        assert!(matches!(next(&[commit(""), failing(page_call(1))]), Turn::Failed { .. }), "{status}");
    }
    for status in [408, 429, 500, 502] {
        assert!(matches!(next(&[answered(commit_call(), status, json!(null))]), Turn::Wait { .. }), "{status}");
    }
    for body in [json!(null), json!([]), json!("<html>")] {
        assert!(matches!(next(&[answered(commit_call(), 200, body.clone())]), Turn::Failed { .. }), "{body}");
    }
    assert!(matches!(next(&[commit(""), answered(page_call(1), 200, json!({}))]), Turn::Failed { .. }));
}

#[test]
fn nothing_but_hashes_and_numbers_comes_into_a_path() {
    for commit in ["", "main", "0123abcd/../../../user", "zzzzzzzz", &"a".repeat(65)] {
        let turn = gitlab().converse(&Ask::Authors { callback: &callback(), commit }, &[]);
        assert!(matches!(turn, Turn::Failed { .. }), "{commit}");
    }
    for id in ["", "30/../31", "-1", "３０"] {
        let mut callback = callback();
        callback.params.insert("project_id".to_owned(), id.to_owned());
        let turn = gitlab().converse(&Ask::Authors { callback: &callback, commit: SHA }, &[]);
        assert!(matches!(turn, Turn::Failed { .. }), "{id}");
    }
}

#[test]
fn people_are_found_by_account_then_by_address_and_others_are_named_without_it() {
    let person = |id: &str, account: Option<&str>| Person {
        id: id.into(),
        name: id.to_owned(),
        email: Some(format!("{id}@example.com")),
        accounts: account.map(|account| ("gitlab".to_owned(), account.to_owned())).into_iter().collect(),
    };
    let directory = Directory::new(vec![person("author", None), person("approver-1", Some("19"))], BTreeMap::new());
    let requests = vec![json!({ "iid": 12, "author": { "id": 18 }, "merge_user": { "id": 19 } })];
    let message = "Round\n\nCo-authored-by: Somebody <somebody@example.com>";
    let Turn::Authors(found) = next(&[commit(message), page(1, requests)]) else { panic!() };
    let authors = found.to_authors(&directory);
    let known: Vec<_> = authors.known.iter().map(|author| (author.person.as_str(), author.part, author.commit.as_deref())).collect();
    assert_eq!(known, [("approver-1", Part::Merger, None), ("author", Part::CommitAuthor, Some("0123abcd"))]);
    assert_eq!(authors.unknown, ["author of merge request !12", "co-author of 0123abcd"]);
}

#[test]
fn a_private_address_carries_its_owner_s_id() {
    let cases = [
        ("17-somebody@users.noreply.gitlab.example.com", Some("17")),
        ("17-some-body@Users.NoReply.GitLab.Example.Com", Some("17")),
        ("17-somebody@users.noreply.gitlab.test", None),
        ("17@users.noreply.gitlab.example.com", None),
        ("-somebody@users.noreply.gitlab.example.com", None),
        ("x17-somebody@users.noreply.gitlab.example.com", None),
        ("17-somebody@gitlab.example.com", None),
    ];
    for (email, id) in cases {
        let body = json!({ "author_email": email, "committer_email": email, "message": "Round" });
        let Turn::Authors(authors) = next(&[answered(commit_call(), 200, body), page(1, vec![])]) else { panic!("{email}") };
        let [one] = authors.contributors.as_slice() else { panic!("{email}: {authors:?}") };
        assert_eq!(one.account.id.as_deref(), id, "{email}");
        assert_eq!(one.account.email, Some(email.to_lowercase()), "{email}");
    }
}
