//! Windows: what is wrong with one, and what an environment takes from it.

use super::faults::check;
use crate::policy::samples::{SPINE, directory, noon, policy, request};
use crate::sentence;

/// The sample with these windows, the first of which production has.
fn with(windows: &str) -> String {
    SPINE.replace("superseded: reject", "superseded: reject\n    window: hours") + "\nwindows:\n  " + windows + "\n"
}

#[test]
fn it_is_pinned_and_said_in_one_sentence() {
    let table = [
        ("{ calendar: vienna }", "It goes out while vienna is open."),
        ("{ calendar: either-office, not_in_last: 45m }", "It goes out while either-office is open, but not in its last 45 minutes."),
        (
            "{ calendar: vienna, earliest_after_approval: 1h, not_in_last: 0m }",
            "It goes out while vienna is open, and 1 hour after its approval at the earliest.",
        ),
    ];
    for (window, expected) in table {
        let rules = policy(&with(&format!("hours: {window}"))).route(&request(), &directory(), noon()).rules.unwrap();
        assert_eq!(sentence::window(&rules.window.unwrap()), expected);
    }
    let rules = policy(SPINE).route(&request(), &directory(), noon()).rules.unwrap();
    assert_eq!(rules.window, None);
}

#[test]
fn what_is_wrong_with_a_window() {
    let end = "incidents:\n";
    let table = [
        ("windows: { hours: ‸{ not_in_last: 1m } }", "windows.hours: “calendar” is missing"),
        ("windows: { hours: { calendar: ‸viena } }", "windows.hours.calendar: there is no calendar “viena”; did you mean vienna?"),
        (
            "windows: { hours: { calendar: vienna, not_in_last: ‸9h } }",
            "windows.hours.not_in_last: vienna is never open for longer than this, so nothing would ever go out",
        ),
        (
            "windows: { hours: { calendar: vienna, earliest_after_approval: ‸soon } }",
            "windows.hours.earliest_after_approval: this should be a length of time: a number and one of s, m, h, d, w",
        ),
        (
            "windows: { hours: { calendar: vienna, ‸not_in_frist: 1m } }",
            "windows.hours.not_in_frist: there is no key “not_in_frist” here; did you mean not_in_last?",
        ),
    ];
    for (window, expected) in table {
        check(&[(end, &format!("{window}\n\n{end}"), expected)]);
    }
    let unknown = "environments.production.window: there is no window “hours”";
    check(&[("superseded: reject", "superseded: reject\n    window: ‸hours", unknown)]);
}
