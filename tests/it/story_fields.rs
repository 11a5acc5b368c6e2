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
const STRICT: &str = "fields:
  all:
    customer_impact: { type: choice, of: [none, outage] }
    announcement: { type: text, min_length: 20, required_when: \"fields.customer_impact == 'outage'\" }
    backout_plan: { type: text, min_length: 10, reject_boilerplate: true }
    affected_systems: { type: list, of: catalogue_service }

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

#[test]
fn answers_that_say_nothing_or_name_strangers_are_sent_back_and_some_need_not_be_given() {
    asking(STRICT).also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Input needed: checkout-api");
        card.says("filled in: Customer impact, Announcement, Backout plan, Affected systems.");
        let form = card.press("Fill in…", "requester-1").opens_a_form().await;
        let impact = ("Customer impact", "none");
        let (plan, systems) = (("Backout plan", PLAN), ("Affected systems", "checkout-api, ledger-api"));
        let filler = form.fill(&[impact, ("Backout plan", "n/a, n/a, n/a, n/a"), systems]).await.stays_open();
        assert_eq!(filler, "Backout plan says nothing. Write it in words of your own.");
        let stranger = form.fill(&[impact, plan, ("Affected systems", "checkout-api, legder-api")]).await.stays_open();
        let expected = "Affected systems names “legder-api”, which is no service of the catalogue. Did you mean ledger-api?";
        assert_eq!(stranger, expected);
        let told = form.fill(&[("Customer impact", "outage"), plan, systems]).await.stays_open();
        assert_eq!(told, "Announcement is missing. At least 20 characters. Needed where fields.customer_impact == 'outage'.");
        let told = form.fill(&[impact, plan, systems]).await.closes();
        assert!(told.contains("is filled in."), "{told}");
        card.shows("Approval needed").says(PLAN);
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_approved();
    });
}
