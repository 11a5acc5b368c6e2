//! Pages that stand open hear that something moved, and pauses and deliveries have pages of their own.

use std::time::Duration;
use tests::world::console::{field, words};
use tests::world::{Plan, World};

const STOPPERS: &str = "incidents:\n  stop_the_line: { by: [operations-leads], needs: rationale, longest: 12h }\n\nnotifications:";

#[test]
fn a_vote_elsewhere_is_heard_at_once() {
    Plan::default().in_sandbox().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let visitor = w.visitor("approver-1").await;
        let (path, seq) = (format!("/changes/{}", card.number()), w.change().await.change.last_seq);
        let page = visitor.reads(&path).await;
        assert!(page.text.contains(&format!("data-events=\"{path}/events\" data-seen=\"{seq}\"")), "{}", page.text);
        let seen = attribute(&visitor.reads("/").await.text, "data-seen");
        let mut change = visitor.listens(&format!("{path}/events"), &seq.to_string()).await;
        let mut inbox = visitor.listens("/events", &seen).await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        let moved = change.until("event: moved").await;
        assert!(moved.contains("\nid: "), "{moved}");
        inbox.until("event: moved").await;
        let missed = visitor.listens(&format!("{path}/events"), &seq.to_string()).await.until("event: moved").await.to_owned();
        assert!(missed.contains("id: "), "what was missed is told at once: {missed}");
        w.app().drain();
        change.to_the_end().await;
        inbox.to_the_end().await;
        let refused = visitor.reads(&format!("{path}/events")).await;
        assert_eq!(refused.status, 503, "a node that goes down takes no more listeners: {refused:?}");
    });
}

#[test]
fn only_readers_listen_and_only_so_many() {
    Plan::default().in_sandbox().run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let path = format!("/changes/{}/events", w.slack().channel("deploys").sees("Approval needed").number());
        for path in [path.as_str(), "/events"] {
            assert_eq!(w.gets(path).await.status, 401, "{path}");
        }
        let visitor = w.visitor("approver-1").await;
        assert_eq!(visitor.reads("/changes/CHG-999999/events").await.status, 404);
        let app = w.app();
        let all = app.streams.clone().acquire_many_owned(u32::try_from(app.streams.available_permits()).unwrap()).await.unwrap();
        let refused = visitor.reads(&path).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "5"), "{refused:?}");
        drop(all);
        let seq = w.change().await.change.last_seq;
        drop(visitor.listens(&path, &seq.to_string()).await);
    });
}

#[test]
fn whoever_may_stops_the_line_and_lets_it_go_on() {
    Plan::default().in_sandbox().with_policy("notifications:", STOPPERS).run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let card = w.slack().channel("deploys").sees("Approval needed");
        let (lead, approver) = (w.visitor("lead-1").await, w.visitor("approver-1").await);
        let page = words(&approver.reads("/pauses").await.text);
        assert!(page.contains("Nothing is paused") && page.contains("You can’t pause or resume releases"), "{page}");
        let form = lead.reads("/pauses").await.text;
        let [csrf, interaction] = ["csrf", "interaction"].map(|name| field(&form, name).unwrap());
        let wish = |reason: &'static str| [("environment", "production"), ("service", ""), ("minutes", "60"), ("reason", reason)];
        let hidden = [("csrf", csrf.as_str()), ("interaction", interaction.as_str())];
        let place = async |reason: &'static str| lead.posts("/pauses", &[hidden.as_slice(), &wish(reason)].concat()).await;
        let refused = place("<x>").await;
        assert!(refused.status == 409 && refused.text.contains("&lt;x&gt;</textarea>"), "what was written is kept: {refused:?}");
        let placed = place("INC-88 <b>is open</b>").await;
        assert_eq!(placed.status, 303, "{placed:?}");
        assert!(lead.hears(placed).await.contains("Paused: production. 1 open change is told"));
        w.settle().await;
        card.says("Paused by").says("INC-88");
        card.press("Approve…", "approver-1").because("canary is clean").await;
        card.press("Approve…", "approver-2").because("reviewed the diff").await;
        deployment.was_told_nothing();
        let list = words(&approver.reads("/").await.text);
        assert!(list.contains("on hold"), "{list}");
        let page = lead.reads("/pauses").await;
        assert!(page.text.contains("INC-88 &lt;b&gt;is open") && words(&page.text).contains("By Lead One since"), "{page:?}");
        let hold = field(&page.text, "hold").unwrap();
        let foreign = field(&approver.reads("/pauses").await.text, "csrf").unwrap();
        let not_theirs = approver.posts("/pauses/resume", &[("csrf", &foreign), ("hold", &hold), ("reason", "it is over")]).await;
        assert_eq!(not_theirs.status, 409, "{not_theirs:?}");
        let resumed = lead.posts("/pauses/resume", &[("csrf", &csrf), ("hold", &hold), ("reason", "it is over")]).await;
        w.settle().await;
        assert!(lead.hears(resumed).await.contains("Resumed: production"));
        deployment.was_told_approved();
    });
}

#[test]
fn a_form_that_is_sent_twice_pauses_once() {
    Plan::default().in_sandbox().with_policy("notifications:", STOPPERS).run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let lead = w.visitor("lead-1").await;
        let form = lead.reads("/pauses").await.text;
        let [csrf, interaction] = ["csrf", "interaction"].map(|name| field(&form, name).unwrap());
        let hidden = [("csrf", csrf.as_str()), ("interaction", interaction.as_str()), ("environment", "production"), ("minutes", "60")];
        let place = async |reason: &str| lead.posts("/pauses", &[hidden.as_slice(), &[("reason", reason)]].concat()).await;
        let first = place("INC-88 is open").await;
        w.advance(Duration::from_secs(90)).await;
        let again = place("INC-88 is open").await;
        let told = [lead.hears(first).await, lead.hears(again).await];
        assert!(told[0] == told[1] && told[0].contains("1 open change is told"), "{told:?}");
        let in_force = w.app().pauses().await.unwrap();
        assert_eq!(in_force.len(), 1, "{in_force:#?}");
        assert_eq!(place("INC-89 as well").await.status, 303);
        assert_eq!(w.app().pauses().await.unwrap().len(), 2, "what was changed before it was sent again is another pause");
        let without = lead.posts("/pauses", &[("csrf", csrf.as_str()), ("minutes", "60"), ("reason", "INC-88 is open")]).await;
        assert_eq!(without.status, 403, "{without:?}");
        let end = [("csrf", csrf.as_str()), ("hold", in_force[0].id.as_str()), ("reason", "it is over")];
        let ended = [lead.posts("/pauses/resume", &end).await, lead.posts("/pauses/resume", &end).await];
        let [first, again] = ended;
        assert!(lead.hears(first).await.contains("Resumed: production"));
        assert!(lead.hears(again).await.contains("has ended already"));
        w.settle().await;
    });
}

#[test]
fn deliveries_are_listed_with_what_became_of_them() {
    World::run(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = w.slack().channel("deploys").sees("Approval needed").number();
        assert_eq!(w.gets("/deliveries").await.status, 303);
        let page = w.signs_in(w.token("lead-1", &["changes:read"]).await.token()).await.reads("/deliveries").await;
        let said = words(&page.text);
        assert!(page.status == 200 && said.contains("gitlab-main") && said.contains("Done") && said.contains(&number), "{said}");
    });
}

fn attribute(page: &str, name: &str) -> String {
    let value = page.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
    value.unwrap_or_else(|| panic!("no {name} in {page}")).to_owned()
}
