//! Internal inputs: one for each target, cause and kind, worked on like deliveries.

use crate::store_bench::{Bench, at, change, on_both};
use entities::{Fenced, NewInternal};

on_both!(one_cause_gives_one_input, inputs_are_worked_on_one_by_one);

fn input(target: u128, cause: &str) -> NewInternal {
    NewInternal { target: change(target), cause: cause.to_owned(), kind: "supersede".to_owned(), input: "{}".to_owned() }
}

async fn post(bench: &Bench, inputs: &[NewInternal]) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.post_internal(inputs, at(0)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn one_cause_gives_one_input(bench: Bench) {
    post(&bench, &[]).await;
    post(&bench, &[input(1, "a"), input(1, "a"), input(2, "a")]).await;
    post(&bench, &[input(1, "a"), input(1, "b")]).await;
    let claimed = bench.store.claim_internal(at(0), 10, 30).await.unwrap();
    let found: Vec<_> = claimed.iter().map(|claim| (claim.target, claim.cause.as_str(), claim.kind.as_str())).collect();
    assert_eq!(found, [(change(1), "a", "supersede"), (change(2), "a", "supersede"), (change(1), "b", "supersede")]);
}

async fn inputs_are_worked_on_one_by_one(bench: Bench) {
    post(&bench, &[input(1, "a"), input(2, "b")]).await;
    let first = bench.store.claim_internal(at(0), 1, 30).await.unwrap().pop().unwrap();
    let second = bench.store.claim_internal(at(0), 5, 30).await.unwrap().pop().unwrap();
    assert_eq!(bench.store.claim_internal(at(29), 5, 30).await.unwrap(), []);
    assert_eq!(bench.store.internal_done(&first).await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.internal_done(&first).await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.internal_retry(&second, at(60), "busy").await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.next_due().await.unwrap(), Some(at(60)));
    let again = bench.store.claim_internal(at(60), 5, 30).await.unwrap().pop().unwrap();
    assert_eq!((again.id, again.attempts), (second.id, 2));
    assert_eq!(bench.store.internal_failed(&second, "late").await.unwrap(), Fenced::Lost);
    assert_eq!(bench.store.internal_failed(&again, "no").await.unwrap(), Fenced::Held);
    assert_eq!(bench.store.next_due().await.unwrap(), None);
}
