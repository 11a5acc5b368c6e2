//! Changes whose texts try to be more than text, or are far too long.

use super::people;
use super::story::{Story, request};
use engine::event::{BlockReason, Choice, ToolDecision, What};
use engine::request::{Initiator, Request};

/// Markup, mentions and invisible characters of every surface at once.
pub const HOSTILE: &str = "<!channel> <@U000000009> <@1499> <@&1498> @everyone @here &amp; </script><script>alert(1)</script> *b* _i_ ~s~ `c` ```\n> q | {{ 7*7777 }} {% raw %} \u{202e}evil\u{202c} zero\u{200b}width \u{2066}x\u{2069} https://phish.example \"'><img src=x onerror=alert(1)>";
/// Characters of a text that is far too long.
const LONG: usize = 10_000;

pub fn all() -> Vec<(&'static str, Story)> {
    let undelivered = What::AnswerFailed { decision: ToolDecision::Approve, attempt: 1, error: HOSTILE.to_owned() };
    let blocked = BlockReason::UnknownCondition { place: HOSTILE.to_owned(), why: long("<") };
    vec![
        ("pending-hostile", told(HOSTILE)),
        ("pending-long", told(&long("x"))),
        ("pending-escapes", told(&long("&<>"))),
        ("pending-crowded", crowded()),
        ("blocked-hostile", Story::of(spoiled(HOSTILE), None).blocked(blocked)),
        ("approved-hostile", Story::of(spoiled(HOSTILE), Some(people::rules())).asked().approved().then(undelivered)),
        ("rejected-hostile", told(HOSTILE).then(What::Rejected { by: "approver-2".into(), rationale: long("😀 <!here>") })),
        ("cancelled-hostile", told(HOSTILE).then(What::Cancelled { why: HOSTILE.to_owned() })),
    ]
}

fn long(unit: &str) -> String {
    unit.repeat(LONG / unit.chars().count())
}

/// Every text that a source provides is `text`.
fn spoiled(text: &str) -> Request {
    let mut request = request();
    request.title = text.to_owned();
    request.service.path = text.to_owned();
    request.environment = text.to_owned();
    request.version = Some(text.to_owned());
    request.git_ref = Some(text.to_owned());
    request.url = Some(format!("https://example.com/{text}"));
    request.initiator = Initiator::Unknown { kind: "gitlab".to_owned(), account: text.to_owned() };
    request.subject.commit = Some(text.to_owned());
    request.subject.artifacts.insert(text.to_owned(), text.to_owned());
    request
}

/// A pending change of such texts, with one vote of each kind and a decision outside.
fn told(text: &str) -> Story {
    let mut rules = people::rules();
    rules.policy.name = text.to_owned();
    rules.class = text.into();
    let asked = Story::of(spoiled(text), Some(rules)).asked();
    let outside = What::DecidedOutside { decision: ToolDecision::Reject, by: text.to_owned() };
    let struck = What::VoteStruck { person: "approver-1".into(), why: text.to_owned() };
    asked.approve("approver-1", text).then(struck).then(outside).vote("approver-2", Choice::Reject, text)
}

/// More votes than fit, by people whom the directory does not know.
fn crowded() -> Story {
    (0..40).fold(Story::begin().asked(), |story, index| story.approve(&format!("somebody-{index}"), &long("&")))
}
