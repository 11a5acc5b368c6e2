//! Gates, seen from outside: facts come through the API, people are asked once every gate passes, and a gate that passes no
//! longer keeps what is approved.

use engine::phase::State;
use serde_json::{Value, json};
use std::time::Duration;
use tests::world::api::Caller;
use tests::world::console::{deeds, words};
use tests::world::hooks::Answer;
use tests::world::{Plan, World};

/// Production needs its unit tests, and no drift of the last hour when it goes out.
const GATES: &str = "
gates:
  unit: { fact: tests.unit, pass: \"fact.total > 0 && fact.failed == 0\", max_age: 24h, waiver: { by: operations-leads, longest: 1d } }
  drift: { fact: iac.drift, pass: \"fact.changed == 0\", max_age: 1h, recheck: at_release }

notifications:";
const MINUTE: Duration = Duration::from_mins(1);

fn play(story: impl AsyncFn(&World)) {
    plan().with_discord().run(story);
}

fn plan() -> Plan {
    let production = "production: { tier: production, match: [\"prod-*\"],";
    Plan::default().with_policy(production, &format!("{production} promote_when: [unit, drift],")).with_policy("\nnotifications:", GATES)
}

async fn pipeline(w: &World) -> Caller<'_> {
    w.token("owner-1", &["facts:write", "changes:read"]).await
}

async fn supply(w: &World, by: &Caller<'_>, name: &str, value: Value) -> Answer {
    let number = w.change().await.change.number;
    let observed_at = w.now().to_string();
    by.sends(&format!("/v1/changes/{number}/facts"), &json!({ "name": name, "value": value, "observed_at": observed_at })).await
}

async fn approve(w: &World) {
    let card = w.slack().channel("deploys").sees("checkout-api ");
    card.press("Approve…", "approver-1").because("canary is clean").await;
    card.press("Approve…", "approver-2").because("reviewed the diff").await;
}

#[test]
fn people_are_asked_once_the_gates_pass() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let pipeline = pipeline(w).await;
        let number = w.change().await.change.number;
        let waits = pipeline.gets(&format!("/v1/changes/{number}")).await.body;
        let why = "The gate unit waits for the fact tests.unit. The gate drift waits for the fact iac.drift.";
        assert_eq!((&waits["state"], &waits["why"]), (&json!("gating"), &json!(why)), "{waits}");
        let failed = supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 3 })).await;
        assert_eq!((failed.status, &failed.body["state"]), (200, &json!("blocked")), "{failed:?}");
        let sentence = "The gate unit fails: tests.unit says failed 3, total 120, and it needs fact.total > 0 && fact.failed == 0.";
        assert!(failed.body["sentence"].as_str().unwrap().contains(sentence), "{failed:?}");
        let card = w.slack().channel("deploys").sees("checkout-api ");
        // Chats escape what follows.
        let said = "The gate unit fails: tests.unit says failed 3, total 120, and it needs fact.total";
        card.shows("Blocked").says(said);
        w.discord().sees("checkout-api ").says(said);
        w.advance(MINUTE).await;
        supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 0 })).await;
        card.shows("Checking").says("the gate drift waits for the fact iac.drift");
        let passed = supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        assert_eq!(passed.body["state"], json!("pending"), "{passed:?}");
        card.shows("Approval needed");
        approve(w).await;
        deployment.was_told_approved();
        let page = w.signs_in(pipeline.token()).await.reads(&format!("/changes/{number}")).await.text;
        assert!(page.contains("unit") && page.contains("passes: tests.unit says failed 0, total 120"), "{page}");
    });
}

#[test]
fn what_is_approved_waits_for_a_newer_fact() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let pipeline = pipeline(w).await;
        supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 0 })).await;
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        w.advance(60 * MINUTE).await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.shows("Approval needed").says("The gate drift waits for a newer iac.drift").says("Voting goes on.");
        approve(w).await;
        card.shows("Approved").says("It is not released yet.");
        deployment.was_told_nothing();
        let number = w.change().await.change.number;
        let decision = pipeline.gets(&format!("/v1/changes/{number}/decision")).await.body;
        let hold = &decision["holds"][0];
        assert_eq!(
            (&decision["outcome"], &hold["because"], &hold["gate"]),
            (&json!("approved"), &json!("gate"), &json!("drift")),
            "{decision}"
        );
        let whole = pipeline.gets(&format!("/v1/changes/{number}")).await.body;
        let gates: Vec<(&Value, &Value)> = whole["gates"].as_array().unwrap().iter().map(|gate| (&gate["name"], &gate["passes"])).collect();
        assert_eq!(gates, [(&json!("unit"), &json!(true)), (&json!("drift"), &json!(false))]);
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        deployment.was_told_approved();
        assert_eq!(w.change().await.state(), State::Released);
    });
}

