//! Where cards stand, however late a worker reports it.

use crate::store_bench::{Bench, at, change, on_both};
use entities::Placement;

on_both!(a_late_worker_does_not_undo_a_newer_card, a_message_is_found_by_an_index);

async fn a_late_worker_does_not_undo_a_newer_card(bench: Bench) {
    let card = |shown_seq, threaded_seq| Placement {
        change: change(1),
        platform: "slack".to_owned(),
        surface: "deploys".to_owned(),
        channel: "C1".to_owned(),
        message: "1700000000.000100".to_owned(),
        shown_seq,
        threaded_seq,
        live: true,
    };
    bench.store.save_placement(&card(5, 1), at(0)).await.unwrap();
    bench.store.save_placement(&card(3, 4), at(1)).await.unwrap();
    assert_eq!(bench.store.placements(change(1)).await.unwrap(), [card(5, 4)]);
    let direct = Placement { surface: "dm:U1".to_owned(), live: false, ..card(1, 0) };
    bench.store.save_placement(&direct, at(2)).await.unwrap();
    assert_eq!(bench.store.placements(change(1)).await.unwrap(), [card(5, 4), direct]);
    assert_eq!(bench.store.placements(change(2)).await.unwrap(), []);
}

async fn a_message_is_found_by_an_index(bench: Bench) {
    let card = |n: u64, platform: &str| Placement {
        change: change(u128::from(n)),
        platform: platform.to_owned(),
        surface: "deploys".to_owned(),
        channel: "C1".to_owned(),
        message: format!("1700000000.{n:06}"),
        shown_seq: 1,
        threaded_seq: 1,
        live: true,
    };
    for n in 1..=3 {
        bench.store.save_placement(&card(n, "slack"), at(0)).await.unwrap();
    }
    let found = async |platform: &str, channel: &str| bench.store.change_at(platform, channel, "1700000000.000002").await.unwrap();
    assert_eq!(found("slack", "C1").await, Some(change(2)));
    assert_eq!((found("discord", "C1").await, found("slack", "C2").await), (None, None));
    let plan = bench.plan("SELECT * FROM placements WHERE platform = 'slack' AND channel = 'C1' AND message = '1' LIMIT 1").await;
    assert!(plan.contains("placements_by_message"), "{plan}");
}
