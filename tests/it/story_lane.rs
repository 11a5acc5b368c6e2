//! Two changes of one service to one place, where the policy does not let the newer one replace the older.

use tests::world::card::Card;
use tests::world::deployment::Deployment;
use tests::world::{Plan, World};

fn when_newer(arrives: &str) -> Plan {
    Plan::default().with_policy("when_newer_arrives: supersede", &format!("when_newer_arrives: {arrives}"))
}

/// The older and the newer one.
async fn two(w: &World) -> [Deployment<'_>; 2] {
    let older = w.gitlab().deployment_waits("checkout-api", "production").await;
    [older, w.gitlab().deployment_waits("checkout-api", "production").await]
}

fn card<'w>(w: &'w World, deployment: &Deployment<'_>) -> Card<'w> {
    w.slack().channel("deploys").sees(&deployment.sha[..8])
}

async fn approve(card: &Card<'_>) {
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
    card.shows("Approved");
}

#[test]
fn an_approved_newer_one_waits_until_the_older_one_has_ended() {
    when_newer("queue").run(async |w| {
        let [older, newer] = two(w).await;
        let (first, second) = (card(w, &older), card(w, &newer));
        second.says(&format!("Waits for <https://gate.example.com/changes/{0}|{0}> to end", first.number()));
        approve(&second).await;
        second.says("It is not released yet.");
        newer.was_told_nothing();
        approve(&first).await;
        older.was_told_approved();
        older.starts().await;
        newer.was_told_nothing();
        older.succeeds().await;
        newer.was_told_approved();
        second.is_silent_about("Waits for");
    });
}

#[test]
fn somebody_says_that_the_newer_one_replaces_the_older() {
    when_newer("ask").run(async |w| {
        let [older, newer] = two(w).await;
        let (first, second) = (card(w, &older), card(w, &newer));
        second.says("It is newer than").says("Say whether it replaces that one or waits.");
        let button = second.button("Replace the older");
        let foreign = second.press("Replace the older", "lead-1").is_told().await;
        assert!(foreign.starts_with("You can’t say what goes first for CHG-"), "{foreign}");
        let told = second.press("Replace the older", "requester-1").is_told().await;
        assert!(told.ends_with("replaces the older change, which ends."), "{told}");
        first.shows("Replaced").has_no_buttons();
        older.was_told_rejected();
        second.is_silent_about("It is newer than");
        let again = second.press_remembered(&button, "approver-1").is_told().await;
        assert!(again.contains("does not wait for a word"), "{again}");
        approve(&second).await;
        newer.was_told_approved();
    });
}

#[test]
fn somebody_says_that_the_newer_one_waits() {
    when_newer("ask").run(async |w| {
        let [older, newer] = two(w).await;
        let (first, second) = (card(w, &older), card(w, &newer));
        approve(&second).await;
        newer.was_told_nothing();
        let told = second.press("Wait behind it", "approver-1").is_told().await;
        assert!(told.contains("waits for the older change to end."), "{told}");
        second.says("Waits for").is_silent_about("It is newer than");
        newer.was_told_nothing();
        first.press("Reject…", "approver-2").because("the migration locks a table").await;
        newer.was_told_approved();
    });
}
