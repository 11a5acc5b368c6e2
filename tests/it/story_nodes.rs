//! Two nodes on one database. PostgreSQL only: SQLite belongs to one process, so two nodes on one file are not supported.

use engine::event::What;
use engine::phase::State;
use std::time::Duration;
use tests::world::database::Kind;
use tests::world::{GITLAB, Plan, World};

fn plan() -> Plan {
    Plan::default().only_on(Kind::Postgres)
}

fn on_two_nodes(story: impl AsyncFn(&World)) {
    plan().run(story);
}

#[test]
fn one_hook_at_both_nodes_is_one_change_and_one_card() {
    on_two_nodes(async |w| {
        let (one, other) = (w.node(), w.another_node().await);
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let (first, second) = tokio::join!(
            w.posts_to(&one, GITLAB, hook.headers.clone(), hook.body.clone()),
            w.posts_to(&other, GITLAB, hook.headers.clone(), hook.body.clone()),
        );
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 202]);
        assert_eq!(first.body["delivery"], second.body["delivery"]);
        w.settles_at_once().await;
        w.change().await;
        w.slack().channel("deploys").sees("Approval needed");
    });
}

/// Each webhook has its own key, so both deliveries are accepted, and two nodes open the change at once.
#[test]
fn two_hooks_about_one_deployment_at_two_nodes_are_one_change() {
    plan().also_as_shipped().run(async |w| {
        let (one, other) = (w.node(), w.another_node().await);
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        for (node, key) in [(&one, "of-the-group"), (&other, "of-the-project")] {
            let mut headers = hook.headers.clone();
            headers.insert("idempotency-key", key.parse().unwrap());
            assert_eq!(w.posts_to(node, GITLAB, headers, hook.body.clone()).await.status, 202);
        }
        w.settles_at_once().await;
        w.change().await;
        w.slack().channel("deploys").sees("Approval needed");
    });
}

#[test]
fn two_last_votes_at_once_are_one_decision() {
    plan().also_as_shipped().run(async |w| {
        let other = w.another_node().await;
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-2").because("canary is clean").await;
        let here = card.press("Approve…", "approver-1").opens_a_form().await;
        let there = card.press("Approve…", "approver-3").at(&other).opens_a_form().await;
        let (first, second) = tokio::join!(here.submit("reviewed the diff"), there.submit("looked at it too"));
        let heard = [first.closes(), second.closes()];
        assert_eq!(heard.iter().filter(|sentence| sentence.contains("(2 of 2)")).count(), 1, "{heard:?}");
        assert_eq!(heard.iter().filter(|sentence| sentence.contains("was approved already by")).count(), 1, "{heard:?}");
        w.settles_at_once().await;
        deployment.was_told_approved();
        let told = w.change().await;
        assert_eq!(told.count(|what| matches!(what, What::Approved { .. })), 1);
        assert_eq!((told.change.votes.len(), told.refusals()), (2, vec!["not_open"]));
    });
}

#[test]
fn a_veto_and_the_last_approval_at_once_are_one_of_both() {
    on_two_nodes(async |w| {
        let other = w.another_node().await;
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-2").because("canary is clean").await;
        let approval = card.press("Approve…", "approver-1").opens_a_form().await;
        let veto = card.press("Reject…", "approver-3").at(&other).opens_a_form().await;
        tokio::join!(approval.submit("reviewed the diff"), veto.submit("the migration locks a table"));
        w.settles_at_once().await;
        match w.change().await.state() {
            State::Released => deployment.was_told_approved(),
            State::Rejected => deployment.was_told_rejected(),
            state => panic!("neither approved nor rejected but {state:?}"),
        }
        assert_eq!(deployment.decisions().len(), 1);
    });
}

#[test]
fn timers_of_two_nodes_fire_once() {
    on_two_nodes(async |w| {
        w.another_node().await;
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        w.time_passes(Duration::from_mins(15)).await;
        w.settles_at_once().await;
        assert_eq!(w.slack().directs_to("approver-1").len(), 1);
        w.time_passes(Duration::from_hours(24)).await;
        w.settles_at_once().await;
        assert_eq!(w.change().await.count(|what| matches!(what, What::Expired { .. })), 1);
        assert_eq!(deployment.decisions(), ["rejected"]);
        assert_eq!(w.slack().directs_to("requester-1").len(), 1);
    });
}

#[test]
fn what_one_node_began_another_ends_when_it_dies_in_between() {
    plan().also_as_shipped().run(async |w| {
        let (one, other) = (w.node(), w.another_node().await);
        let deployment = w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        tokio::join!(
            w.posts_to(&one, GITLAB, hook.headers.clone(), hook.body.clone()),
            w.posts_to(&other, GITLAB, hook.headers.clone(), hook.body.clone()),
        );
        w.settles_at_once().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").at(&one).because("canary is clean").await;
        drop(one);
        w.first_node_dies().await;
        card.press("Approve…", "approver-2").at(&other).because("reviewed the diff").await;
        drop(other);
        card.shows("Approved");
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
        deployment.was_told_approved();
        assert_eq!(w.change().await.state(), State::Released);
    });
}
