//! Attributes that the policy declares, as a caller says them and as conditions read them.

use serde_json::{Value, json};
use tests::world::{Plan, World};

const BOTH: [&str; 2] = ["changes:write", "changes:read"];

fn play(story: impl AsyncFn(&World)) {
    let classes = "classes:\n";
    let urgent = "attributes:\n  deadline_in_hours: { type: int, default: 100000 }\n  regions: { type: list, default: [] }\n\n\
                  classes:\n  - { name: urgent, when: \"change.deadline_in_hours <= 48 && 'eu' in change.regions\" }\n";
    Plan::default().with_policy(classes, urgent).with_policy("  normal: [approve]", "  normal: [approve]\n  urgent: [approve]").run(story);
}

fn wish(attributes: &Value) -> Value {
    json!({
        "short_description": "checkout-api 2.31.0", "service": "checkout-api", "environment": "production",
        "sha": "9f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3", "authors": ["author-1"], "attributes": attributes,
    })
}

#[test]
fn what_a_caller_says_is_what_conditions_read() {
    play(async |w| {
        let caller = w.token("requester-1", &BOTH).await;
        let unfit = caller.asks("key-1", &wish(&json!({ "deadline_in_hours": "soon", "deadline": 1 }))).await;
        let pointers: Vec<&Value> = unfit.body["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(
            (unfit.status, pointers),
            (422, vec![&json!("/attributes/deadline"), &json!("/attributes/deadline_in_hours")]),
            "{unfit:?}"
        );
        assert!(w.changes().await.is_empty(), "nothing was recorded");
        let asked = caller.asks("key-1", &wish(&json!({ "deadline_in_hours": 12, "regions": ["eu", "us"] }))).await;
        assert_eq!(asked.status, 201, "{asked:?}");
        let class = async |number: &Value| caller.gets(&format!("/v1/changes/{}", number.as_str().unwrap())).await.body["class"].clone();
        assert_eq!(class(&asked.body["number"]).await, json!("urgent"));
        let mut silent = wish(&json!({}));
        silent["sha"] = json!("1f2c41ab0d6e4f58a7b3c2d1e0f9a8b7c6d5e4f3");
        let silent = caller.asks("key-2", &silent).await;
        assert_eq!(class(&silent.body["number"]).await, json!("normal"), "{silent:?}");
    });
}
