//! Incidents: the newest word about each, and those that are still asked about.

use crate::store_bench::{Bench, at, on_both};
use engine::ids::IncidentId;
use engine::incident::Incident;

on_both!(the_newest_word_counts_and_old_ones_are_left_out);

fn incident(id: &str, opened: u64, resolved: Option<u64>) -> Incident {
    Incident {
        id: IncidentId::from(id),
        title: "Card errors".to_owned(),
        severity: "sev1".to_owned(),
        services: ["checkout-api".to_owned()].into(),
        caused_by_service: None,
        url: None,
        opened_at: at(opened),
        resolved_at: resolved.map(at),
        source: "monitoring".to_owned(),
        revision: 1,
    }
}

async fn the_newest_word_counts_and_old_ones_are_left_out(bench: Bench) {
    let (open, lately, long_ago) = (incident("INC-1", 5, None), incident("INC-2", 3, Some(9)), incident("INC-3", 1, Some(4)));
    let mut tx = bench.store.begin().await.unwrap();
    for incident in [&open, &long_ago, &incident("INC-2", 3, None), &lately] {
        tx.put_incident(incident).await.unwrap();
    }
    assert_eq!(tx.incident(&"INC-3".into()).await.unwrap(), Some(long_ago));
    assert_eq!(tx.incident(&"INC-4".into()).await.unwrap(), None);
    assert_eq!(tx.incidents_known(at(4)).await.unwrap(), [lately.clone(), open.clone()]);
    tx.commit().await.unwrap();
    assert_eq!(bench.store.incidents_known(at(9)).await.unwrap(), [open]);
}
