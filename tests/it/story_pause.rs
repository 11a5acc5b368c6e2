//! Somebody stops the line: nothing goes out until it is resumed, every card says so, and votes go on.

use engine::event::What;
use engine::phase::State;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::world::database::Kind;
use tests::world::{Plan, World};

const REASON: &str = "canary is clean";
const INCIDENT: &str = "INC-88 card errors";

fn plan() -> Plan {
    Plan::default().with_discord().with_stop_the_line()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

async fn number_of(w: &World, service: &str) -> String {
    w.changes().await.iter().find(|row| row.service == service).expect("a change of it").number.to_string()
}

async fn approve(w: &World, number: &str) {
    for person in ["approver-1", "approver-2"] {
        let told = w.types(person, &format!("approve {number} because {REASON}")).await.private();
        assert!(told.starts_with("Recorded: you approved"), "{told}");
    }
}

async fn pause(w: &World, what: &str) {
    let (private, _) = w.types_for_all("lead-1", &format!("pause {what} because {INCIDENT}")).await;
    assert!(private.starts_with("Paused: "), "{private}");
}

async fn resume(w: &World, what: &str) {
    let (private, _) = w.types_for_all("lead-1", &format!("resume {what} because the errors are gone")).await;
    assert!(private.starts_with("Resumed: "), "{private}");
}

#[test]
fn a_pause_holds_everything_back_and_every_card_says_so() {
    play(async |w| {
        let pending = w.gitlab().deployment_waits("ledger-api", "production").await;
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number_of(w, "checkout-api").await;
        w.types("approver-1", &format!("approve {number} because {REASON}")).await;
        let (private, line) = w.types_for_all("lead-1", &format!("pause production for 2h because {INCIDENT}")).await;
        assert!(private.starts_with("Paused: production until ") && private.contains("2 open changes are told"), "{private}");
        assert!(private.contains("`/gate resume production because …`"), "{private}");
        assert!(line.starts_with("Lead One paused production until ") && line.contains(INCIDENT), "{line}");
        for service in ["checkout-api", "ledger-api"] {
            let titled = format!("{service} ");
            w.slack().channel("deploys").sees(&titled).says("Paused by Lead One (production)").says(INCIDENT);
            w.discord().sees(&titled).says("Paused by Lead One (production)").says(INCIDENT);
        }
        let told = w.types("approver-2", &format!("approve {number} because reviewed the diff")).await.private();
        assert!(told.starts_with("Recorded: you approved"), "votes go on: {told}");
        assert_eq!(w.record_of(&number).await.state(), State::Approved);
        deployment.was_told_nothing();
        let status = w.types("requester-1", "status").await.private();
        assert!(status.contains("paused by Lead One") && status.contains("It stops 1 approved now; 1 more"), "{status}");
        assert_eq!(w.types("requester-1", "status staging").await.private(), "Nothing of staging is paused.");
        let (private, line) = w.types_for_all("lead-1", "resume production because the errors are gone").await;
        assert!(private.starts_with("Resumed: production."), "{private}");
        assert!(line.starts_with("Lead One resumed production: “the errors are gone”"), "{line}");
        deployment.was_told_approved();
        pending.was_told_nothing();
        w.advance(Duration::from_hours(3)).await;
        deployment.was_told_approved();
        assert_eq!(w.types("requester-1", "status").await.private(), "Nothing is paused.");
    });
}

#[test]
fn a_pause_can_be_placed_and_lifted_in_discord() {
    plan().also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number_of(w, "checkout-api").await;
        let pause = [("scope", "production/checkout-api"), ("because", INCIDENT)];
        let tests::world::command::Back::Public(line) = w.types_in_discord("lead-1", "pause", &pause).await else { panic!("not for all") };
        assert!(line.starts_with("Lead One paused production/checkout"), "{line}");
        approve(w, &number).await;
        deployment.was_told_nothing();
        w.discord().sees("checkout-api ").says("Paused by Lead One");
        let refused = w.types_in_discord("approver-1", "resume", &[("scope", "production/checkout-api"), ("because", "it is fine")]).await;
        assert!(refused.private().starts_with("You can’t pause or resume releases"));
        w.types_in_discord("lead-1", "resume", &[("scope", "production/checkout-api"), ("because", "it is fine")]).await;
        deployment.was_told_approved();
    });
}

#[test]
fn a_pause_with_an_end_releases_by_itself() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        pause(w, "production for 30m").await;
        approve(w, &number_of(w, "checkout-api").await).await;
        w.advance(Duration::from_mins(29)).await;
        deployment.was_told_nothing();
        w.advance(Duration::from_mins(2)).await;
        deployment.was_told_approved();
        w.slack().channel("deploys").sees("Approved").is_silent_about("Paused by");
    });
}

