//! After the last start: until everything that was under way has come to rest.

use super::scene::Scene;
use super::summary::Summary;
use crate::process::patience::{maybe_seen, now_micros};
use crate::process::reader::Reader;
use crate::process::service::client;
use reqwest::Client;
use router::clock::pause;
use router::demo::gitlab::Delivery;
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Duration;

/// Work that somebody had in hand when killed is taken up again when its lease ends, after 8 s; what follows from it may
/// be in hand at another kill.
const SETTLED_WITHIN: Duration = Duration::from_secs(120);
/// It has to look settled so many times in a row.
const LOOKS: usize = 4;
/// Contradictions that are named when it does not settle.
const NAMED: usize = 5;
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);
/// States that pass by themselves in this story.
const PASSING: [&str; 4] = ["gating", "approved", "released", "deploying"];

pub async fn settle(scene: &Scene, reader: &Reader, summary: &mut Summary) {
    let (began, client) = (now_micros(), client());
    let mut left = String::new();
    let settled = maybe_seen(SETTLED_WITHIN, async || {
        for _ in 0..LOOKS {
            if let Some(something) = what_is_left(scene, reader, &client).await {
                left = something;
                return None;
            }
            pause(BETWEEN_LOOKS).await;
        }
        Some(())
    });
    if settled.await.is_none() {
        let contradictions: Vec<String> = scene.ledger().contradictions.iter().take(NAMED).cloned().collect();
        panic!("not settled within {SETTLED_WITHIN:?}: {left}; {contradictions:#?}\n{}", scene.installation.log_tail());
    }
    summary.settled = Duration::from_micros(now_micros().abs_diff(began));
}

/// The first thing that has not come to rest.
async fn what_is_left(scene: &Scene, reader: &Reader, client: &Client) -> Option<String> {
    if !scene.ledger().is_quiet() {
        return Some("hooks or forms are not acknowledged".to_owned());
    }
    let waiting = reader.metric("countersign_outbox_waiting").await;
    if waiting > 0.0 {
        return Some(format!("{waiting} rows wait in the outbox"));
    }
    // Before states are looked at: what was lost would hold them up for ever, and asking finds it.
    if let Some(unknown) = ask_for_changes(scene, client).await {
        return Some(unknown);
    }
    let changes = reader.changes(None).await;
    if let Some(passing) = changes.iter().find(|change| PASSING.iter().any(|state| change["state"] == *state)) {
        return Some(format!("{} is {}", passing["number"], passing["state"]));
    }
    doubled_lane(&changes).map(|lane| format!("two changes are open in {lane}"))
}

fn doubled_lane(changes: &[Value]) -> Option<String> {
    let mut lanes = BTreeSet::new();
    let open = changes.iter().filter(|change| change["state"] == "pending");
    open.map(|change| format!("{} {}", change["service"], change["environment"])).find(|lane| !lanes.insert(lane.clone()))
}

/// Repeats each hook until the answer names its change.
async fn ask_for_changes(scene: &Scene, client: &Client) -> Option<String> {
    let unknown: Vec<(String, Delivery)> = {
        let ledger = scene.ledger();
        let unknown = ledger.hooks.iter().filter(|(_, hook)| hook.changes.is_empty());
        unknown.map(|(key, hook)| (key.clone(), hook.delivery.clone())).collect()
    };
    for (key, delivery) in unknown {
        let answer = client.post(scene.installation.hooks_url()).headers(delivery.headers).body(delivery.body).send().await.ok()?;
        let body: Value = answer.json().await.ok()?;
        let changes: Vec<String> =
            body["changes"].as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect();
        if changes.is_empty() {
            return Some(format!("hook {key} has come to no change: {body}"));
        }
        let mut ledger = scene.ledger();
        ledger.acknowledge(&key, body["delivery"].as_str().unwrap_or_default());
        ledger.hooks.get_mut(&key).expect("a hook that was noted").changes = changes;
    }
    None
}
