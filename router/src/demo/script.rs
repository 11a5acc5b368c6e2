//! `countersign demo --script`: one change from its hook to its outcome and one that nobody answers, each step observed
//! from outside before the next begins.

use super::Stage;
use super::gitlab::{DeploymentStatus, JobStatus};
use super::visitor::Visitor;
use crate::clock::pause;
use anyhow::{Context, bail, ensure};
use engine::event::{DeploymentOutcome, What};
use engine::phase::State;
use entities::{ChangeFilter, Summary};
use std::time::Duration;

const FIRST: &str = "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3";
const SECOND: &str = "3b7e52cd1a9f4e60b8c4d3e2f1a0b9c8d7e6f5a4";
/// The longest that a step may take to be seen.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Of a terminal.
const COLUMNS: usize = 80;
/// Columns for the name of a step.
const STEP: usize = 12;

/// Plays it, and prints a line for each step that was seen. An error is a step that was not.
pub async fn play(stage: &Stage) -> anyhow::Result<()> {
    let deployment = stage.deployment_waits(FIRST, "Validate cards faster")?;
    let number = a_hook_opens_a_card(stage).await?;
    a_requester_is_refused(stage, &number).await?;
    two_people_agree(stage, &number).await?;
    the_decision_arrives(stage, &number, deployment).await?;
    the_outcome_is_shown(stage, &number, deployment).await?;
    nobody_answers(stage).await
}

/// Wrapped, so that the story reads well in any terminal.
fn say(step: &str, seen: &str) {
    let mut line = format!("{step:<STEP$}");
    for word in seen.split(' ') {
        if line.chars().count() + 1 + word.chars().count() > COLUMNS {
            println!("{line}");
            line = " ".repeat(STEP);
        }
        line.push(' ');
        line.push_str(word);
    }
    println!("{line}");
}

async fn a_hook_opens_a_card(stage: &Stage) -> anyhow::Result<String> {
    let [hook] = stage.gitlab.take_deliveries().try_into().map_err(|_| anyhow::anyhow!("GitLab did not send one hook"))?;
    let (status, first) = stage.deliver(&hook).await?;
    ensure!(status == 202 && first["status"] == "accepted", "the hook was answered {status} {first}");
    say("hook", &format!("GitLab: checkout-api waits to go to production → 202, delivery {}", short(&first["delivery"])));
    let number = seen(stage, "a card", async || newest(stage, State::Pending).await).await?.number.to_string();
    let (status, again) = stage.deliver(&hook).await?;
    ensure!(
        status == 200 && again["status"] == "duplicate" && again["delivery"] == first["delivery"],
        "the repeat was answered {status} {again}"
    );
    let all = stage.app.store.list_changes(&ChangeFilter::default(), None, 10).await?;
    ensure!(all.len() == 1, "the repeated hook made a second change");
    say("duplicate", "the same hook again → 200 duplicate, the same delivery, still one change");
    let page = Visitor::signs_in(stage, "approver-1").await?.reads(&number).await?;
    ensure!(page.contains("Approval needed: checkout-api 9f2c41ab to production"), "the card does not ask for approval");
    say("card", &format!("{number} Approval needed: checkout-api 9f2c41ab to production, 0 of 2"));
    Ok(number)
}

async fn a_requester_is_refused(stage: &Stage, number: &str) -> anyhow::Result<()> {
    let sentence = Visitor::signs_in(stage, "requester-1").await?.votes(number, "approve", "it is my own and it is fine").await?;
    ensure!(sentence.contains("you asked for it"), "the requester read “{sentence}”");
    say("refused", &format!("Requester One: {sentence}"));
    Ok(())
}

async fn two_people_agree(stage: &Stage, number: &str) -> anyhow::Result<()> {
    for (person, name, why, count) in [
        ("approver-1", "Approver One", "read the diff, tests are green", "1 of 2"),
        ("approver-2", "Approver Two", "canary is clean, rollback tested", "2 of 2"),
    ] {
        let sentence = Visitor::signs_in(stage, person).await?.votes(number, "approve", why).await?;
        ensure!(sentence.contains(count), "{name} read “{sentence}”");
        say("approved", &format!("{name}: “{why}” → {sentence}"));
    }
    Ok(())
}

