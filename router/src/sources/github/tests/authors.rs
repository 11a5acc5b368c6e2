//! The conversation about who wrote a commit.

use super::{SHA, Way, answered, callback, github};
use crate::sources::{Ask, Call, Contributor, Exchange, Source, Turn};
use engine::rules::Part;
use serde_json::{Value, json};

/// Where github.com’s private addresses are.
const PRIVATE: &str = "users.noreply.github.com";
const REPOSITORY: &str = "/repos/example/checkout-api";

fn next(so_far: &[Exchange]) -> Turn {
    github(Way::AsApp).converse(&Ask::Authors { callback: &callback(), commit: SHA }, so_far)
}

fn get(path: &str) -> Call {
    Call::get(format!("{REPOSITORY}/{path}"))
}

fn commit(body: Value) -> Exchange {
    answered(get(&format!("commits/{SHA}")), 200, body)
}

fn usual(message: &str) -> Exchange {
    let who = |id: i64, login: &str| json!({ "id": id, "login": login });
    let git = json!({ "author": { "email": "Author@Example.com" }, "committer": { "email": "author@example.com" }, "message": message });
    commit(json!({ "commit": git, "author": who(14, "author"), "committer": who(14, "author") }))
}

fn pulls(list: Vec<Value>) -> Exchange {
    answered(get(&format!("commits/{SHA}/pulls?per_page=9")), 200, Value::Array(list))
}

fn pull(number: i64, merged_by: Option<i64>) -> Exchange {
    let body = json!({ "number": number, "user": { "id": 18 }, "merged_by": merged_by.map(|id| json!({ "id": id })) });
    answered(get(&format!("pulls/{number}")), 200, body)
}

fn listed(number: i64, author: i64, merged_at: Value) -> Value {
    json!({ "number": number, "user": { "id": author }, "merged_at": merged_at })
}

fn named(so_far: &[Exchange]) -> Vec<(String, Part)> {
    let Turn::Authors(authors) = next(so_far) else { panic!("{:?}", next(so_far)) };
    let name = |Contributor { account, part, .. }: Contributor| (account.id.or(account.email).unwrap_or(account.label), part);
    authors.contributors.into_iter().map(name).collect()
}

#[test]
fn the_commit_is_asked_first_then_its_pull_requests_then_who_merged_them() {
    assert_eq!(next(&[]), Turn::Call(get(&format!("commits/{SHA}"))));
    assert_eq!(next(&[usual("Round")]), Turn::Call(pulls(vec![]).call));
    assert_eq!(named(&[usual("Round"), pulls(vec![])]), [("14".to_owned(), Part::CommitAuthor)]);
    let list = pulls(vec![listed(7, 18, json!("2026-01-05T09:00:00Z")), listed(8, 19, Value::Null)]);
    assert_eq!(next(&[usual("Round"), list.clone()]), Turn::Call(get("pulls/7")));
    let expected = [("14", Part::CommitAuthor), ("18", Part::CommitAuthor), ("19", Part::CommitAuthor), ("20", Part::Merger)];
    assert_eq!(named(&[usual("Round"), list.clone(), pull(7, Some(20))]), expected.map(|(name, part)| (name.to_owned(), part)));
    let by_nobody = named(&[usual("Round"), list, pull(7, None)]);
    assert_eq!(by_nobody.last(), Some(&("merger of pull request #7".to_owned(), Part::Merger)), "unknown, not left out");
}

#[test]
fn trailers_count_and_private_addresses_carry_ids() {
    let message = format!("Round\n\nCo-authored-by: A <583231+a@{PRIVATE}>\nco-authored-by: B <B@Example.com>\nCo-authored-by: C");
    let expected = [
        ("14", Part::CommitAuthor),
        ("583231", Part::CommitCoAuthor),
        ("b@example.com", Part::CommitCoAuthor),
        ("co-author of 0123abcd", Part::CommitCoAuthor),
    ];
    assert_eq!(named(&[usual(&message), pulls(vec![])]), expected.map(|(name, part)| (name.to_owned(), part)));
    let others = [format!("a@{PRIVATE}"), format!("+a@{PRIVATE}"), format!("x1+a@{PRIVATE}"), "583231+a@users.noreply.test".to_owned()];
    for foreign in others {
        let named = named(&[usual(&format!("Round\n\nCo-authored-by: A <{foreign}>")), pulls(vec![])]);
        assert_eq!(named.last(), Some(&(foreign, Part::CommitCoAuthor)));
    }
}

#[test]
fn github_itself_is_passed_over_only_if_it_signed() {
    let merged = |verified: bool| {
        let git = json!({
            "author": { "email": "author@example.com" },
            "committer": { "email": "noreply@github.test" },
            "message": "Merge",
            "verification": { "verified": verified },
        });
        commit(json!({ "commit": git, "author": { "id": 14 }, "committer": { "id": 19864447, "login": "web-flow" } }))
    };
    assert_eq!(named(&[merged(true), pulls(vec![])]).len(), 1);
    assert_eq!(named(&[merged(false), pulls(vec![])])[1].0, "19864447");
}

#[test]
fn an_author_whom_github_does_not_know_is_named_by_address_or_not_at_all() {
    let git = json!({ "author": { "email": "author@example.com" }, "committer": {}, "message": null });
    let unknown = commit(json!({ "commit": git, "author": null, "committer": null }));
    let names: Vec<String> = named(&[unknown, pulls(vec![])]).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["author@example.com", "committer of 0123abcd"]);
}

#[test]
fn a_look_up_that_fails_is_a_failure() {
    let merged = || pulls(vec![listed(7, 18, json!("2026-01-05T09:00:00Z"))]);
    let with = |exchange: &Exchange, status: u16| Exchange { status, ..exchange.clone() };
    for (status, waits) in [(404, false), (403, false), (500, true), (429, true)] {
        let conversations = [
            vec![with(&usual(""), status)],
            vec![usual(""), with(&pulls(vec![]), status)],
            vec![usual(""), merged(), with(&pull(7, None), status)],
        ];
        for so_far in conversations {
            let turn = next(&so_far);
            assert_eq!((matches!(turn, Turn::Wait { .. }), matches!(turn, Turn::Failed { .. })), (waits, !waits), "{status}: {turn:?}");
        }
    }
    let many = pulls((1..=9).map(|number| listed(number, 18, Value::Null)).collect());
    assert!(matches!(next(&[usual(""), many]), Turn::Failed { why } if why.contains("more than 8")));
    let bad = github(Way::AsApp).converse(&Ask::Authors { callback: &callback(), commit: "main" }, &[]);
    assert!(matches!(bad, Turn::Failed { .. }));
}