#[test]
fn a_fact_is_judged_by_who_brings_it_and_what_it_says() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.change().await.change.number;
        let path = format!("/v1/changes/{number}/facts");
        let now = w.now().to_string();
        let fact = |value: Value| json!({ "name": "tests.unit", "value": value, "observed_at": now });
        let good = fact(json!({ "total": 1, "failed": 0 }));
        let pipeline = pipeline(w).await;
        let unfit = pipeline.sends(&path, &fact(json!({ "total": 1, "faild": 0 }))).await;
        let pointers: Vec<&Value> = unfit.body["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!((unfit.status, pointers), (422, vec![&json!("/value/faild"), &json!("/value/failed")]), "{unfit:?}");
        let reader = w.token("owner-1", &["changes:read"]).await;
        assert_eq!(reader.sends(&path, &good).await.status, 403);
        assert_eq!(w.stranger().sends(&path, &good).await.status, 401);
        assert_eq!(pipeline.sends("/v1/changes/CHG-99999/facts", &good).await.status, 404);
        let mut other = good.clone();
        other["subject"] = json!("0123456789abcdef");
        let refused = pipeline.sends(&path, &other).await;
        assert_eq!((refused.status, &refused.body["code"]), (409, &json!("fact_of_another_subject")), "{refused:?}");
        // Whoever answers for the token has supplied the fact, and so does not decide by it.
        let theirs = w.token("approver-1", &["facts:write"]).await;
        assert_eq!(theirs.sends(&path, &good).await.status, 200);
        let seq = w.change().await.change.last_seq;
        assert_eq!(theirs.sends(&path, &good).await.status, 200, "the same once more");
        assert_eq!(w.change().await.change.last_seq, seq);
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        let told = card.press("Approve…", "approver-1").is_told().await;
        assert!(told.contains("you supplied facts that its gates go by"), "{told}");
    });
}

#[test]
fn an_exception_is_made_by_whom_the_policy_names_and_ends_by_itself() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let pipeline = pipeline(w).await;
        supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 1 })).await;
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        let number = w.change().await.change.number;
        let path = format!("/v1/changes/{number}/waivers");
        let until = w.now().plus_seconds(3_600).to_string();
        let wish = json!({ "gate": "unit", "rationale": "the test machine is gone", "ticket": "QA-88", "until": until });
        let scopes = ["votes:write", "changes:read"];
        let other = w.personal_token("approver-1", &scopes).await.sends(&path, &wish).await;
        assert_eq!((other.status, &other.body["code"]), (409, &json!("may_not_waive")), "{other:?}");
        assert_eq!(w.token("lead-1", &scopes).await.sends(&path, &wish).await.status, 403, "services decide nothing");
        let lead = w.personal_token("lead-1", &scopes).await;
        let mut nameless = wish.clone();
        nameless["ticket"] = json!("");
        let unfit = lead.sends(&path, &nameless).await;
        assert_eq!((unfit.status, &unfit.body["errors"][0]["pointer"]), (422, &json!("/ticket")), "{unfit:?}");
        let waived = lead.sends_once(&path, "w-1", &wish).await;
        assert_eq!((waived.status, &waived.body["state"]), (200, &json!("pending")), "{waived:?}");
        assert_eq!(lead.sends_once(&path, "w-1", &wish).await.body, waived.body, "the same once more");
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.shows("Approval needed").says("The gate unit is waived by Lead One until").says("QA-88").says("the test machine is gone");
        w.advance(60 * MINUTE).await;
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        card.says("The gate unit fails: tests.unit says failed 1, total 120").is_silent_about("is waived");
        approve(w).await;
        deployment.was_told_nothing();
        supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 0 })).await;
        deployment.was_told_approved();
    });
}

#[test]
fn an_exception_is_made_in_the_console() {
    plan().in_sandbox().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let pipeline = pipeline(w).await;
        supply(w, &pipeline, "tests.unit", json!({ "total": 120, "failed": 1 })).await;
        supply(w, &pipeline, "iac.drift", json!({ "changed": 0 })).await;
        let number = w.change().await.change.number.to_string();
        let path = format!("/changes/{number}");
        let (approver, lead) = (w.visitor("approver-1").await, w.visitor("lead-1").await);
        assert!(!deeds(&approver.reads(&path).await.text).contains(&"waive".to_owned()));
        assert!(deeds(&lead.reads(&path).await.text).contains(&"waive".to_owned()));
        let filled =
            |hours| [("deed", "waive"), ("gate", "unit"), ("ticket", "QA-88"), ("hours", hours), ("rationale", "the test machine is gone")];
        let refused = lead.sends(&number, &filled("100")).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        for kept in ["lets this last 1 day at most", "QA-88", "the test machine is gone"] {
            assert!(refused.text.contains(kept), "{kept}: {}", words(&refused.text));
        }
        let told = lead.does(&number, &filled("2")).await;
        assert_eq!(told, format!("Recorded: the gate of {number} is waived, and it goes on."));
        let page = words(&lead.reads(&path).await.text);
        assert!(page.contains("Approval needed") && page.contains("The gate unit is waived by Lead One until"), "{page}");
        assert!(!deeds(&page).contains(&"waive".to_owned()));
    });
}
