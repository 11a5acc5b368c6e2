//! One at a time: while a change of a lane is out, the next one waits for it, and goes on by itself when it has ended.

use engine::event::{Actor, Choice, What};
use engine::ids::{ChangeId, InteractionId, PersonId};
use engine::input::{Ballot, Sight, Voter};
use engine::phase::State;
use engine::{Act, Input};
use router::app::{App, intake};
use router::demo::gitlab::{Fault, JobStatus};
use router::dispatch;
use serde_json::{Value, json};
use std::time::Duration;
use tests::world::card::Card;
use tests::world::deployment::Deployment;
use tests::world::{Plan, World};

const DAY: Duration = Duration::from_hours(24);

fn locked() -> Plan {
    Plan::default().with_policy("when_newer_arrives: supersede", "when_newer_arrives: supersede, lock: one_at_a_time")
}

async fn waits<'w>(w: &'w World) -> (Deployment<'w>, Card<'w>) {
    let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
    let card = w.slack().channel("deploys").sees(&deployment.sha[..8]);
    (deployment, card)
}

async fn approve(card: &Card<'_>) {
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

/// What is released already is not replaced; what is newer waits for its end.
#[test]
fn the_next_one_goes_out_when_the_one_before_has_ended() {
    locked().also_as_shipped().run(async |w| {
        let (first, first_card) = waits(w).await;
        approve(&first_card).await;
        first.was_told_approved();
        let (second, second_card) = waits(w).await;
        approve(&second_card).await;
        let number = first_card.number();
        second_card.shows("Approved");
        second_card.says(&format!("Waits for <https://gate.example.com/changes/{number}|{number}> to end, which is out there now"));
        second.was_told_nothing();
        first.starts().await;
        second.was_told_nothing();
        let reader = w.token("requester-1", &["changes:read"]).await;
        let path = format!("/changes/{}", second_card.number());
        let holds = reader.gets(&format!("/v1{path}/decision")).await.body["holds"].clone();
        assert_eq!((&holds[0]["because"], &holds[0]["change"]["number"]), (&json!("lock"), &number_of(&number)), "{holds}");
        let page = tests::world::console::words(&w.signs_in(reader.token()).await.reads(&path).await.text);
        assert!(page.contains("Of its service only one change is out there at a time."), "{page}");
        first.succeeds().await;
        second.was_told_approved();
        second_card.is_silent_about("Waits for");
    });
}

fn number_of(shown: &str) -> Value {
    json!(shown.trim_start_matches("CHG-").parse::<u64>().unwrap())
}

#[test]
fn a_failure_lets_the_next_one_go_as_well() {
    locked().run(async |w| {
        let (first, card) = waits(w).await;
        approve(&card).await;
        first.starts().await;
        let (second, card) = waits(w).await;
        approve(&card).await;
        second.was_told_nothing();
        first.fails().await;
        second.was_told_approved();
    });
}

#[test]
fn one_whose_end_nobody_reports_is_waited_for_no_longer_than_a_change_may_wait() {
    locked().with_policy("expire_after: 1d", "expire_after: 2d").run(async |w| {
        let (first, card) = waits(w).await;
        approve(&card).await;
        w.advance(DAY).await;
        let (second, card) = waits(w).await;
        approve(&card).await;
        w.advance(DAY - Duration::from_mins(1)).await;
        second.was_told_nothing();
        w.advance(Duration::from_mins(2)).await;
        second.was_told_approved();
        first.was_told_approved();
    });
}

#[test]
fn other_lanes_are_not_waited_for() {
    locked().run(async |w| {
        let (first, card) = waits(w).await;
        approve(&card).await;
        first.starts().await;
        let elsewhere = w.gitlab().deployment_waits("checkout-api", "prod-eu").await;
        let card = w.slack().channel("deploys").sees(&elsewhere.sha[..8]);
        approve(&card).await;
        elsewhere.was_told_approved();
    });
}

/// The newer one is open, and the order that ends the older one is not carried out yet: both get their last vote.
#[test]
fn of_two_that_are_approved_at_once_one_goes_out() {
    locked().run(async |w| {
        let (older, card) = waits(w).await;
        card.press("Approve…", "approver-1").because("canary is clean").await;
        let newer = w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        for hook in w.gitlab().pretend().take_deliveries() {
            w.gitlab().sends(&hook).await;
        }
        intake::pass(&w.app()).await.unwrap();
        dispatch::pass(&w.app()).await.unwrap();
        let [first, second] = w.changes().await.try_into().unwrap();
        assert_eq!([first.state, second.state], [State::Pending; 2]);
        votes(&w.app(), second.id, "approver-1").await;
        let (here, there) = (w.app(), if w.app().store.is_postgres() { w.another_node().await.app.clone() } else { w.app() });
        tokio::join!(votes(&here, first.id, "approver-2"), votes(&there, second.id, "approver-2"));
        let states: Vec<State> = w.changes().await.iter().map(|change| change.state).collect();
        assert_eq!(states, [State::Approved; 2]);
        w.settles_at_once().await;
        let mut taken = Vec::new();
        for change in [&first, &second] {
            let told = w.record_of(&change.number.to_string()).await;
            taken.push(told.count(|what| matches!(what, What::LaneTaken)));
        }
        assert_eq!(taken.iter().sum::<usize>(), 1, "{taken:?}");
        let (goes, waits) = if taken == [1, 0] { (older, newer) } else { (newer, older) };
        goes.was_told_approved();
        assert!(!waits.decisions().contains(&"approved".to_owned()), "{:?}", waits.decisions());
    });
}

async fn votes(app: &App, change: ChangeId, who: &str) {
    let by = PersonId::from(who);
    let ballot = Ballot {
        voter: Voter::Person(by.clone()),
        choice: Choice::Approve,
        rationale: "reviewed the diff".to_owned(),
        requirement: None,
        seen: Sight { round: 1, digest: None },
        via: "slack".to_owned(),
        interaction: InteractionId::new(format!("{change}:{who}")),
    };
    let actor = Actor::Person { id: by, via: "slack".to_owned() };
    app.apply(change, Input { actor, act: Act::Vote(ballot) }).await.unwrap();
}

/// The tool does not answer while a newer one comes: the older one's verdict may be there already.
#[test]
fn a_verdict_on_its_way_is_not_replaced() {
    locked().run(async |w| {
        let (older, card) = waits(w).await;
        w.gitlab().fails_next(1, Fault::DoneButDropped);
        approve(&card).await;
        assert_eq!(w.record_of(&card.number()).await.state(), State::Approved);
        let (newer, newer_card) = waits(w).await;
        approve(&newer_card).await;
        newer_card.says("Waits for");
        newer.was_told_nothing();
        w.advance(Duration::from_mins(30)).await;
        assert_eq!((older.job(), w.record_of(&card.number()).await.state()), (JobStatus::Pending, State::Released));
        newer.was_told_nothing();
        older.starts().await;
        older.succeeds().await;
        newer.was_told_approved();
    });
}
