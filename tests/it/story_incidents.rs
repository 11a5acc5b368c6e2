//! Incidents are reported, known, and asked about by the policy.

use serde_json::{Value, json};
use std::time::Duration;
use tests::world::{Plan, World};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn report() -> Value {
    json!({ "id": "INC-88", "title": "Card errors", "severity": "sev1", "services": ["checkout-api"] })
}

fn wish() -> Value {
    json!({
        "short_description": "checkout-api 2.31.0", "service": "checkout-api", "environment": "production",
        "sha": "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3", "authors": ["author-1"], "fixes_incident": "INC-88",
    })
}

#[test]
fn an_incident_is_reported_once_and_known_until_it_is_long_over() {
    World::run(async |w| {
        let (reporter, reader) = (w.token("lead-1", &["holds:write"]).await, w.token("lead-1", &["changes:read"]).await);
        let first = reporter.sends("/v1/incidents", &report()).await;
        assert_eq!((first.status, &first.body["status"], &first.body["source"]), (201, &json!("open"), &json!("a pipeline")), "{first:?}");
        let again = reporter.sends("/v1/incidents", &report()).await;
        assert_eq!((again.status, &again.body), (200, &first.body), "{again:?}");
        assert_eq!(w.app().store.system_records("incidents").await.unwrap().len(), 1, "nothing new was said");
        let worse = reporter.sends("/v1/incidents", &json!({ "id": "INC-88", "severity": "sev0" })).await;
        assert_eq!(
            (worse.status, &worse.body["severity"], &worse.body["title"]),
            (200, &json!("sev0"), &json!("Card errors")),
            "{worse:?}"
        );
        let over = reporter.sends("/v1/incidents", &json!({ "id": "INC-88", "status": "resolved" })).await;
        assert_eq!((over.status, &over.body["status"]), (200, &json!("resolved")), "{over:?}");
        assert_eq!(reader.gets("/v1/incidents").await.body["incidents"], json!([over.body]));
        assert_eq!(w.app().store.system_records("incidents").await.unwrap().len(), 3);
        w.advance(DAY).await;
        assert_eq!(reader.gets("/v1/incidents").await.body["incidents"], json!([]));
    });
}

#[test]
fn what_can_not_be_used_or_is_not_allowed_is_refused() {
    World::run(async |w| {
        let (reporter, reader) = (w.token("lead-1", &["holds:write"]).await, w.token("lead-1", &["changes:read"]).await);
        let unfit = reporter.sends("/v1/incidents", &json!({ "id": "INC-88", "url": "card errors" })).await;
        let pointers: Vec<&Value> = unfit.body["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!((unfit.status, pointers), (422, vec![&json!("/title"), &json!("/severity"), &json!("/services"), &json!("/url")]));
        let unknown = reporter.sends("/v1/incidents", &json!({ "id": "INC-88", "source": "pagerduty" })).await;
        assert_eq!((unknown.status, unknown.problem()), (422, "invalid"), "who reports is not for the report to say: {unknown:?}");
        assert_eq!(reader.sends("/v1/incidents", &report()).await.problem(), "forbidden");
        assert_eq!(reporter.gets("/v1/incidents").await.problem(), "forbidden");
        assert_eq!(reader.gets("/v1/incidents").await.body["incidents"], json!([]));
    });
}

#[test]
fn the_policy_asks_about_each_incident() {
    let classes = "classes:\n";
    let fix = "classes:\n  - { name: fix, when: \"incident.open && change.fixes_incident == incident.id\" }\n";
    let plan = Plan::default().with_policy(classes, fix).with_policy("  normal: [approve]", "  normal: [approve]\n  fix: [approve]");
    plan.run(async |w| {
        let (reporter, caller) =
            (w.token("lead-1", &["holds:write"]).await, w.token("requester-1", &["changes:write", "changes:read"]).await);
        let class = async |key: &str, sha: &str| {
            let mut wish = wish();
            wish["sha"] = json!(sha);
            let asked = caller.asks(key, &wish).await;
            caller.gets(&format!("/v1/changes/{}", asked.body["number"].as_str().unwrap())).await.body["class"].clone()
        };
        assert_eq!(class("key-1", "1f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3").await, json!("normal"), "no incident is known");
        let mut other = report();
        other["id"] = json!("INC-87");
        reporter.sends("/v1/incidents", &other).await;
        assert_eq!(class("key-2", "2f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3").await, json!("normal"), "it fixes another one");
        reporter.sends("/v1/incidents", &report()).await;
        assert_eq!(class("key-3", "3f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3").await, json!("fix"));
        reporter.sends("/v1/incidents", &json!({ "id": "INC-88", "status": "resolved" })).await;
        assert_eq!(class("key-4", "4f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3").await, json!("normal"), "it is over");
    });
}