async fn the_decision_arrives(stage: &Stage, number: &str, deployment: i64) -> anyhow::Result<()> {
    seen(stage, "the callback", async || {
        let approval = stage.gitlab.deployment(deployment).and_then(|deployment| deployment.approvals.last().cloned());
        Ok(approval.filter(|approval| approval.approved && approval.comment.contains(number)))
    })
    .await?;
    let job = stage.gitlab.deployment(deployment).map(|deployment| deployment.job).context("the deployment is gone")?;
    seen(stage, "the job's start", async || Ok(stage.gitlab.job(job).filter(|job| job.status != JobStatus::Manual))).await?;
    seen(stage, "the release", async || newest(stage, State::Released).await).await?;
    let calls = stage.gitlab.calls();
    let approvals = calls.iter().filter(|call| call.path.ends_with("/approval")).count();
    ensure!(approvals == 1, "GitLab was told {approvals} times");
    say("callback", "GitLab holds the approval, told once, and the manual job was played");
    Ok(())
}

async fn the_outcome_is_shown(stage: &Stage, number: &str, deployment: i64) -> anyhow::Result<()> {
    stage.gitlab.run(deployment);
    stage.gitlab.finish(deployment, DeploymentOutcome::Success);
    for hook in stage.gitlab.take_deliveries() {
        let (status, answer) = stage.deliver(&hook).await?;
        ensure!(status == 202, "a hook was answered {status} {answer}");
    }
    seen(stage, "the outcome", async || newest(stage, State::Succeeded).await).await?;
    ensure!(
        stage.gitlab.deployment(deployment).is_some_and(|deployment| deployment.status == DeploymentStatus::Success),
        "GitLab disagrees"
    );
    let page = Visitor::signs_in(stage, "approver-1").await?.reads(number).await?;
    ensure!(page.contains("Deployed: checkout-api 9f2c41ab to production"), "the card does not show the outcome");
    say("outcome", &format!("{number} Deployed: checkout-api 9f2c41ab to production"));
    Ok(())
}

async fn nobody_answers(stage: &Stage) -> anyhow::Result<()> {
    stage.deployment_waits(SECOND, "Round totals as the ledger does")?;
    for hook in stage.gitlab.take_deliveries() {
        stage.deliver(&hook).await?;
    }
    let change = seen(stage, "a second card", async || newest(stage, State::Pending).await).await?;
    say("second", &format!("{} Approval needed: checkout-api 3b7e52cd to production; nobody answers", change.number));
    for (minutes, step, words) in
        [(15, 0, "after 15 minutes: those who are waited on are reminded"), (45, 1, "after 1 hour: operations-leads are asked too")]
    {
        stage.clock.move_on(Duration::from_secs(minutes * 60));
        stage.app.news.everything();
        seen(stage, words, async || step_taken(stage, &change, step).await).await?;
        say("escalated", &format!("{} {words}", change.number));
    }
    let sentence =
        Visitor::signs_in(stage, "lead-1").await?.votes(&change.number.to_string(), "approve", "looked at it with the author").await?;
    ensure!(sentence.contains("1 of 2"), "the lead read “{sentence}”");
    say("asked too", &format!("Lead One: {sentence}"));
    Ok(())
}

async fn step_taken(stage: &Stage, change: &Summary, step: usize) -> anyhow::Result<Option<()>> {
    let events = stage.app.store.events(change.id).await?;
    Ok(events.iter().any(|event| matches!(&event.what, What::StepTaken { step: taken, .. } if *taken == step)).then_some(()))
}

async fn newest(stage: &Stage, state: State) -> anyhow::Result<Option<Summary>> {
    let filter = ChangeFilter { state: Some(state), ..ChangeFilter::default() };
    Ok(stage.app.store.list_changes(&filter, None, 1).await?.pop())
}

/// Looks until it is there; says what was not seen if it never is.
async fn seen<T>(stage: &Stage, what: &str, look: impl AsyncFn() -> anyhow::Result<Option<T>>) -> anyhow::Result<T> {
    let until = stage.app.clock.now().plus_seconds(PATIENCE.as_secs());
    while stage.app.clock.now() < until {
        if let Some(found) = look().await? {
            return Ok(found);
        }
        pause(LOOK_AGAIN).await;
    }
    bail!("{what} was not seen within {} s", PATIENCE.as_secs())
}

fn short(id: &serde_json::Value) -> String {
    id.as_str().unwrap_or_default().chars().take(8).collect()
}
