//! What conditions accept, and what they answer.

use crate::ids::EnvironmentName;
use crate::policy::blocks::services::Service;
use crate::policy::condition::{Condition, Facts, Truth};
use crate::policy::samples;
use crate::policy::schema::{About, CLASS, ENVIRONMENT, Schema};
use crate::request::{Attributes, Request};
use std::collections::BTreeMap;

fn schema() -> Schema {
    let values = BTreeMap::from([
        (CLASS.to_owned(), vec!["normal".to_owned(), "major".to_owned()]),
        (ENVIRONMENT.to_owned(), vec!["staging".to_owned(), "production".to_owned()]),
    ]);
    Schema { values, ..Schema::default() }
}

fn request() -> Request {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let attributes = Attributes {
        declared: "normal".to_owned(),
        paths: texts(&["auth/login.rs", "README.md"]),
        services: texts(&["checkout-api", "ledger"]),
        data_classes: texts(&["phi"]),
        fixes_incident: "INC-7".to_owned(),
        ..Attributes::default()
    };
    Request { attributes, ..samples::request() }
}

fn answer(source: &str, request: &Request) -> Truth {
    let service = Service {
        name: "checkout-api".to_owned(),
        criticality: "tier-0".to_owned(),
        data_classes: vec!["pci".to_owned()],
        ..Service::default()
    };
    let environment = EnvironmentName::new("production");
    let class = "major".into();
    let about = About {
        request,
        service: &service,
        environment: &environment,
        class: Some(&class),
        attributes: &[],
        supposed: None,
        incident: None,
    };
    Condition::compile(source, &schema()).expect(source).evaluate(&Facts::about(&about))
}

#[test]
fn answers_true_or_false_on_what_is_known() {
    let table = [
        ("true", true),
        ("change.class == 'major'", true),
        ("change.class in ['normal']", false),
        ("environment == 'production' && service.criticality != 'tier-1'", true),
        ("change.data_classes.exists(c, c in ['pci'])", true),
        ("change.data_classes == ['pci', 'phi']", true),
        ("service.data_classes.all(c, c == 'phi')", false),
        ("change.paths.exists(p, p.startsWith('auth/'))", true),
        ("change.paths.filter(p, p.endsWith('.md')).size() == 1", true),
        ("change.paths.map(p, p.size()).exists(n, n > 12)", true),
        ("change.paths.exists_one(p, p.contains('login'))", true),
        ("change.paths.exists(p, change.services.exists(s, p.contains(s)))", false),
        ("size(change.services) > 1 && change.services.size() < 5", true),
        ("service.name.matches('^checkout-[a-z]+$')", true),
        ("change.has_migration ? true : change.version == '2.31.0'", true),
        ("change.ref == 'main'", true),
        ("change.kind == 'deployment'", true),
        ("service.team == '' && change.template == ''", true),
        ("'README.md' in change.paths", true),
        ("has(change.version)", true),
        ("change.fixes_incident", true),
        ("!change.fixes_incident", false),
        ("change.fixes_incident == 'INC-7' && change.fixes_incident.startsWith('INC')", true),
        ("change.paths.exists(p, change.fixes_incident && p == 'README.md')", true),
    ];
    for (source, expected) in table {
        assert_eq!(answer(source, &request()), if expected { Truth::True } else { Truth::False }, "{source}");
    }
    assert_eq!(answer("change.fixes_incident || false", &samples::request()), Truth::False);
}

#[test]
fn what_is_not_known_is_unknown_unless_it_does_not_matter() {
    let unknown = |why: &str| Truth::Unknown(why.to_owned());
    let table = [
        ("change.size > 100", unknown("change.size is not known")),
        ("risk.score < 20.0", unknown("risk.score is not known")),
        ("service.change_failure_rate_90d < 0.05", unknown("service.change_failure_rate_90d is not known")),
        ("incident.open", Truth::False),
        ("incident.id == 'INC-7'", unknown("incident.id is not known")),
        ("incident.services.exists(s, s == 'ledger')", unknown("incident.services is not known")),
        ("'approver-1' in change.authors", unknown("change.authors is not known")),
        ("has(change.size)", unknown("change.size is not known")),
        ("!has(risk.score) && true", unknown("risk.score is not known")),
        ("risk.score < 20.0 && true", unknown("risk.score is not known")),
        ("risk.score < 20.0 && false", Truth::False),
        ("false && risk.score < 20.0", Truth::False),
        ("risk.score < 20.0 || true", Truth::True),
        ("change.paths.exists(p, risk.score < 1.0 || p == 'README.md')", Truth::True),
        ("change.paths.all(p, risk.score < 1.0 && p == 'README.md')", Truth::False),
    ];
    for (source, expected) in table {
        assert_eq!(answer(source, &request()), expected, "{source}");
    }
}

