//! How many statements each step takes. None of them depends on how much there is: a step that asks once for each row
//! of something shows here.

use router::{app::intake, dispatch, schedule};
use std::time::Duration;
use tests::world::World;

/// What is done, and what it takes on SQLite and on PostgreSQL, where each transaction that may write limits its waits
/// with a statement of its own. BEGIN and COMMIT are not counted.
const BILL: [(&str, usize, usize); 13] = [
    ("looking for deliveries", 1, 1),
    ("looking for something to send", 1, 1),
    ("looking for timers", 1, 1),
    ("a hook is stored", 1, 2),
    ("its change is opened", 10, 12),
    ("its authors are asked", 8, 9),
    ("its card is posted", 5, 5),
    ("a press opens a form, and every queue is looked at", 8, 9),
    ("a vote is recorded", 9, 10),
    ("the card is edited", 6, 6),
    ("a timer goes off", 5, 6),
    ("two further changes are opened", 20, 24),
    ("a batch of 37 hooks is stored", 3, 4),
];

/// What was done so far, in the order of [`BILL`].
struct Taken<'w> {
    world: &'w World,
    statements: Vec<Vec<String>>,
}

impl Taken<'_> {
    fn step<T>(&mut self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        let heard = self.world.hears_statements(work);
        async move {
            let (done, statements) = heard.await;
            self.statements.push(statements);
            done
        }
    }

    /// As [`Taken::step`], without the look that a pass begins with.
    fn pass<T>(&mut self, pass: impl Future<Output = T>) -> impl Future<Output = T> {
        let heard = self.world.hears_statements(pass);
        async move {
            let (done, statements) = heard.await;
            self.statements.push(statements.into_iter().skip(1).collect());
            done
        }
    }

    fn is_as_billed(&self) {
        let is_postgres = self.world.app().store.is_postgres();
        let expected = BILL.map(|(what, sqlite, postgres)| (what, if is_postgres { postgres } else { sqlite }));
        let seen: Vec<(&str, usize)> = BILL.iter().zip(&self.statements).map(|((what, _, _), taken)| (*what, taken.len())).collect();
        assert_eq!(seen, expected, "{:#?}", self.statements);
    }
}

#[test]
fn each_step_takes_so_many_statements() {
    World::run(async |w| {
        let app = w.app();
        // From here on policy and people are known.
        w.gitlab().deployment_waits("ledger-api", "production").await;
        w.advance(Duration::from_mins(1)).await;
        let mut taken = Taken { world: w, statements: Vec::new() };
        taken.step(intake::pass(&app)).await.unwrap();
        taken.step(dispatch::pass(&app)).await.unwrap();
        taken.step(schedule::pass(&app)).await.unwrap();
        Box::pin(a_change_is_decided(w, &mut taken)).await;
        Box::pin(many_come_at_once(w, &mut taken)).await;
        taken.is_as_billed();
    });
}

async fn a_change_is_decided(w: &World, taken: &mut Taken<'_>) {
    let app = w.app();
    w.gitlab().deployment_of("checkout-api", "production").is_set_off();
    let [hook] = w.gitlab().pretend().take_deliveries().try_into().unwrap();
    taken.step(w.gitlab().sends(&hook)).await;
    taken.pass(intake::pass(&app)).await.unwrap();
    taken.pass(dispatch::pass(&app)).await.unwrap();
    taken.pass(dispatch::pass(&app)).await.unwrap();
    let card = w.slack().channel("deploys").sees("Approval needed: checkout-api");
    let form = taken.step(card.press("Approve…", "approver-2").opens_a_form()).await;
    taken.step(async { form.submit("canary is clean").await.closes() }).await;
    taken.pass(dispatch::pass(&app)).await.unwrap();
    w.settle().await;
    w.time_passes(Duration::from_mins(14)).await;
    w.settle().await;
    w.time_passes(Duration::from_mins(1)).await;
    taken.pass(schedule::pass(&app)).await.unwrap();
    w.settle().await;
}

async fn many_come_at_once(w: &World, taken: &mut Taken<'_>) {
    w.gitlab().deployment_of("ledger-api", "prod-eu").is_set_off();
    w.gitlab().deployment_of("checkout-api", "prod-eu").is_set_off();
    for hook in w.gitlab().pretend().take_deliveries() {
        w.gitlab().sends(&hook).await;
    }
    taken.pass(intake::pass(&w.app())).await.unwrap();
    let batch: Vec<_> = (0..37).map(|n| crate::store_bench::ignored(n + 1, &format!("of a batch {n}"))).collect();
    taken.step(w.app().store.accept(&batch)).await.unwrap();
}
