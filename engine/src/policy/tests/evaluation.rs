//! What is kept of how the policy was read: each condition that was asked, its answer, and the values.

use crate::evaluation::{Answer, Asker, Evaluation, MAX_TEXT};
use crate::policy::samples::{SPINE, directory, noon, policy, request};
use crate::request::{Attributes, Request};

fn evaluation(text: &str, request: &Request) -> Evaluation {
    policy(text).route(request, &directory(), noon()).evaluation
}

/// `class major yes, …`
fn told(evaluation: &Evaluation) -> String {
    let word = |answer: &Answer| match answer {
        Answer::True => "yes".to_owned(),
        Answer::False => "no".to_owned(),
        Answer::Unknown(why) => format!("unknown: {why}"),
    };
    let name = |of: &Asker| match of {
        Asker::Class(name) => format!("class {name}"),
        Asker::Requirement(name) => format!("requirement {name}"),
        Asker::Flow(name) => format!("flow {name}"),
        Asker::Escalation(name) => format!("escalation {name}"),
        Asker::Freeze(name) => format!("freeze {name}"),
        Asker::Field(name) => format!("field {name}"),
        Asker::Gate(name) => format!("gate {name}"),
    };
    evaluation.questions.iter().map(|question| format!("{} {}", name(&question.of), word(&question.answer))).collect::<Vec<_>>().join(", ")
}

#[test]
fn every_question_is_kept_in_the_order_in_which_it_was_asked() {
    let staging = Request { environment: "staging".to_owned(), ..request() };
    let table = [
        (
            request(),
            "class pre-approved no, class major yes, requirement peer yes, requirement security yes, requirement owners yes, \
             flow pre-approved no, flow major yes, escalation critical yes",
        ),
        (
            staging,
            "class pre-approved no, class major no, class normal yes, requirement peer yes, requirement security yes, \
             requirement owners no, flow pre-approved no, flow major no, flow normal yes, escalation critical yes, gate lint yes",
        ),
    ];
    for (request, expected) in table {
        assert_eq!(told(&evaluation(SPINE, &request)), expected);
    }
}

#[test]
fn what_blocks_a_change_is_kept_too() {
    let unknown =
        SPINE.replacen("when: \"service.criticality == 'tier-0' && environment == 'production'\"", "when: \"risk.score > 1.0\"", 1);
    let routed = policy(&unknown).route(&request(), &directory(), noon());
    assert!(routed.rules.is_err());
    assert_eq!(told(&routed.evaluation), "class pre-approved no, class major unknown: risk.score is not known");
    assert_eq!(routed.evaluation.values["risk.score"], None);
}

#[test]
fn the_values_that_were_read_are_kept_and_cut() {
    let mut attributes = Attributes { paths: vec!["auth/login.rs".to_owned(); 3_000], ..Attributes::default() };
    attributes.data_classes = vec!["pci".to_owned()];
    let evaluation = evaluation(SPINE, &Request { attributes, ..request() });
    let value = |name: &str| evaluation.values[name].clone().unwrap();
    assert_eq!(value("environment"), "\"production\"");
    assert_eq!(value("change.class"), "\"major\"");
    assert_eq!(value("change.data_classes"), "[\"pci\"]");
    assert!(value("change.paths").starts_with("[\"auth/login.rs\",") && value("change.paths").chars().count() == MAX_TEXT);
    assert!(!evaluation.values.contains_key("change.size"), "nothing asked about it");
}

#[test]
fn it_is_read_back_as_it_was_written() {
    let evaluation = evaluation(SPINE, &request());
    let written = serde_json::to_string(&evaluation).unwrap();
    assert_eq!(serde_json::from_str::<Evaluation>(&written).unwrap(), evaluation);
}
