//! Freezes: what is wrong with one, which changes it covers, and when.

use super::faults::check as check_faults;
use crate::freeze::Freeze;
use crate::hold::LetThrough;
use crate::policy::Severity;
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};
use crate::request::{Attributes, Request};
use proptest::prelude::*;

const FRIDAY: &str = "  - { name: friday-evening, time_zone: Europe/Berlin, cron: \"0 15 * * FRI\", duration: 65h }\n";

fn with(freezes: &str) -> String {
    format!("{SPINE}\nfreezes:\n{freezes}")
}

fn routed(text: &str, request: &Request) -> Vec<Freeze> {
    policy(text).route(request, &directory(), noon()).rules.unwrap().freezes
}

fn names(text: &str, request: &Request) -> Vec<String> {
    routed(text, request).into_iter().map(|freeze| freeze.name).collect()
}

fn declared(class: &str) -> Request {
    Request { attributes: Attributes { declared: class.to_owned(), ..Attributes::default() }, ..request() }
}

#[test]
fn the_times_until_it_expires_are_pinned() {
    let freezes = routed(&with(FRIDAY), &request());
    let spans: Vec<String> = freezes[0].spans.iter().map(|span| format!("{} {}", span.from, span.to)).collect();
    let expected = ["2026-11-27T14:00:00.000000Z 2026-11-30T07:00:00.000000Z"];
    assert_eq!(spans[..1], expected, "{spans:?}");
    let later = FRIDAY.replace("cron: \"0 15 * * FRI\", duration: 65h", "from: 2027-12-18T18:00, to: 2028-01-04T08:00");
    assert_eq!(routed(&with(&later), &request()), [], "it has expired by then");
}

#[test]
fn a_freeze_covers_what_its_condition_says_and_what_nobody_knows() {
    let table = [
        ("true", true),
        ("environment == 'production' && service.criticality == 'tier-0'", true),
        ("environment == 'staging'", false),
        ("change.class == 'pre-approved'", false),
        ("service.change_failure_rate_90d > 0.5", true),
        ("change.size > 100", true),
    ];
    for (condition, covers) in table {
        let text = with(&FRIDAY.replace("friday-evening,", &format!("friday-evening, where: \"{condition}\",")));
        assert_eq!(!routed(&text, &request()).is_empty(), covers, "{condition}");
    }
}

#[test]
fn a_class_is_let_through_where_the_policy_says_so() {
    for kind in [LetThrough::Emergency, LetThrough::Rollback] {
        let name = kind.class();
        let through = FRIDAY.replace("65h }", &format!("65h, lets_through: [{name}] }}"));
        let class = format!("classes:\n  - {{ name: {name}, when: \"change.declared == '{name}'\" }}\n");
        let classed = |freeze: &str| with(freeze).replace("classes:\n", &class);
        assert!(names(&classed(&through), &declared(name)).is_empty());
        assert_eq!(names(&classed(FRIDAY), &declared(name)), ["friday-evening"]);
        let held = routed(&classed(&through), &request());
        assert_eq!(held[0].lets_through, [kind].into());
    }
}

#[test]
fn who_may_override_it_is_pinned_with_their_group() {
    let table = [("{ by: security }", 1, 0), ("{ by: payments-devs, count: 2, rationale: { required: true, min_length: 40 } }", 2, 40)];
    for (rule, count, min_length) in table {
        let text = with(&FRIDAY.replace("65h }", &format!("65h, override: {rule} }}")));
        let rules = policy(&text).route(&request(), &directory(), noon()).rules.unwrap();
        let pinned = rules.freezes[0].overridden_by.clone().unwrap();
        assert_eq!((pinned.count, pinned.min_length), (count, min_length));
        assert!(rules.groups.contains_key(&pinned.by));
    }
}

#[test]
fn what_is_in_force_or_comes_soon_is_told_in_its_order() {
    let later = "  - { name: later, time_zone: UTC, from: 2026-12-24T00:00, to: 2027-01-02T00:00 }\n";
    let now = "  - { name: now, time_zone: UTC, from: 2026-11-20T00:00, to: 2026-11-24T00:00 }\n";
    let policy = policy(&with(&[later, FRIDAY, now].concat()));
    let told = |seconds| -> Vec<(String, bool)> {
        policy.freezes_within(noon(), seconds).into_iter().map(|one| (one.freeze.clone(), one.is_in_force(noon()))).collect()
    };
    assert_eq!(told(7 * 86_400), [("now".to_owned(), true), ("friday-evening".to_owned(), false)]);
    assert_eq!(told(60), [("now".to_owned(), true)]);
    assert_eq!(told(40 * 86_400).len(), 3);
}

