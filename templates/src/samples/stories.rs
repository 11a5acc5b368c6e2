//! What can happen to a change, once each.

use super::people;
use super::story::{Story, request};
use engine::event::{BlockReason, ChangeRef, Choice, DeploymentOutcome, TakenAct, ToolDecision, What};
use engine::ids::{ChangeId, ChangeNumber};
use engine::request::Initiator;

/// Every story with its name, which begins with the state that it ends in.
pub fn all() -> Vec<(&'static str, Story)> {
    [open(), decided(), ended()].into_iter().flatten().collect()
}

pub fn approved() -> Story {
    Story::begin().asked().approved()
}

fn open() -> Vec<(&'static str, Story)> {
    let pending = || Story::begin().asked();
    let one = || pending().approve("approver-1", "Canary is clean so far, rollback tested.");
    let outside = What::DecidedOutside { decision: ToolDecision::Approve, by: "gitlab user 4711".to_owned() };
    vec![
        ("gating", Story::begin()),
        ("blocked", Story::begin().blocked(BlockReason::UnknownService { service: "payments/checkout-api".to_owned() })),
        ("blocked-unknown-requester", stranger()),
        ("pending", pending()),
        ("pending-one", one()),
        ("pending-stage-two", one().approve("approver-2", "Read the diff, it only touches validation.").stage("business", 1)),
        ("pending-escalated", one().step(0, TakenAct::Reminded, &["approver-2"]).step(1, leads(), &["lead-1"])),
        (
            "pending-struck",
            one().then(What::VoteStruck { person: "approver-1".into(), why: "no longer a member of operations".to_owned() }),
        ),
        ("pending-outside", one().then(outside)),
    ]
}

fn leads() -> TakenAct {
    TakenAct::Added("operations-leads".into())
}

/// Asked for by an account that nobody has linked, under no rule.
fn stranger() -> Story {
    let mut request = request();
    request.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: "4711".to_owned() };
    request.version = None;
    Story::of(request, None).blocked(BlockReason::NoClass)
}

fn decided() -> Vec<(&'static str, Story)> {
    let error = "HTTP 403 from gitlab.example.com: the token lacks the scope api".to_owned();
    vec![
        ("approved", approved()),
        ("approved-undelivered", approved().then(What::AnswerFailed { decision: ToolDecision::Approve, attempt: 1, error })),
        ("approved-by-rule", by_rule()),
        ("released", Story::begin().asked().released()),
        ("deploying", Story::begin().asked().deploying()),
    ]
}

/// A class that asks for nobody.
fn by_rule() -> Story {
    let mut rules = people::rules();
    rules.stages.clear();
    rules.requirements.clear();
    rules.class = "pre-approved".into();
    Story::of(request(), Some(rules)).then(What::Approved { counted: Vec::new() })
}

fn ended() -> Vec<(&'static str, Story)> {
    let pending = || Story::begin().asked();
    let finished = |outcome| pending().deploying().then(What::DeploymentFinished { run: "5107".to_owned(), outcome });
    let newer = ChangeRef { id: ChangeId(uuid::Uuid::nil()), number: ChangeNumber(1043) };
    let why = "It was deployed without this approval.".to_owned();
    let unapproved = || pending().then(What::UnapprovedDeployment { run: "5107".to_owned() });
    vec![
        ("succeeded", finished(DeploymentOutcome::Success)),
        ("failed", finished(DeploymentOutcome::Failure)),
        ("failed-cancelled", finished(DeploymentOutcome::Cancelled)),
        ("rejected", rejected()),
        (
            "expired",
            pending().approve("approver-1", "Canary is clean so far.").then(What::Expired { waiting_on: vec!["operations".into()] }),
        ),
        ("cancelled", pending().then(What::Cancelled { why: "The pipeline was cancelled.".to_owned() })),
        ("cancelled-unapproved", unapproved().then(What::Cancelled { why })),
        ("superseded", pending().then(What::Superseded { by: newer })),
    ]
}

fn rejected() -> Story {
    let rationale = "The migration locks the orders table for minutes.";
    let voted = Story::begin().asked().approve("approver-1", "Canary is clean so far.").vote("approver-2", Choice::Reject, rationale);
    voted.then(What::Rejected { by: "approver-2".into(), rationale: rationale.to_owned() })
}
