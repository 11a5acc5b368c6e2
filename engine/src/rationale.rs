//! What counts as a reason: cleaned text, long enough, and more than one key held down.

use crate::event::Attempt;
use crate::refusal::Refusal;
use crate::rules::RationaleRule;
use std::collections::BTreeSet;
use unicode_normalization::UnicodeNormalization;

/// The most characters a rationale may have: what the forms allow, and what keeps an event small.
pub const RATIONALE_MAX: u32 = 1_000;

/// A reason needs at least this many different letters or digits, so that "aaaaaaaaaaaaaaa" is none.
const LEAST_DIFFERENT: usize = 4;

/// Composed characters, without control, zero-width and direction-changing ones; line breaks stay.
pub fn clean(text: &str) -> String {
    let kept: String = text.nfc().filter(|letter| *letter == '\n' || !is_hidden(*letter)).collect();
    kept.trim().to_owned()
}

/// Whether a cleaned rationale is enough for this attempt.
pub fn judge(text: &str, attempt: Attempt, rule: RationaleRule) -> Result<(), Refusal> {
    if text.chars().count() > RATIONALE_MAX as usize {
        return Err(Refusal::RationaleTooLong { max_length: RATIONALE_MAX });
    }
    if !rule.required {
        return Ok(());
    }
    let visible = text.chars().filter(|letter| !letter.is_whitespace()).count();
    let different: BTreeSet<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
    let least = LEAST_DIFFERENT.min(rule.min_length.max(1) as usize);
    if visible < rule.min_length.max(1) as usize || different.len() < least {
        return Err(Refusal::RationaleTooShort { attempt, min_length: rule.min_length.max(1) });
    }
    Ok(())
}

fn is_hidden(letter: char) -> bool {
    let zero_width = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{00ad}');
    let direction = matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    letter.is_control() || zero_width || direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_by_visible_characters() {
        let rule = RationaleRule { required: true, min_length: 15 };
        let cases = [
            ("reviewed the diff", true),
            ("short", false),
            ("", false),
            ("aaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("a b c d e f g h i j", false),
            ("              ab              ", false),
            ("\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}\u{200b}abcde\u{200b}\u{200b}", false),
            ("проверил изменения", true),
        ];
        for (text, good) in cases {
            assert_eq!(judge(&clean(text), Attempt::Approve, rule).is_ok(), good, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_asked_where_the_policy_asks_for_nothing() {
        assert!(judge("", Attempt::Reject, RationaleRule::default()).is_ok());
    }

    #[test]
    fn too_long_is_refused_not_cut() {
        let text = "abcdef ".repeat(200);
        assert!(matches!(judge(&clean(&text), Attempt::Approve, RationaleRule::default()), Err(Refusal::RationaleTooLong { .. })));
    }
}
