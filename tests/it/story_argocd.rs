//! Git is ahead of the cluster: people agree to a revision, and that revision is synced, or a hook is let go.

use engine::phase::State;
use std::time::Duration;
use tests::fakes::fault::Fault;
use tests::world::argocd::{APPLICATION, ARGOCD, Argocd, POLLING, revision};
use tests::world::card::Card;
use tests::world::{Plan, World};

fn plan() -> Plan {
    Plan::default().with_pipelines()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

async fn nearly_approved<'w>(w: &'w World, integration: &str) -> (Argocd<'w>, Card<'w>) {
    let argocd = w.argocd();
    assert_eq!(argocd.is_out_of_sync(integration, 1).await.status, 202);
    let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    (argocd, card)
}

#[test]
fn the_approved_revision_is_synced_and_not_a_newer_one() {
    plan().also_as_shipped().run(async |w| {
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        argocd.with(|application| application.target = revision(2));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(argocd.synced(), [revision(1)]);
        card.shows("Deploying: checkout-api");
        argocd.reports(ARGOCD).await;
        argocd.with(|application| application.ends("Succeeded"));
        argocd.reports(ARGOCD).await;
        card.shows(&format!("Deployed: checkout-api {} to production", &revision(1)[..8]));
        assert_eq!(w.change().await.state(), State::Succeeded);
    });
}

#[test]
fn every_source_of_an_application_is_synced_to_what_was_approved() {
    play(async |w| {
        let argocd = w.argocd();
        let (manifests, values) = (revision(1), revision(101));
        let revisions = [(manifests.as_str(), Some("author-1@example.com")), (values.as_str(), Some("approver-3@example.com"))];
        assert_eq!(argocd.is_out_of_sync_at(ARGOCD, &revisions).await.status, 202);
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api 01010101 + 65656565 to production");
        let told = card.press("Approve…", "approver-3").is_told().await;
        assert!(told.contains("you wrote one of its commits (65656565)"), "{told}");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        argocd.with(|application| application.target = format!("{},{}", revision(2), revision(102)));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(argocd.synced(), [format!("{manifests},{values}")]);
        argocd.reports(ARGOCD).await;
        argocd.with(|application| application.ends("Succeeded"));
        argocd.reports(ARGOCD).await;
        card.shows("Deployed: checkout-api 01010101 + 65656565 to production");
        assert_eq!(w.change().await.state(), State::Succeeded);
    });
}

#[test]
fn a_chart_among_the_sources_has_an_author_whom_nobody_knows() {
    play(async |w| {
        let manifests = revision(1);
        w.argocd().is_out_of_sync_at(ARGOCD, &[(manifests.as_str(), Some("author-1@example.com")), ("1.4.2", None)]).await;
        w.slack().channel("deploys").sees("Blocked: checkout-api").says("author of version 1.4.2");
    });
}

#[test]
fn a_lost_answer_is_no_second_sync_even_when_the_first_has_failed() {
    play(async |w| {
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        argocd.fails_next("POST", 1, Fault::DoneButDropped);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((argocd.posts(), w.change().await.state()), (1, State::Approved));
        argocd.with(|application| application.ends("Failed"));
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((argocd.synced(), w.change().await.state()), (vec![revision(1)], State::Released));
        argocd.reports(ARGOCD).await;
        assert_eq!(w.change().await.state(), State::Failed);
    });
}

#[test]
fn a_sync_that_had_failed_before_the_approval_does_not_stand_for_it() {
    play(async |w| {
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        argocd.with(|application| application.sync(&revision(1)).unwrap());
        argocd.with(|application| application.ends("Failed"));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((argocd.synced(), w.change().await.state()), (vec![revision(1), revision(1)], State::Deploying));
    });
}

#[test]
fn another_operation_or_a_closed_window_is_waited_for() {
    play(async |w| {
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        argocd.with(|application| application.sync(&revision(0)).unwrap());
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(argocd.synced(), [revision(0)]);
        argocd.with(|application| {
            application.ends("Succeeded");
            application.has_open_window = false;
        });
        w.advance(Duration::from_secs(2)).await;
        assert_eq!(w.change().await.state(), State::Approved);
        argocd.with(|application| application.has_open_window = true);
        w.advance(Duration::from_secs(4)).await;
        assert_eq!((argocd.synced(), w.change().await.state()), (vec![revision(0), revision(1)], State::Deploying));
    });
}

