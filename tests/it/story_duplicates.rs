//! The same event again, by the same key, by another key, or with another body.

use tests::world::{GITLAB, World};

#[test]
fn a_hook_that_comes_again_changes_nothing() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let first = w.gitlab().sends(&hook).await;
        assert_eq!((first.status, &first.body["status"]), (202, &"accepted".into()), "{first:?}");
        let at_once = w.gitlab().sends(&hook).await;
        assert_eq!((at_once.status, &at_once.body["changes"]), (200, &serde_json::json!([])), "{at_once:?}");
        w.settle().await;
        let later = w.gitlab().sends(&hook).await;
        w.settle().await;
        assert_eq!((later.status, &later.body["status"]), (200, &"duplicate".into()), "{later:?}");
        assert_eq!(later.body["delivery"], first.body["delivery"]);
        assert_eq!(later.body["changes"], serde_json::json!([w.change().await.change.id]));
        w.slack().channel("deploys").sees("Approval needed");
        deployment.was_told_nothing();
    });
}

#[test]
fn the_same_key_with_another_body_is_refused() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        assert_eq!(w.gitlab().sends(&hook).await.status, 202);
        let mut other = hook.clone();
        other.body = String::from_utf8(hook.body.clone()).unwrap().replace("Validate cards faster", "Something else").into_bytes();
        let refused = w.gitlab().sends(&other).await;
        assert_eq!((refused.status, refused.problem()), (422, "key-reused"), "{refused:?}");
        w.settle().await;
        w.slack().channel("deploys").sees("Approval needed").says("Validate cards faster");
    });
}

/// Without a key of their own, hooks that one hook set off share their event's UUID and differ in their webhook's.
#[test]
fn hooks_of_two_webhooks_about_one_deployment_are_one_change() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let mut deliveries = Vec::new();
        for webhook in ["of-the-group", "of-the-project"] {
            let mut hook = hook.clone();
            hook.headers.remove("idempotency-key");
            hook.headers.insert("x-gitlab-webhook-uuid", webhook.parse().unwrap());
            let answer = w.gitlab().sends(&hook).await;
            assert_eq!(answer.status, 202, "{answer:?}");
            deliveries.push(answer.body["delivery"].clone());
            assert_eq!(w.gitlab().sends(&hook).await.status, 200);
        }
        assert_ne!(deliveries[0], deliveries[1]);
        w.settle().await;
        w.change().await;
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
    });
}

#[test]
fn many_at_once_are_one() {
    World::run(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        let node = w.node();
        let all = (0..32).map(|_| w.posts_to(&node, GITLAB, hook.headers.clone(), hook.body.clone()));
        let answers = futures_util::future::join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| answer.status == 202).count(), 1);
        assert!(answers.iter().all(|answer| answer.body["delivery"] == answers[0].body["delivery"]));
        w.settle().await;
        w.change().await;
    });
}
