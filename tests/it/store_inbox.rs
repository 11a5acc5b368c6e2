//! The inbox takes each delivery once, and lends it to one worker at a time.

use crate::store_bench::{Bench, at, change, delivery, digest, on_both};
use entities::{Acceptance, ClaimedDelivery, DeliveryStatus, Fenced, NewDelivery, StoreError, WorkState};
use std::collections::BTreeSet;
use uuid::Uuid;

on_both!(
    a_batch_hears_of_each_delivery,
    a_key_belongs_to_its_source,
    one_key_within_a_batch_is_stored_once,
    one_that_cannot_be_stored_does_not_stop_the_others,
    a_hammered_key_is_stored_once,
    large_batches_are_stored_whole,
    ignored_deliveries_wait_for_nobody,
    workers_never_share_a_delivery,
    a_lease_that_ran_out_is_lent_again,
    work_on_a_delivery_ends_once,
    a_delivery_that_led_to_one_change_ends_with_its_commit,
    an_answer_is_kept_with_what_it_led_to,
    old_deliveries_are_forgotten_unless_they_wait,
);

async fn a_batch_hears_of_each_delivery(bench: Bench) {
    let first = bench.store.accept(&[delivery(1, "a", 1), delivery(2, "b", 1)]).await.unwrap();
    assert_eq!(first, [Acceptance::Stored, Acceptance::Stored]);
    let second = bench.store.accept(&[delivery(3, "a", 1), delivery(4, "c", 1), delivery(5, "b", 2)]).await.unwrap();
    let Acceptance::Duplicate(earlier) = &second[0] else { panic!("{second:?}") };
    assert_eq!((earlier.id, &earlier.body_digest, earlier.received_at), (Uuid::from_u128(1), &digest(1), at(0)));
    assert_eq!(second[1..], [Acceptance::Stored, Acceptance::Conflict { first: Uuid::from_u128(2) }]);
    assert_eq!(bench.store.delivery(Uuid::from_u128(3)).await.unwrap(), None);
    assert_eq!(bench.store.accept(&[]).await.unwrap(), []);
}

async fn a_key_belongs_to_its_source(bench: Bench) {
    let other = NewDelivery { source: "gitlab-other".to_owned(), ..delivery(2, "a", 2) };
    let accepted = bench.store.accept(&[delivery(1, "a", 1), other]).await.unwrap();
    assert_eq!(accepted, [Acceptance::Stored, Acceptance::Stored]);
}

async fn one_key_within_a_batch_is_stored_once(bench: Bench) {
    let accepted = bench.store.accept(&[delivery(1, "a", 1), delivery(2, "a", 1), delivery(3, "a", 9)]).await.unwrap();
    assert_eq!(accepted[0], Acceptance::Stored);
    assert!(matches!(&accepted[1], Acceptance::Duplicate(first) if first.id == Uuid::from_u128(1)));
    assert_eq!(accepted[2], Acceptance::Conflict { first: Uuid::from_u128(1) });
}

async fn one_that_cannot_be_stored_does_not_stop_the_others(bench: Bench) {
    bench.store.accept(&[delivery(1, "a", 1)]).await.unwrap();
    // An id that is taken under another key.
    let accepted = bench.store.accept(&[delivery(2, "b", 1), delivery(1, "poison", 1), delivery(3, "c", 1)]).await.unwrap();
    assert!(matches!(&accepted[1], Acceptance::Unstorable { .. }), "{accepted:?}");
    assert_eq!((&accepted[0], &accepted[2]), (&Acceptance::Stored, &Acceptance::Stored));
}