#[test]
fn a_time_is_meant_in_the_zone_of_the_policy() {
    play(async |w| {
        let (private, _) = w.types_for_all("lead-1", &format!("pause production until 18:00 because {INCIDENT}")).await;
        assert!(private.contains("(18:00 Europe/Berlin)"), "{private}");
        let past = w.types("lead-1", &format!("pause all until 2020-01-01T10:00 because {INCIDENT}")).await.private();
        assert!(past.starts_with("That time is over already"), "{past}");
        let long = w.types("lead-1", &format!("pause all for 2d because {INCIDENT}")).await.private();
        assert_eq!(long, "A pause lasts 1 day at most by the policy, so nothing was paused. Say a shorter time.");
    });
}

#[test]
fn who_may_not_pause_is_refused_privately_and_recorded() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let told = w.types("approver-1", &format!("pause production because {INCIDENT}")).await.private();
        assert_eq!(told, "You can’t pause or resume releases: that is for operations-leads. Ask one of them.");
        let stranger = w.types("T000000009/U000000016", &format!("pause all because {INCIDENT}")).await.private();
        assert!(stranger.contains("isn’t linked to a person"), "{stranger}");
        let typo = w.types("lead-1", &format!("pause prodution because {INCIDENT}")).await.private();
        assert_eq!(typo, "Nothing is known as prodution, so nothing was paused. Did you mean production?");
        let short = w.types("lead-1", "pause production because x").await.private();
        assert!(short.starts_with("Say in at least 5 characters why."), "{short}");
        let nothing = w.types("lead-1", "resume production because it is fine").await.private();
        assert!(nothing.starts_with("production is not paused") && nothing.ends_with("Type `/gate status`."), "{nothing}");
        let codes: Vec<Value> = w.pause_records().await.into_iter().map(|(_, body)| body["code"].clone()).collect();
        assert_eq!(json!(codes), json!(["may_not_pause", "not_linked", "unknown_scope", "pause_unexplained", "no_such_hold"]));
        assert!(w.slack().state().lines.is_empty());
        for _ in 0..12 {
            w.types("approver-2", &format!("pause production because {INCIDENT}")).await;
        }
        assert_eq!(w.pause_records().await.len(), 5 + 10, "records of refusals are capped");
    });
}

#[test]
fn only_what_is_covered_waits_and_one_of_two_pauses_is_enough() {
    plan().also_as_shipped().run(async |w| {
        let checkout = w.gitlab().deployment_waits("checkout-api", "production").await;
        let ledger = w.gitlab().deployment_waits("ledger-api", "production").await;
        pause(w, "production/checkout-api").await;
        approve(w, &number_of(w, "ledger-api").await).await;
        ledger.was_told_approved();
        pause(w, "all").await;
        approve(w, &number_of(w, "checkout-api").await).await;
        resume(w, "production/checkout-api").await;
        checkout.was_told_nothing();
        resume(w, "all").await;
        checkout.was_told_approved();
    });
}

#[test]
fn what_opens_during_a_pause_says_so_at_once() {
    plan().also_as_shipped().run(async |w| {
        pause(w, "production").await;
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("checkout-api ");
        card.says("Paused by Lead One");
        assert_eq!(card.message().edits, 0, "it was posted with it");
    });
}

#[test]
fn a_pause_between_the_last_vote_and_the_callback_stops_the_callback() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number_of(w, "checkout-api").await;
        w.types("approver-1", &format!("approve {number} because {REASON}")).await;
        // The last vote and the pause are both recorded before anything is sent.
        w.acts_typed("approver-2", &format!("approve {number} because reviewed the diff")).await;
        w.acts_typed("lead-1", &format!("pause production because {INCIDENT}")).await;
        w.sends_first().await;
        deployment.was_told_nothing();
        w.settle().await;
        deployment.was_told_nothing();
        let told = w.record_of(&number).await;
        assert_eq!((told.state(), told.count(|what| matches!(what, What::Held { .. }))), (State::Approved, 1));
        resume(w, "production").await;
        deployment.was_told_approved();
    });
}

#[test]
fn what_takes_longer_is_answered_in_time_and_told_afterwards() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        // Somebody else holds what a pause has to write.
        let tx = w.store_is_busy().await;
        let text = format!("pause production because {INCIDENT}");
        let asked = w.acts_typed("lead-1", &text);
        let told = tokio::time::timeout(SLACK_WAITS, asked).await.expect("an answer in time");
        assert!(told.starts_with("This takes longer than usual."), "{told}");
        drop(tx);
        let (private, line) = w.hears_later("lead-1").await;
        assert!(private.starts_with("Paused: production") && line.starts_with("Lead One paused production"), "{private} {line}");
        w.settle().await;
        w.slack().channel("deploys").sees("checkout-api ").says("Paused by Lead One");
    });
}

