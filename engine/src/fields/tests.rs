//! Answers and what is wrong with them.

use super::*;

/// With nothing known besides.
fn plainly(rules: &[FieldRule], fields: &Fields) -> Vec<FieldFault> {
    faults(rules, &Answers { fields, unneeded: &BTreeSet::new(), catalogue: &[], incidents: &[] })
}

fn text(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

#[test]
fn every_unfit_answer_is_named() {
    let rules = [
        FieldRule::of("summary", FieldKind::Text { min_length: 5, reject_boilerplate: false }),
        FieldRule::of("customer_impact", FieldKind::Choice { of: vec!["none".to_owned(), "outage".to_owned()] }),
        FieldRule::of("affected_systems", FieldKind::List { min_items: 1, entry: Entry::Text }),
    ];
    let names = |fields: &[(&str, FieldValue)]| {
        let fields: Fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        plainly(&rules, &fields).into_iter().map(|fault| fault.name).collect::<Vec<_>>()
    };
    let list = |items: &[&str]| FieldValue::List(items.iter().map(|item| (*item).to_owned()).collect());
    assert_eq!(names(&[]), ["summary", "customer_impact", "affected_systems"]);
    assert_eq!(names(&[("summary", text("a b c")), ("customer_impact", text("all")), ("affected_systems", list(&[" "]))]).len(), 3);
    assert_eq!(
        names(&[("summary", text("enough")), ("customer_impact", text("none")), ("affected_systems", list(&["checkout"]))]),
        [""; 0]
    );
    assert_eq!(names(&[("summary", list(&["enough"])), ("customer_impact", text("none")), ("affected_systems", text("x"))]).len(), 2);
}

#[test]
fn what_is_typed_takes_the_shape_of_its_field() {
    let list = FieldRule::of("affected_systems", FieldKind::List { min_items: 2, entry: Entry::Text });
    assert_eq!(list.read("a, b\n\nc"), FieldValue::List(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
    assert_eq!(list.read(&list.read("a, b\n\nc").typed()), list.read("a, b\n\nc"));
    let choice = FieldRule::of("impact", FieldKind::Choice { of: vec!["None".to_owned(), "outage".to_owned()] });
    assert_eq!((choice.read(" none "), choice.read("some")), (text("None"), text("some")));
    assert_eq!(label("backout_plan"), "Backout plan");
    assert_eq!(list.hint(), "At least 2, one a line.");
}

#[test]
fn what_says_nothing_is_not_taken_where_the_policy_says_so() {
    let plan = FieldRule::of("backout_plan", FieldKind::Text { min_length: 5, reject_boilerplate: true });
    let told = |plan_text: &str| {
        let fields = Fields::from([("backout_plan".to_owned(), text(plan_text)), ("summary".to_owned(), text("Faster validation."))]);
        plainly(std::slice::from_ref(&plan), &fields).into_iter().map(|fault| fault.sentence).next()
    };
    assert_eq!(told("n/a n/a n/a").as_deref(), Some("Backout plan says nothing. Write it in words of your own."));
    assert_eq!(told("faster VALIDATION").as_deref(), Some("Backout plan says the same as Summary. Write what belongs here."));
    assert_eq!(told("Switch the flag off."), None);
    assert_eq!(plan.hint(), "At least 5 characters, in words of your own.");
}

#[test]
fn entries_may_have_to_be_services_of_the_catalogue() {
    let rule = FieldRule::of("affected_systems", FieldKind::List { min_items: 1, entry: Entry::CatalogueService });
    let catalogue = ["checkout-api".to_owned(), "statements".to_owned()];
    let told = |items: &[&str]| {
        let fields = Fields::from([(rule.name.clone(), FieldValue::List(items.iter().map(|item| (*item).to_owned()).collect()))]);
        let answers = Answers { fields: &fields, unneeded: &BTreeSet::new(), catalogue: &catalogue, incidents: &[] };
        faults(std::slice::from_ref(&rule), &answers).into_iter().map(|fault| fault.sentence).next()
    };
    assert_eq!(told(&["statements", "checkout-api"]), None);
    let meant = "Affected systems names “chekout-api”, which is no service of the catalogue. Did you mean checkout-api?";
    assert_eq!(told(&["statements", "chekout-api"]).as_deref(), Some(meant));
    let strange = told(&["warehouse-robots"]).unwrap();
    assert!(strange.ends_with("no service of the catalogue."), "{strange}");
}

#[test]
fn an_incident_has_to_be_known() {
    let rule = FieldRule::of("incident", FieldKind::Incident);
    let known = [crate::policy::samples::incident("INC-7", "sev1", &["checkout-api"])];
    let told = |id: &str| {
        let fields = Fields::from([("incident".to_owned(), text(id))]);
        let answers = Answers { fields: &fields, unneeded: &BTreeSet::new(), catalogue: &[], incidents: &known };
        faults(std::slice::from_ref(&rule), &answers).into_iter().map(|fault| fault.sentence).next()
    };
    assert_eq!((told("INC-7"), told(" INC-7 ")), (None, None));
    assert_eq!(told("INC-71").as_deref(), Some("Incident names “INC-71”, which is no known incident. Did you mean INC-7?"));
    assert!(told("").unwrap().starts_with("Incident is missing. "));
}
