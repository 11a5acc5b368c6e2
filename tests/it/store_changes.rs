//! The rows of changes: keys, numbers, lanes, lists and wake-ups.

use crate::store_bench::{Bench, at, change, event, on_both, projection};
use engine::ids::{ChangeKey, ChangeNumber};
use engine::phase::State;
use entities::{ChangeAddress, ChangeFilter, Keyed, Projection, StoreError};
use std::collections::BTreeSet;
use std::time::Duration;

on_both!(
    a_projection_is_found_by_every_address,
    one_key_has_one_open_change,
    an_ended_change_frees_its_key,
    numbers_begin_at_1001_and_never_repeat,
    lists_page_from_the_newest,
    what_waits_comes_first_and_the_pulse_beats_with_every_event,
    due_changes_are_those_whose_time_has_come,
    open_changes_that_nothing_moves_are_stuck,
    a_lane_is_held_by_one_transaction,
    an_unknown_state_is_corrupt,
    what_begins_alike_is_found_by_an_index,
);

async fn a_projection_is_found_by_every_address(bench: Bench) {
    let mut first = projection(1042, "key", State::Gating);
    bench.project(&first).await;
    first.state = State::Pending;
    first.sequence = None;
    first.wake_at = Some(at(60));
    first.round = 2;
    bench.project(&first).await;
    let addresses = [
        ChangeAddress::parse("CHG-1042"),
        ChangeAddress::parse(&change(1042).to_string()),
        Some(ChangeAddress::Key(ChangeKey::new("key"))),
    ];
    for address in addresses {
        assert_eq!(bench.store.find_change(&address.unwrap()).await.unwrap(), Some(first.clone()));
    }
    assert_eq!(bench.store.find_change(&ChangeAddress::Number(ChangeNumber(1))).await.unwrap(), None);
    assert_eq!(bench.store.summaries(&[change(1), change(1042)]).await.unwrap(), [first]);
    assert_eq!(ChangeAddress::parse("checkout"), None);
}

async fn one_key_has_one_open_change(bench: Bench) {
    bench.project(&projection(1, "key", State::Pending)).await;
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.project(&projection(2, "key", State::Gating)).await;
    assert!(matches!(refused, Err(StoreError::KeyTaken)), "{refused:?}");
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let same_number = Projection { id: change(3), ..projection(1, "other", State::Gating) };
    let refused = tx.project(&same_number).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
}

async fn an_ended_change_frees_its_key(bench: Bench) {
    bench.project(&projection(1, "key", State::Pending)).await;
    bench.project(&projection(1, "key", State::Expired)).await;
    bench.project(&projection(2, "key", State::Gating)).await;
    let mut tx = bench.store.begin().await.unwrap();
    let key = ChangeKey::new("key");
    let known = tx.with_key(&key).await.unwrap();
    assert_eq!(known.open.map(|found| found.number), Some(ChangeNumber(2)));
    assert_eq!(known.newest.map(|found| found.number), Some(ChangeNumber(2)));
    assert_eq!(tx.open_changes().await.unwrap(), [change(2)]);
    tx.project(&projection(2, "key", State::Cancelled)).await.unwrap();
    let known = tx.with_key(&key).await.unwrap();
    assert_eq!((known.open, known.newest.map(|found| found.state)), (None, Some(State::Cancelled)));
    assert_eq!(tx.with_key(&ChangeKey::new("nobody's")).await.unwrap(), Keyed::default());
}

async fn numbers_begin_at_1001_and_never_repeat(bench: Bench) {
    let drawn = (0..32).map(|_| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await.unwrap();
            let number = tx.next_number().await.unwrap();
            tx.commit().await.unwrap();
            number.0
        })
    });
    let mut numbers = BTreeSet::new();
    for drawn in drawn.collect::<Vec<_>>() {
        numbers.insert(drawn.await.unwrap());
    }
    assert_eq!(numbers, (1001..1033).collect());
}

async fn lists_page_from_the_newest(bench: Bench) {
    for n in 1..=7 {
        let state = if n % 2 == 0 { State::Pending } else { State::Rejected };
        let environment = if n == 6 { "staging" } else { "production" };
        bench.project(&Projection { environment: environment.to_owned(), ..projection(n, &format!("key {n}"), state) }).await;
    }
    let list = async |filter: ChangeFilter, after: Option<u64>| {
        let found = bench.store.list_changes(&filter, after.map(ChangeNumber), 3).await.unwrap();
        found.iter().map(|change| change.number.0).collect::<Vec<_>>()
    };
    assert_eq!(list(ChangeFilter::default(), None).await, [7, 6, 5]);
    assert_eq!(list(ChangeFilter::default(), Some(5)).await, [4, 3, 2]);
    assert_eq!(list(ChangeFilter::default(), Some(1)).await, [0_u64; 0]);
    let pending = ChangeFilter { state: Some(State::Pending), environment: Some("production".to_owned()), ..ChangeFilter::default() };
    assert_eq!(list(pending, None).await, [4, 2]);
    assert_eq!(list(ChangeFilter { service: Some("other".to_owned()), ..ChangeFilter::default() }, None).await, [0_u64; 0]);
}

