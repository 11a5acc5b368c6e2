//! A hundred thousand open changes that each wait for a reminder: what they cost while nothing is due, and how late the
//! reminders are that fall due while somebody looks.

use super::figure::{Aim, Figure, quantile};
use super::node::{Node, POLICY, Site};
use super::opened::{Laws, opened};
use engine::change::Change;
use engine::event::Actor;
use engine::ids::ChangeId;
use engine::{Event, Timestamp, next_wake};
use entities::{Store, StoreOptions, Summary};
use router::app::apply::lane;
use router::clock::{Clock, SystemClock, pause};
use std::time::Duration;

const OPEN: u64 = 100_000;
/// Of them fall due while it is measured, evenly over [`DUE_WITHIN`].
const DUE: u64 = 1_000;
const DUE_WITHIN: Duration = Duration::from_secs(10);
/// From the first reading of the clock to the first that falls due: start, calm, and the look at an idle process.
const BEFORE_DUE: Duration = Duration::from_secs(15);
const CALM: Duration = Duration::from_secs(3);
const IDLE: Duration = Duration::from_secs(6);
/// Changes of one commit while they are written.
const TOGETHER: u64 = 500;
/// The sample policy reminds after 30 minutes.
const REMINDED_AFTER_S: u64 = 1_800;

pub async fn figures(engine: &'static str, database: &str) -> Vec<Figure> {
    let store = Store::connect(&StoreOptions { url: database.to_owned(), connections: 4 }).await.expect("the database");
    let laws = Laws::of(POLICY);
    // Policy and people come into force before there are changes: every open one is judged anew by a new directory.
    drop(Node::start(&Site { database, peers: None }));
    seed(&store, &laws, DUE..OPEN, |_| SystemClock.now()).await;
    let first_due = SystemClock.now().plus_seconds(BEFORE_DUE.as_secs());
    let apart = i64::try_from(DUE_WITHIN.as_micros()).expect("a time") / i64::try_from(DUE).expect("a count");
    let opened_at = |number: u64| back(first_due.micros() + apart * i64::try_from(number).expect("a count"), REMINDED_AFTER_S);
    seed(&store, &laws, 0..DUE, opened_at).await;
    let (node, _) = Node::start(&Site { database, peers: None });
    tokio::time::sleep(CALM).await;
    let used = node.cpu();
    tokio::time::sleep(IDLE).await;
    let idle = (node.cpu() - used).as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    let memory = node.memory_mb();
    assert!(SystemClock.now() < first_due, "this machine is too slow: what was due disturbed what was idle");
    let last_due = first_due.plus_seconds(DUE_WITHIN.as_secs() + 3);
    while SystemClock.now() < last_due {
        pause(Duration::from_millis(100)).await;
    }
    let mut lags = Vec::new();
    for number in 0..DUE {
        lags.push(lag(&store, number).await);
    }
    let figure = |what, unit, seen, aim| Figure { what, engine, unit, aim, seen };
    vec![
        figure("100,000 open changes with timers, idle CPU", "%", idle, Aim::AtMost(2.0)),
        figure("… resident memory", "MB", memory, Aim::None),
        figure("… lag of a timer, p99", "ms", quantile(&mut lags, 0.99), Aim::AtMost(1_000.0)),
        figure("… lag of a timer, p50", "ms", quantile(&mut lags, 0.5), Aim::None),
    ]
}

fn back(micros: i64, seconds: u64) -> Timestamp {
    Timestamp::from_micros(micros - i64::try_from(seconds).expect("a time") * 1_000_000).expect("an instant")
}

/// Straight into the store, as many hooks would have left them.
async fn seed(store: &Store, laws: &Laws, numbers: std::ops::Range<u64>, opened_at: impl Fn(u64) -> Timestamp) {
    let end = numbers.end;
    let mut number = numbers.start;
    while number < end {
        let mut tx = store.begin().await.expect("a transaction");
        for number in number..(number + TOGETHER).min(end) {
            let decision = opened(laws, number, opened_at(number));
            assert!(next_wake(&decision.change).is_some(), "a change without a timer");
            tx.append(decision.change.id, &decision.events).await.expect("to append");
            tx.project(&Summary::of(&decision.change, lane(&decision.change))).await.expect("to project");
        }
        tx.commit().await.expect("to commit");
        number += TOGETHER;
    }
}

/// Milliseconds between when a change was to be woken and the first event that its timer wrote.
async fn lag(store: &Store, number: u64) -> f64 {
    let id = ChangeId(uuid::Uuid::from_u128(u128::from(number) + 1));
    let events = store.events(id).await.expect("a stream");
    let is_timers = |event: &&Event| event.actor == Actor::Timer;
    let woken = events.iter().find(is_timers).unwrap_or_else(|| panic!("change {number} was not woken"));
    let before: Vec<Event> = events.iter().take_while(|event| event.actor != Actor::Timer).cloned().collect();
    let due = next_wake(&Change::fold(&before).expect("a change")).expect("a timer");
    (woken.at.micros() - due.micros()) as f64 / 1e3
}
