//! GitHub: what waits becomes a card, and the decision becomes a review there.

use engine::phase::State;
use std::time::Duration;
use tests::fakes::github::{Fault, Gate};
use tests::world::card::Card;
use tests::world::github::{APPROVER, REQUESTER, WaitingRun};
use tests::world::{Credentials, GITHUB, PUBLIC_URL, Plan, World};

/// One vote short of a decision.
async fn nearly_approved(w: &World) -> (WaitingRun<'_>, Card<'_>) {
    let run = w.github().deployment_waits("production").await;
    let card = w.slack().channel("deploys").sees("Approval needed");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    (run, card)
}

#[test]
fn a_protection_rule_becomes_a_card_and_its_approval_a_review() {
    Plan::default().also_as_shipped().run(async |w| {
        let (run, card) = nearly_approved(w).await;
        assert_eq!((w.changes().await.len(), run.our_reviews()), (1, vec![]));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Released));
        let number = w.change().await.change.number;
        assert!(run.comment().starts_with(&format!("{PUBLIC_URL}/changes/{number} {number} was approved by")), "{}", run.comment());
        assert!(w.change().await.change.outside.is_empty(), "our own echo is no decision of somebody else");
        run.comes_to("in_progress").await;
        assert_eq!(w.change().await.state(), State::Deploying);
        run.comes_to("success").await;
        card.shows("Deployed").has_no_buttons();
        assert_eq!((run.reviews_asked(), w.github().tokens_lent()), (1, 2), "one token for authors, one for the review");
    });
}

#[test]
fn the_rule_shows_how_far_it_is_while_it_waits() {
    Plan::default().with_stop_the_line().run(async |w| {
        let (run, card) = nearly_approved(w).await;
        let number = w.change().await.change.number;
        let says = |words: &str| format!("{PUBLIC_URL}/changes/{number} {number} {words}.");
        let waited = [says("waits for approval: peer and operations"), says("waits for approval: operations")];
        assert_eq!(run.reports(), waited);
        w.types_for_all("lead-1", "pause production because INC-88 card errors").await;
        assert_eq!(run.reports(), waited, "a pause stops no voting");
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(run.reports()[2..], [says("is approved and held")]);
        w.types_for_all("lead-1", "resume production because INC-88 is mended").await;
        assert_eq!((run.reports().len(), run.our_reviews()), (3, vec![true]), "a decision is a review");
        assert!(w.change().await.change.outside.is_empty());
    });
}

#[test]
fn a_reviewer_shows_nothing_while_it_waits() {
    Plan::default().with_github(Credentials::Reviewer).run(async |w| {
        let run = w.github().waits_for(Gate::Reviewers, "production").await;
        w.slack().channel("deploys").sees("Approval needed");
        assert_eq!((run.reports(), run.reviews_asked()), (vec![], 0));
    });
}

#[test]
fn a_rejection_fails_the_run() {
    Plan::default().also_as_shipped().run(async |w| {
        let (run, card) = nearly_approved(w).await;
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        card.shows("Rejected").has_no_buttons();
        assert_eq!(run.our_reviews(), [false]);
        assert!(run.comment().contains("was rejected by Approver Two: the migration locks a table"), "{}", run.comment());
        assert_eq!(w.change().await.state(), State::Rejected);
    });
}

#[test]
fn whoever_wrote_merged_or_started_it_is_excluded() {
    World::run(async |w| {
        w.github().deployment_waits("production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let wrote = card.press("Approve…", "author-1").is_told().await;
        assert!(wrote.contains("You can’t approve"), "{wrote}");
        let started = card.press("Approve…", "requester-1").is_told().await;
        assert!(started.contains("You can’t approve"), "{started}");
        card.shows("Approval needed").says("Approvals: 0 of 2");
    });
}

#[test]
fn a_review_by_somebody_else_is_evidence_and_no_vote() {
    World::run(async |w| {
        let run = w.github().deployment_waits("production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        run.is_reviewed_there(APPROVER, true).await;
        card.shows("Approval needed").says("Approved in GitHub by github user 22, not here").says("Approvals: 0 of 2");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![], State::Released), "it had gone ahead");
        assert_eq!(w.change().await.change.outside.len(), 1);
    });
}

