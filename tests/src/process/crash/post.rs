//! Hooks on their way: each is sent until it is acknowledged, and some again after that.

use super::ledger::Hook;
use super::scene::Scene;
use crate::chance::Chance;
use crate::process::service::client;
use reqwest::Client;
use router::clock::pause;
use router::demo::gitlab::Delivery;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

const POSTMAN: Duration = Duration::from_millis(10);
/// The longest pause before a hook that was not acknowledged is sent again.
const AGAIN_WITHIN_MS: u64 = 120;
/// One in so many is sent again although it was acknowledged.
const REPEATED: u64 = 3;
const REPEATS: u64 = 4;
const REPEAT_WITHIN_MS: u64 = 1_500;

/// Takes everything that GitLab sends off to the program, for ever.
pub async fn deliver(scene: Arc<Scene>, mut chance: Chance) {
    let client = client();
    loop {
        for delivery in scene.forge.gitlab.take_deliveries() {
            let key = note(&scene, delivery);
            tokio::spawn(carry(scene.clone(), client.clone(), key, chance.fork()));
        }
        pause(POSTMAN).await;
    }
}

fn note(scene: &Scene, delivery: Delivery) -> String {
    let body: Value = serde_json::from_slice(&delivery.body).expect("JSON of the pretend GitLab");
    let key = delivery.headers["idempotency-key"].to_str().expect("text").to_owned();
    let deployment = body["deployment_id"].as_i64().expect("a number");
    let status = body["status"].as_str().unwrap_or_default().to_owned();
    let mut ledger = scene.ledger();
    ledger.in_flight += 1;
    ledger.hooks.insert(key.clone(), Hook { delivery, deployment, status, acknowledged: None, sent: 0, answered: 0, changes: Vec::new() });
    key
}

async fn carry(scene: Arc<Scene>, client: Client, key: String, mut chance: Chance) {
    let repeats = if chance.is_one_in(REPEATED) { 1 + chance.below(REPEATS) } else { 0 };
    for round in 0..=repeats {
        if round > 0 {
            pause(chance.millis_below(REPEAT_WITHIN_MS)).await;
        }
        while !send(&scene, &client, &key).await {
            pause(chance.millis_below(AGAIN_WITHIN_MS)).await;
        }
    }
    scene.ledger().in_flight -= 1;
}

/// Whether it was acknowledged.
async fn send(scene: &Scene, client: &Client, key: &str) -> bool {
    let delivery = {
        let mut ledger = scene.ledger();
        let hook = ledger.hooks.get_mut(key).expect("a hook that was noted");
        hook.sent += 1;
        hook.delivery.clone()
    };
    let sent = client.post(scene.installation.hooks_url()).headers(delivery.headers).body(delivery.body).send().await;
    let Ok(answer) = sent else { return false };
    let status = answer.status().as_u16();
    let Ok(body) = answer.json::<Value>().await else { return false };
    match status {
        200 | 202 => {
            scene.ledger().acknowledge(key, body["delivery"].as_str().unwrap_or_default());
            true
        }
        // It could not be stored now, and says so.
        503 => false,
        _ => {
            scene.ledger().contradictions.push(format!("hook {key} was answered {status} {body}"));
            true
        }
    }
}
