//! The store takes four seconds: whoever presses, sends or types something is told the truth within three.

use router::clock::pause;
use sqlx::{Connection, Executor, PgConnection};
use std::time::Duration;
use tests::process::patience::seen;
use tests::world::card::Card;
use tests::world::database::Kind;
use tests::world::discord::DiscordCard;
use tests::world::{Plan, World};

const TAKES: Duration = Duration::from_secs(4);
/// Both platforms give up then.
const PLATFORM_WAITS: Duration = Duration::from_secs(3);
/// Real time, for a machine that does many things at once.
const SOON: Duration = Duration::from_secs(20);
const REASON: &str = "canary is clean";

const NOTHING_PRESSED: &str = "That took too long, so nothing changed. Press again, or use https://gate.example.com/changes/CHG-";
const NOTHING_SENT: &str = "We couldn’t record that in time, so nothing changed. Send it again";
const LATER: &str = "This takes longer than usual. The answer follows here; until it does, take it as not done.";
const NOT_CERTAIN: &str = "This takes longer than usual. You are told here whether it was recorded.";

/// A commit of a decision takes as long as this on PostgreSQL.
const SLOW_COMMITS: &str = "
    CREATE FUNCTION slowly() RETURNS trigger AS 'BEGIN PERFORM pg_sleep(4); RETURN NULL; END' LANGUAGE plpgsql;
    CREATE CONSTRAINT TRIGGER slowly AFTER INSERT OR UPDATE ON changes DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slowly();";
const USUAL_COMMITS: &str = "DROP TRIGGER slowly ON changes";

async fn in_time(what: &str, answer: impl Future<Output = String>, begins: &str) {
    let told = tokio::time::timeout(PLATFORM_WAITS, answer).await.unwrap_or_else(|_| panic!("{what}: no answer within 3 s"));
    assert!(told.replace('\\', "").starts_with(begins), "{what}: {told}");
}

/// One card on each platform, and its number.
async fn cards(w: &World) -> (Card<'_>, DiscordCard<'_>, String) {
    w.gitlab().deployment_waits("checkout-api", "production").await;
    let (here, there) = (w.slack().channel("deploys").sees("Approval needed"), w.discord().sees("Approval needed"));
    let number = here.number();
    (here, there, number)
}

/// What Discord shows this user beside the answer.
async fn hears_in_discord(w: &World, user: &str) -> String {
    let told = async || w.discord().state().whispers.iter().find(|whisper| whisper.user == user).map(|whisper| whisper.text.clone());
    seen("what became of it", SOON, told).await.replace('\\', "")
}

/// Who was told that nothing happened may hold a row for a moment still; workers pass over it until then.
async fn settles(w: &World, is_shown: impl AsyncFn() -> bool) {
    seen("the newest card", SOON, async || {
        w.settle().await;
        is_shown().await.then_some(())
    })
    .await;
}

#[test]
fn in_slack_nothing_is_claimed_before_it_is_true() {
    Plan::default().with_discord().also_as_shipped().run(async |w| {
        let (card, _, number) = cards(w).await;
        let form = card.press("Approve…", "approver-1").opens_a_form().await;
        let busy = w.store_is_busy().await;
        let command = format!("approve {number} because {REASON}");
        let late = async {
            pause(TAKES).await;
            drop(busy);
        };
        tokio::join!(
            in_time("a press", card.press("Approve…", "approver-2").is_told_at_once(), NOTHING_PRESSED),
            in_time("a form", async { form.submit(REASON).await.stays_open() }, NOTHING_SENT),
            in_time("a command", w.acts_typed("approver-3", &command), LATER),
            late,
        );
        let later = w.is_told_later("approver-3").await;
        assert!(later.starts_with(&format!("Recorded: you approved {number} (1 of 2)")), "{later}");
        settles(w, async || card.text().contains("Approvals: 1 of 2")).await;
        card.tells(&["✓ Approver Three approved."]);
        assert!(form.send(REASON).await.closes().starts_with("Recorded: you approved"), "the form that was kept open");
    });
}

#[test]
fn in_discord_nothing_is_claimed_before_it_is_true() {
    Plan::default().with_discord().also_as_shipped().run(async |w| {
        let (_, card, number) = cards(w).await;
        let form = card.opens_a_form("Approve…", "approver-1").await;
        let busy = w.store_is_busy().await;
        let options = [("change", number.as_str()), ("because", REASON)];
        let late = async {
            pause(TAKES).await;
            drop(busy);
        };
        tokio::join!(
            in_time("a press", async { card.press_at_once("Approve…", "approver-2").await.told() }, NOTHING_PRESSED),
            in_time("a form", form.submit(&[("rationale", REASON)]), NOTHING_SENT),
            in_time("a command", w.discord().command("approver-3", "approve", &options), LATER),
            late,
        );
        let later = hears_in_discord(w, "1415").await;
        assert!(later.starts_with(&format!("Recorded: you approved {number} (1 of 2)")), "{later}");
        settles(w, async || card.message().text().contains("Approvals: 1 of 2")).await;
        card.tells(&["✓ Approver Three approved."]);
        assert!(form.send(REASON).await.starts_with("Recorded: you approved"), "the form, sent again");
    });
}

/// A commit that has begun can't be called back, so nobody is told that nothing happened: the truth follows.
#[test]
fn of_a_commit_that_has_begun_the_truth_follows() {
    Plan::default().with_discord().only_on(Kind::Postgres).run(async |w| {
        let (here, there, _) = cards(w).await;
        let form = here.press("Approve…", "approver-1").opens_a_form().await;
        let modal = there.opens_a_form("Approve…", "approver-2").await;
        let mut database = PgConnection::connect(&w.database_url()).await.unwrap();
        database.execute(SLOW_COMMITS).await.unwrap();
        in_time("a form in Slack", async { form.submit(REASON).await.stays_open() }, NOT_CERTAIN).await;
        assert!(w.is_told_later("approver-1").await.starts_with("Recorded: you approved"));
        in_time("a form in Discord", modal.submit(&[("rationale", REASON)]), NOT_CERTAIN).await;
        assert!(hears_in_discord(w, "1413").await.starts_with("Recorded: you approved"));
        in_time("a press in Slack", here.press("Reject…", "requester-1").is_told_at_once(), NOT_CERTAIN).await;
        in_time("a press in Discord", async { there.press_at_once("Reject…", "author-1").await.told() }, NOT_CERTAIN).await;
        assert!(hears_in_discord(w, "1414").await.contains("was approved"));
        seen("both refusals", SOON, async || (w.change().await.refusals().len() == 2).then_some(())).await;
        database.execute(USUAL_COMMITS).await.unwrap();
        w.settle().await;
        here.shows("Approved");
    });
}
