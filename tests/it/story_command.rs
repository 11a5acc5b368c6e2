//! The command in Slack and Discord: it does what the buttons do, and says why where it does not.

use engine::phase::State;
use std::time::Duration;
use tests::world::command::Back;
use tests::world::{Plan, World};

const REASON: &str = "canary is clean";

fn plan() -> Plan {
    Plan::default().with_discord().with_stop_the_line()
}

fn play(story: impl AsyncFn(&World)) {
    plan().run(story);
}

async fn number(w: &World) -> String {
    w.changes().await[0].number.to_string()
}

#[test]
fn two_people_approve_by_typing() {
    plan().also_as_shipped().run(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number(w).await;
        let here = w.types("approver-1", &format!("approve {number} because {REASON}")).await.private();
        assert_eq!(here, format!("Recorded: you approved {number} (1 of 2)."));
        deployment.was_told_nothing();
        let there = w.types_in_discord("approver-2", "approve", &[("change", &number), ("because", "reviewed the diff")]).await;
        assert_eq!(there.private().replace('\\', ""), format!("Recorded: you approved {number} (2 of 2)."));
        deployment.was_told_approved();
        w.slack().channel("deploys").sees("Approved: checkout-api").says(REASON);
    });
}

#[test]
fn without_a_reason_the_form_opens_for_those_who_may() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number(w).await;
        let form = w.types_for_a_form("approver-1", &format!("approve {number}")).await;
        assert_eq!(form["callback_id"], "gate:v1:approve", "{form}");
        let own = w.types("requester-1", &format!("approve {number}")).await.private();
        assert!(own.starts_with("You can’t approve this: you asked for it."), "{own}");
        let there = w.types_in_discord("approver-2", "approve", &[("change", &number)]).await;
        assert!(matches!(there, Back::Nothing), "a modal is the answer: {there:?}");
    });
}

#[test]
fn refusals_are_those_of_the_buttons_and_are_recorded() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number(w).await;
        let own = w.types("requester-1", &format!("approve {number} because {REASON}")).await.private();
        assert!(own.starts_with("You can’t approve this: you asked for it."), "{own}");
        let short = w.types("approver-1", &format!("reject {number} because no")).await.private();
        assert!(short.starts_with("Say in at least 10 characters"), "{short}");
        let stranger = w.types("T000000009/U000000012", &format!("approve {number} because {REASON}")).await.private();
        assert!(stranger.contains("isn’t linked to a person"), "{stranger}");
        assert_eq!(w.change().await.refusals(), ["separation_of_duties", "rationale_too_short", "not_linked"]);
        let nowhere = w.types("approver-1", &format!("approve CHG-999999 because {REASON}")).await.private();
        assert!(nowhere.starts_with("There is no such change here."), "{nowhere}");
    });
}

#[test]
fn the_other_deeds_are_typed_too() {
    play(async |w| {
        let deployment = w.gitlab().deployment_waits("checkout-api", "production").await;
        let first = number(w).await;
        let abstained = w.types("approver-1", &format!("abstain {first} because I know too little of it")).await.private();
        assert!(abstained.starts_with(&format!("Recorded: you abstained on {first}.")), "{abstained}");
        let foreign = w.types("approver-1", &format!("withdraw {first} because it is the wrong commit")).await.private();
        assert_eq!(foreign, format!("You can’t withdraw {first}: that is for whoever asked for it."));
        let withdrawn = w.types("requester-1", &format!("withdraw {first} because it is the wrong commit")).await.private();
        assert_eq!(withdrawn, format!("Recorded: you withdrew {first}. That ends it."));
        assert_eq!(w.record_of(&first).await.state(), State::Cancelled);
        deployment.was_told_rejected();
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let second = number_of(w, "ledger-api").await;
        let rejected = w.types("approver-2", &format!("reject {second} because the migration locks a table")).await.private();
        assert_eq!(rejected, format!("Recorded: you rejected {second}. That ends it."));
    });
}

async fn number_of(w: &World, service: &str) -> String {
    let rows = w.changes().await;
    rows.iter().find(|row| row.service == service).expect("a change of it").number.to_string()
}

