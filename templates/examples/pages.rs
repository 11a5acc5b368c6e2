//! Writes every page of every sample, the style sheet and the icon into a folder, to look at in a browser:
//! `cargo run -p templates --example pages -- FOLDER`.

use engine::Timestamp;
use std::error::Error;
use std::path::{Path, PathBuf};
use templates::html::{
    self, ChangePage, ChangeRow, ChangesPage, Chrome, ErrorPage, Forms, Message, PersonChoice, SignInPage, TokenPage, VoteForm,
};
use templates::samples::{Sample, directory, samples};
use templates::view::Controls;

const PEOPLE: [PersonChoice<'static>; 3] = [
    PersonChoice { id: "approver-1", name: "Approver One", note: "operations", chosen: None },
    PersonChoice { id: "approver-2", name: "Approver Two", note: "operations", chosen: Some("selected") },
    PersonChoice { id: "requester-1", name: "Requester One", note: "developers", chosen: None },
];
const SANDBOX: Chrome<'static> = Chrome { badge: Some("Sandbox"), account: None };

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(folder.join("assets"))?;
    std::fs::write(folder.join("assets/console.css"), html::CSS)?;
    std::fs::write(folder.join("assets/icon.svg"), html::ICON)?;
    let samples = samples()?;
    let now = Timestamp::from_micros(1_794_846_600_000_000).ok_or("no such time")?;
    for sample in &samples {
        write(&folder, sample.name, &change(sample, now)?)?;
    }
    write(&folder, "index", &changes(&samples, now)?)?;
    write(&folder, "empty", &html::changes_page(&ChangesPage { chrome: SANDBOX, rows: &[], now, older: None })?)?;
    let sign_in = SignInPage { chrome: SANDBOX, people: &PEOPLE, action: "/sign-in", csrf: "token", then: "/", problem: None };
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
    let problem = (sample.name == "pending-one").then_some("You can’t approve this: you asked for it. Any other member of operations can.");
    let message =
        (sample.name == "pending-stage-two").then_some(Message { tone: "good", text: "Recorded: you approved CHG-1042 (2 of 3)." });
    let form = VoteForm { action: "/changes/CHG-1042/votes", csrf: "token", people: &PEOPLE, rationale: "", problem };
    html::change_page(&ChangePage {
        chrome: SANDBOX,
        view: sample.view(&directory, Controls::ReadOnly),
        events: &sample.events,
        now,
        message,
        forms: if sample.name == "pending" { Forms::SignIn { href: "/sign-in" } } else { Forms::Vote(form) },
    })
}

fn changes(samples: &[Sample], now: Timestamp) -> Result<String, html::PageError> {
    let row = |sample: &Sample| ChangeRow {
        number: sample.change.number,
        state: sample.change.state(),
        what: sample.change.what(),
        about: sample.change.request.title.clone(),
        changed_at: sample.change.last_at,
        approvals: Some((1, 2)),
    };
    let rows: Vec<ChangeRow> = samples.iter().map(row).collect();
    html::changes_page(&ChangesPage { chrome: SANDBOX, rows: &rows, now, older: Some("/?before=1") })
}
