//! Mandatory fields and who may stop the line: what is read, and what is wrong with it.

use super::faults::check;
use crate::evaluation::{Answer, Asker};
use crate::fields::{Entry, FieldKind, FieldRule, FieldValue, Fields};
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};
use crate::policy::unneeded;
use crate::request::{Attributes, Request};
use crate::stop_the_line::{Needs, StopTheLine};
use std::collections::BTreeSet;

fn fields(text: &str) -> Vec<FieldRule> {
    policy(text).route(&request(), &directory(), noon()).rules.unwrap().fields
}

fn field(name: &str, kind: FieldKind) -> FieldRule {
    FieldRule::of(name, kind)
}

#[test]
fn every_change_asks_for_the_fields_in_their_order() {
    let choices = ["none", "degraded", "outage"].map(str::to_owned).to_vec();
    let expected = [
        field("summary", FieldKind::Text { min_length: 20, reject_boilerplate: false }),
        field("customer_impact", FieldKind::Choice { of: choices }),
        field("affected_systems", FieldKind::List { min_items: 1, entry: Entry::Text }),
    ];
    assert_eq!(fields(SPINE), expected);
    let short = SPINE.replace("type: text, min_length: 20", "type: text").replace(", of: text, min_items: 1", "");
    assert_eq!(fields(&short)[0].kind, FieldKind::Text { min_length: 1, reject_boilerplate: false });
    assert_eq!(fields(&short)[2].kind, FieldKind::List { min_items: 1, entry: Entry::Text });
    assert_eq!(fields(&SPINE[..SPINE.find("\nfields:").unwrap()]), []);
}

#[test]
fn texts_and_entries_may_be_held_to_more() {
    let strict = SPINE.replace("type: text, min_length: 20", "type: text, min_length: 20, reject_boilerplate: true");
    assert_eq!(fields(&strict)[0].kind, FieldKind::Text { min_length: 20, reject_boilerplate: true });
    let known = SPINE.replace("of: text, min_items: 1", "of: catalogue_service, min_items: 1");
    assert_eq!(fields(&known)[2].kind, FieldKind::List { min_items: 1, entry: Entry::CatalogueService });
    assert_eq!(policy(&known).catalogue(), ["checkout-api", "statements"]);
}

/// The sample whose summary is needed under a condition.
fn needed_when(condition: &str) -> String {
    SPINE.replace("type: text, min_length: 20 }", &format!("type: text, min_length: 20, required_when: \"{condition}\" }}"))
}

#[test]
fn what_a_condition_asks_besides_is_kept_with_the_change() {
    let text = needed_when("fields.customer_impact == 'outage' && change.size > 10 && !(service.team in payment_systems)");
    let request = Request { attributes: Attributes { size: Some(12), ..Attributes::default() }, ..request() };
    let routed = policy(&text).route(&request, &directory(), noon());
    let when = routed.rules.unwrap().fields[0].required_when.clone().unwrap();
    let known: Vec<_> = when.known.iter().map(|(name, value)| (name.as_str(), value.as_deref())).collect();
    assert_eq!(known, [("change.size", Some("12")), ("fields.customer_impact", None), ("service.team", Some("\"payments\""))]);
    assert_eq!(when.lists["payment_systems"], ["checkout", "ledger"]);
    let asked = routed.evaluation.questions.iter().find(|question| question.of == Asker::Field("summary".to_owned())).unwrap();
    assert_eq!(asked.answer, Answer::Unknown("fields.customer_impact is not known".to_owned()));
}

#[test]
fn an_answer_is_needed_unless_its_condition_says_no() {
    let answered = |impact: &str| Fields::from([("customer_impact".to_owned(), FieldValue::Text(impact.to_owned()))]);
    let table = [
        ("fields.customer_impact == 'outage'", "outage", true),
        ("fields.customer_impact == 'outage'", "none", false),
        ("fields.customer_impact == 'outage'", "", true),
        ("fields.customer_impact == 'outage' || change.size > 10", "none", true),
        ("fields.customer_impact == 'outage' && change.size > 10", "none", false),
        ("change.fixes_incident", "none", false),
        ("environment == 'production'", "none", true),
        ("fields.affected_systems.exists(s, s in payment_systems)", "none", true),
        ("change.paths.size() == 0 && fields.customer_impact in ['none']", "none", true),
    ];
    for (condition, impact, is_needed) in table {
        let rules = fields(&needed_when(condition));
        assert_eq!(!unneeded(&rules, &answered(impact), &[]).contains("summary"), is_needed, "{condition} with {impact}");
    }
    let rules = fields(&needed_when("fields.customer_impact == 'outage'"));
    let mut both = answered("none");
    both.insert("summary".to_owned(), FieldValue::Text("short".to_owned()));
    assert_eq!(unneeded(&rules, &both, &[]), BTreeSet::new(), "what is answered all the same has to fit");
    assert_eq!(rules[0].hint(), "At least 20 characters. Needed where fields.customer_impact == 'outage'.");
}

#[test]
fn emergencies_are_asked_for_more() {
    let more = "fields:\n  emergency: { justification: { type: text, min_length: 80 } }\n";
    let text = SPINE
        .replace("fields:\n", more)
        .replace("classes:\n", "classes:\n  - { name: emergency, when: \"change.declared == 'emergency'\" }\n");
    let names = |declared: &str| {
        let attributes = Attributes { declared: declared.to_owned(), ..Attributes::default() };
        let routed = policy(&text).route(&Request { attributes, ..request() }, &directory(), noon());
        routed.rules.unwrap().fields.into_iter().map(|field| field.name).collect::<Vec<_>>()
    };
    assert_eq!(names("normal"), ["summary", "customer_impact", "affected_systems"]);
    assert_eq!(names("emergency"), ["summary", "customer_impact", "affected_systems", "justification"]);
}

