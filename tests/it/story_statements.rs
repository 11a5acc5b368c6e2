//! How many statements each step takes. None of them depends on how much there is: a step that asks once for each row
//! of something shows here.

use router::{app::intake, dispatch, schedule};
use std::time::Duration;
use tests::world::World;

/// What is done, and what it takes on SQLite and on PostgreSQL, where each transaction that may write limits its waits
/// with a statement of its own. BEGIN and COMMIT are not counted.
const BILL: [(&str, u64, u64); 12] = [
    ("looking for deliveries", 1, 1),
    ("looking for something to send", 1, 1),
    ("looking for timers", 1, 1),
    ("a hook is stored", 1, 2),
    ("its change is opened", 0, 0),
    ("its authors are asked", 0, 0),
    ("its card is posted", 0, 0),
    ("a press opens a form", 0, 0),
    ("a vote is recorded", 0, 0),
    ("the card is edited", 0, 0),
    ("a timer goes off", 0, 0),
    ("two further changes are opened", 0, 0),
];

/// What was done so far, in the order of [`BILL`].
struct Taken<'w> {
    world: &'w World,
    counts: Vec<u64>,
}

impl Taken<'_> {
    async fn step<T>(&mut self, work: impl Future<Output = T>) -> T {
        let (done, count) = self.world.counts_statements(work).await;
        self.counts.push(count);
        done
    }

    /// As [`Taken::step`], without what the pass costs when there is nothing to do.
    async fn of_pass<T>(&mut self, pass: impl Future<Output = T>) -> T {
        let done = self.step(pass).await;
        if let Some(count) = self.counts.last_mut() {
            *count -= 1;
        }
        done
    }
}

#[test]
fn each_step_takes_so_many_statements() {
    World::run(async |w| {
        let app = w.app();
        let mut taken = Taken { world: w, counts: Vec::new() };
        taken.step(intake::pass(&app)).await.unwrap();
        taken.step(dispatch::pass(&app)).await.unwrap();
        taken.step(schedule::pass(&app)).await.unwrap();

        w.gitlab().deployment_of("checkout-api", "production").is_set_off();
        let [hook] = w.gitlab().pretend().take_deliveries().try_into().unwrap();
        taken.step(w.gitlab().sends(&hook)).await;
        taken.of_pass(intake::pass(&app)).await.unwrap();
        taken.of_pass(dispatch::pass(&app)).await.unwrap();
        taken.of_pass(dispatch::pass(&app)).await.unwrap();

        let card = w.slack().channel("deploys").sees("Approval needed");
        let form = taken.step(card.press("Approve…", "approver-2").opens_a_form()).await;
        taken.step(async { form.submit("canary is clean").await.closes() }).await;
        taken.of_pass(dispatch::pass(&app)).await.unwrap();
        w.time_passes(Duration::from_mins(15));
        taken.of_pass(schedule::pass(&app)).await.unwrap();
        w.settle().await;

        w.gitlab().deployment_of("ledger-api", "production").is_set_off();
        w.gitlab().deployment_of("checkout-api", "prod-eu").is_set_off();
        for hook in w.gitlab().pretend().take_deliveries() {
            w.gitlab().sends(&hook).await;
        }
        taken.of_pass(intake::pass(&app)).await.unwrap();

        let is_postgres = app.store.is_postgres();
        let expected = BILL.map(|(what, sqlite, postgres)| (what, if is_postgres { postgres } else { sqlite }));
        let seen: Vec<(&str, u64)> = BILL.iter().map(|(what, _, _)| *what).zip(taken.counts).collect();
        assert_eq!(seen, expected);
    });
}
