//! The example in docs/examples/payments, whole, played from outside: each way that its policy knows for a change.

use serde_json::{Value, json};
use std::time::Duration;
use tests::world::api::Caller;
use tests::world::card::Card;
use tests::world::deployment::Deployment;
use tests::world::{Plan, World};

const POLICY: &str = include_str!("../../docs/examples/payments/policy.yaml");
const PEOPLE: &str = include_str!("../../docs/examples/payments/people.yaml");
const SOAK: Duration = Duration::from_hours(2);
const WHY: &str = "looked at what would change";
const BACKOUT: &str = "Roll the deployment back; nothing else was changed.";

fn play(story: impl AsyncFn(&World)) {
    let plan = Plan { policy: POLICY.to_owned(), people: PEOPLE.to_owned(), ..Plan::default() };
    // Stories see both on one channel.
    plan.with_policy("slack: { deploys: [production] }", "slack: { deploys: [staging, production] }").run(story);
}

/// What the pipeline measured, as all gates of the example want it.
fn measured() -> [(&'static str, Value); 5] {
    [
        ("tests.unit", json!({ "total": 120, "failed": 0 })),
        ("lint.code", json!({ "errors": 0 })),
        ("scan.sast", json!({ "new_critical": 0, "new_high": 0 })),
        ("iac.drift", json!({ "changed": 0 })),
        ("supply.attestation", json!({ "verified": true, "builder": "https://gitlab.example.com/ci" })),
    ]
}

async fn supply(w: &World, pipeline: &Caller<'_>, number: &str, facts: impl IntoIterator<Item = (&str, Value)>) {
    for (name, value) in facts {
        let fact = json!({ "name": name, "value": value, "observed_at": w.now().to_string() });
        let answer = pipeline.sends(&format!("/v1/changes/{number}/facts"), &fact).await;
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
    }
}

async fn fill_in(card: &Card<'_>) {
    let form = card.press("Fill in…", "requester-1").opens_a_form().await;
    form.fill(&[("Backout plan", BACKOUT), ("Customer impact", "none")]).await.closes();
}

/// It succeeds in staging, soaks there, and asks for production; its requester fills in both, and all is measured.
async fn comes_to_production<'w>(w: &'w World, service: &str) -> (Deployment<'w>, Card<'w>) {
    let pipeline = w.token("owner-1", &["facts:write", "changes:read"]).await;
    let staging = w.gitlab().deployment_waits(service, "staging").await;
    let card = w.slack().channel("deploys").sees("Input needed");
    fill_in(&card).await;
    supply(w, &pipeline, &card.number(), measured().into_iter().take(2)).await;
    staging.was_told_approved();
    staging.starts().await;
    staging.succeeds().await;
    w.advance(SOAK).await;
    let production = w.gitlab().deployment_of(service, "production").of_commit(&staging.sha).waits().await;
    let card = w.slack().channel("deploys").sees("Input needed");
    fill_in(&card).await;
    supply(w, &pipeline, &card.number(), measured()).await;
    (production, card)
}

async fn approve(card: &Card<'_>, people: &[&str]) {
    for person in people {
        card.press("Approve…", person).because(WHY).await;
    }
}

#[test]
fn a_normal_change_is_agreed_to_side_by_side() {
    play(async |w| {
        let (production, card) = comes_to_production(w, "ledger-api").await;
        card.shows("Approval needed").says("statements").is_silent_about("Stage 1 of 2");
        approve(&card, &["approver-2", "approver-1"]).await;
        production.was_told_approved();
        production.starts().await;
        production.succeeds().await;
        card.shows("Deployed");
    });
}

#[test]
fn a_major_change_goes_through_its_stages_and_both_signatures() {
    play(async |w| {
        let (production, card) = comes_to_production(w, "checkout-api").await;
        card.shows("Approval needed").says("Stage 1 of 3: review");
        approve(&card, &["approver-1", "security-1"]).await;
        card.says("Stage 2 of 3: operate");
        approve(&card, &["approver-3"]).await;
        card.says("Stage 3 of 3: authorise").says("This stage is signed blind");
        approve(&card, &["lead-1"]).await;
        let told = card.press("Approve…", "business-1").is_told().await;
        assert!(told.contains("is signed on the web"), "{told}");
        production.was_told_nothing();
        let business = w.personal_token("business-1", &["votes:write", "changes:read"]).await;
        w.signs_in(business.token()).await.votes(&card.number(), "approve", WHY).await;
        production.was_told_approved();
    });
}

