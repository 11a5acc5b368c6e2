//! The outbox sends the newest wish of each key, by one worker at a time, until it is true or given up.

use crate::store_bench::{Bench, at, change, on_both, wish};
use entities::{ClaimedOutgoing, Fenced, Outgoing, OutgoingCounts, OutgoingFilter, OutgoingRecord, OutgoingState, SendAgain};
use std::collections::BTreeSet;

on_both!(
    a_newer_wish_takes_the_place_of_the_older,
    a_wish_that_came_anew_while_it_was_sent_is_sent_again,
    a_wish_that_came_anew_is_not_given_up_with_the_older,
    many_end_together_each_in_its_own_way,
    retries_wait_for_their_time,
    the_dead_are_counted_and_sent_again,
    one_is_sent_again_by_its_id,
    workers_never_share_a_wish,
    a_lease_that_ran_out_fences_its_holder,
    leases_are_given_back_unused,
    a_lease_is_prolonged_for_its_holder_alone,
    many_wishes_are_written_at_once,
    what_earlier_attempts_left_outlives_a_newer_wish,
    a_lease_that_ran_out_unreported_is_remembered,
);

async fn claim(bench: &Bench, seconds: u64) -> Option<ClaimedOutgoing> {
    let mut claimed = bench.store.claim_outgoing(at(seconds), 1, 30).await.unwrap();
    claimed.pop()
}

async fn all(bench: &Bench) -> Vec<OutgoingRecord> {
    bench.store.outgoing_list(OutgoingFilter::default(), 100).await.unwrap()
}

async fn a_newer_wish_takes_the_place_of_the_older(bench: Bench) {
    bench.enqueue(&[wish("k", "1"), wish("other", "2"), wish("k", "3")]).await;
    bench.enqueue(&[Outgoing { due_at: at(7), ..wish("k", "4") }]).await;
    let rows = all(&bench).await;
    assert_eq!(
        rows.iter().map(|row| (row.key.as_str(), row.payload.as_str(), row.version)).collect::<Vec<_>>(),
        [("other", "2", 1), ("k", "4", 2)]
    );
    assert_eq!((rows[1].state, rows[1].due_at, rows[1].change), (OutgoingState::Waiting, at(7), Some(change(1))));
}

async fn a_wish_that_came_anew_while_it_was_sent_is_sent_again(bench: Bench) {
    bench.enqueue(&[wish("k", "old")]).await;
    let old = claim(&bench, 0).await.unwrap();
    assert_eq!((old.payload.as_str(), old.attempts), ("old", 1));
    bench.enqueue(&[wish("k", "new")]).await;
    // It stays with its holder until he is done, or his lease ran out.
    assert_eq!(claim(&bench, 1).await, None);
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(30)));
    assert_eq!(bench.store.outgoing_done(&old, at(2)).await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(2)));
    let new = claim(&bench, 2).await.unwrap();
    assert_eq!((new.payload.as_str(), new.attempts, new.id), ("new", 1, old.id));
    assert_eq!(bench.store.outgoing_done(&new, at(3)).await.unwrap(), Fenced::Held);
    assert_eq!(all(&bench).await[0].state, OutgoingState::Done);
    assert_eq!(claim(&bench, 99).await, None);
    // Done is not for ever.
    bench.enqueue(&[wish("k", "newest")]).await;
    assert_eq!(claim(&bench, 99).await.unwrap().payload, "newest");
}

async fn a_wish_that_came_anew_is_not_given_up_with_the_older(bench: Bench) {
    bench.enqueue(&[wish("k", "old")]).await;
    let old = claim(&bench, 0).await.unwrap();
    bench.enqueue(&[wish("k", "new")]).await;
    assert_eq!(bench.store.outgoing_dead(&old, at(2), "gone").await.unwrap(), Fenced::Held);
    assert_eq!(claim(&bench, 2).await.unwrap().payload, "new");
}

