//! What the database holds, read after the program has ended: every stream, every projection, every vote of the ledger.

use super::scene::Scene;
use super::summary::Summary;
use engine::change::Change;
use engine::event::{Event, What};
use engine::ids::ChangeNumber;
use entities::{ChangeFilter, OutgoingFilter, OutgoingState, Store, StoreOptions, Summary as Row, WorkState};
use std::collections::BTreeMap;

const PAGE: u64 = 200;

/// What is wrong, a line each.
pub async fn judge(scene: &Scene, summary: &mut Summary) -> Vec<String> {
    let options = StoreOptions { url: scene.installation.database_url.clone(), connections: 4 };
    let store = Store::connect(&options).await.expect("the database of the run");
    let mut faults = deliveries_are_done(&store, scene).await;
    let (mut streams, mut numbers) = (BTreeMap::new(), BTreeMap::new());
    for row in rows(&store).await {
        let events = store.events(row.id).await.expect("the events of a change");
        faults.extend(stream_holds(&row, &events));
        faults.extend(told_as_decided(scene, &row, &events));
        numbers.insert(row.number.to_string(), events.clone());
        streams.insert(row.id.to_string(), events);
    }
    faults.extend(rows_are_done(&store, &streams, summary).await);
    faults.extend(votes_are_on_record(scene, &numbers, summary));
    store.close().await.expect("to close the database");
    faults
}

async fn rows(store: &Store) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    loop {
        let after: Option<ChangeNumber> = rows.last().map(|row| row.number);
        let page = store.list_changes(&ChangeFilter::default(), after, PAGE).await.expect("a page of changes");
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

/// It folds, its numbers have no gaps, its projection is what it folds to, and it was decided once.
fn stream_holds(row: &Row, events: &[Event]) -> Vec<String> {
    let number = row.number;
    let mut faults = Vec::new();
    let gaps = events.iter().zip(1..).filter(|(event, seq)| event.seq != *seq).count();
    if gaps > 0 {
        faults.push(format!("{number}: {gaps} events are not where they belong"));
    }
    match Change::fold(events) {
        Err(why) => faults.push(format!("{number}: its stream does not fold: {why}")),
        Ok(change) if Row::of(&change, router::app::apply::lane(&change)) != *row => {
            faults.push(format!("{number}: its projection is not its fold"))
        }
        Ok(_) => {}
    }
    let approvals = count(events, |what| matches!(what, What::Approved { .. }));
    let ends = count(events, |what| {
        matches!(
            what,
            What::Rejected { .. }
                | What::Superseded { .. }
                | What::Expired { .. }
                | What::Cancelled { .. }
                | What::DeploymentFinished { .. }
        )
    });
    if approvals > 1 || ends > 1 {
        faults.push(format!("{number}: approved {approvals} times, ended {ends} times"));
    }
    faults
}

/// A change that a newer one replaced before anybody approved it was rejected in GitLab and never started.
fn told_as_decided(scene: &Scene, row: &Row, events: &[Event]) -> Option<String> {
    if was_approved(events) || !was_replaced(events) {
        return None;
    }
    let deployment = scene.forge.gitlab.deployment(row.sequence?)?;
    let is_right = scene.forge.plays(&deployment) == 0 && deployment.approvals.iter().all(|approval| !approval.approved);
    (!is_right).then(|| format!("{}: replaced before it was approved, and GitLab holds an approval", row.number))
}

/// Nothing waits. What was put aside are verdicts that a newer change overtook on their way: GitLab holds our approval,
/// the change was replaced meanwhile, and somebody has to look.
async fn rows_are_done(store: &Store, streams: &BTreeMap<String, Vec<Event>>, summary: &mut Summary) -> Vec<String> {
    let mut faults = Vec::new();
    for state in [OutgoingState::Waiting, OutgoingState::Dead] {
        let filter = OutgoingFilter { state: Some(state), change: None };
        for row in store.outgoing_list(filter, PAGE).await.expect("the outbox") {
            let events = row.change.and_then(|id| streams.get(&id.to_string())).map_or(&[][..], Vec::as_slice);
            if state == OutgoingState::Dead && row.kind == "answer" && was_approved(events) && was_replaced(events) {
                summary.overtaken += 1;
            } else {
                faults.push(format!("outbox row {} ({}) is {}: {:?}", row.id, row.kind, state.word(), row.error));
            }
        }
    }
    faults
}

async fn deliveries_are_done(store: &Store, scene: &Scene) -> Vec<String> {
    let ids: Vec<String> = scene.ledger().hooks.values().filter_map(|hook| hook.acknowledged.clone()).collect();
    let mut faults = Vec::new();
    for id in ids {
        let delivery = store.delivery(id.parse().expect("a UUID")).await.expect("the inbox");
        match delivery {
            None => faults.push(format!("delivery {id} was acknowledged and is not there")),
            Some(delivery) if delivery.state != WorkState::Done => faults.push(format!("delivery {id} is {}", delivery.state.word())),
            Some(_) => {}
        }
    }
    faults
}

/// An acknowledged form is one vote, or it was refused: again for each time that it was sent, as attempts are counted.
fn votes_are_on_record(scene: &Scene, streams: &BTreeMap<String, Vec<Event>>, summary: &mut Summary) -> Vec<String> {
    let mut faults = Vec::new();
    for form in &scene.ledger().forms {
        let (interaction, events) = (form.sheet.interaction(), streams.get(form.sheet.number()).map_or(&[][..], Vec::as_slice));
        let voted = count(events, |what| matches!(what, What::Voted(voted) if voted.interaction.as_str() == interaction));
        let refused = count(events, |what| matches!(what, What::Refused(refused) if refused.interaction.as_str() == interaction));
        summary.votes += voted;
        summary.refused += refused;
        if !matches!((voted, refused), (1, 0) | (0, 1..)) {
            faults.push(format!(
                "{}: form {interaction} is on record {voted} times as a vote, {refused} times as refused",
                form.sheet.number()
            ));
        }
    }
    faults
}

fn was_approved(events: &[Event]) -> bool {
    count(events, |what| matches!(what, What::Approved { .. })) > 0
}

fn was_replaced(events: &[Event]) -> bool {
    count(events, |what| matches!(what, What::Superseded { .. })) > 0
}

fn count(events: &[Event], is_meant: impl Fn(&What) -> bool) -> usize {
    events.iter().filter(|event| is_meant(&event.what)).count()
}
