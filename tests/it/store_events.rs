//! Streams keep what was appended, exactly and once.

use crate::store_bench::{Bench, at, change, event, on_both};
use engine::event::Actor;
use entities::{NewRecord, StoreError};
use serde_json::json;

on_both!(
    a_stream_gives_back_what_was_appended,
    two_writers_of_one_sequence_number_conflict,
    a_transaction_that_is_dropped_leaves_nothing,
    an_altered_event_is_corrupt,
    system_streams_count_for_themselves,
);

async fn a_stream_gives_back_what_was_appended(bench: Bench) {
    let many: Vec<_> = (1..=300).map(|seq| event(seq, "“why”\n\u{1f600}")).collect();
    bench.append(change(1), &many).await;
    bench.append(change(2), &[event(1, "other")]).await;
    assert_eq!(bench.store.events(change(1)).await.unwrap(), many);
    assert_eq!(bench.store.events(change(1)).await.unwrap()[0].at.micros(), 1_790_000_001_123_457);
    assert_eq!(bench.store.events(change(3)).await.unwrap(), []);
    let mut tx = bench.store.begin().await.unwrap();
    tx.append(change(2), &[event(2, "in here")]).await.unwrap();
    assert_eq!(tx.events(change(2)).await.unwrap().len(), 2);
}

async fn two_writers_of_one_sequence_number_conflict(bench: Bench) {
    bench.append(change(1), &[event(1, "first")]).await;
    let mut late = bench.store.begin().await.unwrap();
    let refused = late.append(change(1), &[event(1, "second")]).await;
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    drop(late);
    assert_eq!(bench.store.events(change(1)).await.unwrap(), [event(1, "first")]);

    let race = (0..16).map(|writer| {
        let store = bench.store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await?;
            tx.append(change(1), &[event(2, &format!("writer {writer}"))]).await?;
            tx.commit().await
        })
    });
    let mut won = 0;
    for writer in race.collect::<Vec<_>>() {
        match writer.await.unwrap() {
            Ok(_) => won += 1,
            Err(lost) => assert!(matches!(lost, StoreError::Conflict), "{lost:?}"),
        }
    }
    assert_eq!(won, 1);
}

async fn a_transaction_that_is_dropped_leaves_nothing(bench: Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.append(change(1), &[event(1, "gone")]).await.unwrap();
    drop(tx);
    assert_eq!(bench.store.events(change(1)).await.unwrap(), []);
    bench.append(change(1), &[event(1, "kept")]).await;
}

async fn an_altered_event_is_corrupt(bench: Bench) {
    bench.append(change(1), &[event(1, "why")]).await;
    for alteration in ["body = '{'", "body = replace(body, '\"seq\":1', '\"seq\":2')", "at = at + 1"] {
        bench.execute("UPDATE events SET kind = kind").await;
        bench.execute(&format!("UPDATE events SET {alteration}")).await;
        let read = bench.store.events(change(1)).await;
        let Err(StoreError::Corrupt { what, row, .. }) = read else { panic!("{alteration}: {read:?}") };
        assert_eq!((what, row), ("event", format!("change:{}/1", change(1))));
        bench.execute("DELETE FROM events").await;
        bench.append(change(1), &[event(1, "why")]).await;
    }
}

async fn system_streams_count_for_themselves(bench: Bench) {
    let record = |why: &str| NewRecord {
        at: at(5),
        actor: Actor::Token { id: "t1".to_owned() },
        kind: "policy_loaded".to_owned(),
        body: json!({ "why": why, "n": 1 }),
    };
    for (stream, why, seq) in [("policy", "one", 1), ("policy", "two", 2), ("deployments:gitlab-main", "three", 1)] {
        let mut tx = bench.store.begin().await.unwrap();
        assert_eq!(tx.record(stream, &record(why)).await.unwrap(), seq);
        tx.commit().await.unwrap();
    }
    let read = bench.store.system_records("policy").await.unwrap();
    assert_eq!(read.iter().map(|record| record.seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!((read[1].at, &read[1].actor, &read[1].body), (at(5), &record("").actor, &record("two").body));
    assert_eq!(bench.store.system_records("tokens").await.unwrap(), []);
}
