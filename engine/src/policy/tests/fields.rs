//! Mandatory fields and who may stop the line: what is read, and what is wrong with it.

use super::faults::check;
use crate::fields::{FieldKind, FieldRule};
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};
use crate::stop_the_line::{Needs, StopTheLine};

fn fields(text: &str) -> Vec<FieldRule> {
    policy(text).route(&request(), &directory(), noon()).rules.unwrap().fields
}

fn field(name: &str, kind: FieldKind) -> FieldRule {
    FieldRule { name: name.to_owned(), kind }
}

#[test]
fn every_change_asks_for_the_fields_in_their_order() {
    let choices = ["none", "degraded", "outage"].map(str::to_owned).to_vec();
    let expected = [
        field("summary", FieldKind::Text { min_length: 20 }),
        field("customer_impact", FieldKind::Choice { of: choices }),
        field("affected_systems", FieldKind::List { min_items: 1 }),
    ];
    assert_eq!(fields(SPINE), expected);
    let short = SPINE.replace("type: text, min_length: 20", "type: text").replace(", of: text, min_items: 1", "");
    assert_eq!(fields(&short)[0].kind, FieldKind::Text { min_length: 1 });
    assert_eq!(fields(&short)[2].kind, FieldKind::List { min_items: 1 });
    assert_eq!(fields(&SPINE[..SPINE.find("\nfields:").unwrap()]), []);
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
