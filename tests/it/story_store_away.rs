//! The database is down: everybody is told so at once, nothing is half done, and it goes on by itself.

use std::time::Duration;
use tests::world::database::Kind;
use tests::world::{Plan, World};

/// The longest that a caller is left without an answer; senders give up after ten seconds.
const AT_ONCE: Duration = Duration::from_secs(5);

fn without_its_store(story: impl AsyncFn(&World)) {
    Plan::default().only_on(Kind::OwnServer).run(async |w| {
        w.expects_errors();
        story(w).await;
    });
}

async fn at_once<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(AT_ONCE, answer).await.expect("an answer at once")
}

#[test]
fn a_hook_is_answered_503_at_once_and_taken_when_it_comes_again() {
    without_its_store(async |w| {
        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().expect("one hook");
        w.store_goes_away();
        let refused = at_once(w.gitlab().sends(&hook)).await;
        assert_eq!((refused.status, refused.problem(), refused.header("retry-after")), (503, "unavailable", "5"), "{refused:?}");
        assert_eq!(at_once(w.gets("/readyz")).await.status, 503);
        assert_eq!(at_once(w.gets("/healthz")).await.status, 200, "a restart would not help");
        w.store_comes_back();
        assert_eq!(w.gets("/readyz").await.status, 200);
        assert_eq!(w.gitlab().sends(&hook).await.status, 202);
        w.settle().await;
        w.slack().channel("deploys").sees("Approval needed");
    });
}

#[test]
fn a_vote_is_said_not_to_be_recorded_and_the_form_stays_open() {
    without_its_store(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let form = card.press("Approve…", "approver-1").opens_a_form().await;
        w.store_goes_away();
        let kept = at_once(form.send("canary is clean")).await.stays_open();
        assert!(kept.starts_with("We couldn’t record that in time, so nothing changed."), "{kept}");
        let pressed = at_once(card.press("Approve…", "approver-2").is_told()).await;
        assert!(pressed.starts_with("We couldn’t look that up, so nothing changed."), "{pressed}");
        w.store_comes_back();
        card.says("Approvals: 0 of 2");
        let heard = form.send("canary is clean").await.closes();
        assert!(heard.contains("(1 of 2)"), "{heard}");
    });
}

#[test]
fn the_api_and_the_console_say_that_they_can_not_answer() {
    without_its_store(async |w| {
        let caller = w.token("requester-1", &["changes:read", "changes:write"]).await;
        w.store_goes_away();
        let listed = at_once(caller.gets("/v1/changes")).await;
        assert_eq!((listed.status, listed.problem()), (503, "unavailable"), "{listed:?}");
        let asked = at_once(caller.posts(Some("key-1"), "{}".to_owned())).await;
        assert_eq!((asked.status, asked.problem()), (503, "unavailable"), "{asked:?}");
        w.store_comes_back();
        assert_eq!(caller.gets("/v1/changes").await.status, 200);
    });
}
