//! Reading a policy about as long as one may be, right and wrong.

use super::figure::{Aim, Figure};
use engine::policy::{Document, Loaded, load};
use std::time::Instant;

const SERVICES: usize = 4_150;
/// So long that the file comes near its limit of 1 MiB.
const PATTERN: usize = 150;
const REQUIREMENTS: usize = 150;
const TERMS: usize = 30;
const LEAST_BYTES: usize = 1_000_000;

pub fn figures() -> Vec<Figure> {
    let right = policy();
    let wrong = right.replace("owners: [developers]", "owners: [develpers]");
    let figure = |what, seen| Figure { what, engine: "", unit: "ms", aim: Aim::AtMost(1_000.0), seen };
    let (taken, of_right) = timed(&right);
    let (refused, of_wrong) = timed(&wrong);
    let faults: Vec<String> = taken.report.faults().take(3).map(ToString::to_string).collect();
    assert!(taken.policy.is_some(), "{faults:#?}");
    assert!(refused.report.faults().count() >= SERVICES);
    vec![figure("a policy of 1 MB is loaded", of_right), figure("… is refused, with a fault at every service", of_wrong)]
}

fn timed(text: &str) -> (Loaded, f64) {
    assert!(text.len() > LEAST_BYTES, "{} bytes", text.len());
    let began = Instant::now();
    let loaded = load(Document { file: "policy.yaml", text }, None);
    (loaded, began.elapsed().as_secs_f64() * 1e3)
}

/// The sample policy with many services, and requirements whose conditions are as long as they may be.
fn policy() -> String {
    let filler = "x".repeat(PATTERN);
    let service = |n| format!("  service-{n}: {{ match: [\"gitlab:{filler}-{n}\"], owners: [developers] }}\n");
    let services: String = (0..SERVICES).map(service).collect();
    let condition = |n| vec![format!("service.name == '{n}'"); TERMS].join(" || ");
    let requirement =
        |n| format!("  - {{ name: check-{n}, when: \"{}\", stage: review, approve: {{ from: [developers], count: 1 }} }}\n", condition(n));
    let requirements: String = (0..REQUIREMENTS).map(requirement).collect();
    super::node::POLICY.replacen("services:\n", &format!("services:\n{services}"), 1).replacen(
        "requirements:\n",
        &format!("requirements:\n{requirements}"),
        1,
    )
}