#[test]
fn the_inbox_is_what_waits_for_this_person() {
    play(async |w| {
        assert!(w.types("approver-1", "").await.private().starts_with("Nothing waits for you."));
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.advance(Duration::from_mins(5)).await;
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let (first, second) = (number_of(w, "checkout-api").await, number_of(w, "ledger-api").await);
        let inbox = w.types("approver-1", "").await.private();
        let lines: Vec<&str> = inbox.lines().collect();
        assert_eq!(lines[0], "*2 changes wait for you*");
        assert!(lines[1].contains(&first) && lines[1].contains("waits for 5 minutes") && lines[1].contains("/changes/CHG-"), "{inbox}");
        assert!(lines[2].contains(&second) && lines[2].contains("less than a minute"), "{inbox}");
        assert!(w.types("requester-1", "").await.private().starts_with("Nothing waits for you."), "who asked is not asked");
        w.types("approver-1", &format!("approve {first} because {REASON}")).await;
        assert!(w.types("approver-1", "").await.private().starts_with("*1 change waits for you*"));
        let there = w.types_in_discord("approver-2", "inbox", &[]).await.private();
        assert!(there.starts_with("**2 changes wait for you**"), "{there}");
    });
}

#[test]
fn changes_are_listed_and_shown() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number(w).await;
        let mine = w.types("requester-1", "list mine for production").await.private();
        assert!(mine.starts_with("*1 change is open*") && mine.contains(&number) && mine.contains("Approval needed"), "{mine}");
        assert_eq!(w.types("approver-1", "list mine").await.private(), "Nothing like that is open.");
        assert_eq!(w.types("approver-1", "list for staging").await.private(), "Nothing like that is open.");
        let link = format!("<https://gate.example.com/changes/{number}|here>");
        let card = w.slack().channel("deploys").sees("Approval needed");
        let permalink = format!("https://example.slack.com/archives/{}/p{}", card.message().channel, card.message().ts.replace('.', ""));
        for name in [number.clone(), number.to_lowercase(), link, permalink] {
            let shown = w.types("approver-1", &format!("show {name}")).await.private();
            assert!(shown.starts_with("Approval needed: checkout-api") && shown.contains("0 of 2"), "{name}: {shown}");
        }
        let elsewhere = w.types("approver-1", &format!("show https://staging.example.com/changes/{number}")).await.private();
        assert!(elsewhere.starts_with("There is no such change here."), "{elsewhere}");
        let there = w.types_in_discord("approver-1", "show", &[("change", &number)]).await.private();
        assert!(there.starts_with("Approval needed: checkout"), "{there}");
    });
}

#[test]
fn what_is_not_understood_does_nothing_and_says_how_it_is_written() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        let number = number(w).await;
        let table = [
            ("aprove CHG-1", "I don’t know ‘aprove’. Did you mean approve? Try `/gate help`."),
            ("paus all because INC-88", "I don’t know ‘paus’. Did you mean pause? Try `/gate help`."),
            ("pause production", "Say why; everybody can read it. Nothing was done yet: `/gate pause production because …`"),
            ("delegate CHG-1 to @x because y", "“delegate” is not in this build, so nothing was done."),
            ("<!channel> pause all", "I don’t know ‘&lt;!channel&gt;’."),
            ("pause <!here> because x", "“&lt;!here&gt;”"),
        ];
        for (text, begins) in table {
            let told = w.types("lead-1", text).await.private();
            assert!(told.starts_with(begins) || text.starts_with("pause <"), "{text}: {told}");
            assert!(!told.contains("<!"), "{told}");
        }
        let help = w.types("approver-1", "help").await.private();
        assert!(help.contains("`/gate pause production/payments for 2h because INC-88`") && help.contains("You are approver-1."), "{help}");
        let all = w.types("T000000009/U000000009", "help all").await.private();
        assert!(all.contains("/gate resume SCOPE because TEXT") && !all.contains("delegate"), "{all}");
        for text in ["", "list", "show CHG-1", "status"] {
            let stranger = w.types("T000000009/U000000009", text).await.private();
            assert!(stranger.contains("isn’t linked to a person"), "{text}: {stranger}");
        }
        let other = w.types_as("approver-1", "/other", &format!("approve {number} because {REASON}")).await.private();
        assert_eq!(other, "/other is not ours. Type /gate help.");
        let placed = w.pause_records().await.into_iter().any(|(kind, _)| kind == "hold_placed");
        assert!(!placed && w.change().await.change.votes.is_empty());
    });
}

