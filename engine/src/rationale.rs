//! What counts as a reason: cleaned text, long enough, and more than one key held down.

use crate::event::{Attempt, Choice};
use crate::refusal::Refusal;
use crate::rules::{RationaleRule, RationaleRules};
use std::collections::BTreeSet;

/// The most characters a rationale may have: what the forms allow, and what keeps an event small.
pub const RATIONALE_MAX: u32 = 1_000;

/// A reason needs at least this many different letters or digits, so that "aaaaaaaaaaaaaaa" is none.
const LEAST_DIFFERENT: usize = 4;

/// Asking for changes says what is wrong, as a rejection does; leaving it to others says why, as an approval does.
pub fn rule(rules: &RationaleRules, choice: Choice) -> RationaleRule {
    match choice {
        Choice::Approve | Choice::Abstain => rules.approve,
        Choice::Reject | Choice::RequestChanges => rules.reject,
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::clean;

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
