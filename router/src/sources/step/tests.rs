//! What a step may say, and what it may not.

use super::*;
use engine::directory::{Directory, Person};
use engine::request::Initiator;
use serde_json::json;

const SHA: &str = "0123ABCD0123abcd0123abcd0123abcd0123abcd";

fn least() -> Value {
    json!({ "environment": "production", "sha": SHA, "service": "checkout-api" })
}

fn with(name: &str, value: Value) -> Value {
    let mut body = least();
    body[name] = value;
    body
}

fn wish(body: &Value) -> Wish {
    let integration = IntegrationName::new("jenkins-main");
    let sender = Sender { kind: "jenkins", integration: &integration, realm: "jenkins" };
    Step::read(body).unwrap().wish(&sender, ChangeKey::new("k"), None)
}

fn directory() -> Directory {
    let person = |id: &str, kind: &str, account: &str| Person {
        id: id.into(),
        name: id.to_owned(),
        email: Some(format!("{id}@example.com")),
        accounts: BTreeMap::from([(kind.to_owned(), account.to_owned())]),
    };
    Directory::new(vec![person("requester-1", "jenkins", "ci-user"), person("author-1", "gitlab", "14")], BTreeMap::new())
}

#[test]
fn a_step_needs_an_environment_a_commit_and_a_service_or_job() {
    let wish = wish(&least());
    assert_eq!(
        (wish.environment.as_str(), wish.service.path.as_str(), wish.service.kind.as_str()),
        ("production", "checkout-api", "jenkins")
    );
    assert_eq!(wish.subject.commit.as_deref(), Some("0123abcd0123abcd0123abcd0123abcd0123abcd"));
    assert_eq!(Step::read(&json!({ "environment": "e", "sha": SHA, "job": "a/b" })).unwrap().service, "a/b");
    let missing = [(json!({ "sha": SHA, "service": "s" }), "/environment"), (json!({ "environment": "e", "service": "s" }), "/sha")];
    for (body, pointer) in missing.into_iter().chain([(json!({ "environment": "e", "sha": SHA }), "/service"), (json!([]), "")]) {
        assert!(matches!(Step::read(&body), Err(Reject::Malformed { pointer: at, .. }) if at == pointer), "{body}");
    }
}

#[test]
fn wrong_values_and_unknown_keys_are_pointed_at() {
    let cases = [
        ("enviroment", json!("production")),
        ("sha", json!("HEAD")),
        ("sha", json!(7)),
        ("build", json!(0)),
        ("build", json!("seven")),
        ("build", json!([])),
        ("build_url", json!("javascript:alert(1)")),
        ("job", json!({})),
        ("version", json!("x".repeat(TEXT_BYTES + 1))),
        ("artifacts", json!(["a"])),
        ("artifacts", json!({ "image": 7 })),
        ("authors", json!([1])),
        ("authors", json!(7)),
        ("authors", json!(vec!["a"; MANY + 1])),
        ("fields", json!({ "risk": 1 })),
    ];
    for (name, value) in cases {
        let body = with(name, value);
        let fault = Step::read(&body).unwrap_err();
        assert!(matches!(&fault, Reject::Malformed { pointer, .. } if *pointer == format!("/{name}")), "{body}: {fault:?}");
    }
}

/// Shells quote numbers and leave unset variables empty.
#[test]
fn what_shells_make_of_values_is_understood() {
    let step = Step::read(&json!({
        "environment": " production ", "sha": SHA, "service": "s", "build": "42", "version": "", "input_id": null,
        "authors": "author-1@example.com\nauthor-2@example.com, gitlab:17", "build_url": "https://ci.example.com/job/a/42/",
    }))
    .unwrap();
    assert_eq!((step.environment.as_str(), step.build, step.version, step.input_id), ("production", Some(42), None, None));
    assert_eq!(step.authors.unwrap(), ["author-1@example.com", "author-2@example.com", "gitlab:17"]);
    assert_eq!(Step::read(&with("authors", json!(" \n"))).unwrap().authors, None);
}

#[test]
fn people_are_ids_accounts_or_addresses() {
    let initiator = |name: &str| wish(&with("requested_by", json!(name))).to_request(&directory()).initiator;
    for name in ["requester-1", "jenkins:ci-user", "Requester-1@example.com"] {
        assert_eq!(initiator(name), Initiator::Person("requester-1".into()), "{name}");
    }
    assert_eq!(initiator("nobody"), Initiator::Unknown { kind: "directory".to_owned(), account: "nobody".to_owned() });
    let request = wish(&with("authors", json!(["gitlab:14", "author-1", "new@example.com", "gitlab:99"]))).to_request(&directory());
    let authors = request.authors.unwrap();
    assert_eq!(authors.known.iter().map(|author| author.person.as_str()).collect::<Vec<_>>(), ["author-1"]);
    assert_eq!(authors.unknown, ["an author with an unknown e-mail address", "gitlab:99"]);
}

/// An unknown author blocks; a step that forgot to name one must not slip through.
#[test]
fn authors_that_are_not_named_are_unknown() {
    let request = wish(&least()).to_request(&directory());
    assert_eq!(request.authors.unwrap().unknown, [NOT_NAMED]);
    assert!(matches!(request.initiator, Initiator::Unknown { .. }));
}

#[test]
fn another_version_or_artifact_is_another_subject() {
    let digest = |body: &Value| wish(body).subject.digest();
    let others = [with("version", json!("2")), with("artifacts", json!({ "image": "sha256:1" })), with("environment", json!("staging"))];
    for other in others {
        assert_ne!(digest(&least()), digest(&other), "{other}");
    }
}