#[test]
fn an_enterprise_release_is_voted_on_by_the_board() {
    play(async |w| {
        let (staged, _) = comes_to_production(w, "checkout-api").await;
        let caller = w.token("requester-1", &["changes:write", "facts:write", "changes:read"]).await;
        let wish = json!({
            "short_description": "The autumn release", "service": "checkout-api", "environment": "production", "sha": staged.sha,
            "authors": ["author-1"], "attributes": { "enterprise_release": true },
        });
        let asked = caller.asks("autumn", &wish).await;
        assert_eq!(asked.status, 201, "{asked:?}");
        let card = w.slack().channel("deploys").sees("Input needed");
        fill_in(&card).await;
        supply(w, &caller, &card.number(), measured()).await;
        approve(&card, &["approver-1", "security-1", "approver-3", "lead-1"]).await;
        let business = w.personal_token("business-1", &["votes:write", "changes:read"]).await;
        w.signs_in(business.token()).await.votes(&card.number(), "approve", WHY).await;
        card.shows("Approval needed").says("Stage 4 of 4: board").says("somebody of board-chairs has to vote");
        card.press("Reject…", "board-2").because("too close to the holidays").await;
        approve(&card, &["board-1", "chair-1"]).await;
        card.shows("Approved").says("Chair One), for board");
    });
}

/// On Friday afternoon, when the weekend's freeze has begun half an hour ago.
#[test]
fn a_freeze_keeps_it_until_two_leads_override_it() {
    play(async |w| {
        w.advance(Duration::from_hours(4 * 24) + Duration::from_mins(150)).await;
        let (production, card) = comes_to_production(w, "checkout-api").await;
        card.shows("Approval needed").says("Paused by the freeze friday-evening until ");
        approve(&card, &["approver-1", "security-1", "approver-3", "lead-1"]).await;
        let business = w.personal_token("business-1", &["votes:write", "changes:read"]).await;
        w.signs_in(business.token()).await.votes(&card.number(), "approve", WHY).await;
        card.shows("Approved").says("It is not released yet.");
        for lead in ["lead-1", "lead-2"] {
            production.was_told_nothing();
            card.press("Override freeze…", lead).because("cards have been declined since ten, and this mends it").await;
        }
        production.was_told_approved();
    });
}

#[test]
fn changes_are_requested_and_the_next_round_is_agreed_to() {
    play(async |w| {
        let (production, card) = comes_to_production(w, "ledger-api").await;
        approve(&card, &["approver-1"]).await;
        card.press("Request changes…", "approver-2").because("say how to go back").await;
        card.press("Ask again…", "requester-1").because("the way back is described now").await;
        card.shows("Approval needed").says("Approvals: 0 of 2");
        approve(&card, &["approver-1", "approver-2"]).await;
        production.was_told_approved();
    });
}

#[test]
fn a_newer_deployment_replaces_the_one_that_waits() {
    play(async |w| {
        let (older, card) = comes_to_production(w, "ledger-api").await;
        approve(&card, &["approver-1"]).await;
        let newer = w.gitlab().deployment_waits("ledger-api", "production").await;
        older.was_told_rejected();
        newer.was_told_nothing();
        card.shows("Replaced").has_no_buttons();
    });
}

/// Whoever is on duty holds everything, and lets it go again.
#[test]
fn the_line_is_stopped_by_command() {
    play(async |w| {
        let (production, card) = comes_to_production(w, "ledger-api").await;
        let refused = w.types("approver-3", "pause production because INC-88 is open").await.private();
        assert!(refused.contains("ops-on-call"), "{refused}");
        w.types("approver-2", "pause production because INC-88 is open").await;
        approve(&card, &["approver-1", "approver-3"]).await;
        card.shows("Approved").says("INC-88 is open");
        production.was_told_nothing();
        w.types("approver-2", "resume production because INC-88 is closed").await;
        w.settle().await;
        production.was_told_approved();
    });
}
