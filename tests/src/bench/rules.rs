//! Opening a change under the largest policy there may be.

use super::figure::{Aim, Figure, quantile};
use super::opened::{Laws, opened};
use engine::Timestamp;
use std::fmt::Write;
use std::time::Instant;

const REQUIREMENTS: usize = 200;
const ROUNDS: u64 = 2_000;
/// Any instant; the rules know no other time.
const NOON_US: i64 = 1_795_437_000_000_000;

pub fn figures() -> Vec<Figure> {
    let laws = Laws::of(&policy());
    let now = Timestamp::from_micros(NOON_US).expect("an instant");
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|number| {
            let began = Instant::now();
            let decision = opened(&laws, number, now);
            assert_eq!(decision.change.rules.map_or(0, |rules| rules.requirements.len()), REQUIREMENTS);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let figure = |what, seen, aim| Figure { what, engine: "", unit: "ms", aim, seen };
    vec![
        figure("a change opens under 200 requirements, median", quantile(&mut times, 0.5), Aim::AtMost(1.0)),
        figure("… p99", quantile(&mut times, 0.99), Aim::None),
    ]
}

/// The sample policy with as many requirements as a policy may have, each with a condition to evaluate.
fn policy() -> String {
    let mut requirements = "requirements:\n".to_owned();
    for number in 0..REQUIREMENTS {
        writeln!(
            requirements,
            "  - {{ name: check-{number}, when: \"environment == 'production' && service.name != 'other-{number}'\", stage: review, \
             approve: {{ from: [developers], count: 1 }} }}"
        )
        .expect("to write text");
    }
    let (before, after) = super::node::POLICY.split_once("requirements:\n").expect("requirements");
    let (_, flows) = after.split_once("\nflows:").expect("flows");
    let flows = flows.replace("[review, operate]", "[review]");
    format!("{before}{requirements}\nflows:{flows}")
}