#[test]
fn what_is_wrong_with_a_field() {
    let name =
        |name: &str| format!("fields.all.{name}: “{name}” is no name of a field: small letters, digits and _, 50 at most, a letter first");
    check(&[
        ("    summary: {", "    Summary: ‸{", &name("Summary")),
        ("    summary: {", "    2nd: ‸{", &name("2nd")),
        ("    summary: {", "    back-out: ‸{", &name("back-out")),
        (
            "type: text, min",
            "type: ‸txt, min",
            "fields.all.summary.type: “txt” is not one of text, choice, list, ticket, incident; did you mean text?",
        ),
        ("{ type: text, min", "‸{ min", "fields.all.summary: “type” is missing"),
        ("min_length: 20 }", "min_length: 20, ‸min_items: 1 }", "fields.all.summary.min_items: there is no key “min_items” here"),
        ("min_length: 20 }", "min_length: ‸0 }", "fields.all.summary.min_length: this should be a whole number of at least 1"),
        ("min_length: 20 }", "min_length: ‸3001 }", "fields.all.summary.min_length: no answer has more than 3000"),
        ("min_length: 20 }", "reject_boilerplate: ‸yes }", "fields.all.summary.reject_boilerplate: this should be true or false, not text"),
        (
            "min_length: 20 }",
            "required_when: \"‸fields.customer_impct == 'outage'\" }",
            "fields.all.summary.required_when: there is no name fields.customer_impct; did you mean fields.customer_impact?",
        ),
        (
            "min_length: 20 }",
            "required_when: \"fields.customer_impact == ‸'outrage'\" }",
            "fields.all.summary.required_when: fields.customer_impact is never “outrage” in this policy; did you mean outage?",
        ),
        (
            "{ type: text, min_length: 20 }",
            "‸{ type: text, required_when: \"fields.summary == ''\" }",
            "fields.all.summary: whether an answer is needed can’t depend on that answer",
        ),
        (
            "fields:\n",
            "fields:\n  emergency: { summary: ‸{ type: text } }\n",
            "fields.emergency.summary: the field “summary” is asked of every change already",
        ),
        ("min_items: 1 }", "min_items: ‸101 }", "fields.all.affected_systems.min_items: no answer has more than 100"),
        ("of: [none, degraded, outage]", "of: ‸[]", "fields.all.customer_impact.of: name at least one word to choose"),
        ("of: [none, degraded, outage]", "of: [none, ‸none]", "fields.all.customer_impact.of[1]: “none” stands here twice"),
        ("{ type: choice, of: [none, degraded, outage] }", "‸{ type: choice }", "fields.all.customer_impact: “of” is missing"),
        ("of: text", "of: ‸texts", "fields.all.affected_systems.of: “texts” is not one of text, catalogue_service; did you mean text?"),
    ]);
    let long = SPINE.replace("degraded", &"x".repeat(76));
    assert!(load_text(&long).report.faults().any(|fault| fault.message == "a choice has at most 75 characters"));
    let many: String = (0..48).map(|n| format!("    field_{n}: {{ type: text }}\n")).collect();
    let many = load_text(&SPINE.replace("    summary:", &format!("{many}    summary:")));
    assert!(many.report.faults().any(|fault| fault.message == "this table has more than 50 entries"));
}

#[test]
fn the_line_is_stopped_by_members_of_named_groups() {
    let stop = |text: &str| policy(text).stop_the_line().cloned();
    let Some(StopTheLine { by, needs, longest_s }) = stop(SPINE) else { panic!("nobody may") };
    assert_eq!(by.keys().map(|group| group.as_str()).collect::<Vec<_>>(), ["operations-leads", "platform-owners"]);
    assert_eq!(by.values().next().unwrap().from.group, "operations-leads");
    assert_eq!((needs, longest_s), (Needs::Rationale, Some(12 * 3_600)));
    let silent = stop(&SPINE.replace("needs: rationale, longest: 12h", "needs: nothing")).unwrap();
    assert_eq!((silent.needs, silent.longest_s), (Needs::Nothing, None));
    let short = stop(&SPINE.replace(", needs: rationale, longest: 12h", "")).unwrap();
    assert_eq!(short.needs, Needs::Rationale, "a reason is asked for where nothing else is said");
    assert_eq!(stop(&SPINE[..SPINE.find("\nincidents:").unwrap()]), None);
}

#[test]
fn what_is_wrong_with_stopping_the_line() {
    check(&[
        ("longest: 12h", "longest: ‸0h", "incidents.stop_the_line.longest: a pause that ends at once stops nothing"),
        (
            "longest: 12h",
            "longest: ‸12",
            "incidents.stop_the_line.longest: this should be a length of time: a number and one of s, m, h, d, w",
        ),
        ("needs: rationale", "needs: ‸ticket", "incidents.stop_the_line.needs: “ticket” is not one of rationale, nothing"),
        (
            "by: [operations-leads, platform-owners]",
            "by: ‸[]",
            "incidents.stop_the_line.by: name at least one group that may stop the line",
        ),
        (
            "by: [operations-leads, platform-owners]",
            "by: [‸operation-leads]",
            "incidents.stop_the_line.by[0]: there is no group “operation-leads”; did you mean operations-leads?",
        ),
        ("{ by: [operations-leads, platform-owners], needs", "‸{ needs", "incidents.stop_the_line: “by” is missing"),
    ]);
}