#[test]
fn what_was_rejected_is_not_synced_and_the_record_says_that_nobody_could_be_told() {
    play(async |w| {
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        card.shows("Rejected");
        assert_eq!((argocd.synced(), argocd.posts()), (Vec::<String>::new(), 0));
        let answer = format!("{:?}", w.change().await.change.answer);
        assert!(answer.contains("can’t be told no"), "{answer}");
        argocd.with(|application| application.sync(&revision(1)).unwrap());
        argocd.reports(ARGOCD).await;
        assert_eq!(w.change().await.change.unapproved.len(), 1, "somebody synced it all the same");
    });
}

#[test]
fn an_application_made_anew_is_not_synced_by_an_old_approval() {
    play(async |w| {
        w.expects_errors();
        w.expects_dead(1);
        let (argocd, card) = nearly_approved(w, ARGOCD).await;
        argocd.with(|application| application.uid = "uid-2".to_owned());
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(argocd.posts(), 0);
        card.says("was deleted and made again");
    });
}

#[test]
fn a_sync_that_nobody_asked_about_is_told_to_the_owners() {
    play(async |w| {
        let argocd = w.argocd();
        argocd.with(|application| application.sync(&revision(9)).unwrap());
        argocd.reports(ARGOCD).await;
        assert_eq!(w.slack().directs_to("owner-1").len(), 1);
    });
}

#[test]
fn a_hook_hears_wait_then_go_then_no() {
    plan().also_as_shipped().run(async |w| {
        let caller = w.token("requester-1", &["changes:read"]).await;
        let gate = format!("/v1/gates/argocd/{APPLICATION}?integration={POLLING}&environment=production&revision={}", revision(1));
        let ask = async || {
            let answer = caller.gets(&gate).await;
            (answer.status, answer.body["decision"].as_str().unwrap_or_default().to_owned(), answer.body["detail"].to_string())
        };
        let (status, word, sentence) = ask().await;
        assert_eq!((status, word.as_str()), (202, "wait"), "{sentence}");
        assert!(w.changes().await.is_empty(), "asking opens nothing");
        let (argocd, card) = nearly_approved(w, POLLING).await;
        assert_eq!(ask().await.0, 202);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        let (status, word, sentence) = ask().await;
        assert_eq!((status, word.as_str()), (200, "go"), "{sentence}");
        assert_eq!(ask().await.0, 200, "a hook that is tried again hears the same");
        assert_eq!(argocd.posts(), 0, "nobody is called without a token");
        argocd.with(|application| application.sync(&revision(1)).unwrap());
        argocd.with(|application| application.ends("Succeeded"));
        argocd.reports(POLLING).await;
        let (status, word, sentence) = ask().await;
        assert_eq!((status, word.as_str()), (403, "no"), "an approval is for one deployment: {sentence}");
    });
}

#[test]
fn a_hook_hears_no_after_a_rejection_and_needs_a_token() {
    play(async |w| {
        let (_, card) = nearly_approved(w, POLLING).await;
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        let asked = format!("?environment=production&revision={}", revision(1));
        let gate = format!("/v1/gates/argocd/{APPLICATION}{asked}&integration={POLLING}");
        let reader = w.token("requester-1", &["changes:read"]).await;
        let answer = reader.gets(&gate).await;
        assert_eq!((answer.status, answer.body["change"]["state"].as_str()), (403, Some("rejected")), "{answer:?}");
        assert_eq!(w.gets(&gate).await.status, 401);
        let other = w.token("requester-1", &["changes:write"]).await.gets(&gate).await;
        assert_eq!((other.status, other.problem()), (403, "forbidden"), "{other:?}");
        let unsaid = reader.gets(&format!("/v1/gates/argocd/{APPLICATION}{asked}")).await;
        assert_eq!((unsaid.status, unsaid.problem()), (422, "invalid"), "two integrations have this kind: {unsaid:?}");
        let half = reader.gets(&format!("/v1/gates/argocd/{APPLICATION}?integration={POLLING}&revision=1")).await;
        assert_eq!((half.status, half.problem()), (422, "invalid"), "{half:?}");
        for unknown in ["/v1/gates/flagger/a", "/v1/gates/jenkins/a", "/v1/gates/odd/a/b"] {
            let answer = reader.gets(unknown).await;
            assert_eq!((answer.status, answer.problem()), (501, "not-in-this-build"), "{unknown}: {answer:?}");
        }
    });
}
