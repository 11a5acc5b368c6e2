//! What has to hold at the end of every story, whatever it was about.

use super::{World, log};
use crate::fakes::door::Tool;
use engine::change::Change;
use entities::{OutgoingFilter, Summary};
use router::app::apply::lane;
use std::collections::BTreeSet;

/// Changes that are looked at; a story has a handful.
const MANY: u64 = 1_000;

pub async fn at_the_end(world: &World) {
    world.settle().await;
    nothing_is_left_to_send(world).await;
    every_stream_is_its_projection(world).await;
    let unexpected = world.slack().state().unexpected.clone();
    assert!(unexpected.is_empty(), "Slack does not have {unexpected:?}");
    let unexpected = world.discord().state().unexpected.clone();
    assert!(unexpected.is_empty(), "Discord does not have {unexpected:?}");
    let unexpected = world.gitlab().unexpected_calls();
    assert!(unexpected.is_empty(), "GitLab does not have {unexpected:?}");
    let unexpected = world.github().fake().state().unexpected.clone();
    assert!(unexpected.is_empty(), "GitHub does not have {unexpected:?}");
    let tools: [&dyn Tool; 3] = [world.jenkins.as_ref(), world.argocd.as_ref(), world.receiver.as_ref()];
    let unexpected: Vec<String> = tools.iter().flat_map(|tool| tool.door().unexpected()).collect();
    assert!(unexpected.is_empty(), "there is no {unexpected:?}");
    let logged = [log::take(), world.node().errors()].concat();
    assert!(logged.is_empty() || world.announced.errors.get(), "errors were logged that the story does not announce: {logged:#?}");
    assert!(!logged.is_empty() || !world.announced.errors.get(), "the story announces errors, and none was logged");
}

async fn nothing_is_left_to_send(world: &World) {
    let store = world.app().store.clone();
    let counts = store.outgoing_counts().await.unwrap();
    let rows = store.outgoing_list(OutgoingFilter::default(), MANY).await.unwrap();
    assert_eq!(counts.waiting, world.announced.waiting.get(), "rows that wait in the outbox: {rows:#?}");
    assert_eq!(counts.dead, world.announced.dead.get(), "rows that were put aside: {rows:#?}");
}

/// The log folds without a gap, and gives the row that lists and timers go by.
async fn every_stream_is_its_projection(world: &World) {
    let store = world.app().store.clone();
    let rows = store.list_changes(&entities::ChangeFilter::default(), None, MANY).await.unwrap();
    let open: Vec<&str> = rows.iter().filter(|row| !row.state.is_end()).map(|row| row.key.as_str()).collect();
    assert_eq!(open.len(), open.iter().collect::<BTreeSet<_>>().len(), "a key has two open changes: {open:?}");
    for row in rows {
        let events = store.events(row.id).await.unwrap();
        let change = Change::fold(&events).unwrap_or_else(|why| panic!("{}: {why}", row.number));
        assert_eq!(row, Summary::of(&change, lane(&change)), "the row and the log of {} differ", row.number);
    }
}
