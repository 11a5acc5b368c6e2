//! What typing a command gives, in words that each platform writes in its own way.

use templates::line::{cut, units};
use templates::rich::is_web_address;
use templates::{Card, Form, Rich, card_text};

/// Units of a card as text; the smallest message that a platform takes is longer.
const CARD_MAX: usize = 1_500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The words for whoever typed it. What changes something for others is also a line that they read.
    Said {
        private: Rich,
        line: Option<Rich>,
    },
    Form(Box<Form>),
}

impl Answer {
    pub fn private(words: Rich) -> Self {
        Self::Said { private: words, line: None }
    }
}

/// A sentence of ours; an address at its end can be followed.
pub fn sentence(text: &str) -> Rich {
    let (words, address) = text.rsplit_once(' ').unwrap_or(("", text));
    let bare = address.trim_end_matches('.');
    if !is_web_address(bare) {
        return Rich::from(text);
    }
    let end = &address[bare.len()..];
    Rich::from(format!("{words} ")).link(bare, bare).text(end)
}

/// The card as one reader gets it: its words and the way to the whole.
pub fn card(card: &Card) -> Rich {
    let text = card_text(card);
    let words = text.strip_suffix(&card.web).unwrap_or(&text).trim_end();
    Rich::from(cut(words, CARD_MAX.saturating_sub(units(&card.web)))).text(" ").link(&card.web, &card.web)
}

#[cfg(test)]
mod tests {
    use super::*;
    use templates::rich_text;

    #[test]
    fn an_address_at_the_end_can_be_followed() {
        for text in ["Look here: https://gate.example.com/changes/CHG-1", "Use https://gate.example.com.", "Nothing to follow.", ""] {
            assert_eq!(rich_text(&sentence(text)), text);
        }
        let spans = sentence("Use https://gate.example.com.").spans().to_vec();
        assert!(matches!(&spans[1], templates::Span::Link { url, .. } if url == "https://gate.example.com"), "{spans:?}");
    }
}