#[test]
fn programs_pause_by_the_api() {
    plan().also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let lead = w.personal_token("lead-1", &["holds:write", "changes:read"]).await;
        let wish = json!({ "environment": "production", "reason": INCIDENT, "for": "2h" });
        let placed = lead.sends("/v1/holds", &wish).await;
        assert_eq!((placed.status, &placed.body["by"], &placed.body["changes"]), (201, &json!("lead-1"), &json!(1)), "{placed:?}");
        let keyed = async || lead.sends_once("/v1/holds", "retry-1", &wish).await.body["id"].clone();
        let (first, again) = (keyed().await, keyed().await);
        assert!(first == again && first != placed.body["id"], "{first} {again}");
        lead.deletes(&format!("/v1/holds/{}?reason=one%20is%20enough", first.as_str().unwrap_or_default())).await;
        approve(w, &number_of(w, "checkout-api").await).await;
        deployment.was_told_nothing();
        let listed = lead.gets("/v1/holds").await;
        assert_eq!(listed.body["holds"][0]["id"], placed.body["id"], "{listed:?}");
        let path = format!("/v1/holds/{}", placed.body["id"].as_str().unwrap_or_default());
        let lifted = lead.deletes(&format!("{path}?reason=the%20errors%20are%20gone")).await;
        assert_eq!((lifted.status, &lifted.body["changes"]), (200, &json!(1)), "{lifted:?}");
        deployment.was_told_approved();
        let gone = lead.deletes(&format!("{path}?reason=the%20errors%20are%20gone")).await;
        assert_eq!((gone.status, gone.problem(), &gone.body["code"]), (404, "not-found", &json!("no_such_hold")));
    });
}

#[test]
fn a_service_pauses_for_its_owner_and_others_are_refused() {
    play(async |w| {
        let wish = json!({ "environment": "production", "reason": INCIDENT });
        let alarm = w.token("lead-1", &["holds:write"]).await;
        let placed = alarm.sends("/v1/holds", &wish).await;
        assert_eq!((placed.status, &placed.body["by"]), (201, &json!("lead-1")), "{placed:?}");
        let records = w.app().store.system_records("holds").await.unwrap();
        assert_eq!(json!(records[0].actor), json!({ "kind": "token", "id": alarm.id.to_string() }));
        let other = w.token("approver-1", &["holds:write"]).await.sends("/v1/holds", &wish).await;
        assert_eq!((other.status, other.problem(), &other.body["code"]), (409, "refused", &json!("may_not_pause")));
        let poor = w.token("lead-1", &["changes:read"]).await.sends("/v1/holds", &wish).await;
        assert_eq!((poor.status, poor.problem()), (403, "forbidden"));
        for (wrong, pointer) in [
            (json!({ "reason": INCIDENT, "for": "2w" }), "/for"),
            (json!({ "reason": INCIDENT, "for": "2h", "until": "2030-01-01T00:00:00Z" }), "/for"),
            (json!({ "reason": INCIDENT, "environment": "" }), "/environment"),
        ] {
            let answer = alarm.sends("/v1/holds", &wrong).await;
            assert_eq!((answer.status, answer.problem(), &answer.body["errors"][0]["pointer"]), (422, "invalid", &json!(pointer)));
        }
        let unknown = alarm.sends("/v1/holds", &json!({ "enviroment": "production", "reason": INCIDENT })).await;
        assert_eq!((unknown.status, unknown.problem()), (422, "invalid"), "a misspelt key must not pause everything");
    });
}

/// Slack gives up on a command after this.
const SLACK_WAITS: Duration = Duration::from_secs(3);

/// Open changes of the measurement, and how long telling them all may take.
const MANY: usize = 200;
const WITHIN: Duration = Duration::from_secs(10);

#[test]
fn two_hundred_open_changes_are_told_within_ten_seconds() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        Plan::default().with_stop_the_line().with_policy("api:checkout-api", "api:*").only_on(kind).run(async |w| {
            let token = w.token("requester-1", &["changes:write"]).await;
            for number in 0..MANY {
                let body = json!({
                    "short_description": "Validate cards faster", "service": format!("service-{number}"), "environment": "production",
                    "version": "1.0", "authors": ["author-1"],
                });
                let answer = token.posts(Some(&number.to_string()), body.to_string()).await;
                assert!(answer.status < 300, "{answer:?}");
            }
            w.settle().await;
            #[allow(clippy::disallowed_methods, reason = "this measures real time")]
            let begin = Instant::now();
            w.acts_typed("lead-1", &format!("pause production because {INCIDENT}")).await;
            w.settle().await;
            let took = begin.elapsed();
            println!("{MANY} open changes were told within {took:?} on {}", kind.name());
            assert!(took < WITHIN, "telling {MANY} changes took {took:?}");
            let state = w.slack().state();
            assert!(state.cards("deploys").iter().all(|card| tests::fakes::slack::shown(&card.blocks).contains("Paused by Lead One")));
            assert_eq!(state.cards("deploys").len(), MANY);
        });
    }
}
