//! Writes every page of every sample, the style sheet, the script and the icon into a folder, to look at in a browser:
//! `cargo run -p templates --example pages -- FOLDER`.

use engine::Timestamp;
use engine::hold::{Because, Hold, Pause, Scope};
use engine::ids::{ChangeNumber, HoldId};
use std::error::Error;
use std::path::{Path, PathBuf};
use templates::Verb;
use templates::html::{
    self, Account, ChangePage, ChangeRow, Chrome, DeliveriesPage, DeliveryRow, ErrorPage, Fate, Filter, ListPage, ListSection, Message,
    Offer, PauseForm, PausesPage, PersonChoice, SignInPage, TokenPage, WAITING, Written,
};
use templates::samples::{Sample, directory, samples};
use templates::view::Controls;

const PEOPLE: [PersonChoice<'static>; 3] = [
    PersonChoice { id: "approver-1", name: "Approver One", note: "operations", chosen: None },
    PersonChoice { id: "approver-2", name: "Approver Two", note: "operations", chosen: Some("selected") },
    PersonChoice { id: "requester-1", name: "Requester One", note: "developers", chosen: None },
];
const SANDBOX: Chrome<'static> =
    Chrome { badge: Some("Sandbox"), here: "/", account: Some(Account { name: "Approver Two", sign_out: "/sign-out", csrf: "token" }) };
const VOTES: [Verb; 4] = [Verb::Approve, Verb::Reject, Verb::RequestChanges, Verb::Abstain];
const OF_REQUESTER: [Verb; 2] = [Verb::FillIn, Verb::Withdraw];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(folder.join("assets"))?;
    std::fs::write(folder.join("assets/console.css"), html::CSS)?;
    std::fs::write(folder.join("assets/console.js"), html::SCRIPT)?;
    std::fs::write(folder.join("assets/icon.svg"), html::ICON)?;
    let samples = samples()?;
    let now = Timestamp::from_micros(1_794_846_600_000_000).ok_or("no such time")?;
    for sample in &samples {
        write(&folder, sample.name, &change(sample, now)?)?;
    }
    write(&folder, "index", &list(&samples, now)?)?;
    write(&folder, "empty", &list(&[], now)?)?;
    write(&folder, "pauses", &pauses(now)?)?;
    write(&folder, "deliveries", &deliveries(now)?)?;
    let sign_in = SignInPage { chrome: SANDBOX, people: &PEOPLE, action: "/sign-in", then: "/", problem: None };
    write(&folder, "sign-in", &html::sign_in_page(&sign_in)?)?;
    let token = TokenPage { chrome: Chrome::default(), action: "/sign-in", then: "/", problem: None };
    write(&folder, "token", &html::token_page(&token)?)?;
    let detail = "The address may be mistyped, or the change belongs to another installation.";
    let error = ErrorPage { chrome: SANDBOX, status: 404, title: "There is no such change", detail };
    write(&folder, "error", &html::error_page(&error)?)
}

/// Files are opened without a server, so absolute paths become relative ones.
fn write(folder: &Path, name: &str, page: &str) -> Result<(), Box<dyn Error>> {
    let page = page.replace("\"/assets/", "\"assets/");
    Ok(std::fs::write(folder.join(format!("{name}.html")), page)?)
}

fn change(sample: &Sample, now: Timestamp) -> Result<String, html::PageError> {
    let directory = directory();
    let problem = (sample.name == "pending-one")
        .then_some("Say in at least 15 characters why this is safe to ship. It is shown on the card and kept in the record.");
    let message =
        (sample.name == "pending-stage-two").then_some(Message { tone: "good", text: "Recorded: you approved CHG-1042 (2 of 3)." });
    let verbs: &[Verb] = match sample.change.state().word() {
        "pending" => &VOTES,
        "draft" => &OF_REQUESTER,
        _ => &[],
    };
    let note = (sample.name == "pending-struck").then_some("You can’t approve this: you asked for it. Any other member of operations can.");
    let written = Written { problem, rationale: if problem.is_some() { "looks fine" } else { "" }, ..Written::default() };
    let offer = Offer { action: "/changes/CHG-1042", csrf: "token", interaction: "1", verbs, note, written, ..Offer::default() };
    html::change_page(&ChangePage {
        chrome: SANDBOX,
        view: sample.view(&directory, Controls::ReadOnly),
        events: &sample.events,
        now,
        message,
        live: None,
        offer: Some(offer),
    })
}