async fn many_end_together_each_in_its_own_way(bench: Bench) {
    bench.enqueue(&[wish("a", "1"), wish("b", "old"), wish("c", "1"), wish("d", "1")]).await;
    let claims = bench.store.claim_outgoing(at(0), 10, 30).await.unwrap();
    bench.enqueue(&[wish("b", "new")]).await;
    let [_, _, lost, _] = claims.as_slice() else { panic!("{claims:?}") };
    assert_eq!(bench.store.outgoing_retry(lost, at(60), "429").await.unwrap(), Fenced::Held);
    let taken_over = bench.store.claim_outgoing(at(60), 10, 30).await.unwrap();
    assert_eq!(taken_over.len(), 4, "every lease has run out");
    let mixed = [&taken_over[0], &taken_over[1], &claims[2], &taken_over[3]].map(Clone::clone);
    bench.enqueue(&[wish("d", "new")]).await;
    let ended = bench.store.outgoing_done_together(&mixed, at(61)).await.unwrap();
    assert_eq!(ended, [Fenced::Held, Fenced::Held, Fenced::Lost, Fenced::Held]);
    let states: Vec<OutgoingState> = all(&bench).await.iter().map(|row| row.state).collect();
    assert_eq!(states, [OutgoingState::Waiting, OutgoingState::Waiting, OutgoingState::Done, OutgoingState::Done], "newest first");
    assert_eq!(claim(&bench, 61).await.unwrap().payload, "new", "d was wanted anew, c is in other hands");
    assert_eq!(claim(&bench, 61).await, None);
}

async fn retries_wait_for_their_time(bench: Bench) {
    bench.enqueue(&[wish("k", "1")]).await;
    let first = claim(&bench, 0).await.unwrap();
    assert_eq!(bench.store.outgoing_retry(&first, at(60), "429").await.unwrap(), Fenced::Held);
    assert_eq!(all(&bench).await[0].error.as_deref(), Some("429"));
    assert_eq!(claim(&bench, 59).await, None);
    assert_eq!(claim(&bench, 60).await.unwrap().attempts, 2);
}

async fn the_dead_are_counted_and_sent_again(bench: Bench) {
    bench.enqueue(&[wish("a", "1"), wish("b", "2"), Outgoing { due_at: at(40), ..wish("c", "3") }]).await;
    for claim in bench.store.claim_outgoing(at(0), 10, 30).await.unwrap() {
        assert_eq!(bench.store.outgoing_dead(&claim, at(1), "no such channel").await.unwrap(), Fenced::Held);
        assert_eq!(bench.store.outgoing_done(&claim, at(1)).await.unwrap(), Fenced::Lost);
    }
    let counts = bench.store.outgoing_counts().await.unwrap();
    assert_eq!(counts, OutgoingCounts { waiting: 1, dead: 2, oldest_due: Some(at(40)) });
    let dead = OutgoingFilter { state: Some(OutgoingState::Dead), change: Some(change(1)) };
    assert_eq!(bench.store.outgoing_list(dead, 10).await.unwrap().len(), 2);
    assert_eq!(bench.store.outgoing_send_again(SendAgain::AllDead, at(2)).await.unwrap(), 2);
    let again = bench.store.claim_outgoing(at(2), 10, 30).await.unwrap();
    assert_eq!(again.iter().map(|claim| (claim.key.as_str(), claim.attempts)).collect::<Vec<_>>(), [("a", 1), ("b", 1)]);
}

async fn one_is_sent_again_by_its_id(bench: Bench) {
    bench.enqueue(&[wish("a", "1")]).await;
    let first = claim(&bench, 0).await.unwrap();
    assert_eq!(bench.store.outgoing_send_again(SendAgain::One(first.id), at(1)).await.unwrap(), 1);
    assert_eq!(claim(&bench, 1).await, None);
    assert_eq!(bench.store.outgoing_done(&first, at(2)).await.unwrap(), Fenced::Held);
    assert_eq!(claim(&bench, 2).await.unwrap().id, first.id);
    assert_eq!(bench.store.outgoing_send_again(SendAgain::One(first.id + 1), at(1)).await.unwrap(), 0);
}

