//! The console in a real browser: what people press, what they see then, and what must never happen to them.

use serde_json::{Value, json};
use std::path::Path;
use tests::postgres;
use tests::process::installation::{Database, Installation, POLICY};
use tests::process::judges::{Browser, Colours, Page, Scripts, Window};
use tests::process::member::Member;
use tests::process::service::Service;

/// Leads may pause, so that there is a form for it.
const STOPPERS: &str = "incidents:\n  stop_the_line: { by: [leads], needs: rationale, longest: 12h }\n\nnotifications:";
/// A folder that pictures of every page are written to, for people to look at.
const PICTURES: &str = "COUNTERSIGN_PICTURES";
/// Half a sentence, as somebody who is interrupted leaves it.
const HALF: &str = "canary is clean, and";
const WHERE_IT_STANDS: &str = "document.querySelector('#rationale').getBoundingClientRect().top";

fn installation(database: Database<'_>) -> Installation {
    let installation = Installation::plain(database);
    installation.write("policy.yaml", &POLICY.replace("notifications:", STOPPERS));
    installation
}

/// A change that waits for two people, one who asked for it, and one of the two.
struct Scene {
    browser: Browser,
    requester: Member,
    second: Member,
    number: String,
    _service: Service,
}

impl Scene {
    async fn begin(installation: &Installation) -> Self {
        let service = Service::ready(installation).await;
        let [requester, second] = ["requester-1", "approver-2"].map(|person| Member::new(installation, person));
        let number = requester.asks(&wish("checkout-api")).await;
        let browser = Browser::start(&installation.base());
        Self { browser, requester, second, number, _service: service }
    }
}

fn wish(service: &str) -> Value {
    json!({ "short_description": "Validate cards faster", "service": service, "environment": "production", "sha": "9f2c41ab0d6e", "authors": ["author-1"] })
}

/// Signs in with a token, by the form.
fn signs_in(page: &Page<'_>, token: &str) {
    page.goes("/");
    page.writes("Token", token);
    page.clicks("button", "Sign in");
    page.awaits("document.querySelector('.account-name')");
}

fn approvals(count: &str) -> String {
    format!("document.querySelector('#approvals')?.textContent === 'Approvals: {count}'")
}

/// The message of the page, once it has the focus.
fn told(page: &Page<'_>) -> String {
    let told = page.awaits("document.activeElement?.matches('.message') && document.activeElement.textContent");
    told.as_str().unwrap_or_default().to_owned()
}

