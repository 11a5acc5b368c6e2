//! Cards and sentences as plain text: what screen readers, notifications and terminals get.

use crate::card::{Card, Quorum, VoteLine};
use crate::line::cut;
use crate::notice::Notice;
use crate::rich::{Rich, Span};
use crate::words;

/// Units of a whole card as text; the smallest of what platforms take.
pub const TEXT_MAX: usize = 4_000;
/// Banners that are read aloud, worst first.
const BANNERS_READ: usize = 4;

/// The card as a paragraph that begins with its title and ends with its link; what stops it comes early.
pub fn card_text(card: &Card) -> String {
    let facts = card.facts.iter().map(|fact| format!("{}: {}.", fact.label, rich_text(&fact.value)));
    let banners = card.banners.iter().take(BANNERS_READ).map(|banner| rich_text(&banner.text));
    let counts = card.quorum.iter().map(|quorum| format!("Approvals: {} of {}.", quorum.given, quorum.needed));
    let quorum = card.quorum.iter().flat_map(quorum_sentences);
    let about = Some(rich_text(&card.about)).filter(|about| !about.is_empty()).map(|about| format!("{about}."));
    let title = std::iter::once(format!("{}.", card.title));
    let body: Vec<String> =
        title.chain(counts).chain(banners).chain(quorum).chain([rich_text(&card.summary)]).chain(about).chain(facts).collect();
    let link = format!(" {}", card.web);
    let body = cut(&body.join(" "), TEXT_MAX.saturating_sub(crate::line::units(&link)));
    body + &link
}

/// The notice as a paragraph.
pub fn notice_text(notice: &Notice) -> String {
    let text = format!("{}. {} {}", notice.title, rich_text(&notice.body), rich_text(&notice.because));
    let link = format!(" {}", notice.web);
    cut(&text, TEXT_MAX.saturating_sub(crate::line::units(&link))) + &link
}

/// A sentence without any markup; people by name, times in UTC.
pub fn rich_text(rich: &Rich) -> String {
    rich.spans().iter().map(span_text).collect()
}

fn span_text(span: &Span) -> String {
    match span {
        Span::Text(text) | Span::Strong(text) | Span::Code(text) | Span::Link { text, .. } => text.clone(),
        Span::Person(person) => person.name.to_string(),
        Span::When(at, _) => words::day_and_time(*at),
        Span::Break => " ".to_owned(),
    }
}

fn quorum_sentences(quorum: &Quorum) -> Vec<String> {
    let missing = quorum.missing.iter().map(ToString::to_string);
    missing.chain(quorum.votes.iter().map(vote_text)).collect()
}

fn vote_text(vote: &VoteLine) -> String {
    let reason = if vote.reason.is_empty() { ".".to_owned() } else { format!(": “{}”", vote.reason) };
    let struck = vote.struck.as_ref().map(|why| format!(" No longer counts: {why}.")).unwrap_or_default();
    format!("{} {}{reason}{struck}", vote.mark.symbol(), vote.who.name)
}
