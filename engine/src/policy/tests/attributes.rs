//! `attributes`: what is wrong with one, and what conditions read.

use super::faults::check as check_faults;
use crate::evaluation::Answer;
use crate::policy::samples::{SPINE, directory, noon, policy, request};
use crate::request::{Attributes, Request};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LISTS: &str = "lists:\n";

fn declaring(attributes: &str, when: &str) -> String {
    SPINE
        .replace(LISTS, &format!("attributes: {{ {attributes} }}\n\n{LISTS}"))
        .replace("service.criticality == 'tier-0' && environment", &format!("({when}) && environment"))
}

fn said(name: &str, value: Value) -> Request {
    let extra = BTreeMap::from([(name.to_owned(), value)]);
    Request { attributes: Attributes { extra, ..Attributes::default() }, ..request() }
}

/// The class, or why there is none.
fn class(text: &str, request: &Request) -> String {
    let routed = policy(text).route(request, &directory(), noon());
    routed.rules.map_or_else(|why| why.sentence(), |rules| rules.class.to_string())
}

#[test]
fn a_condition_reads_what_is_said_or_the_default() {
    let table = [
        ("big: { type: bool, default: false }", "change.big", json!(true)),
        ("score: { type: double, default: 0.0 }", "change.score >= 8.0", json!(9)),
        ("score: { type: double, default: 0 }", "change.score >= 8.0", json!(8.5)),
        ("hours: { type: int, default: 100000 }", "change.hours <= 48", json!(48)),
        ("region: { type: string, default: \"\" }", "change.region == 'eu'", json!("eu")),
        ("tags: { type: list, default: [] }", "'risky' in change.tags", json!(["risky"])),
    ];
    for (attribute, when, value) in table {
        let (text, name) = (declaring(attribute, when), attribute.split(':').next().unwrap());
        assert_eq!((class(&text, &said(name, value)), class(&text, &request())), ("major".to_owned(), "normal".to_owned()), "{when}");
        assert_eq!(class(&text, &said(name, Value::Null)), "normal");
    }
}

#[test]
fn a_value_of_another_type_is_not_known() {
    let text = declaring("hours: { type: int, default: 100000 }", "change.hours <= 48");
    for value in [json!("48"), json!(1.5), json!([1]), json!({}), json!(true)] {
        let why = class(&text, &said("hours", value.clone()));
        assert!(why.contains("class major could not be evaluated: change.hours is not known"), "{value}: {why}");
    }
    let faults = policy(&text).attribute_faults(&BTreeMap::from([("hours".to_owned(), json!("1")), ("hour".to_owned(), json!(1))]));
    let told: Vec<String> = faults.into_iter().map(|fault| format!("{}: {}", fault.name, fault.message)).collect();
    assert_eq!(told, ["hour: the policy declares no attribute “hour”", "hours: hours is of type int"]);
    assert!(policy(&text).attribute_faults(&BTreeMap::from([("hours".to_owned(), json!(1))])).is_empty());
}

#[test]
fn what_was_read_is_kept_with_the_change() {
    let text = declaring("hours: { type: int, default: 100000 }", "change.hours <= 48");
    let evaluation = policy(&text).route(&said("hours", json!(7)), &directory(), noon()).evaluation;
    assert_eq!(evaluation.values["change.hours"], Some("7".to_owned()));
    assert!(evaluation.questions.iter().any(|question| question.answer == Answer::True));
}

#[test]
fn one_that_every_change_has_may_be_declared_as_it_is() {
    let text = declaring("template: { type: string, default: \"\" }", "change.template == 'scale-out'");
    let request = Request { attributes: Attributes { template: "scale-out".to_owned(), ..Attributes::default() }, ..request() };
    assert_eq!(class(&text, &request), "major");
}

#[test]
fn what_is_wrong_with_an_attribute() {
    let table = [
        ("‸{ type: bool }", ": “default” is missing"),
        ("‸{ default: 1 }", ": “type” is missing"),
        ("{ type: ‸boolean, default: true }", ".type: “boolean” is not one of bool, int, double, string, list"),
        ("{ type: bool, default: ‸1 }", ".default: this should be of type bool"),
        ("{ type: int, default: ‸1.5 }", ".default: this should be of type int"),
        ("{ type: list, default: ‸[1] }", ".default: this should be of type list"),
        ("{ type: string, default: ‸[a] }", ".default: this should be of type string"),
        ("{ type: bool, default: true, ‸needed: true }", ".needed: there is no key “needed” here"),
    ];
    for (attribute, expected) in table {
        check_faults(&[(LISTS, &format!("attributes: {{ extra: {attribute} }}\n\n{LISTS}"), &format!("attributes.extra{expected}"))]);
    }
    let taken = "attributes.template: every change has change.template: text, which says nothing by itself; leave this out";
    check_faults(&[
        (LISTS, &format!("attributes: {{ template: ‸{{ type: string, default: a }} }}\n\n{LISTS}"), taken),
        (LISTS, &format!("attributes: {{ template: ‸{{ type: bool, default: false }} }}\n\n{LISTS}"), taken),
        (
            LISTS,
            &format!("attributes: {{ CVE: ‸{{ type: bool, default: false }} }}\n\n{LISTS}"),
            "attributes.CVE: “CVE” is no name of an attribute: small letters, digits and _, 50 at most, a letter first",
        ),
    ]);
}
