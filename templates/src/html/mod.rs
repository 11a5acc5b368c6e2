//! The console's pages: server-rendered, without scripts, the same cards in the same words as in chat.
//!
//! Nothing is loaded from elsewhere; [`CONTENT_SECURITY_POLICY`] holds for every page.

mod api;
mod card;
mod pages;
mod pieces;

pub use api::{ApiAnswer, ApiGroup, ApiOperation, ApiPage, ApiParameter, ApiShape};
pub use pages::{
    Account, ChangePage, ChangeRow, ChangesPage, Chrome, ErrorPage, Forms, Message, PersonChoice, SignInPage, TokenPage, VoteForm,
};

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
/// The header that goes with every page: no scripts, nothing from elsewhere, not in a frame.
pub const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Every template by the name that others include it by.
const TEMPLATES: [(&str, &str); 9] = [
    ("api.html", include_str!("../../pages/api.html")),
    ("base.html", include_str!("../../pages/base.html")),
    ("card.html", include_str!("../../pages/card.html")),
    ("change.html", include_str!("../../pages/change.html")),
    ("changes.html", include_str!("../../pages/changes.html")),
    ("error.html", include_str!("../../pages/error.html")),
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
    for (name, source) in TEMPLATES {
        environment.add_template(name, source)?;
    }
    Ok(environment)
}

/// One change with its card, its form and its history.
pub fn change_page(page: &ChangePage<'_>) -> Result<String, PageError> {
    render("change.html", &pages::change(page))
}

