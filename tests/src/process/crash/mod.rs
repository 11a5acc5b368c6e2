//! Kill -9 at any moment, under load: nothing acknowledged is lost, nothing is decided twice, every callback arrives.
//!
//! Senders of hooks and voters keep asking until they are acknowledged, as forges and people do; the pretend GitLab and
//! the chat workspace live on while the program dies. Afterwards everything is counted, from outside and in the database.

mod inside;
mod ledger;
mod load;
mod outside;
mod post;
mod scene;
mod settle;
mod summary;
mod votes;

use super::installation::Database;
use super::patience::now_micros;
use super::reader::Reader;
use super::service::Service;
use crate::chance::{Chance, number, seed};
use load::Load;
use router::clock::pause;
use scene::Scene;
use std::time::Duration;
use summary::Summary;

/// How many kills a run makes, instead of the number that its test names.
pub const KILLS: &str = "COUNTERSIGN_KILLS";

/// The longest that the program may live between two kills, once it is ready.
const LONGEST_LIFE_MS: u64 = 700;
/// The longest that it may live when it is killed without anybody having waited for it.
const SHORTEST_LIFE_MS: u64 = 250;
/// One in so many starts is killed while it is still starting.
const KILLED_AT_START: u64 = 5;

/// Runs the load over so many kills, and judges what is left.
pub async fn survives(database: Database<'_>, kills: u64) {
    let kills = number(KILLS).unwrap_or(kills);
    println!("{kills} kills");
    let seed = seed();
    let mut chance = Chance::seeded(seed);
    let scene = Scene::build(database).await;
    let mut summary = Summary::begin(kills);
    let load = Load::start(&scene, &mut chance);
    let service = kill_again_and_again(&scene, &mut chance, &mut summary).await;
    load.opens_nothing_more();
    let reader = Reader::new(&scene.installation, "lead-1");
    settle::settle(&scene, &reader, &mut summary).await;
    load.stop();
    let mut faults = scene.ledger().contradictions.clone();
    faults.extend(outside::judge(&scene, &reader, &mut summary).await);
    let ended = service.terminate().await;
    assert!(ended.success(), "after SIGTERM it ended with {ended}");
    faults.extend(inside::judge(&scene, &mut summary).await);
    println!("{}", summary.told(&scene));
    assert!(faults.is_empty(), "seed {seed}: {} faults\n{}", faults.len(), faults.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}

/// The service as it is after the last kill.
async fn kill_again_and_again(scene: &Scene, chance: &mut Chance, summary: &mut Summary) -> Service {
    for _ in 0..summary.kills {
        if chance.is_one_in(KILLED_AT_START) {
            let service = Service::start(&scene.installation);
            pause(chance.millis_below(SHORTEST_LIFE_MS)).await;
            service.kill();
            continue;
        }
        let service = start(scene, summary).await;
        pause(chance.millis_below(LONGEST_LIFE_MS)).await;
        service.kill();
    }
    start(scene, summary).await
}

async fn start(scene: &Scene, summary: &mut Summary) -> Service {
    let began = now_micros();
    let service = Service::ready(&scene.installation).await;
    summary.started(Duration::from_micros(now_micros().abs_diff(began)));
    service
}
