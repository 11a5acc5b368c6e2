//! One line of text that can be put anywhere: no control characters, nothing invisible, no change of direction.

use serde::Serialize;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// What stands where text was cut.
const ELLIPSIS: char = '…';

/// Text in one line, NFC, trimmed, with single spaces. User-provided text reaches a card only through this.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Line(String);

impl Line {
    pub fn new(text: &str) -> Self {
        let clean = clean(text);
        Self(clean.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// At most `max` units (see [`Line::units`]), with “…” as the last of them where something is missing.
    #[must_use]
    pub fn cut(&self, max: usize) -> Self {
        Self(cut(&self.0, max))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// UTF-16 units: the larger of the two ways in which platforms count.
    pub fn units(&self) -> usize {
        units(&self.0)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Line {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

/// UTF-16 units of a text.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The longest beginning of `text` that, with an ellipsis, has at most `max` units.
pub fn cut(text: &str, max: usize) -> String {
    if units(text) <= max {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = max.saturating_sub(ELLIPSIS.len_utf16());
    for letter in text.chars() {
        let Some(left) = room.checked_sub(letter.len_utf16()) else { break };
        room = left;
        kept.push(letter);
    }
    kept.truncate(kept.trim_end().len());
    if max > 0 {
        kept.push(ELLIPSIS);
    }
    kept
}

/// Without anything invisible; spaces at the ends stay, because pieces of a sentence need them.
pub(crate) fn clean(text: &str) -> String {
    text.nfc().filter_map(visible).collect()
}

/// `None` for what must not reach a reader, a space for what breaks a line.
fn visible(letter: char) -> Option<char> {
    match letter {
        '\t' | '\n' | '\u{0b}' | '\u{0c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        letter if letter.is_control() || is_invisible(letter) => None,
        letter => Some(letter),
    }
}

/// Direction controls, zero-width characters and tags. The joiners U+200C and U+200D stay: real scripts need them.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_hold_nothing_invisible() {
        let line = Line::new(" a\r\n b\u{202e}c\u{200b}\u{0}\u{2066}d\u{feff}\u{e0041} ");
        assert_eq!(line.as_str(), "a bcd");
        assert_eq!(Line::new("e\u{301}").as_str(), "é");
    }

    #[test]
    fn cutting_counts_utf16_units_and_keeps_letters_whole() {
        assert_eq!(Line::new("abc").cut(3).as_str(), "abc");
        assert_eq!(Line::new("abcd").cut(3).as_str(), "ab…");
        assert_eq!(Line::new("😀😀😀").cut(4).as_str(), "😀…");
        assert_eq!(Line::new("abc").cut(0).as_str(), "");
    }

    proptest::proptest! {
        #[test]
        fn every_cut_line_fits(text in ".{0,300}", max in 0usize..80) {
            let line = Line::new(&text).cut(max);
            proptest::prop_assert!(line.units() <= max);
            proptest::prop_assert!(!line.as_str().chars().any(char::is_control));
        }
    }
}
