//! What a report makes of an incident.

use super::*;
use crate::policy::samples::noon;

fn minutes(count: u64) -> Timestamp {
    noon().plus_seconds(count * 60)
}

fn nothing_said(id: &str) -> Report {
    Report {
        id: named(id),
        title: None,
        severity: None,
        services: None,
        caused_by_service: None,
        url: None,
        status: None,
        opened_at: None,
        resolved_at: None,
        source: "monitoring".to_owned(),
    }
}

fn first_report() -> Report {
    let services = Some(vec!["checkout-api".to_owned(), " checkout-api\u{200b}".to_owned(), "ledger".to_owned()]);
    let (title, severity) = (Some("Card errors".to_owned()), Some("sev1".to_owned()));
    Report { title, severity, services, ..nothing_said("INC-88") }
}

fn opened() -> Incident {
    reported(None, &first_report(), noon()).unwrap()
}

fn pointers(known: Option<&Incident>, report: &Report) -> Vec<&'static str> {
    reported(known, report, minutes(60)).unwrap_err().into_iter().map(|fault| fault.pointer).collect()
}

#[test]
fn the_first_report_opens_it() {
    let incident = opened();
    assert!(incident.is_open());
    assert_eq!((incident.opened_at, incident.revision, incident.source.as_str()), (noon(), 1, "monitoring"));
    assert_eq!(incident.services.iter().map(String::as_str).collect::<Vec<_>>(), ["checkout-api", "ledger"]);
    assert_eq!(incident.caused_by_service, None);
    assert_eq!(pointers(None, &nothing_said("INC-88")), ["/title", "/severity", "/services"]);
}

#[test]
fn what_a_report_leaves_out_stays() {
    let before = opened();
    assert_eq!(reported(Some(&before), &first_report(), minutes(5)).unwrap(), before, "the same again says nothing new");
    let report = Report { severity: Some("sev3".to_owned()), source: "somebody".to_owned(), ..nothing_said("INC-88") };
    let after = reported(Some(&before), &report, minutes(5)).unwrap();
    assert_eq!(after, Incident { severity: "sev3".to_owned(), revision: 2, ..before });
}

#[test]
fn it_is_resolved_and_opens_again() {
    let before = opened();
    let resolved = Report { status: Some(Status::Resolved), ..nothing_said("INC-88") };
    let after = reported(Some(&before), &resolved, minutes(5)).unwrap();
    assert_eq!(after.resolved_at, Some(minutes(5)));
    assert_eq!(reported(Some(&after), &resolved, minutes(9)).unwrap(), after, "said again later, it was resolved then");
    assert_eq!(reported(Some(&after), &nothing_said("INC-88"), minutes(9)).unwrap(), after);
    let earlier = Report { resolved_at: Some(minutes(3)), ..nothing_said("INC-88") };
    assert_eq!(reported(Some(&before), &earlier, minutes(5)).unwrap().resolved_at, Some(minutes(3)));
    let again = Report { status: Some(Status::Open), ..nothing_said("INC-88") };
    let again = reported(Some(&after), &again, minutes(9)).unwrap();
    assert!(again.is_open() && again.revision == 3 && again.opened_at == noon());
}

#[test]
fn what_can_not_be_used_is_named() {
    let known = opened();
    let long = |length: usize| Some("x".repeat(length));
    let table = [
        (Report { id: named(" \u{200b}"), ..first_report() }, vec!["/id"]),
        (Report { title: long(MAX_TITLE + 1), severity: Some(String::new()), ..first_report() }, vec!["/title", "/severity"]),
        (Report { services: Some(vec!["s".to_owned(); MAX_SERVICES + 1]), ..first_report() }, vec!["/services"]),
        (Report { caused_by_service: long(MAX_NAME + 1), ..first_report() }, vec!["/caused_by_service"]),
        (Report { url: Some("javascript:alert(1)".to_owned()), ..first_report() }, vec!["/url"]),
        (Report { opened_at: Some(minutes(62)), ..first_report() }, vec!["/opened_at"]),
        (Report { resolved_at: Some(minutes(62)), ..first_report() }, vec!["/resolved_at"]),
        (Report { opened_at: Some(minutes(50)), resolved_at: Some(minutes(40)), ..first_report() }, vec!["/resolved_at"]),
        (Report { status: Some(Status::Open), resolved_at: Some(minutes(40)), ..first_report() }, vec!["/resolved_at"]),
    ];
    for (report, expected) in table {
        assert_eq!(pointers(Some(&known), &report), expected, "{report:?}");
    }
    let ahead = Report { opened_at: Some(noon().plus_seconds(60)), ..first_report() };
    assert_eq!(reported(None, &ahead, noon()).unwrap().opened_at, noon(), "another clock may be ahead a little");
}
