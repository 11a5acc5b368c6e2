//! A pipeline asks, people agree, and its input is let through exactly once, whatever happens on the way.

use engine::phase::State;
use serde_json::{Value, json};
use std::time::Duration;
use tests::fakes::fault::Fault;
use tests::fakes::jenkins::Input;
use tests::world::card::Card;
use tests::world::jenkins::{JENKINS, Running, SECRET};
use tests::world::{Plan, World};

const PROCEED: &str = "/job/payments/job/checkout-api/42/input/Deploy-gate/proceedEmpty";
const ABORT: &str = "/job/payments/job/checkout-api/42/input/Deploy-gate/abort";

fn plan() -> Plan {
    Plan::default().with_pipelines()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

/// One vote short of a decision.
async fn nearly_approved(w: &World) -> (Running<'_>, Card<'_>) {
    let build = w.jenkins_build(42);
    assert_eq!(build.asks().await.status, 202);
    let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    (build, card)
}

#[test]
fn votes_let_the_input_through_and_the_plugin_tells_the_end() {
    plan().also_as_shipped().run(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        assert_eq!(build.posts(), Vec::<String>::new());
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((build.posts(), build.input()), (vec![PROCEED.to_owned()], Input::Proceeded));
        assert_eq!(w.change().await.state(), State::Released);
        build.ends("SUCCESS").await;
        card.shows("Deployed: checkout-api");
        build.ends("SUCCESS").await;
        assert_eq!(w.change().await.state(), State::Succeeded);
    });
}

#[test]
fn a_step_that_runs_twice_asks_once() {
    play(async |w| {
        let build = w.jenkins_build(42);
        let (first, again) = (build.asks().await, build.asks().await);
        assert_eq!((first.status, again.status), (202, 200));
        assert_eq!(first.body["delivery"], again.body["delivery"]);
        w.change().await;
    });
}

#[test]
fn an_input_that_is_not_reached_yet_is_tried_again() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((build.posts().len(), w.change().await.state()), (0, State::Approved));
        w.advance(Duration::from_secs(2)).await;
        assert!(build.posts().is_empty(), "an input that does not wait is left alone");
        build.reaches_its_input();
        w.advance(Duration::from_secs(4)).await;
        assert_eq!((build.posts(), w.change().await.state()), (vec![PROCEED.to_owned()], State::Released));
    });
}

#[test]
fn a_lost_answer_lets_nothing_through_twice() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        w.jenkins_fails_next("POST", 1, Fault::DoneButDropped);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((build.input(), w.change().await.state()), (Input::Proceeded, State::Approved));
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((build.posts(), w.change().await.state()), (vec![PROCEED.to_owned()], State::Released));
    });
}

#[test]
fn a_call_that_never_arrived_is_made_again() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        w.jenkins_fails_next("POST", 1, Fault::Reset);
        w.jenkins_fails_next("GET", 1, Fault::Status(503));
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        w.advance(Duration::from_secs(2)).await;
        assert_eq!((build.input(), w.change().await.state()), (Input::Waits, State::Approved));
        w.advance(Duration::from_secs(4)).await;
        assert_eq!((build.posts().len(), build.input()), (2, Input::Proceeded));
        assert_eq!(w.change().await.state(), State::Released);
    });
}

#[test]
fn a_rejection_aborts_the_input() {
    plan().also_as_shipped().run(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        assert_eq!((build.posts(), build.input()), (vec![ABORT.to_owned()], Input::Aborted));
        build.ends("ABORTED").await;
        card.shows("Rejected").has_no_buttons();
    });
}

#[test]
fn a_rejection_whose_answer_got_lost_shows_when_the_build_is_over() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        w.jenkins_fails_next("POST", 1, Fault::DoneButDropped);
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        w.advance(Duration::from_secs(2)).await;
        assert_eq!(build.posts(), [ABORT]);
        card.shows("Rejected").is_silent_about("could not be delivered");
    });
}

/// The pipeline catches the abort and deploys all the same.
#[test]
fn a_build_that_succeeds_after_a_rejection_went_past_us() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        assert_eq!(build.input(), Input::Aborted);
        build.ends("SUCCESS").await;
        let told = w.change().await;
        assert_eq!((told.state(), &told.change.unapproved[..]), (State::Rejected, &["payments/checkout-api#42".to_owned()][..]));
        assert_eq!(w.slack().directs_to("owner-1").len(), 1);
        build.ends("SUCCESS").await;
        assert_eq!(w.slack().directs_to("owner-1").len(), 1, "a report that comes twice says it once");
    });
}