/// A list of changes.
pub fn changes_page(page: &ChangesPage<'_>) -> Result<String, PageError> {
    render("changes.html", &pages::changes(page))
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
mod tests {
    use super::*;
    use crate::samples::{Sample, directory, samples};
    use crate::view::Controls;
    use engine::Timestamp;

    const CHROME: Chrome<'static> =
        Chrome { badge: Some("Sandbox"), account: Some(Account { name: "Approver One", sign_out: "/sign-out", csrf: "secret-1" }) };
    const PEOPLE: [PersonChoice<'static>; 1] = [PersonChoice { id: "approver-1", name: "<b>One</b>", note: "ops", chosen: None }];

    fn rendered(sample: &Sample, forms: Forms<'_>) -> String {
        let directory = directory();
        let view = sample.view(&directory, Controls::Vote);
        let now = Timestamp::from_micros(1_794_846_600_000_000).unwrap();
        let message = Some(Message { tone: "good", text: "Recorded." });
        change_page(&ChangePage { chrome: CHROME, view, events: &sample.events, now, message, forms }).unwrap()
    }

    fn form<'a>(problem: Option<&'a str>) -> Forms<'a> {
        Forms::Vote(VoteForm { action: "/changes/CHG-1042/votes", csrf: "secret-1", people: &PEOPLE, rationale: "</textarea>", problem })
    }

    /// The text between tags, with the entities of the engine's own escaping undone.
    fn words(page: &str) -> String {
        let text = page.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text)).collect::<String>();
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn every_sample_has_a_page_that_the_policy_for_content_allows() {
        for sample in samples().unwrap() {
            for forms in [Forms::None, Forms::SignIn { href: "/sign-in" }, form(Some("Say more."))] {
                let page = rendered(&sample, forms);
                for forbidden in ["<script", "<img", " style=", "javascript:", "<iframe", "<link rel=\"stylesheet\" href=\"http"] {
                    assert!(!page.contains(forbidden), "{}: {forbidden}", sample.name);
                }
                assert!(!page.contains("54439"), "{}: a text was evaluated as a template", sample.name);
            }
        }
    }

    #[test]
    fn the_page_says_what_the_card_says() {
        for sample in samples().unwrap() {
            let directory = directory();
            let card = crate::cards::card(&sample.view(&directory, Controls::ReadOnly));
            let words = words(&rendered(&sample, Forms::None));
            assert!(words.contains(card.title.as_str()), "{}: {}", sample.name, card.title);
            for vote in card.quorum.iter().flat_map(|quorum| &quorum.votes) {
                assert!(words.contains(vote.reason.as_str()), "{}", sample.name);
            }
            for line in card.quorum.iter().flat_map(|quorum| &quorum.missing) {
                assert!(words.contains(line.as_str()), "{}", sample.name);
            }
        }
    }

    #[test]
    fn the_form_is_there_while_votes_are_taken_and_keeps_what_was_written() {
        let samples = samples().unwrap();
        let of = |name: &str| samples.iter().find(|sample| sample.name == name).unwrap();
        let page = rendered(of("pending"), form(Some("Say in at least 15 characters why.")));
        for part in [
            "action=\"/changes/CHG-1042/votes\"",
            "name=\"csrf\" value=\"secret-1\"",
            "name=\"round\" value=\"1\"",
            "&lt;/textarea&gt;</textarea>",
            "name=\"choice\" value=\"approve\"",
            "name=\"choice\" value=\"reject\"",
            "&lt;b&gt;One",
            "role=\"alert\"",
        ] {
            assert!(page.contains(part), "{part}");
        }
        assert!(!rendered(of("approved"), form(None)).contains("name=\"choice\""));
    }

    #[test]
    fn lists_signing_in_and_errors_render() {
        let now = Timestamp::from_micros(0).unwrap();
        let row = ChangeRow {
            number: engine::ids::ChangeNumber(7),
            state: engine::phase::State::Pending,
            what: "<i>svc</i> to prod".to_owned(),
            about: String::new(),
            changed_at: now,
            approvals: Some((1, 2)),
        };
        let list = changes_page(&ChangesPage { chrome: CHROME, rows: &[row], now, older: Some("/?before=7") }).unwrap();
        assert!(list.contains("href=\"/changes/CHG-7\"") && list.contains("&lt;i&gt;svc") && list.contains("1 of 2 approvals"));
        let sign_in = SignInPage {
            chrome: Chrome::default(),
            people: &PEOPLE,
            action: "/sign-in",
            csrf: "secret-1",
            then: "/",
            problem: Some("Choose somebody."),
        };
        assert!(sign_in_page(&sign_in).unwrap().contains("value=\"approver-1\""));
        let token = TokenPage { chrome: Chrome::default(), action: "/sign-in", then: "/<", problem: Some("That token is not known.") };
        assert!(token_page(&token).unwrap().contains("name=\"then\" value=\"/&lt;\""));
        let error = ErrorPage { chrome: Chrome::default(), status: 404, title: "Not <here>", detail: "Look elsewhere." };
        assert!(error_page(&error).unwrap().contains("Not &lt;here&gt;"));
    }

    /// WCAG 2.2, 1.4.3: text needs 4.5 to 1 against what it stands on.
    #[test]
    fn every_accent_is_readable_in_light_and_dark() {
        let (light, dark) = CSS.split_once("prefers-color-scheme: dark").unwrap();
        for theme in [light, dark] {
            for tone in ["calm", "good", "bad", "warning", "over"] {
                let pairs = [(tone.to_owned(), "surface".to_owned()), (tone.to_owned(), format!("{tone}-wash"))];
                for (ink, ground) in pairs {
                    let ratio = contrast(color(theme, &ink), color(theme, &ground));
                    assert!(ratio >= 4.5, "{ink} on {ground}: {ratio:.2}");
                }
            }
            for (ink, ground) in [("ink", "surface"), ("muted", "surface"), ("muted", "sunken"), ("muted", "page"), ("on-accent", "calm")] {
                let ratio = contrast(color(theme, ink), color(theme, ground));
                assert!(ratio >= 4.5, "{ink} on {ground}: {ratio:.2}");
            }
        }
    }

    fn color(theme: &str, name: &str) -> [f64; 3] {
        let (_, rest) = theme.split_once(&format!("--{name}: #")).unwrap();
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&rest[at..at + 2], 16).unwrap()) / 255.0)
    }

    fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
        let linear = |part: f64| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
        let light = |color: [f64; 3]| 0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2]);
        let (high, low) = (light(one).max(light(other)), light(one).min(light(other)));
        (high + 0.05) / (low + 0.05)
    }
}