fn list(samples: &[Sample], now: Timestamp) -> Result<String, html::PageError> {
    let row = |sample: &Sample| ChangeRow {
        number: sample.change.number,
        state: sample.change.state(),
        what: sample.change.what(),
        about: sample.change.request.title.clone(),
        changed_at: sample.change.last_at,
        expires_at: None,
        approvals: (sample.change.state().word() == "pending").then_some((1, 2)),
        holds: sample.change.holds.len(),
    };
    let of = |is_wanted: &dyn Fn(&Sample) -> bool| samples.iter().filter(|sample| is_wanted(sample)).map(row).collect::<Vec<_>>();
    let is_ended = |sample: &Sample| sample.change.state().is_end();
    let sections = [
        ListSection {
            id: WAITING,
            heading: "Waits for you",
            rows: of(&|sample| sample.name.starts_with("pending")),
            empty: Some("Nothing waits for you."),
        },
        ListSection {
            id: "open",
            heading: "Others that are open",
            rows: of(&|sample| !sample.name.starts_with("pending") && !is_ended(sample)),
            empty: None,
        },
        ListSection { id: "ended", heading: "Ended lately", rows: of(&is_ended), empty: None },
    ];
    let filter = Filter::default();
    html::list_page(&ListPage {
        chrome: SANDBOX,
        message: None,
        live: None,
        filter,
        sections: &sections,
        now,
        older: Some("/?cursor=1"),
        left_out: None,
    })
}

fn pauses(now: Timestamp) -> Result<String, html::PageError> {
    let directory = directory();
    let pause = |id: &str, scope: Scope, reason: &str, until| Hold {
        id: HoldId::from(id),
        because: Because::Paused(Pause { scope, reason: reason.to_owned(), by: "lead-1".into(), since: now, until }),
    };
    let named = |environment: Option<&str>, service: Option<&str>| Scope {
        environment: environment.map(str::to_owned),
        service: service.map(str::to_owned),
    };
    let holds = [
        pause("pause:1", named(Some("production"), None), "INC-88: payments time out", Some(now.plus_seconds(7_200))),
        pause("pause:2", named(None, Some("checkout-api")), "Moving its database", None),
    ];
    let environments = ["production".to_owned()];
    let form = PauseForm {
        action: "/pauses",
        resume: "/pauses/resume",
        csrf: "token",
        interaction: "1",
        environments: &environments,
        environment: "",
        service: "",
        minutes: "120",
        reason: "",
        problem: None,
    };
    let chrome = Chrome { here: "/pauses", ..SANDBOX };
    html::pauses_page(&PausesPage {
        chrome,
        message: None,
        holds: &holds,
        freezes: &[],
        directory: &directory,
        now,
        form: Some(form),
        note: None,
    })
}

fn deliveries(now: Timestamp) -> Result<String, html::PageError> {
    let row = |fate, event: &str, error: Option<&str>| DeliveryRow {
        id: "019a0000-0000-7000-8000-000000000021".to_owned(),
        source: "pipelines-main".to_owned(),
        event: event.to_owned(),
        fate,
        received_at: now,
        changes: vec![ChangeNumber(1042)],
        error: error.map(str::to_owned),
    };
    let rows = [
        row(Fate::Waiting, "Deployment Hook", None),
        row(Fate::Done, "Deployment Hook", None),
        row(Fate::Ignored, "Push Hook", None),
        row(Fate::Failed, "Deployment Hook", Some("no policy is in force; start with a policy file, or run `countersign check`")),
    ];
    html::deliveries_page(&DeliveriesPage { chrome: Chrome { here: "/deliveries", ..SANDBOX }, rows: &rows, now })
}
