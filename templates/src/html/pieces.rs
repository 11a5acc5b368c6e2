//! Sentences as the templates see them; escaping is the template engine's.

use crate::rich::{Rich, Span, WhenStyle};
use crate::words;
use engine::Timestamp;
use serde::Serialize;

/// One span of a sentence.
#[derive(Clone, Debug, Serialize)]
pub struct Piece {
    kind: &'static str,
    text: String,
    /// Set on links.
    url: Option<String>,
    /// Set on times: RFC 3339.
    instant: Option<String>,
}

pub fn pieces(rich: &Rich, now: Timestamp) -> Vec<Piece> {
    rich.spans().iter().map(|span| piece(span, now)).collect()
}

/// A time alone, with its distance from now.
pub fn time(at: Timestamp, now: Timestamp) -> Piece {
    piece(&Span::When(at, WhenStyle::Relative), now)
}

fn piece(span: &Span, now: Timestamp) -> Piece {
    match span {
        Span::Text(text) => plain("text", text),
        Span::Strong(text) => plain("strong", text),
        Span::Code(text) => plain("code", text),
        Span::Link { url, text } => Piece { url: Some(url.clone()), ..plain("link", text) },
        Span::Person(person) => plain("person", person.name.as_str()),
        Span::When(at, style) => Piece { instant: Some(at.to_string()), ..plain("time", &words_for(*at, *style, now)) },
        Span::Break => plain("break", ""),
    }
}

fn words_for(at: Timestamp, style: WhenStyle, now: Timestamp) -> String {
    let day = words::day_and_time(at);
    match style {
        WhenStyle::Absolute => day,
        WhenStyle::Relative => format!("{day} ({})", words::distance(at, now)),
    }
}

fn plain(kind: &'static str, text: &str) -> Piece {
    Piece { kind, text: text.to_owned(), url: None, instant: None }
}