#[test]
fn what_is_wrong_with_a_freeze() {
    let end = "incidents:\n";
    let (whole, wall) = ("name: a, time_zone: UTC", "this should be a wall time, as in 2026-12-18T18:00");
    let often =
        "this begins more than 60 times within 7 days 1 hour, which a change may see of it; let it begin less often and last longer";
    let both = "a freeze has either from and to, or cron and duration";
    let table: [(String, String); 18] = [
        ("‸time_zone: UTC, from: 2026-01-01T00:00, to: 2026-01-02T00:00".to_owned(), ": “name” is missing".to_owned()),
        (format!("{whole}, from: ‸2026-01-01, to: 2026-01-02T00:00"), format!(".from: {wall}")),
        (format!("{whole}, from: 2026-01-01T00:00, to: ‸\"18:00\""), format!(".to: {wall}")),
        (format!("{whole}, from: 2026-01-02T00:00, to: ‸2026-01-02T00:00"), ".to: this should be later than “from”".to_owned()),
        (format!("‸{whole}, from: 2026-01-02T00:00"), ": “to” is missing".to_owned()),
        (format!("{whole}, cron: \"0 1 * * *\", duration: 1h, to: ‸2026-01-02T00:00"), format!(".to: {both}")),
        (
            format!("{whole}, from: 2026-01-01T00:00, to: 2026-01-02T00:00, duration: ‸1h"),
            ".duration: a range ends with its “to”; a duration belongs to a cron expression".to_owned(),
        ),
        (format!("‸{whole}, cron: \"0 1 * * *\""), ": “duration” is missing".to_owned()),
        (format!("{whole}, cron: \"0 1 * * *\", duration: ‸0h"), ".duration: a freeze that ends at once stops nothing".to_owned()),
        (
            format!("{whole}, cron: ‸\"0 1 * *\", duration: 1h"),
            ".cron: a cron expression has five fields (minute, hour, day, month, weekday), not 4".to_owned(),
        ),
        (format!("{whole}, cron: ‸\"0 1 30 2 *\", duration: 1h"), ".cron: this freeze never begins".to_owned()),
        (format!("{whole}, cron: ‸\"0 * * * *\", duration: 1h"), format!(".cron: {often}")),
        (format!("{whole}, cron: \"0 1 * * *\", duration: 1h, stops: [‸votes]"), ".stops[0]: “votes” is not one of release".to_owned()),
        (
            format!("{whole}, cron: \"0 1 * * *\", duration: 1h, lets_through: [‸emergencies]"),
            ".lets_through[0]: “emergencies” is not one of emergency, rollback; did you mean emergency?".to_owned(),
        ),
        (
            format!("{whole}, cron: \"0 1 * * *\", duration: 1h, where: \"‸environment2 == 'a'\""),
            ".where: there is no name environment2; did you mean environment?".to_owned(),
        ),
        (
            format!("{whole}, cron: \"0 1 * * *\", duration: 1h, override: {{ by: ‸secuirty }}"),
            ".override.by: there is no group “secuirty”; did you mean security?".to_owned(),
        ),
        (
            format!("{whole}, cron: \"0 1 * * *\", duration: 1h, override: {{ by: security, count: ‸2 }}"),
            ".override.count: 2 are needed, but security has 1 member".to_owned(),
        ),
        (
            format!("{whole}, cron: \"0 1 * * *\", duration: 1h, override: {{ by: security, rationale: ‸{{ required: false }} }}"),
            ".override.rationale: a freeze is overridden with a reason, which is kept; “required” can’t be false here".to_owned(),
        ),
    ];
    for (freeze, expected) in &table {
        let brace = if let Some(rest) = freeze.strip_prefix('‸') { format!("‸{{ {rest} }}") } else { format!("{{ {freeze} }}") };
        check_faults(&[(end, &format!("freezes: [{brace}]\n\n{end}"), &format!("freezes[0]{expected}"))]);
    }
    let twice = with(&FRIDAY.repeat(2));
    let faults: Vec<String> = load_text(&twice).report.faults().map(ToString::to_string).collect();
    assert!(matches!(&faults[..], [one] if one.ends_with("freezes[1]: the freeze “friday-evening” stands here twice")), "{faults:?}");
}

#[test]
fn what_is_said_of_a_freeze_that_can_be_used() {
    let table = [
        (
            "65h, rrule: \"FREQ=WEEKLY\" }",
            Severity::NotEnforced,
            "rrule",
            "this build reads no RRULE; say when it begins as cron, and for how long as duration",
        ),
        ("65h, lets_through: [rollback] }", Severity::Warning, "lets_through[0]", "no class is called rollback, so no change is one"),
        ("65h, lets_through: [emergency] }", Severity::Warning, "lets_through[0]", "no class is called emergency, so no change is one"),
        ("168h }", Severity::Warning, "cron", "this freeze begins again before it has ended, so it never ends"),
    ];
    for (end, severity, key, message) in table {
        let loaded = load_text(&with(&FRIDAY.replace("65h }", end)));
        let told: Vec<_> = loaded.report.findings.iter().map(|one| (one.severity, one.path.clone(), one.message.as_str())).collect();
        assert_eq!(told, [(severity, format!("freezes[0].{key}"), message)]);
        assert!(loaded.policy.is_some());
    }
    let rule = load_text(&with(&FRIDAY.replace("cron: \"0 15 * * FRI\", duration: 65h", "rrule: \"FREQ=WEEKLY\"")));
    assert_eq!(rule.report.findings.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["freezes[0].rrule"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// A freeze asks for nothing less: the rules but for it are the same.
    #[test]
    fn a_freeze_changes_no_other_rule(day in 0u32..7, hour in 0u32..24, lasts_h in 1u32..200) {
        let freeze = format!("  - {{ name: a, cron: \"0 {hour} * * {day}\", duration: {lasts_h}h }}\n");
        let (before, after) = (policy(SPINE), policy(&with(&freeze)));
        let rules = |policy: &crate::policy::Policy| policy.route(&request(), &directory(), noon()).rules.unwrap();
        let (mut before, mut after) = (rules(&before), rules(&after));
        prop_assert!(!after.freezes.is_empty());
        after.freezes.clear();
        before.policy = after.policy.clone();
        prop_assert_eq!(before, after);
    }
}
