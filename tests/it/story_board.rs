//! A board votes: who sat on it when the change was asked for, by a majority that no vote to come could change.

use serde_json::json;
use tests::world::{Plan, World};

const BOARD: &str = "{ name: board, stage: board, quorum: { of: board, electorate: eligible_at_opening, majority: more_than_half, \
                     turnout: 3, must_vote: chairs, abstain: counts_for_turnout, a_rejection: is_a_vote, close_early: when_decided } }";
const OPERATIONS: &str =
    "{ name: operations, when: \"environment == 'production'\", stage: approve, approve: { from: [operations], count: 1 } }";
const FOUR: &str = "board: [approver-1, approver-2, approver-3, lead-1]";
const FIVE: &str = "board: [approver-1, approver-2, approver-3, lead-1, owner-1]";

fn play(seats: &str, story: impl AsyncFn(&World)) {
    Plan::default()
        .with_policy(OPERATIONS, BOARD)
        .with_policy("normal: [approve]", "normal: [approve, board]")
        .with_policy("groups:\n", "groups:\n  board: { from: \"file:board\" }\n  chairs: { from: \"file:chairs\" }\n")
        .with_people("groups:\n", &format!("groups:\n  {seats}\n  chairs: [lead-1]\n"))
        .run(story);
}

#[test]
fn a_rejection_is_one_vote_and_the_majority_decides() {
    play(FIVE, async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("reviewed the diff").await;
        card.says("Stage 2 of 2: board").says("Still needed: 3 more in favour from board").says("somebody of chairs has to vote");
        let against = card.press("Reject…", "approver-2").because("too close to the holidays").await;
        assert!(against.contains("It is one vote against."), "{against}");
        card.shows("Approval needed").says("So far: 0 in favour and 1 against.");
        card.press("Approve…", "approver-3").because("the risk is understood").await;
        card.press("Approve…", "owner-1").because("the shops are told").await;
        card.says("So far: 2 in favour and 1 against.");
        w.settle().await;
        let reader = w.personal_token("lead-1", &["changes:read"]).await;
        let change = reader.gets(&format!("/v1/changes/{}", card.number())).await.body;
        let tally = json!({ "eligible": 5, "in_favour": 2, "against": 1, "abstained": 0, "turnout": 3 });
        assert_eq!((&change["requirements"][1]["quorum"], &change["waiting_on"]), (&tally, &json!(["approver-1", "lead-1"])), "{change}");
        card.press("Approve…", "lead-1").because("agreed in the meeting").await;
        deployment.was_told_approved();
        card.shows("Approved").has_no_buttons();
    });
}

#[test]
fn who_joins_later_does_not_vote_and_a_board_votes_down() {
    play(FOUR, async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("reviewed the diff").await;
        w.changes_people(FOUR, FIVE).await;
        let late = card.press("Approve…", "owner-1").is_told().await;
        assert!(late.contains("who of board votes was fixed when it was asked for"), "{late}");
        card.press("Reject…", "approver-2").because("too close to the holidays").await;
        card.shows("Approval needed").says("So far: 0 in favour and 1 against.");
        card.press("Reject…", "lead-1").because("the tests are thin").await;
        deployment.was_told_rejected();
        card.shows("Rejected").says("board was voted down, with 0 in favour and 2 against.").has_no_buttons();
        assert!(deployment.comment().contains("was rejected: board was voted down"), "{}", deployment.comment());
    });
}