#[test]
fn errors_and_too_much_work_are_unknown() {
    let many = |count: usize| Request {
        attributes: Attributes { paths: (0..count).map(|n| format!("src/{n}.rs")).collect(), ..Attributes::default() },
        ..samples::request()
    };
    let table = [
        ("change.paths[7] == 'x'", request(), "7"),
        ("1 / 0 == 1", request(), "zero"),
        ("9223372036854775807 + 1 > 0", request(), "verflow"),
        ("service.name.matches(service.name + '(')", request(), "regex"),
        ("change.paths.exists(p, p == 'x')", many(5_001), "change.paths has more than 5000 entries"),
        ("change.paths.all(p, change.paths.exists(q, q != p))", many(1_000), "more than 1000000 steps"),
        ("change.paths.all(p, p in change.paths)", many(1_000), "more than 1000000 steps"),
    ];
    for (source, request, expected) in table {
        match answer(source, &request) {
            Truth::Unknown(why) => assert!(why.contains(expected), "{source}: {why}"),
            Truth::True | Truth::False => panic!("{source} was decided"),
        }
    }
    assert_eq!(answer("change.paths.exists(p, p == 'src/4999.rs')", &many(5_000)), Truth::True);
    assert_eq!(answer("change.paths.exists(p, ['auth/', 'src/7'].exists(q, p.startsWith(q)))", &many(2_000)), Truth::True);
}

#[test]
fn flaws_are_found_at_every_depth() {
    let table = [
        ("change.clas == 'major'", 0, "there is no name change.clas", Some("change.class")),
        ("true || chnage.class == 'major'", 8, "there is no name chnage.class", Some("change.class")),
        ("change.paths.exists(p, q.startsWith('a'))", 23, "there is no name q", None),
        ("change.paths.exists(p, true) && p == 'a'", 32, "there is no name p", None),
        ("change.paths.exists(p, change.services.all(s, s == service.nam))", 51, "there is no name service.nam", Some("service.name")),
        ("change.paths.exists(p, p.name == 'a')", 23, "p is text and has no fields", None),
        ("has(change.sise)", 3, "there is no name change.sise", Some("change.size")),
        ("change == 'a'", 0, "change has fields; name one of them", None),
        ("change.class == 'majr'", 16, "change.class is never “majr” in this policy", Some("major")),
        ("'prodction' == environment", 0, "environment is never “prodction” in this policy", Some("production")),
        ("change.class in ['normal', 'majr']", 27, "change.class is never “majr” in this policy", Some("major")),
        ("service.criticality", 0, "a condition is true or false, this one is text", None),
        ("1 + 1", 2, "a condition is true or false, this one is a number", None),
        ("'true'", 0, "a condition is true or false, this one is text", None),
        ("change.paths == 'auth/'", 13, "a list and text don’t go together", None),
        ("change.size > 'big'", 12, "a number and text don’t go together", None),
        ("change.has_migration > true", 21, "true or false and true or false have no order", None),
        ("change.fixes_incident == true", 22, "text and true or false don’t go together", None),
        ("!service.name", 1, "this is text, where true or false is needed", None),
        ("change.paths.contains('a')", 21, "“contains” can’t be used on (a list, text)", None),
        ("'a' in service.name", 4, "“in” needs a list on its right, this is text", None),
        ("service.name.exists(c, true)", 19, "only a list can be gone through, this is text", None),
        ("service.name.startWith('a')", 22, "“startWith” can’t be used on (text, text)", Some("startsWith")),
        ("now() > 1", 3, "“now” can’t be used on ()", None),
        ("[1, 'a'].size() == 2", 0, "the entries of a list are all of one kind", None),
        ("service.name.matches('(')", 21, "this is no regular expression", None),
        ("service.team == null", 16, "no name is ever null or bytes", None),
    ];
    for (source, offset, message, suggestion) in table {
        let flaws = Condition::compile(source, &schema()).expect_err(source);
        let found: Vec<(usize, &str, Option<&str>)> =
            flaws.iter().map(|flaw| (flaw.offset, flaw.message.as_str(), flaw.suggestion.as_deref())).collect();
        assert_eq!(found, [(offset, message, suggestion)], "{source}");
    }
}

#[test]
fn all_flaws_of_a_condition_are_told() {
    let flaws = Condition::compile("change.clas == 'a' && risk.scor > 1.0 && chnage.size > 'x'", &schema()).unwrap_err();
    assert_eq!(flaws.len(), 3, "{flaws:?}");
}

#[test]
fn what_does_not_parse_says_where() {
    for (source, offset) in [("change.class ==", 15), ("true && && false", 8), ("(true", 5), ("change.class 'a'", 13)] {
        let flaws = Condition::compile(source, &schema()).expect_err(source);
        assert!(flaws[0].message.starts_with("this is not a condition:"), "{source}: {flaws:?}");
        assert_eq!(flaws[0].offset, offset, "{source}: {flaws:?}");
    }
}
