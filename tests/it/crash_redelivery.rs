//! A worker dies after what a delivery asks for was committed, and before the delivery was ticked off: another does it again.

use crate::store_bench::execute;
use entities::ChangeFilter;
use tests::world::World;

/// As the dead worker left it: its lease has run out.
const NOT_TICKED_OFF: &str = "UPDATE deliveries SET state = 'waiting', lease_until = NULL, due_at = received_at";

#[test]
fn a_delivery_that_is_worked_on_again_opens_no_second_change() {
    World::run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.starts().await;
        deployment.succeeds().await;
        card.shows("Deployed");
        execute(&w.app().settings.database.url, NOT_TICKED_OFF).await;
        w.settle().await;
        let changes = w.app().store.list_changes(&ChangeFilter::default(), None, 10).await.unwrap();
        assert_eq!(changes.len(), 1, "the change had ended, and its hook opened another: {changes:#?}");
        assert_eq!(w.slack().channel("deploys").titles().len(), 1);
        deployment.was_told_approved();
    });
}
