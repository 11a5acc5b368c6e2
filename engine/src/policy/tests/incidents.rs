//! Conditions about incidents ask whether there is one of which they hold.

use crate::evaluation::Answer;
use crate::incident::Incident;
use crate::input::Routed;
use crate::policy::samples::{SPINE, directory, incident, noon, policy, request};

fn resolved(incident: Incident) -> Incident {
    Incident { resolved_at: Some(noon()), ..incident }
}

/// The requirement of the owners gets this condition.
fn routed(condition: &str, incidents: &[Incident]) -> Routed {
    let text = SPINE.replacen("when: \"change.class == 'major'\"\n", &format!("when: \"{condition}\"\n"), 1);
    assert_ne!(text, SPINE);
    policy(&text).route_amid(&request(), &directory(), incidents, noon())
}

fn answer(condition: &str, incidents: &[Incident]) -> Answer {
    let routed = routed(condition, incidents);
    let asked = |question: &&crate::evaluation::Question| question.condition.as_deref() == Some(condition);
    routed.evaluation.questions.iter().find(asked).unwrap().answer.clone()
}

#[test]
fn one_incident_has_to_fit_as_a_whole() {
    let (big, small) = (incident("INC-1", "sev1", &["ledger"]), incident("INC-2", "sev3", &["checkout-api"]));
    let over = resolved(incident("INC-3", "sev1", &["checkout-api"]));
    let both = "incident.severity == 'sev1' && 'checkout-api' in incident.services";
    let unknown = |name: &str| Answer::Unknown(format!("{name} is not known"));
    let table = [
        // Nothing is known of an incident that is not there, but that it is not open.
        ("incident.open", vec![], Answer::False),
        ("incident.open && incident.severity == 'sev1'", vec![], Answer::False),
        ("incident.open || change.class == 'major'", vec![], Answer::True),
        ("incident.severity == 'sev1'", vec![], unknown("incident.severity")),
        ("change.fixes_incident == incident.id", vec![], unknown("incident.id")),
        (both, vec![big.clone(), small.clone()], Answer::False),
        (both, vec![big.clone(), small.clone(), over.clone()], Answer::True),
        ("incident.open && incident.severity == 'sev1'", vec![small.clone(), over.clone()], Answer::False),
        ("incident.open", vec![over, small.clone()], Answer::True),
        ("incident.id == 'INC-2'", vec![big.clone(), small.clone()], Answer::True),
        ("incident.caused_by_service == 'ledger'", vec![big.clone()], unknown("incident.caused_by_service")),
        ("incident.id == 'INC-2' || incident.caused_by_service == 'ledger'", vec![big, small], Answer::True),
    ];
    for (condition, incidents, expected) in table {
        assert_eq!(answer(condition, &incidents), expected, "{condition} with {}", incidents.len());
    }
}

#[test]
fn an_unknown_condition_about_incidents_binds() {
    let rules = routed("incident.caused_by_service == 'ledger'", &[incident("INC-1", "sev1", &[])]).rules.unwrap();
    assert!(rules.requirement(&"owners".into()).is_some());
    let rules = routed("incident.id == 'INC-9'", &[incident("INC-1", "sev1", &[])]).rules.unwrap();
    assert!(rules.requirement(&"owners".into()).is_none());
}

#[test]
fn the_values_of_the_incident_that_answered_are_kept() {
    let incidents = [incident("INC-1", "sev3", &[]), incident("INC-2", "sev1", &["checkout-api"])];
    let values = routed("incident.severity == 'sev1' && environment == 'production'", &incidents).evaluation.values;
    assert_eq!(values["incident.severity of INC-2"].as_deref(), Some("\"sev1\""));
    assert_eq!(values["environment"].as_deref(), Some("\"production\""));
    assert!(!values.contains_key("incident.severity") && !values.contains_key("incident.severity of INC-1"));
}
