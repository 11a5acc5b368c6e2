//! Calendars: what is wrong with one, and what an escalation counts by.

use super::faults::check;
use crate::calendar::{Clock, Day, Hours};
use crate::policy::samples::{SPINE, directory, load_text, noon, policy, request};

/// The clock of the escalation that checkout-api takes.
fn clock(text: &str) -> Clock {
    policy(text).route(&request(), &directory(), noon()).rules.unwrap().clock
}

fn hours(clock: &str) -> Hours {
    match self::clock(&SPINE.replace("clock: wall", &format!("clock: {clock}"))) {
        Clock::Open(hours) => hours,
        Clock::Wall => panic!("{clock} is the wall clock"),
    }
}

#[test]
fn an_escalation_counts_by_the_calendar_that_it_names() {
    assert_eq!(clock(SPINE), Clock::Wall);
    assert_eq!(clock(&SPINE.replace("    clock: wall\n", "")), Clock::Wall);
    let vienna = hours("vienna");
    assert_eq!((vienna.name.as_str(), vienna.offices.len()), ("vienna", 1));
    let office = &vienna.offices[0];
    assert_eq!((office.time_zone.as_str(), office.closed.len()), ("Europe/Vienna", 3));
    assert_eq!((office.open[0].from_minute, office.open[0].to_minute), (540, 1_050));
    assert_eq!(office.open[0].days, [Day::Mon, Day::Tue, Day::Wed, Day::Thu, Day::Fri].into());
}

#[test]
fn a_union_has_the_offices_of_its_calendars() {
    let either = hours("either-office");
    let zones: Vec<&str> = either.offices.iter().map(|office| office.time_zone.as_str()).collect();
    assert_eq!((either.name.as_str(), zones), ("either-office", vec!["Europe/Vienna", "America/New_York"]));
}

#[test]
fn wall_times_without_a_zone_are_meant_in_that_of_the_defaults() {
    let text = SPINE.replace("    time_zone: America/New_York\n", "").replace("clock: wall", "clock: new-york");
    assert!(matches!(clock(&text), Clock::Open(hours) if hours.offices[0].time_zone == "Europe/Berlin"));
    let neither = load_text(&text.replace("  time_zone: Europe/Berlin\n", ""));
    let faults: Vec<String> = neither.report.faults().map(ToString::to_string).collect();
    assert!(
        matches!(&faults[..], [one] if one.ends_with("calendars.new-york: “time_zone” is missing here, and defaults name none")),
        "{faults:?}"
    );
}

#[test]
fn the_end_of_a_day_is_a_wall_time() {
    let text = SPINE.replace("to: \"17:30\"", "to: \"24:00\"").replace("clock: wall", "clock: vienna");
    assert!(matches!(clock(&text), Clock::Open(hours) if hours.offices[0].open[0].to_minute == 1_440));
}