async fn workers_never_share_a_wish(bench: Bench) {
    bench.enqueue(&(0..400).map(|n| wish(&format!("key {n}"), "1")).collect::<Vec<_>>()).await;
    let workers = (0..8).map(|_| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            let mut mine: Vec<i64> = Vec::new();
            loop {
                let claimed = store.claim_outgoing(at(1), 5, 30).await.unwrap();
                assert!(claimed.len() <= 5, "more than asked for: {}", claimed.len());
                if claimed.is_empty() {
                    return mine;
                }
                for claim in claimed {
                    assert_eq!(store.outgoing_done(&claim, at(2)).await.unwrap(), Fenced::Held);
                    mine.push(claim.id);
                }
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
    assert_eq!(bench.store.outgoing_counts().await.unwrap().waiting, 0);
}

async fn a_lease_that_ran_out_fences_its_holder(bench: Bench) {
    bench.enqueue(&[wish("k", "1")]).await;
    let slow = claim(&bench, 0).await.unwrap();
    let quick = claim(&bench, 30).await.unwrap();
    assert!(quick.fence > slow.fence);
    assert_eq!(bench.store.outgoing_done(&slow, at(31)).await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.outgoing_retry(&slow, at(31), "late").await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.outgoing_dead(&slow, at(31), "late").await.unwrap(), Fenced::Lost);
    bench.store.outgoing_release(&[slow]).await.unwrap();
    assert_eq!(claim(&bench, 31).await, None);
    assert_eq!(bench.store.outgoing_done(&quick, at(31)).await.unwrap(), Fenced::Held);
}

async fn leases_are_given_back_unused(bench: Bench) {
    bench.enqueue(&[wish("a", "1"), wish("b", "2")]).await;
    let claimed = bench.store.claim_outgoing(at(5), 10, 3000).await.unwrap();
    bench.store.outgoing_release(&claimed).await.unwrap();
    bench.store.outgoing_release(&[]).await.unwrap();
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(5)));
    let again = bench.store.claim_outgoing(at(6), 10, 30).await.unwrap();
    assert_eq!(again.iter().map(|claim| claim.attempts).collect::<Vec<_>>(), [1, 1]);
}

async fn many_wishes_are_written_at_once(bench: Bench) {
    bench.enqueue(&[]).await;
    bench.enqueue(&(0..1000).map(|n| wish(&format!("key {n}"), "1")).collect::<Vec<_>>()).await;
    let claimed = bench.store.claim_outgoing(at(0), 1000, 30).await.unwrap();
    bench.store.outgoing_release(&claimed).await.unwrap();
    assert_eq!(bench.store.outgoing_counts().await.unwrap().waiting, 1000);
}

async fn a_lease_is_prolonged_for_its_holder_alone(bench: Bench) {
    bench.enqueue(&[wish("k", "1")]).await;
    let first = claim(&bench, 0).await.unwrap();
    bench.store.renew_outgoing(std::slice::from_ref(&first), at(20), 30).await.unwrap();
    assert_eq!(claim(&bench, 49).await, None);
    let second = claim(&bench, 50).await.unwrap();
    bench.store.renew_outgoing(&[first], at(70), 30).await.unwrap();
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(80)), "prolonged by whoever lost it");
    assert_eq!(bench.store.outgoing_retry(&second, at(60), "503").await.unwrap(), Fenced::Held);
    bench.store.renew_outgoing(&[second], at(55), 30).await.unwrap();
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(60)), "prolonged after it was given back");
    bench.store.renew_outgoing(&[], at(55), 30).await.unwrap();
}

/// The receiver does not forget an earlier attempt because we want something newer.
async fn what_earlier_attempts_left_outlives_a_newer_wish(bench: Bench) {
    bench.enqueue(&[wish("k", "old")]).await;
    let first = claim(&bench, 0).await.unwrap();
    assert_eq!((first.note.as_deref(), first.unanswered), (None, false));
    assert_eq!(bench.store.outgoing_note(&first, "seen").await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.outgoing_unanswered(&first, at(2), "the connection broke").await.unwrap(), Fenced::Held);
    bench.enqueue(&[wish("k", "new")]).await;
    let second = claim(&bench, 2).await.unwrap();
    assert_eq!((second.payload.as_str(), second.note.as_deref(), second.unanswered, second.attempts), ("new", Some("seen"), true, 1));
    assert_eq!(bench.store.outgoing_retry(&second, at(3), "503").await.unwrap(), Fenced::Held);
    let third = claim(&bench, 3).await.unwrap();
    assert!(third.unanswered, "a later answer says nothing about the first attempt");
    assert_eq!(bench.store.outgoing_done(&third, at(4)).await.unwrap(), Fenced::Held);
    bench.enqueue(&[wish("k", "newest")]).await;
    assert!(!claim(&bench, 5).await.unwrap().unanswered, "it is known by now");
}

async fn a_lease_that_ran_out_unreported_is_remembered(bench: Bench) {
    bench.enqueue(&[wish("k", "1")]).await;
    let first = claim(&bench, 0).await.unwrap();
    bench.store.outgoing_release(&[first]).await.unwrap();
    assert!(!claim(&bench, 1).await.unwrap().unanswered, "what was given back was not sent");
    assert!(claim(&bench, 40).await.unwrap().unanswered);
}
