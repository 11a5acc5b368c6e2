//! `lists`: conditions that name one mean its entries.

use super::faults::check as check_faults;
use crate::policy::condition::{Condition, Truth};
use crate::policy::samples::{self, SPINE, policy, request};
use crate::policy::schema::Schema;
use crate::policy::stack;

/// What the sample has.
const LISTS: &str = "lists:\n  payment_systems: [checkout, ledger]";

fn schema(lists: &[(&str, &[&str])]) -> Schema {
    let entries = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect();
    Schema { lists: lists.iter().map(|(name, list)| ((*name).to_owned(), entries(list))).collect(), ..Schema::default() }
}

#[test]
fn a_condition_reads_the_entries_of_a_list() {
    let schema = schema(&[("sensitive", &["production", "vault"]), ("nothing", &[])]);
    let table = [
        ("environment in sensitive", Truth::True),
        ("environment in nothing", Truth::False),
        ("!(environment in sensitive)", Truth::False),
        ("sensitive.size() == 2 && nothing.size() == 0", Truth::True),
        ("sensitive.exists(one, one == environment)", Truth::True),
        ("change.paths.all(p, p in sensitive)", Truth::True),
        ("(sensitive + ['x']).size() == 3", Truth::True),
        ("environment in [sensitive[1], 'production']", Truth::True),
    ];
    for (source, expected) in table {
        let answer = stack::with_room(|| {
            let condition = Condition::compile(source, &schema).unwrap_or_else(|flaws| panic!("{source}: {flaws:?}"));
            assert!(condition.lists().all(|name| schema.lists.contains_key(name)));
            assert!(condition.names().all(|name| !schema.lists.contains_key(name)), "a list is no question");
            condition.evaluate(&samples::facts(&request()))
        });
        assert_eq!(answer, Some(expected), "{source}");
    }
}

#[test]
fn a_list_is_a_list_of_texts() {
    let schema = schema(&[("sensitive", &["production"])]);
    for source in ["sensitive", "sensitive == 'a'", "1 in sensitive", "sensitive.size", "change.paths.exists(sensitive, sensitive == 'a')"]
    {
        let refused = stack::with_room(|| Condition::compile(source, &schema).is_err());
        assert_eq!(refused, Some(true), "{source}");
    }
}

#[test]
fn what_is_wrong_with_a_list() {
    let long = "x".repeat(201);
    let long_entry = format!("lists: {{ a: [‸{long}] }}");
    check_faults(&[
        (LISTS, "lists: ‸[a]", "lists: this should be a table, not a list"),
        (LISTS, "lists: { a: ‸b }", "lists.a: this should be a list, not text"),
        (LISTS, "lists: { a: [b, ‸1] }", "lists.a[1]: this should be text in quotes, not a number"),
        (LISTS, "lists: { a: [b, ‸b] }", "lists.a[1]: “b” stands here twice"),
        (LISTS, &long_entry, "lists.a[0]: an entry has at most 200 characters"),
        (LISTS, "lists: { environment: ‸[b] }", "lists.environment: conditions know environment as something else"),
        (LISTS, "lists: { change: ‸[b] }", "lists.change: conditions know change as something else"),
        (LISTS, "lists: { a-b: ‸[b] }", "lists.a-b: “a-b” is no name of a list: small letters, digits and _, 50 at most, a letter first"),
        (
            "service.criticality == 'tier-0' && environment",
            "‸builders.size() > 1 && environment",
            "classes[1].when: there is no name builders",
        ),
    ]);
}

#[test]
fn a_policy_routes_by_its_lists() {
    let by_list = |entry: &str| {
        let text = SPINE.replace("service.criticality == 'tier-0' && environment", "service.name in crown_jewels && environment");
        let text = text.replace(LISTS, &format!("lists: {{ crown_jewels: [{entry}] }}"));
        policy(&text).route(&request(), &samples::directory(), samples::noon()).rules.unwrap().class.to_string()
    };
    assert_eq!((by_list("checkout-api"), by_list("statements")), ("major".to_owned(), "normal".to_owned()));
}