/// What is offered to whoever fills the command in, as its values.
async fn values(w: &World, person: &str, option: (&str, &str), typed: &str) -> Vec<String> {
    w.discord().offers(person, option, typed).await.into_iter().map(|(_, value)| value).collect()
}

#[test]
fn people_are_offered_what_they_can_do_something_about() {
    play(async |w| {
        w.gitlab().deployment_waits("checkout-api", "production").await;
        w.gitlab().deployment_waits("ledger-api", "production").await;
        let changes = w.changes().await;
        let (older, newer) = (changes[0].number.to_string(), changes[1].number.to_string());
        let offered = w.discord().offers("approver-1", ("approve", "change"), "").await;
        assert_eq!(offered.len(), 2, "{offered:?}");
        assert!(offered[0].0.starts_with(&format!("{older} checkout-api")) && offered[0].1 == older, "{offered:?}");
        assert_eq!(values(w, "approver-1", ("show", "change"), "").await, [newer.clone(), older.clone()], "newest first");
        assert_eq!(values(w, "approver-1", ("approve", "change"), "LEDGER").await, [newer.as_str()]);
        w.types("approver-1", &format!("approve {older} because {REASON}")).await.private();
        assert_eq!(values(w, "approver-1", ("approve", "change"), "").await, [newer.as_str()], "who has voted is not asked again");
        assert_eq!(values(w, "requester-1", ("approve", "change"), "").await, Vec::<String>::new(), "who asked for it may not approve it");
        assert_eq!(values(w, "requester-1", ("withdraw", "change"), "").await, [newer.clone(), older.clone()]);
        assert_eq!(values(w, "approver-1", ("withdraw", "change"), "").await, Vec::<String>::new());
        assert_eq!(values(w, "999000", ("show", "change"), "").await, Vec::<String>::new(), "a stranger is shown nothing");
    });
}

#[test]
fn people_are_offered_scopes_environments_and_verbs() {
    play(async |w| {
        assert_eq!(values(w, "lead-1", ("pause", "scope"), "").await, ["all", "production"]);
        assert_eq!(values(w, "lead-1", ("pause", "scope"), "prod").await, ["production"]);
        assert_eq!(values(w, "lead-1", ("pause", "scope"), "production/l").await, ["production/ledger-api"]);
        assert_eq!(values(w, "lead-1", ("list", "environment"), "").await, ["production"]);
        assert_eq!(values(w, "lead-1", ("help", "verb"), "who").await, ["whoami"]);
        assert_eq!(values(w, "lead-1", ("pause", "because"), "").await, Vec::<String>::new());
        assert_eq!(values(w, "lead-1", ("resume", "scope"), "").await, Vec::<String>::new(), "nothing is paused");
        w.types_for_all("lead-1", "pause production/checkout-api because INC-88 card errors").await;
        assert_eq!(values(w, "lead-1", ("resume", "scope"), "").await, ["production/checkout-api"]);
    });
}

#[test]
fn people_can_ask_who_they_are() {
    play(async |w| {
        let here = w.types("approver-1", "whoami").await.private();
        assert!(here.contains("Approver One") && here.contains("(approver-1)") && here.contains("payments-devs"), "{here}");
        assert!(here.contains("T000000001/U000000012"), "{here}");
        let there = w.types_in_discord("approver-1", "whoami", &[]).await.private();
        assert!(there.contains("Approver One"), "{there}");
        let stranger = w.types("T000000009/U000000012", "whoami").await.private();
        assert!(stranger.contains("isn’t linked to a person") && stranger.contains("T000000009/U000000012"), "{stranger}");
        let more = w.types("approver-1", "whoami now").await.private();
        assert!(more.contains("now"), "{more}");
    });
}