#[test]
fn what_an_input_asks_for_comes_from_the_approved_change() {
    play(async |w| {
        let build = w.jenkins_build(42);
        let parameter = |kind: &str, name: &str, default: Value| json!({ "type": format!("{kind}ParameterDefinition"), "name": name, "definition": { "defaultVal": default } });
        build.wants(&[parameter("String", "REGION", json!("eu-1")), parameter("Boolean", "DRY_RUN", json!(true))]);
        build.reaches_its_input();
        let mut step = build.step();
        step["fields"] = json!({ "DRY_RUN": "false" });
        let bearer = format!("Bearer {SECRET}");
        assert_eq!(w.posts(JENKINS, &[("authorization", &bearer)], &step.to_string()).await.status, 202);
        w.settle().await;
        let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert_eq!((build.input(), w.change().await.state()), (Input::Proceeded, State::Released));
        assert_eq!(json!(build.given()), json!({ "REGION": "eu-1", "DRY_RUN": false }));
    });
}

#[test]
fn a_parameter_that_nobody_filled_in_lets_nothing_through() {
    play(async |w| {
        w.expects_errors();
        w.expects_dead(1);
        let (build, card) = nearly_approved(w).await;
        build.wants(&[json!({ "type": "RunParameterDefinition", "name": "BUILD_TO_SHIP", "definition": {} })]);
        build.reaches_its_input();
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        card.says("the input asks for “BUILD_TO_SHIP”: send it in the step’s fields");
        assert_eq!((build.input(), build.posts().len()), (Input::Waits, 0));
    });
}

#[test]
fn a_build_that_was_aborted_in_jenkins_is_no_approval() {
    play(async |w| {
        w.expects_errors();
        w.expects_dead(1);
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        build.is_answered_by("operator", Input::Aborted);
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        assert!(build.posts().is_empty());
        card.says("the build was over before its input could be let through: ABORTED");
    });
}

#[test]
fn a_build_that_ends_before_anybody_decided_takes_its_change_with_it() {
    play(async |w| {
        let (build, card) = nearly_approved(w).await;
        build.ends("ABORTED").await;
        card.shows("Withdrawn").has_no_buttons();
    });
}

#[test]
fn without_permission_and_without_the_build_the_card_says_so() {
    play(async |w| {
        w.expects_errors();
        w.expects_dead(1);
        let (build, card) = nearly_approved(w).await;
        build.reaches_its_input();
        build.lets_only("release-managers");
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        card.shows("Approved").says("could not be delivered to Jenkins").says("You need to be release-managers");
        build.is_deleted();
    });
}

#[test]
fn what_is_forged_or_misspelt_is_refused() {
    play(async |w| {
        let body = w.jenkins_build(42).step();
        for value in ["Bearer guessed", "Basic cGx1Z2luOmd1ZXNzZWQ=", "", SECRET] {
            let answer = w.posts(JENKINS, &[("authorization", value)], &body.to_string()).await;
            assert_eq!((answer.status, answer.problem()), (401, "bad-signature"), "{value}: {answer:?}");
        }
        let mut misspelt = body.clone();
        misspelt["enviroment"] = json!("production");
        let bearer = format!("Bearer {SECRET}");
        let answer = w.posts(JENKINS, &[("authorization", &bearer)], &misspelt.to_string()).await;
        assert_eq!((answer.status, &answer.body["errors"][0]["pointer"]), (400, &"/enviroment".into()), "{answer:?}");
        w.settle().await;
        assert!(w.changes().await.is_empty());
    });
}

#[test]
fn who_wrote_or_started_it_may_not_approve_it() {
    play(async |w| {
        let build = w.jenkins_build(42);
        build.reaches_its_input();
        let mut step = build.step();
        step["authors"] = json!(["approver-1@example.com", "slack:T000000001/U000000015"]);
        let bearer = format!("Bearer {SECRET}");
        w.posts(JENKINS, &[("authorization", &bearer)], &step.to_string()).await;
        w.settle().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        for person in ["approver-1", "approver-3"] {
            let told = card.press("Approve…", person).is_told().await;
            assert!(told.contains("You can’t approve this"), "{person}: {told}");
        }
        let mut silent = w.jenkins_build(43).step();
        silent.as_object_mut().unwrap().remove("authors");
        w.posts(JENKINS, &[("authorization", &bearer)], &silent.to_string()).await;
        w.settle().await;
        w.slack().channel("deploys").sees("Blocked").says("an author whom the pipeline did not name");
        assert_eq!(build.input(), Input::Aborted, "the newer build replaces the older one");
    });
}
