//! The console's pages: server-rendered, the same cards in the same words as in chat. Everything works without the one
//! script, which only keeps pages current.
//!
//! Nothing is loaded from elsewhere; [`CONTENT_SECURITY_POLICY`] holds for every page.

mod api;
mod card;
mod change;
mod deliveries;
mod list;
mod offer;
mod pages;
mod pauses;
mod pieces;
mod waive;

pub use api::{ApiAnswer, ApiGroup, ApiOperation, ApiPage, ApiParameter, ApiShape};
pub use change::ChangePage;
pub use deliveries::{DeliveriesPage, DeliveryRow, Fate};
pub use list::{ChangeRow, Filter, ListPage, ListSection, WAITING};
pub use offer::{Offer, Written};
pub use pages::{Account, Chrome, ErrorPage, Live, Message, PersonChoice, SignInPage, TokenPage};
pub use pauses::{PauseForm, PausesPage};
pub use waive::WrittenWaiver;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;
use std::sync::LazyLock;

/// The style sheet, served at [`CSS_PATH`].
pub const CSS: &str = include_str!("../../assets/console.css");
/// Where every page looks for the style sheet.
pub const CSS_PATH: &str = "/assets/console.css";
/// The icon, an SVG, served at [`ICON_PATH`].
pub const ICON: &str = include_str!("../../assets/icon.svg");
/// Where every page looks for the icon.
pub const ICON_PATH: &str = "/assets/icon.svg";
/// What keeps pages current, served at [`SCRIPT_PATH`].
pub const SCRIPT: &str = include_str!("../../assets/console.js");
/// Where every page looks for the script.
pub const SCRIPT_PATH: &str = "/assets/console.js";
/// The header that goes with every page: our own script alone, nothing from elsewhere, not in a frame.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every template by the name that others include it by.
const TEMPLATES: [(&str, &str); 13] = [
    ("api.html", include_str!("../../pages/api.html")),
    ("base.html", include_str!("../../pages/base.html")),
    ("card.html", include_str!("../../pages/card.html")),
    ("change.html", include_str!("../../pages/change.html")),
    ("deliveries.html", include_str!("../../pages/deliveries.html")),
    ("error.html", include_str!("../../pages/error.html")),
    ("list.html", include_str!("../../pages/list.html")),
    ("live.html", include_str!("../../pages/live.html")),
    ("offer.html", include_str!("../../pages/offer.html")),
    ("pauses.html", include_str!("../../pages/pauses.html")),
    ("rich.html", include_str!("../../pages/rich.html")),
    ("sign_in.html", include_str!("../../pages/sign_in.html")),
    ("token.html", include_str!("../../pages/token.html")),
];
/// Instructions that one page may take; a page of ours takes a few thousand.
const FUEL: u64 = 5_000_000;

/// A page that could not be rendered: a fault in a template, never in what was shown.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the page {page} could not be rendered: {why}")]
pub struct PageError {
    page: &'static str,
    why: String,
}

static ENVIRONMENT: LazyLock<Result<Environment<'static>, String>> = LazyLock::new(|| environment().map_err(|error| error.to_string()));

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_fuel(Some(FUEL));
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_global("css_path", CSS_PATH);
    environment.add_global("icon_path", ICON_PATH);
    environment.add_global("script_path", SCRIPT_PATH);
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// One change with its card, its forms, its reasons and its history.
pub fn change_page(page: &ChangePage<'_>) -> Result<String, PageError> {
    render("change.html", &change::change(page))
}

/// The inbox.
pub fn list_page(page: &ListPage<'_>) -> Result<String, PageError> {
    render("list.html", &list::list(page))
}

/// What is paused.
pub fn pauses_page(page: &PausesPage<'_>) -> Result<String, PageError> {
    render("pauses.html", &pauses::pauses(page))
}

/// What came in.
pub fn deliveries_page(page: &DeliveriesPage<'_>) -> Result<String, PageError> {
    render("deliveries.html", &deliveries::deliveries(page))
}

/// The sandbox's choice of a person to be.
pub fn sign_in_page(page: &SignInPage<'_>) -> Result<String, PageError> {
    render("sign_in.html", page)
}

/// Where the holder of a token shows it.
pub fn token_page(page: &TokenPage<'_>) -> Result<String, PageError> {
    render("token.html", page)
}

/// What went wrong, and what to do.
pub fn error_page(page: &ErrorPage<'_>) -> Result<String, PageError> {
    render("error.html", page)
}

/// What programs can ask for.
pub fn api_page(page: &ApiPage<'_>) -> Result<String, PageError> {
    render("api.html", page)
}

fn render(page: &'static str, context: &impl Serialize) -> Result<String, PageError> {
    let failed = |why: String| PageError { page, why };
    let environment = ENVIRONMENT.as_ref().map_err(|why| failed(why.clone()))?;
    let rendered = environment.get_template(page).and_then(|template| template.render(Serde(context)));
    // The engine escapes the slash, which nothing needs inside text or a quoted attribute; addresses stay readable. Where
    // a text itself holds this entity, its ampersand was escaped, so nothing else is replaced.
    let readable = rendered.map(|page| page.replace("&#x2f;", "/"));
    // The alternate form names the template and the line.
    readable.map_err(|error| failed(format!("{error:#}")))
}

#[cfg(test)]
mod tests;
