//! What waits for a person is the same at the console, by the API and in chat, in the same order.

use serde_json::json;
use std::time::Duration;
use tests::world::console::words;
use tests::world::{Plan, World};

/// Every change needs a plan, and there are four services more.
const ASKING: &str = "fields:
  all:
    backout_plan: { type: text, min_length: 20 }

services:
  own-api: { match: [\"api:own-api\"], criticality: tier-0, team: payments, owners: [payments-devs] }
  foreign-api: { match: [\"api:foreign-api\"], criticality: tier-0, team: payments, owners: [payments-devs] }
  first-api: { match: [\"api:first-api\"], criticality: tier-0, team: payments, owners: [payments-devs] }
  second-api: { match: [\"api:second-api\"], criticality: tier-0, team: payments, owners: [payments-devs] }
";
const PLAN: &str = "Roll the deployment back; the index may stay.";

/// The numbers that a text names, in its order.
fn numbers(text: &str) -> Vec<String> {
    let number = |at: usize| text[at..].chars().take_while(|letter| !" :·|>".contains(*letter)).collect();
    let named = text.match_indices("CHG-").map(|(at, _)| number(at));
    named.collect()
}

/// By each of the three doors.
async fn inboxes(w: &World, person: &str) -> [Vec<String>; 3] {
    let token = w.personal_token(person, &["changes:read"]).await;
    let listed = token.gets("/v1/inbox").await.body;
    assert_eq!(listed["is_cut"], json!(false));
    let listed = listed["changes"].as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect();
    let typed = w.types(person, "").await.private();
    let mut typed = numbers(&typed);
    typed.dedup();
    let page = words(&w.signs_in(token.token()).await.reads("/").await.text);
    let section = page.split("Waits for you").nth(1).unwrap();
    let section =
        ["You asked for these", "Others that are open", "Ended lately"].iter().fold(section, |text, end| text.split(end).next().unwrap());
    [listed, typed, numbers(section)]
}

#[test]
fn every_door_shows_the_same_inbox() {
    Plan::default().with_policy("services:\n", ASKING).run(async |w| {
        let asker = w.personal_token("approver-1", &["changes:read", "changes:write"]).await;
        let other = w.personal_token("requester-1", &["changes:read", "changes:write"]).await;
        let wish = |service: &str| json!({ "short_description": service, "service": service, "environment": "production", "sha": "9f2c41ab", "authors": ["author-1"] });
        let complete = |service: &str| {
            let mut wish = wish(service);
            wish["fields"] = json!({ "backout_plan": PLAN });
            wish
        };
        let draft = asker.asks("own", &wish("own-api")).await.body["number"].as_str().unwrap().to_owned();
        other.asks("foreign", &wish("foreign-api")).await;
        w.advance(Duration::from_mins(5)).await;
        let first = other.asks("first", &complete("first-api")).await.body["number"].as_str().unwrap().to_owned();
        w.advance(Duration::from_mins(5)).await;
        let second = other.asks("second", &complete("second-api")).await.body["number"].as_str().unwrap().to_owned();
        for (door, shown) in ["API", "chat", "console"].iter().zip(inboxes(w, "approver-1").await) {
            assert_eq!(shown, [&first, &second, &draft].map(Clone::clone), "{door}: votes first, then what one has to fill in");
        }
        let inbox = w.types("approver-1", "").await.private();
        assert!(inbox.contains("waits for 5 minutes") && inbox.contains("waits for your answers"), "{inbox}");
        let token = w.personal_token("approver-1", &["changes:read"]).await;
        let rows = token.gets("/v1/inbox").await.body["changes"].clone();
        assert_eq!((&rows[0]["waits_for"], &rows[2]["waits_for"]), (&json!("vote"), &json!("answers")), "{rows}");
        let page = words(&w.signs_in(token.token()).await.reads("/").await.text);
        assert!(page.contains("expires in 23 hours"), "{page}");
        let of_others = inboxes(w, "requester-1").await;
        assert!(of_others.iter().all(|shown| shown.len() == 1 && shown == &of_others[0]), "only their own draft: {of_others:?}");
    });
}

#[test]
fn looking_takes_as_many_statements_for_many_as_for_one() {
    World::run(async |w| {
        let looks = async || {
            let app = w.app();
            let (found, statements) = w.hears_statements(app.waiting(&Default::default(), Some(&"approver-1".into()))).await;
            (found.unwrap().on_them.len(), statements.len())
        };
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let (one, for_one) = looks().await;
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let (many, for_many) = looks().await;
        assert!(one == 1 && many > one && for_many == for_one && for_one <= 4, "{one}: {for_one}, {many}: {for_many}");
    });
}
