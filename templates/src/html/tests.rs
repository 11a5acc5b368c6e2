//! Every page of every sample: what it says, what it keeps out, and whether its colours can be read.

use super::*;
use crate::card::Verb;
use crate::samples::{Sample, directory, samples};
use crate::view::Controls;
use engine::Timestamp;

const CHROME: Chrome<'static> = Chrome {
    badge: Some("Sandbox"),
    here: "/",
    account: Some(Account { name: "Approver <One>", sign_out: "/sign-out", csrf: "secret-1" }),
};
const PEOPLE: [PersonChoice<'static>; 1] = [PersonChoice { id: "approver-1", name: "<b>One</b>", note: "ops", chosen: None }];
const EVERYTHING: [Verb; 10] = [
    Verb::Approve,
    Verb::Reject,
    Verb::RequestChanges,
    Verb::Abstain,
    Verb::WithdrawVote,
    Verb::FillIn,
    Verb::Withdraw,
    Verb::Override,
    Verb::Replace,
    Verb::Queue,
];

fn now() -> Timestamp {
    Timestamp::from_micros(1_794_846_600_000_000).unwrap()
}

fn rendered(sample: &Sample, offer: Option<Offer<'_>>) -> String {
    let directory = directory();
    let view = sample.view(&directory, Controls::Vote);
    let message = Some(Message { tone: "good", text: "Recorded." });
    let live = Some(Live { events: "/changes/CHG-1042/events", seen: "4" });
    change_page(&ChangePage { chrome: CHROME, view, events: &sample.events, now: now(), message, live, offer }).unwrap()
}

fn offered<'a>(verbs: &'a [Verb], problem: Option<&'a str>) -> Option<Offer<'a>> {
    let written = Written { problem, rationale: "</textarea>", ..Written::default() };
    Some(Offer { action: "/changes/CHG-1042", csrf: "secret-1", interaction: "i-1", verbs, written, ..Offer::default() })
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
        for offer in [None, offered(&[], None), offered(&EVERYTHING, Some("Say more."))] {
            let page = rendered(&sample, offer).replacen("<script src=\"/assets/console.js\" defer></script>", "", 1);
            for forbidden in ["<script", " onclick", "<img", " style=", "javascript:", "<iframe", "<link rel=\"stylesheet\" href=\"http"] {
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
        let words = words(&rendered(&sample, None));
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
fn forms_hold_what_works_and_keep_what_was_written() {
    let samples = samples().unwrap();
    let of = |name: &str| samples.iter().find(|sample| sample.name == name).unwrap();
    let page = rendered(of("pending"), offered(&[Verb::Approve, Verb::Reject, Verb::Abstain], Some("Say in at least 15 characters why.")));
    for part in [
        "method=\"post\" action=\"/changes/CHG-1042\"",
        "name=\"csrf\" value=\"secret-1\"",
        "name=\"interaction\" value=\"i-1\"",
        "name=\"round\" value=\"1\"",
        "name=\"digest\" value=\"sha256:",
        "minlength=\"15\"",
        "&lt;/textarea&gt;</textarea>",
        "name=\"deed\" value=\"approve\"",
        "name=\"deed\" value=\"reject\"",
        "name=\"deed\" value=\"abstain\"",
        "role=\"alert\"",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("value=\"request_changes\"") && !page.contains("value=\"withdraw\""));
    assert!(!rendered(of("approved"), offered(&[], None)).contains("name=\"deed\""));
    let left_over = rendered(of("rejected"), offered(&[], None));
    assert!(left_over.contains("What you wrote") && left_over.contains("readonly"), "words are kept where no form is left");
}

#[test]
fn a_page_says_why_and_what_comes_next() {
    let samples = samples().unwrap();
    let page = words(&rendered(samples.iter().find(|sample| sample.name == "pending-escalated").unwrap(), None));
    for sentence in [
        "2 people from operations, other than the requester and the authors. 1 of 2: Approver One.",
        "Next 16 Nov 2026, 18:21 UTC",
        "operations-leads are asked, and nobody else is reminded.",
    ] {
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
}

#[test]
fn lists_show_their_sections_in_order() {
    let row = ChangeRow {
        number: engine::ids::ChangeNumber(7),
        state: engine::phase::State::Pending,
        what: "<i>svc</i> to prod".to_owned(),
        about: String::new(),
        changed_at: now(),
        expires_at: None,
        approvals: Some((1, 2)),
        holds: 1,
    };
    let section = |id, heading, rows, empty| ListSection { id, heading, rows, empty };
    let sections = [
        section(WAITING, "Waits for you", vec![row], Some("Nothing.")),
        section("asked", "You asked for these", Vec::new(), None),
        section("ended", "Ended lately", Vec::new(), Some("There are no older ones.")),
    ];
    let filter = Filter { state: "pending", service: "\"><script>", ..Filter::default() };
    let page = ListPage {
        chrome: CHROME,
        message: None,
        live: None,
        filter,
        sections: &sections,
        now: now(),
        older: Some("/?cursor=7"),
        left_out: None,
    };
    let list = list_page(&page).unwrap();
    for part in
        ["href=\"/changes/CHG-7\"", "&lt;i&gt;svc", "1 of 2 approvals", "on hold", "1 change waits for you", "value=\"pending\" selected"]
    {
        assert!(list.contains(part), "{part}");
    }
    assert!(
        list.contains("&quot;&gt;&lt;script&gt;") && !list.contains("You asked for these") && list.contains("There are no older ones.")
    );
}

#[test]
fn pauses_deliveries_signing_in_and_errors_render() {
    let directory = directory();
    let pause = engine::hold::Pause {
        scope: engine::hold::Scope::default(),
        reason: "<INC-88>".to_owned(),
        by: "lead-1".into(),
        since: now(),
        until: None,
    };
    let hold = engine::hold::Hold { id: engine::ids::HoldId::from("pause:1"), because: engine::hold::Because::Paused(pause) };
    let freeze = engine::policy::Foreseen {
        freeze: "year-end".to_owned(),
        covers: Some("environment == '<prod>'".to_owned()),
        span: engine::time::Span { from: now().plus_seconds(60), to: now().plus_seconds(120) },
        lets_through: std::collections::BTreeSet::new(),
        overridden_by: None,
    };
    let form = PauseForm {
        action: "/pauses",
        resume: "/pauses/resume",
        csrf: "secret-1",
        interaction: "1",
        environments: &["production".to_owned()],
        environment: "<prod>",
        service: "",
        minutes: "60",
        reason: "",
        problem: None,
    };
    let page = PausesPage {
        chrome: CHROME,
        message: None,
        holds: &[hold],
        freezes: &[freeze],
        directory: &directory,
        now: now(),
        form: Some(form),
        note: None,
    };
    let pauses = words(&pauses_page(&page).unwrap());
    let told = "year-end: freezes from 16 Nov 2026, 16:31 UTC until 16 Nov 2026, 16:32 UTC, where environment == '<prod>'.";
    assert!(pauses.contains(told) && pauses.contains("Nothing goes out before."), "{pauses}");
    assert!(pauses.contains("everything") && pauses.contains("<INC-88>") && pauses.contains("Lead One"), "{pauses}");
    let row = DeliveryRow {
        id: "d-1".to_owned(),
        source: "gitlab-main".to_owned(),
        event: "<Deployment>".to_owned(),
        fate: Fate::Failed,
        received_at: now(),
        changes: vec![engine::ids::ChangeNumber(7)],
        error: Some("no <rule>".to_owned()),
    };
    let deliveries = deliveries_page(&DeliveriesPage { chrome: CHROME, rows: &[row], now: now() }).unwrap();
    assert!(deliveries.contains("no &lt;rule&gt;") && deliveries.contains("Given up") && deliveries.contains("href=\"/changes/CHG-7\""));
    let sign_in =
        SignInPage { chrome: Chrome::default(), people: &PEOPLE, action: "/sign-in", then: "/", problem: Some("Choose somebody.") };
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