async fn a_hammered_key_is_stored_once(bench: Bench) {
    let hammer = (0..64_u8).map(|n| {
        let store = bench.store.clone();
        // Two keys in changing order, so that nodes could wait for each other.
        let (a, b) = (delivery(u128::from(n) * 2 + 1, "a", n % 2), delivery(u128::from(n) * 2 + 2, "b", 0));
        tokio::spawn(async move { store.accept(&if n % 3 == 0 { [b, a] } else { [a, b] }).await })
    });
    let mut stored = 0;
    let mut answered = 0;
    for hammer in hammer.collect::<Vec<_>>() {
        // A pool that is used up tells so; whoever sent it sends it again.
        match hammer.await.unwrap() {
            Ok(accepted) => {
                answered += 1;
                stored += accepted.iter().filter(|accepted| **accepted == Acceptance::Stored).count();
            }
            Err(error) => assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}"),
        }
    }
    assert_eq!((stored, answered), (2, 64));
}

async fn large_batches_are_stored_whole(bench: Bench) {
    let batch: Vec<_> = (0..700).map(|n| delivery(n + 1, &format!("key {n}"), 1)).collect();
    assert!(bench.store.accept(&batch).await.unwrap().iter().all(|accepted| *accepted == Acceptance::Stored));
    let again: Vec<_> = (0..700).map(|n| delivery(n + 1001, &format!("key {n}"), 1)).collect();
    let again = bench.store.accept(&again).await.unwrap();
    assert!(
        again
            .iter()
            .enumerate()
            .all(|(n, accepted)| matches!(accepted, Acceptance::Duplicate(first) if first.id.as_u128() == n as u128 + 1))
    );
}

async fn ignored_deliveries_wait_for_nobody(bench: Bench) {
    let ignored = NewDelivery { status: DeliveryStatus::Ignored, signals: None, ..delivery(1, "a", 1) };
    bench.store.accept(&[ignored]).await.unwrap();
    assert_eq!(bench.store.claim_deliveries(at(9), 10, 30).await.unwrap(), []);
    let record = bench.store.delivery(Uuid::from_u128(1)).await.unwrap().unwrap();
    assert_eq!((record.status, record.state), (DeliveryStatus::Ignored, WorkState::Done));
}

async fn workers_never_share_a_delivery(bench: Bench) {
    let batch: Vec<_> = (0..400).map(|n| delivery(n + 1, &format!("key {n}"), 1)).collect();
    bench.store.accept(&batch).await.unwrap();
    let workers = (0..8).map(|_| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            let mut mine: Vec<Uuid> = Vec::new();
            loop {
                let claimed = store.claim_deliveries(at(1), 7, 30).await.unwrap();
                assert!(claimed.len() <= 7, "more than asked for: {}", claimed.len());
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.iter().map(|claim| claim.id));
            }
        })
    });
    let mut seen = BTreeSet::new();
    for worker in workers.collect::<Vec<_>>() {
        for id in worker.await.unwrap() {
            assert!(seen.insert(id), "{id} was lent twice");
        }
    }
    assert_eq!(seen.len(), 400);
}

async fn claim_one(bench: &Bench, seconds: u64) -> ClaimedDelivery {
    bench.store.claim_deliveries(at(seconds), 1, 30).await.unwrap().pop().unwrap()
}

async fn a_lease_that_ran_out_is_lent_again(bench: Bench) {
    bench.store.accept(&[NewDelivery { due_at: at(5), ..delivery(1, "a", 1) }]).await.unwrap();
    assert_eq!(bench.store.claim_deliveries(at(4), 1, 30).await.unwrap(), []);
    let slow = claim_one(&bench, 5).await;
    assert_eq!((slow.attempts, slow.signals.as_deref()), (1, Some("[]")));
    assert_eq!(bench.store.claim_deliveries(at(34), 1, 30).await.unwrap(), []);
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(35)));
    let quick = claim_one(&bench, 35).await;
    assert!(quick.fence > slow.fence && quick.attempts == 2);
    assert_eq!(bench.store.delivery_done(&slow, &[change(9)], None).await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.delivery_retry(&slow, at(99), "late").await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.delivery_failed(&slow, "late").await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.delivery_done(&quick, &[change(1)], None).await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.delivery(quick.id).await.unwrap().unwrap().changes, [change(1)]);
}

