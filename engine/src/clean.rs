//! What people typed, without what can't be seen or turns text around.

use unicode_normalization::UnicodeNormalization;

/// Composed characters, without control, zero-width and direction-changing ones; line breaks stay.
pub fn clean(text: &str) -> String {
    let kept: String = text.nfc().filter(|letter| *letter == '\n' || !is_hidden(*letter)).collect();
    kept.trim().to_owned()
}

fn is_hidden(letter: char) -> bool {
    let zero_width = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}');
    let direction = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    letter.is_control() || zero_width || direction
}