fn no_faults(page: &Page<'_>) {
    assert_eq!(page.faults(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_written_outlives_news_and_a_restart_on_sqlite() {
    what_is_being_written_outlives_news_and_a_restart(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_being_written_outlives_news_and_a_restart_on_postgres() {
    let database = postgres::empty_database();
    what_is_being_written_outlives_news_and_a_restart(Database::At(database.url())).await;
}

async fn what_is_being_written_outlives_news_and_a_restart(database: Database<'_>) {
    let installation = installation(database);
    let service = Service::ready(&installation).await;
    let [requester, first, second] = ["requester-1", "approver-1", "approver-2"].map(|person| Member::new(&installation, person));
    let number = requester.asks(&wish("checkout-api")).await;
    let browser = Browser::start(&installation.base());
    let page = browser.opens(Window::USUAL);
    signs_in(&page, first.token());
    page.awaits(&format!("document.querySelector('#waiting + .rows').textContent.includes('{number}')"));
    page.sees("document.querySelector('#waiting + .rows a').focus()");
    page.presses("Enter");
    page.awaits(&approvals("0 of 2"));
    page.clicks("textbox", "Why is this safe to ship, or what has to change?");
    page.types(HALF);
    page.presses("ArrowLeft");
    page.presses("ArrowLeft");
    page.sees("window.scrollBy(0, 120)");
    let stands = page.sees(WHERE_IT_STANDS);
    let kept = || {
        let focus = "document.activeElement.id === 'rationale' && [document.activeElement.value, document.activeElement.selectionStart]";
        assert_eq!(page.sees(focus), json!([HALF, HALF.len() - 2]), "the words, the focus and the caret");
        let moved = page.sees(WHERE_IT_STANDS).as_f64().unwrap() - stands.as_f64().unwrap();
        assert!(moved.abs() < 1.5, "what is being written moved by {moved} px");
    };
    second.votes(&number, "approve", "reviewed the diff").await;
    page.awaits(&approvals("1 of 2"));
    kept();
    page.awaits("!document.querySelector('#late').hidden");
    no_faults(&page);

    assert!(service.terminate().await.success());
    page.awaits("!document.querySelector('#lost').hidden");
    kept();
    let service = Service::ready(&installation).await;
    second.takes_back(&number).await;
    page.awaits(&approvals("0 of 2"));
    page.awaits("document.querySelector('#lost').hidden");
    kept();
    let faults = page.faults();
    assert!(faults.iter().all(|fault| fault.contains("Failed to load resource")), "besides what could not be reached: {faults:?}");

    page.types("X");
    page.presses("Tab");
    page.presses("Enter");
    let told = told(&page);
    assert!(told.contains("you approved") && told.contains("1 of 2"), "{told}");
    assert!(page.text().contains("canary is clean, aXnd"), "{}", page.text());
    no_faults(&page);
    assert!(service.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_open_stays_open() {
    let installation = installation(Database::File);
    let Scene { requester, second, number, browser, .. } = &Scene::begin(&installation).await;
    let page = browser.opens(Window::USUAL);
    signs_in(&page, requester.token());
    page.goes(&format!("/changes/{number}"));
    page.sees("document.querySelector('#withdraw').click()");
    second.votes(number, "approve", "reviewed the diff").await;
    page.awaits(&approvals("1 of 2"));
    assert_eq!(page.sees("document.querySelector('#withdraw').closest('details').open"), true);
    page.goes("/");
    page.sees("document.querySelector('.narrowing').open = true");
    requester.asks(&wish("ledger-api")).await;
    page.awaits("document.querySelector('#asked + .rows').children.length === 2");
    assert_eq!(page.sees("document.querySelector('.narrowing').open"), true);
    no_faults(&page);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_same_vote_works_on_sqlite() {
    without_scripts_the_same_vote_works(Database::File).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_same_vote_works_on_postgres() {
    let database = postgres::empty_database();
    without_scripts_the_same_vote_works(Database::At(database.url())).await;
}

async fn without_scripts_the_same_vote_works(database: Database<'_>) {
    let installation = installation(database);
    let Scene { second, number, browser, .. } = &Scene::begin(&installation).await;
    let page = browser.opens(Window { scripts: Scripts::Off, ..Window::USUAL });
    signs_in(&page, second.token());
    page.goes(&format!("/changes/{number}"));
    page.writes("Why is this safe to ship, or what has to change?", "reviewed the diff");
    page.clicks("button", "Approve");
    let told = told(&page);
    assert!(told.contains("you approved") && told.contains("1 of 2"), "{told}");
    page.clicks("button", "Take my vote back");
    page.awaits(&approvals("0 of 2"));
    no_faults(&page);
}

/// The name of what has the focus, once it is seen to have it.
const FOCUS: &str = "(() => { const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect(); \
    const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.bottom > 0 && box.top < innerHeight; \
    return `${seen ? '' : 'not seen: '}${at.labels?.[0]?.textContent ?? at.textContent}`.trim().replace(/\\s+/g, ' '); })()";

/// Where Tab leads, one after the other, up to this.
fn tabs_to(page: &Page<'_>, last: &str) -> Vec<String> {
    let mut stops: Vec<String> = Vec::new();
    while !stops.last().is_some_and(|stop| stop.contains(last)) {
        assert!(stops.len() < 40, "Tab never came to {last}: {stops:#?}");
        page.presses("Tab");
        stops.push(page.sees(FOCUS).as_str().unwrap_or_default().to_owned());
    }
    assert!(!stops.iter().any(|stop| stop.starts_with("not seen")), "{stops:#?}");
    stops
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keyboard_is_enough() {
    let installation = installation(Database::File);
    let Scene { second, number, browser, .. } = &Scene::begin(&installation).await;
    let page = browser.opens(Window::USUAL);
    page.goes("/");
    assert_eq!(page.sees("document.activeElement.id"), "token", "there is nothing else to do here");
    page.types(second.token());
    page.presses("Enter");
    page.awaits("document.querySelector('.account-name')");
    let stops = tabs_to(&page, number);
    assert_eq!(stops[..5], ["Skip to the content", "Countersign", "Changes", "Pauses", "Deliveries"]);
    page.presses("Enter");
    page.awaits(&approvals("0 of 2"));
    tabs_to(&page, "Skip to the content");
    page.presses("Enter");
    assert_eq!(tabs_to(&page, "Why is this safe").len(), 1, "the way past the bar leads to the form");
    page.types("reviewed the diff");
    assert_eq!(tabs_to(&page, "Abstain"), ["Approve", "Reject", "Request changes", "Abstain"]);
    (0..3).for_each(|_| page.presses("Shift+Tab"));
    page.presses("Enter");
    let told = told(&page);
    assert!(told.contains("you approved"), "{told}");
    no_faults(&page);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_leads_to_where_it_is_mended() {
    let installation = installation(Database::File);
    let Scene { second, number, browser, .. } = &Scene::begin(&installation).await;
    let page = browser.opens(Window { scripts: Scripts::Off, ..Window::USUAL });
    signs_in(&page, second.token());
    page.goes(&format!("/changes/{number}"));
    // A browser stops a reason of too few characters by itself, but counts blanks.
    page.writes("Why is this safe to ship, or what has to change?", "ok            ");
    page.clicks("button", "Approve");
    page.awaits("document.activeElement.id === 'rationale'");
    let described =
        "document.activeElement.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent).join(' ')";
    let described = page.sees(described);
    assert!(described.as_str().unwrap_or_default().contains("Say in at least 10 characters"), "{described}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_leads_to_its_shapes() {
    let installation = installation(Database::File);
    let _service = Service::ready(&installation).await;
    let browser = Browser::start(&installation.base());
    let page = browser.opens(Window { scripts: Scripts::Off, ..Window::USUAL });
    page.goes("/docs#Change");
    page.awaits("document.querySelector('#Change').checkVisibility()");
    assert_eq!(page.sees("document.querySelector('#ChangeRow').checkVisibility()"), false);
    no_faults(&page);
}

/// Changes in every state that people look at, by the names of their pictures.
async fn changes(requester: &Member, voters: [&Member; 2], lead: &Member) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for name in ["pending", "approved", "rejected", "held"] {
        let number = requester.asks(&wish(&format!("{name}-api"))).await;
        found.push((name.to_owned(), format!("/changes/{number}")));
        if name == "held" {
            lead.pauses(&json!({ "service": "held-api", "reason": "INC-88: payments time out", "for": "2h" })).await;
        }
        match name {
            "pending" => voters[1].votes(&number, "approve", "reviewed the diff, canary is clean").await,
            "rejected" => voters[1].votes(&number, "reject", "the migration locks the table for minutes").await,
            _ => {
                voters[0].votes(&number, "approve", "canary is clean, rollback tested").await;
                voters[1].votes(&number, "approve", "reviewed the diff").await;
            }
        }
    }
    let long = json!({ "short_description": "W".repeat(160), "service": "s".repeat(120), "environment": "production", "sha": "9f2c41ab0d6e", "authors": ["author-1"] });
    let number = requester.asks(&long).await;
    voters[1].votes(&number, "approve", &"reviewed".repeat(60)).await;
    found.push(("long".to_owned(), format!("/changes/{number}")));
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_accessible_in_light() {
    every_page("light", Window::USUAL).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_accessible_in_dark() {
    every_page("dark", Window { colours: Colours::Dark, ..Window::USUAL }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_fits_a_small_screen() {
    every_page("narrow", Window { width: 320, ..Window::USUAL }).await;
}

async fn every_page(look: &str, window: Window) {
    let installation = installation(Database::File);
    let _service = Service::ready(&installation).await;
    let [requester, first, second, lead] =
        ["requester-1", "approver-1", "approver-2", "lead-1"].map(|person| Member::new(&installation, person));
    let browser = Browser::start(&installation.base());
    let [visitor, leader, voter, asker] = [(); 4].map(|()| browser.opens(window));
    let mut found = objections(&visitor, look, "sign-in", "/sign-in");
    for (page, member) in [(&leader, &lead), (&voter, &first), (&asker, &requester)] {
        signs_in(page, member.token());
    }
    found.extend(objections(&leader, look, "empty-inbox", "/"));
    found.extend(objections(&leader, look, "no-pauses", "/pauses"));
    found.extend(objections(&leader, look, "no-deliveries", "/deliveries"));
    for (name, path) in changes(&requester, [&first, &second], &lead).await {
        found.extend(objections(&voter, look, &name, &path));
    }
    for (name, path) in [("inbox", "/"), ("deliveries", "/deliveries"), ("docs", "/docs"), ("nowhere", "/changes/CHG-9")] {
        found.extend(objections(&voter, look, name, path));
    }
    found.extend(objections(&leader, look, "pauses", "/pauses"));
    found.extend(objections(&asker, look, "asked", "/"));
    assert!(found.is_empty(), "{found:#?}");
}

/// Everything that stands out of the page sideways.
const TOO_WIDE: &str = "document.documentElement.scrollWidth > innerWidth && [...document.querySelectorAll('body *')]\
    .filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.outerHTML.slice(0, 120)).join(' | ')";

fn objections(page: &Page<'_>, look: &str, name: &str, path: &str) -> Vec<String> {
    let status = page.goes(path);
    let mut found = page.barriers();
    if let Some(wide) = page.sees(TOO_WIDE).as_str() {
        found.push(format!("wider than the screen: {wide}"));
    }
    // A page that is not there says so on the browser's console too.
    found.extend(page.faults().into_iter().filter(|_| status != 404));
    if let Some(folder) = std::env::var_os(PICTURES) {
        page.pictured(&Path::new(&folder).join(format!("{name}-{look}.png")));
    }
    found.into_iter().map(|objection| format!("{name}, {look}: {objection}")).collect()
}
