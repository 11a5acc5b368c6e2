//! The merge request hook.

use super::{gitlab, headers};
use crate::sources::{Parsed, Reject, Signal, Source};
use engine::rules::Part;
use serde_json::{Value, json};

const HEAD: &str = "0123abcd0123abcd0123abcd0123abcd0123abcd";
const MERGED: &str = "4567abcd4567abcd4567abcd4567abcd4567abcd";

fn hook(action: &str) -> Value {
    json!({
        "object_kind": "merge_request",
        "user": { "id": 18 },
        "project": { "id": 30 },
        "object_attributes": {
            "iid": 7, "author_id": 17, "action": action, "merge_user_id": null, "merge_commit_sha": null,
            "last_commit": { "id": HEAD },
        },
    })
}

fn parse(body: &Value) -> Result<Parsed, Reject> {
    gitlab().parse(&headers(&[("x-gitlab-event", "Merge Request Hook")]), body.to_string().as_bytes())
}

/// User ids with their parts, and the commits.
fn joined(body: &Value) -> (Vec<(String, Part)>, Vec<String>) {
    let parsed = parse(body).unwrap();
    let [Signal::PeopleJoined { keys_begin, commits, people }] = parsed.signals.as_slice() else { panic!("{parsed:?}") };
    assert_eq!(keys_begin, "gitlab-main:30:");
    let people = people.contributors.iter().map(|one| (one.account.id.clone().unwrap(), one.part));
    (people.collect(), commits.clone())
}

fn one(id: &str, part: Part) -> (String, Part) {
    (id.to_owned(), part)
}

#[test]
fn an_open_one_has_an_author_and_a_merged_one_a_merger_too() {
    for action in ["open", "reopen", "update"] {
        assert_eq!(joined(&hook(action)), (vec![one("17", Part::CommitAuthor)], vec![HEAD.to_owned()]), "{action}");
    }
    let mut merged = hook("merge");
    merged["object_attributes"]["merge_commit_sha"] = json!(MERGED.to_uppercase());
    let commits = vec![HEAD.to_owned(), MERGED.to_owned()];
    assert_eq!(joined(&merged), (vec![one("17", Part::CommitAuthor), one("18", Part::Merger)], commits));
    merged["object_attributes"]["merge_user_id"] = json!(19);
    assert_eq!(joined(&merged).0[1], one("19", Part::Merger), "who had it merged when its pipeline succeeds");
}

#[test]
fn what_else_happens_to_one_says_nothing() {
    for action in ["approved", "approval", "unapproved", "close", "an action of next year"] {
        let parsed = parse(&hook(action)).unwrap();
        assert_eq!((parsed.event, parsed.signals), (format!("Merge Request Hook/{action}"), vec![]));
    }
    assert_eq!(parse(&json!({})).unwrap().event, "Merge Request Hook");
    let mut homeless = hook("merge");
    homeless["project"] = Value::Null;
    assert!(matches!(parse(&homeless), Err(Reject::Malformed { pointer, .. }) if pointer == "/project/id"));
}
