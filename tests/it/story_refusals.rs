//! Every "no" that a person can read in Slack: privately, with its sentence, on record, and without effect.

use std::time::Duration;
use tests::world::World;
use tests::world::card::Card;

/// Nothing was counted, and each refusal is on record.
async fn nothing_counts(w: &World, card: &Card<'_>, codes: &[&str]) {
    card.says("Approvals: 0 of 2");
    let told = w.change().await;
    assert!(told.change.votes.is_empty());
    assert_eq!(told.refusals(), codes);
    assert!(card.thread().is_empty(), "refusals are private: {:?}", card.thread());
}

#[test]
fn who_asked_for_it_or_wrote_it_can_not_approve() {
    World::run(async |w| {
        let wanted = w.gitlab().deployment_of("checkout-api", "production");
        let deployment = wanted.co_authored_by("Approver-1@Example.com").waits().await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let requester = card.press("Approve…", "requester-1").is_told().await;
        assert_eq!(requester, "You can’t approve this: you asked for it. Any other member of payments-devs or operations can.");
        let commit = &deployment.sha[..8];
        let author = card.press("Approve…", "author-1").is_told().await;
        assert!(author.starts_with(&format!("You can’t approve this: you wrote one of its commits ({commit}).")), "{author}");
        let co_author = card.press("Reject…", "approver-1").is_told().await;
        assert!(
            co_author.starts_with(&format!("You can’t reject this: you are a co-author of one of its commits ({commit}).")),
            "{co_author}"
        );
        nothing_counts(w, &card, &["separation_of_duties"; 3]).await;
    });
}

#[test]
fn where_everybody_had_a_part_nobody_is_asked() {
    World::run(async |w| {
        let wanted = w.gitlab().deployment_of("checkout-api", "production").written_by("approver-1@example.com");
        wanted.co_authored_by("approver-3@example.com").waits().await;
        let card = w.slack().channel("deploys").sees("Blocked: checkout-api");
        card.says("Nobody left can fill the requirement peer").has_no_buttons();
    });
}

#[test]
fn strangers_and_people_of_other_groups_can_not_decide() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let unlinked = card.press("Approve…", "T000000001/U000000099").is_told().await;
        assert!(unlinked.starts_with("Your Slack account isn’t linked to a person in the directory"), "{unlinked}");
        let other_team = card.press("Approve…", "T000000002/U000000012").is_told().await;
        assert!(other_team.starts_with("Your Slack account isn’t linked"), "{other_team}");
        let not_eligible = card.press("Approve…", "lead-1").is_told().await;
        assert_eq!(
            not_eligible,
            "You can’t decide this: it needs someone from payments-devs or operations. Ask one of them to look at it."
        );
        nothing_counts(w, &card, &["not_linked", "not_linked", "not_eligible"]).await;
    });
}

#[test]
fn nobody_votes_twice_or_where_nothing_is_needed() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-2").because("canary is clean").await;
        let twice = card.press("Approve…", "approver-2").is_told().await;
        assert!(twice.starts_with("You already approved CHG-") && twice.contains("at 10:00 UTC"), "{twice}");
        card.says("Approvals: 1 of 2");
        assert_eq!(w.change().await.refusals(), ["already_voted"]);
    });
}

#[test]
fn an_older_round_and_an_older_release_are_recognised() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let number = card.number();
        let stale = card.press("Approve…", "approver-1").with_value(&format!("{number}.r2")).is_told().await;
        assert!(stale.starts_with("This changed since you looked"), "{stale}");
        let unknown = card.press("Approve…", "approver-1").with_value("CHG-999999.r1").is_told().await;
        assert!(unknown.starts_with("There is no such change here."), "{unknown}");
        nothing_counts(w, &card, &["changed_since_seen"]).await;
    });
}

#[test]
fn after_the_end_a_remembered_button_says_how_it_ended() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let remembered = card.button("Approve…");
        let open_form = card.press("Approve…", "approver-1").opens_a_form().await;
        card.press("Reject…", "approver-2").because("the migration locks a table").await;
        let pressed = card.press_remembered(&remembered, "approver-1").is_told().await;
        assert!(pressed.contains("was rejected by Approver Two."), "{pressed}");
        let sent = open_form.send("canary is clean").await.closes();
        assert!(sent.contains("was rejected by Approver Two."), "{sent}");
        assert_eq!(w.change().await.refusals(), ["not_open", "not_open"]);
        card.shows("Rejected");
    });
}

#[test]
fn a_reason_that_says_nothing_can_be_mended_in_the_form() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let form = card.press("Approve…", "approver-1").opens_a_form().await;
        let trivial = form.send("aaaaaaaaaaaaaaaaaaaa").await.stays_open();
        assert!(trivial.starts_with("Say in at least 10 characters why this is safe to ship."), "{trivial}");
        let crafted = form.submit_crafted("ok").await.stays_open();
        assert!(crafted.starts_with("Say in at least 10 characters"), "{crafted}");
        nothing_counts(w, &card, &["rationale_too_short", "rationale_too_short"]).await;
        let mended = form.send("canary is clean").await.closes();
        assert!(mended.contains("(1 of 2)"), "{mended}");
        card.says("Approvals: 1 of 2").says("canary is clean");
    });
}

#[test]
fn many_refused_attempts_are_not_all_recorded() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        for _ in 0..10 {
            card.press("Approve…", "requester-1").is_told().await;
        }
        let capped = card.press("Approve…", "requester-1").is_told().await;
        assert!(capped.starts_with("That was refused several times within a minute"), "{capped}");
        assert_eq!(w.change().await.refusals().len(), 10);
        w.advance(Duration::from_mins(1)).await;
        let again = card.press("Approve…", "requester-1").is_told().await;
        assert!(again.starts_with("You can’t approve this"), "{again}");
    });
}

#[test]
fn a_form_that_opens_too_late_says_so() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let late = card.press("Approve…", "approver-1").whose_trigger_expired().is_told().await;
        assert!(late.starts_with("The form could not be opened, so nothing changed. Click again"), "{late}");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.says("Approvals: 1 of 2");
    });
}