#[test]
fn what_is_wrong_with_a_calendar() {
    const TIME: &str = "this should be a wall time from 00:00 to 24:00, as in \"09:00\"";
    let open = "calendars.vienna.open[0]";
    check(&[
        (
            "time_zone: Europe/Vienna",
            "time_zone: ‸\"+01:00\"",
            "calendars.vienna.time_zone: “+01:00” is no IANA time zone, as Europe/Berlin is one",
        ),
        (
            "time_zone: Europe/Vienna\n",
            "time_zone: Europe/Vienna\n    ‸opne: []\n",
            "calendars.vienna.opne: there is no key “opne” here; did you mean open?",
        ),
        ("to: \"17:30\"", "to: ‸\"17:60\"", &format!("{open}.to: {TIME}")),
        ("to: \"17:30\"", "to: ‸\"24:01\"", &format!("{open}.to: {TIME}")),
        ("to: \"17:30\"", "to: ‸\"7:30\"", &format!("{open}.to: {TIME}")),
        ("to: \"17:30\"", "to: ‸\"+7:30\"", &format!("{open}.to: {TIME}")),
        (
            "to: \"17:30\"",
            "to: ‸\"09:00\"",
            &format!("{open}.to: this should be later than “from”; hours over midnight are two: one to 24:00, one from 00:00 the next day"),
        ),
        (
            "from: \"09:00\", to: \"17:30\" }]",
            "from: \"09:00\", to: \"17:30\" }, ‸{ days: [sat], from: \"09:00\" }]",
            "calendars.vienna.open[1]: “to” is missing",
        ),
        ("closed: [2026-11-26]", "closed: [‸2026-11-31]", "calendars.new-york.closed[0]: this should be a date, as in 2026-12-25"),
        ("closed: [2026-11-26]", "closed: [‸26-1-2]", "calendars.new-york.closed[0]: this should be a date, as in 2026-12-25"),
        ("closed: [2026-11-26]", "closed: [‸26.11.2026]", "calendars.new-york.closed[0]: this should be a date, as in 2026-12-25"),
        ("union: [vienna, new-york]", "union: ‸[]", "calendars.either-office.union: this calendar never opens: name at least one other"),
        (
            "union: [vienna, new-york]",
            "union: [‸viena]",
            "calendars.either-office.union[0]: there is no calendar “viena”; did you mean vienna?",
        ),
        (
            "union: [vienna, new-york]",
            "union: [vienna, ‸either-office]",
            "calendars.either-office.union[1]: either-office is a union itself; name the calendars that it is made of",
        ),
        (
            "union: [vienna, new-york]",
            "union: [vienna], time_zone: ‸Asia/Tokyo",
            "calendars.either-office.time_zone: a union has the hours of its calendars and none of its own",
        ),
        ("clock: wall", "clock: ‸new-yrok", "escalations.critical.clock: there is no calendar “new-yrok”; did you mean new-york?"),
    ]);
}

#[test]
fn a_calendar_that_never_opens_is_a_fault() {
    let table = [
        (
            "[{ days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:30\" }]",
            "[]",
            "calendars.vienna.open: this calendar never opens: say at least once when",
        ),
        (
            "[{ days: [mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:30\" }]",
            "[{ days: [], from: \"09:00\", to: \"17:30\" }]",
            "calendars.vienna.open[0].days: name at least one day",
        ),
    ];
    for (old, new, expected) in table {
        assert!(SPINE.contains(old));
        let faults: Vec<String> = load_text(&SPINE.replace(old, new)).report.faults().map(ToString::to_string).collect();
        assert!(faults.iter().any(|fault| fault.ends_with(expected)), "{faults:?}");
    }
}

#[test]
fn a_step_that_its_calendar_never_reaches_is_a_fault() {
    let weekly = SPINE
        .replace("clock: wall", "clock: new-york")
        .replace("[mon, tue, wed, thu, fri], from: \"09:00\", to: \"17:00\"", "[mon], from: \"09:00\", to: \"09:01\"");
    let faults: Vec<String> = load_text(&weekly).report.faults().map(ToString::to_string).collect();
    let expected = "escalations.critical.steps[2].after: this step never comes: its calendar is not open for so long within 1098 days";
    assert!(matches!(&faults[..], [first, second] if first.ends_with(expected) && second.contains("steps[3]")), "{faults:?}");
}

#[test]
fn lists_have_an_end() {
    let dates: Vec<String> = (0..201).map(|n| format!("{}-{:02}-{:02}", 2026 + n / 300, n / 28 % 12 + 1, n % 28 + 1)).collect();
    let many = SPINE.replace("closed: [2026-11-26]", &format!("closed: [{}]", dates.join(", ")));
    let faults: Vec<String> = load_text(&many).report.faults().map(ToString::to_string).collect();
    assert!(matches!(&faults[..], [one] if one.ends_with("calendars.new-york.closed: this list has more than 200 entries")), "{faults:?}");
}