async fn work_on_a_delivery_ends_once(bench: Bench) {
    bench.store.accept(&[delivery(1, "a", 1)]).await.unwrap();
    let claim = claim_one(&bench, 0).await;
    assert_eq!(bench.store.delivery_retry(&claim, at(60), &"é".repeat(9000)).await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.delivery_done(&claim, &[], None).await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.delivery_failed(&claim, "twice").await.unwrap(), Fenced::Lost);
    bench.store.accept(&[delivery(2, "b", 1)]).await.unwrap();
    let claim = claim_one(&bench, 0).await;
    assert_eq!(bench.store.delivery_failed(&claim, "no").await.unwrap(), Fenced::Held);
    let record = bench.store.delivery(claim.id).await.unwrap().unwrap();
    assert_eq!((record.state, record.error.as_deref()), (WorkState::Failed, Some("no")));
    assert_eq!(bench.store.next_due().await.unwrap(), None);
}

async fn a_delivery_that_led_to_one_change_ends_with_its_commit(bench: Bench) {
    bench.store.accept(&[delivery(1, "a", 1)]).await.unwrap();
    let claim = claim_one(&bench, 0).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.delivery_led_to(claim.id, change(1)).await.unwrap();
    drop(tx);
    assert_eq!(bench.store.delivery(claim.id).await.unwrap().unwrap().state, WorkState::Waiting, "nothing was committed");
    let mut tx = bench.store.begin().await.unwrap();
    tx.delivery_led_to(claim.id, change(1)).await.unwrap();
    tx.commit().await.unwrap();
    let record = bench.store.delivery(claim.id).await.unwrap().unwrap();
    assert_eq!((record.state, record.changes.as_slice()), (WorkState::Done, [change(1)].as_slice()));
    assert_eq!(bench.store.claim_deliveries(at(99), 1, 30).await.unwrap(), []);
    assert_eq!(bench.store.delivery_failed(&claim, "late").await.unwrap(), Fenced::Lost);
}

async fn an_answer_is_kept_with_what_it_led_to(bench: Bench) {
    bench.store.accept(&[NewDelivery { due_at: at(60), ..delivery(1, "a", 1) }]).await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.delivery_answer(Uuid::from_u128(1), &[change(1)], None).await.unwrap();
    tx.delivery_answer(Uuid::from_u128(1), &[change(2), change(1)], Some("{\"id\":1}")).await.unwrap();
    tx.delivery_answer(Uuid::from_u128(1), &[], Some("{\"id\":2}")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.store.claim_deliveries(at(99), 1, 30).await.unwrap(), []);
    let again = bench.store.accept(&[delivery(2, "a", 1)]).await.unwrap();
    let Acceptance::Duplicate(first) = &again[0] else { panic!("{again:?}") };
    assert_eq!((first.changes.as_slice(), first.answer.as_deref()), ([change(1), change(2)].as_slice(), Some("{\"id\":1}")));
    assert_eq!(first.state, WorkState::Done);
}

async fn old_deliveries_are_forgotten_unless_they_wait(bench: Bench) {
    let done = |n: u128| NewDelivery { status: DeliveryStatus::Ignored, ..delivery(n, &format!("done {n}"), 1) };
    let mut batch: Vec<_> = (1..=1100).map(done).collect();
    batch.push(delivery(2001, "waits", 1));
    batch.push(NewDelivery { received_at: at(60), ..done(2002) });
    bench.store.accept(&batch).await.unwrap();
    assert_eq!(bench.store.forget_deliveries(at(60)).await.unwrap(), 1100);
    assert_eq!(bench.store.forget_deliveries(at(60)).await.unwrap(), 0);
    for kept in [2001, 2002] {
        assert!(bench.store.delivery(Uuid::from_u128(kept)).await.unwrap().is_some());
    }
    assert_eq!(bench.store.accept(&[done(1)]).await.unwrap(), [Acceptance::Stored]);
}