#[test]
fn a_deployment_that_nobody_approved_here_is_put_on_record() {
    World::run(async |w| {
        let run = w.github().deployment_waits("production").await;
        run.comes_to("in_progress").await;
        w.slack().channel("deploys").sees("Approval needed");
        assert_eq!(w.change().await.change.unapproved.len(), 1);
    });
}

#[test]
fn a_run_that_is_run_again_is_another_attempt_under_the_same_approval() {
    World::run(async |w| {
        let (run, card) = nearly_approved(w).await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        run.is_run_again(REQUESTER).await;
        assert_eq!((run.our_reviews(), w.changes().await.len()), (vec![true, true], 1));
        assert_eq!((w.change().await.change.attempt, w.change().await.state()), (2, State::Released));
    });
}

#[test]
fn a_run_that_is_cancelled_while_it_waits_leaves_nothing_to_decide() {
    World::run(async |w| {
        let (run, card) = nearly_approved(w).await;
        run.is_cancelled().await;
        card.shows("Withdrawn").has_no_buttons();
        assert_eq!(run.reviews_asked(), 0);
    });
}

#[test]
fn github_answers_503_twice_and_then_takes_it() {
    Plan::default().also_as_shipped().run(async |w| {
        let (run, card) = nearly_approved(w).await;
        w.github().fails_next(2, Fault::Status(503));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![], State::Approved));
        w.advance(Duration::from_secs(2)).await;
        w.advance(Duration::from_secs(4)).await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Released));
    });
}

#[test]
fn a_wish_to_be_left_alone_is_respected() {
    World::run(async |w| {
        let (run, card) = nearly_approved(w).await;
        w.github().fails_next(1, Fault::TooOften(60));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        w.advance(Duration::from_secs(59)).await;
        assert_eq!(run.reviews_asked(), 1, "asked again before its time");
        w.advance(Duration::from_secs(3)).await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Released));
    });
}

#[test]
fn what_was_done_although_the_answer_got_lost_is_read_back() {
    World::run(async |w| {
        let (run, card) = nearly_approved(w).await;
        w.github().fails_next(1, Fault::DoneButDropped);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Approved));
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Released));
        assert!(w.change().await.change.outside.is_empty());
    });
}

#[test]
fn a_token_that_is_taken_back_is_borrowed_anew() {
    World::run(async |w| {
        let (run, card) = nearly_approved(w).await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!(w.github().tokens_lent(), 2);
        w.github().fake().takes_tokens_back();
        run.is_run_again(REQUESTER).await;
        assert_eq!((w.change().await.state(), w.github().tokens_lent()), (State::Approved, 2), "it was tried with the one it had");
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((run.our_reviews(), w.github().tokens_lent()), (vec![true, true], 3));
        w.advance(Duration::from_mins(54)).await;
        run.is_run_again(REQUESTER).await;
        assert_eq!(w.github().tokens_lent(), 3, "it lasts long enough");
        w.advance(Duration::from_mins(2)).await;
        run.is_run_again(REQUESTER).await;
        assert_eq!((w.github().tokens_lent(), w.change().await.state()), (4, State::Released), "it would run out soon");
    });
}

#[test]
fn a_required_reviewer_s_token_answers_where_there_is_no_rule() {
    Plan::default().with_github(Credentials::Reviewer).run(async |w| {
        let run = w.github().waits_for(Gate::Reviewers, "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((run.our_reviews(), w.change().await.state()), (vec![true], State::Released));
        assert!(w.change().await.change.outside.is_empty());
    });
}

#[test]
fn without_credentials_the_card_says_that_the_decision_stays_here() {
    Plan::default().with_policy("unknown_author: block", "unknown_author: initiator_only").with_github(Credentials::Nothing).run(
        async |w| {
            w.expects_errors();
            w.expects_dead(1);
            let run = w.github().deployment_waits("production").await;
            let card = w.slack().channel("deploys").sees("Approval needed");
            card.says(&format!("The decision can’t be sent to GitHub: {GITHUB} has no credentials to answer with"));
            card.press("Approve…", "approver-1").because("canary is clean").await;
            card.press("Approve…", "approver-2").because("reviewed the diff").await;
            assert_eq!((run.reviews_asked(), w.change().await.state()), (0, State::Approved));
        },
    );
}
