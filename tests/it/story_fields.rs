//! What its requester has to write before anybody is asked.

use engine::phase::State;
use tests::world::Plan;

const THREE: &str = "fields:
  all:
    backout_plan: { type: text, min_length: 20 }
    customer_impact: { type: choice, of: [none, degraded] }
    affected_systems: { type: list }

classes:
";
const SIX: &str = "fields:
  all:
    summary: { type: text }
    backout_plan: { type: text, min_length: 20 }
    customer_impact: { type: choice, of: [none, degraded] }
    affected_systems: { type: list }
    test_evidence: { type: text }
    announcement: { type: text }

classes:
";
const PLAN: &str = "Roll the deployment back; the index may stay.";

fn asking(fields: &str) -> Plan {
    Plan::default().with_policy("classes:\n", fields)
}

#[test]
fn nobody_is_asked_before_its_requester_has_filled_in() {
    asking(THREE).run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Input needed: checkout-api");
        card.says("filled in: Backout plan, Customer impact, Affected systems.");
        let before = w.change().await.change.subject_digest;
        let foreign = card.press("Fill in…", "approver-1").is_told().await;
        assert!(foreign.starts_with("You can’t fill in CHG-"), "{foreign}");
        let form = card.press("Fill in…", "requester-1").opens_a_form().await;
        let (impact, systems) = (("Customer impact", "none"), ("Affected systems", "checkout, ledger"));
        let unfit = form.fill(&[("Backout plan", "no                          "), impact, systems]).await.stays_open();
        assert_eq!(unfit, "Backout plan does not fit. At least 20 characters.");
        card.shows("Input needed");
        let told = form.fill(&[("Backout plan", PLAN), impact, systems]).await.closes();
        assert!(told.starts_with("Recorded: CHG-") && told.contains("is filled in."), "{told}");
        card.shows("Approval needed").says("*Backout plan*").says(PLAN).says("checkout, ledger");
        let details = card.press("Details", "approver-1").opens_details().await;
        assert!(details.contains("What its requester filled in") && details.contains(PLAN), "{details}");
        let told = w.change().await;
        assert_ne!(told.change.subject_digest, before, "what is written is approved with the rest");
        assert_eq!((told.state(), told.change.round, told.refusals()), (State::Pending, 1, vec!["not_yours", "fields_unfit"]));
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
    });
}

#[test]
fn who_asks_again_finds_the_earlier_answers_and_may_mend_them() {
    asking(THREE).run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Input needed");
        let form = card.press("Fill in…", "requester-1").opens_a_form().await;
        form.fill(&[("Backout plan", PLAN), ("Customer impact", "none"), ("Affected systems", "checkout")]).await.closes();
        card.press("Request changes…", "approver-2").because("customers will notice it").await;
        let form = card.press("Ask again…", "requester-1").opens_a_form().await;
        form.fill(&[("What is different now?", "the impact is honest now"), ("Customer impact", "degraded")]).await.closes();
        card.shows("Approval needed").says("degraded").says(PLAN);
        assert_eq!(w.change().await.change.round, 2);
    });
}

#[test]
fn discord_asks_for_the_first_fields_and_then_for_the_rest() {
    asking(SIX).with_discord().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.discord().sees("Input needed");
        let form = card.opens_a_form("Fill in…", "requester-1").await;
        let (summary, systems) = (("field.summary", "faster validation"), ("field.affected_systems", "checkout\nledger"));
        let kept = form.fill(&[summary, ("field.backout_plan", PLAN), ("field.customer_impact", "some"), systems]).await;
        assert!(kept.contains("Customer impact does not fit. One of: none, degraded."), "{kept}");
        assert!(kept.contains(&format!("You wrote: Backout plan\n```\n{PLAN}\n```")), "nothing is lost: {kept}");
        let more = form.fill(&[summary, ("field.backout_plan", PLAN), ("field.customer_impact", "None"), systems]).await;
        assert!(more.contains("still missing for CHG-") && more.contains("Test evidence, Announcement"), "{more}");
        card.shows("Input needed").says("filled in: Test evidence, Announcement.");
        let form = card.opens_a_form("Fill in…", "requester-1").await;
        let told = form.fill(&[("field.test_evidence", "all green"), ("field.announcement", "told the shops")]).await;
        assert!(told.starts_with("Recorded: CHG-"), "{told}");
        card.shows("Approval needed").says("faster validation").says("checkout, ledger");
        assert_eq!(w.change().await.change.request.subject.fields.len(), 6);
    });
}
