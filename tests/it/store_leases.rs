//! Work of one node at a time.

use crate::store_bench::{Bench, at, on_both};

on_both!(a_lease_has_one_holder);

async fn a_lease_has_one_holder(bench: Bench) {
    let take = async |holder: &str, seconds: u64| bench.store.take_lease("socket", holder, at(seconds), 10).await.unwrap();
    assert_eq!(take("a", 0).await, Some(1));
    assert_eq!(take("b", 5).await, None);
    assert_eq!(take("a", 5).await, Some(1));
    assert_eq!(take("b", 14).await, None);
    assert_eq!(take("b", 15).await, Some(2));
    bench.store.give_back_lease("socket", "a").await.unwrap();
    assert_eq!(take("a", 16).await, None);
    bench.store.give_back_lease("socket", "b").await.unwrap();
    assert_eq!(take("a", 16).await, Some(3));
}
