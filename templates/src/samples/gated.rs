//! Changes whose gates wait, fail, or pass no longer.

use super::people;
use super::story::{Story, request};
use engine::Timestamp;
use engine::block::BlockReason;
use engine::evaluation::Answer;
use engine::event::What;
use engine::fact::{Fact, FactFields};
use engine::gate::{GateRule, Gates, Judged, Needed, Recheck, Trouble, Waiver, WaiverRule, Why};
use engine::hold::Hold;
use std::collections::{BTreeMap, BTreeSet};

pub fn all() -> Vec<(&'static str, Story)> {
    let stale = Trouble { why: Why::TooOld { observed_at: measured(), max_age_s: 3_600 }, ..trouble() };
    let passed = || begin().then(fact(0));
    vec![
        ("gating-gates", begin()),
        ("blocked-gates", begin().then(fact(3)).blocked(BlockReason::Gates { troubles: vec![trouble()] })),
        ("pending-gates", passed().asked()),
        ("pending-gate-waived", begin().then(waived()).asked()),
        ("pending-gate-old", passed().asked().then(What::Held { hold: Hold::by_gate(stale) })),
        ("approved-gate", passed().asked().approved().then(fact(3)).then(What::Held { hold: Hold::by_gate(trouble()) })),
    ]
}

fn begin() -> Story {
    let mut rules = people::rules();
    rules.gates = Gates { rules: vec![gate()], lists: BTreeMap::new() };
    Story::of(request(), Some(rules))
}

fn gate() -> GateRule {
    GateRule {
        name: "unit".into(),
        fact: "tests.unit".into(),
        pass: "fact.total > 0 && fact.failed == 0".to_owned(),
        max_age_s: Some(3_600),
        recheck: Recheck::AtRelease,
        waiver: Some(WaiverRule {
            by: vec!["operations-leads".into()],
            needs: BTreeSet::from([Needed::Ticket, Needed::Expiry]),
            longest_s: 604_800,
        }),
    }
}

fn values(failed: u64) -> FactFields {
    FactFields::from([("total".to_owned(), 120.into()), ("failed".to_owned(), failed.into())])
}

fn fact(failed: u64) -> What {
    let passes = if failed == 0 { Answer::True } else { Answer::False };
    let fresh_until = Some(measured().plus_seconds(3_600));
    let judged = Judged { gate: "unit".into(), passes, values: values(failed), observed_at: measured(), fresh_until };
    let fact = Fact { name: "tests.unit".into(), fields: values(failed), observed_at: measured(), by: "lead-1".into() };
    What::FactSupplied { fact, judged: vec![judged] }
}

fn waived() -> What {
    let rationale = "The three failures are of a test machine that is gone.".to_owned();
    let waiver = Waiver {
        gate: "unit".into(),
        by: "lead-1".into(),
        rationale,
        ticket: Some("QA-88".to_owned()),
        until: measured().plus_seconds(86_400),
    };
    What::GateWaived { waiver, via: "console".to_owned(), interaction: "sample/waiver".into() }
}

fn trouble() -> Trouble {
    let GateRule { name, fact, pass, .. } = gate();
    Trouble { gate: name, fact, pass, why: Why::Failed { values: values(3) } }
}

/// 16 November 2026, 14:05 UTC.
fn measured() -> Timestamp {
    Timestamp::from_micros(1_794_837_900_000_000).unwrap_or_else(|| Timestamp::from_utc(Default::default()))
}