async fn what_waits_comes_first_and_the_pulse_beats_with_every_event(bench: Bench) {
    let states = [State::Approved, State::Pending, State::Draft, State::Pending, State::Rejected, State::Draft, State::Deploying];
    let mut beats = vec![bench.store.open_pulse().await.unwrap()];
    for (n, state) in (1..).zip(states) {
        bench.project(&projection(n, &format!("key {n}"), state)).await;
        bench.append(change(u128::from(n)), &[event(1, "first"), event(2, "second")]).await;
        beats.push(bench.store.open_pulse().await.unwrap());
    }
    let look = async |limit: u64| {
        let found = bench.store.open_at_a_glance(&ChangeFilter::default(), limit).await.unwrap();
        assert!(found.iter().all(|(_, log)| log.len() == 2), "each with its whole log");
        found.iter().map(|(change, _)| change.number.0).collect::<Vec<_>>()
    };
    assert_eq!(look(10).await, [2, 4, 3, 6, 7, 1], "votes, answers, and the newest of the others");
    assert_eq!(look(3).await, [2, 4, 3]);
    bench.project(&Projection { last_seq: 9, ..projection(2, "key 2", State::Pending) }).await;
    beats.push(bench.store.open_pulse().await.unwrap());
    bench.project(&projection(7, "key 7", State::Succeeded)).await;
    beats.push(bench.store.open_pulse().await.unwrap());
    let (still, moved): (Vec<_>, Vec<_>) = beats.windows(2).enumerate().partition(|(_, pair)| pair[0] == pair[1]);
    assert_eq!((still.len(), moved.len()), (1, 8), "only what had ended already goes unnoticed: {beats:?}");
}

async fn due_changes_are_those_whose_time_has_come(bench: Bench) {
    assert_eq!(bench.store.next_due().await.unwrap(), None);
    for (n, wake_at) in [(1, Some(at(30))), (2, None), (3, Some(at(10))), (4, Some(at(20)))] {
        bench.project(&Projection { wake_at, ..projection(n, &format!("key {n}"), State::Pending) }).await;
    }
    assert_eq!(bench.store.due_changes(at(9), 10).await.unwrap(), []);
    assert_eq!(bench.store.due_changes(at(20), 10).await.unwrap(), [change(3), change(4)]);
    assert_eq!(bench.store.due_changes(at(99), 1).await.unwrap(), [change(3)]);
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(10)));
}

async fn open_changes_that_nothing_moves_are_stuck(bench: Bench) {
    let rows = [
        (1, State::Pending, None),
        (2, State::Pending, Some(at(0))),
        (3, State::Pending, Some(at(100))),
        (4, State::Deploying, None),
        (5, State::Rejected, None),
        (6, State::Approved, None),
    ];
    for (n, state, wake_at) in rows {
        bench.project(&Projection { wake_at, ..projection(n, &format!("key {n}"), state) }).await;
    }
    let stuck = bench.store.stuck_changes(at(600)).await.unwrap();
    assert_eq!(stuck.iter().map(|change| change.number.0).collect::<Vec<_>>(), [1, 2, 6]);
}

async fn a_lane_is_held_by_one_transaction(bench: Bench) {
    let mut first = bench.store.begin().await.unwrap();
    first.lock_lane("lane").await.unwrap();
    let store = bench.store.clone();
    let mut second = tokio::spawn(async move {
        let mut tx = store.begin().await.unwrap();
        tx.lock_lane("lane").await.unwrap();
        tx.open_in_lane("lane").await.unwrap()
    });
    tokio::time::timeout(Duration::from_millis(200), &mut second).await.expect_err("the second has to wait for the first");
    first.project(&projection(1, "key", State::Pending)).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap(), [projection(1, "key", State::Pending)]);
    let mut third = bench.store.begin().await.unwrap();
    assert_eq!(third.open_in_lane("another lane").await.unwrap(), []);
}

async fn an_unknown_state_is_corrupt(bench: Bench) {
    bench.project(&projection(1, "key", State::Pending)).await;
    bench.execute("UPDATE changes SET state = 'dreaming'").await;
    let read = bench.store.find_change(&ChangeAddress::Id(change(1))).await;
    assert!(matches!(read, Err(StoreError::Corrupt { what: "change", .. })), "{read:?}");
}

async fn what_begins_alike_is_found_by_an_index(bench: Bench) {
    bench.project(&projection(1001, "jenkins-main:a#4:Gate", State::Rejected)).await;
    bench.project(&projection(1002, "jenkins-main:a#4:Gate", State::Expired)).await;
    bench.project(&projection(1003, "jenkins-main:a#4:Other", State::Pending)).await;
    bench.project(&projection(1004, "jenkins-main:a#42:Gate", State::Pending)).await;
    bench.project(&projection(1005, "jenkins-main:A#4:Gate", State::Pending)).await;
    let numbers = |found: Vec<entities::Summary>| found.into_iter().map(|change| change.number.0).collect::<Vec<_>>();
    assert_eq!(numbers(bench.store.newest_with_key_beginning("jenkins-main:a#4:").await.unwrap()), [1002, 1003]);
    assert_eq!(numbers(bench.store.open_with_key_beginning("jenkins-main:a#4:").await.unwrap()), [1003]);
    let plan =
        bench.plan("SELECT * FROM changes WHERE key >= 'jenkins-main:a#4:' AND key < 'jenkins-main:a#4;' ORDER BY key, number DESC").await;
    assert!(plan.contains("changes_by_key"), "{plan}");
}
