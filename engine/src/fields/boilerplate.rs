//! Texts that say nothing, as far as a small rule can tell without judging what is meant.
//!
//! A text is filler if nothing is left of it once these are taken away: words that stand for an answer (`n/a`, `tbd`, …),
//! words of one letter over and over, and signs without a letter or digit; or if it is one phrase of up to three words over
//! and over. Whatever else somebody writes is theirs to answer for.

/// What people write where nothing is to be said, as words in small letters.
const FILLERS: [&[&str]; 34] = [
    &["n", "a"],
    &["na"],
    &["none"],
    &["no"],
    &["nothing"],
    &["nil"],
    &["not", "applicable"],
    &["not", "needed"],
    &["not", "required"],
    &["tbd"],
    &["tba"],
    &["todo"],
    &["to", "do"],
    &["to", "be", "done"],
    &["to", "be", "defined"],
    &["to", "be", "determined"],
    &["fill", "in", "later"],
    &["as", "usual"],
    &["as", "always"],
    &["as", "before"],
    &["as", "discussed"],
    &["same", "as", "before"],
    &["same", "as", "last", "time"],
    &["see", "above"],
    &["see", "below"],
    &["see", "ticket"],
    &["see", "title"],
    &["standard"],
    &["test"],
    &["asdf"],
    &["qwerty"],
    &["blah"],
    &["lorem", "ipsum"],
    &["placeholder"],
];
/// Words of a phrase that is repeated.
const PHRASE: usize = 3;
/// How often a phrase stands there before it is taken for a repetition.
const TIMES: usize = 3;
/// Letters of a word that is one letter over and over.
const LETTERS: usize = 3;

/// Whether this text says nothing.
pub(super) fn is_filler(text: &str) -> bool {
    let words = words(text);
    let mut left = words.as_slice();
    while let Some(taken) = beginning(left) {
        left = &left[taken..];
    }
    left.is_empty() || repeats(&words)
}

/// Whether two texts say the same, whatever their case and signs.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let words = words(one);
    !words.is_empty() && words == self::words(other)
}

/// How many words of filler these begin with.
fn beginning(words: &[String]) -> Option<usize> {
    let longest = FILLERS.iter().filter(|filler| begins_with(words, filler)).map(|filler| filler.len()).max();
    longest.or_else(|| words.first().filter(|word| is_one_letter(word)).map(|_| 1))
}

fn begins_with(words: &[String], filler: &[&str]) -> bool {
    words.len() >= filler.len() && words.iter().zip(filler).all(|(word, of)| word == of)
}

fn is_one_letter(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next();
    word.chars().count() >= LETTERS && letters.all(|letter| Some(letter) == first)
}

fn repeats(words: &[String]) -> bool {
    let every = |length: usize| words.iter().zip(words.iter().skip(length)).all(|(word, later)| word == later);
    (1..=PHRASE).any(|length| words.len() >= length * TIMES && every(length))
}

/// Runs of letters and digits, in small letters.
fn words(text: &str) -> Vec<String> {
    let runs = text.split(|letter: char| !letter.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_nothing_is_filler() {
        let fillers = [
            "",
            "------------------------",
            "N/A",
            "n/a, n/a; n/a",
            "TBD.",
            "to be determined … tbd",
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "aaaa bbbb cccc dddd",
            "not applicable (none)",
            "Same as last time!",
            "roll back roll back roll back",
            "restore the backup, restore the backup, restore the backup",
            "lorem ipsum lorem ipsum",
            "test test",
        ];
        fillers.into_iter().for_each(|text| assert!(is_filler(text), "{text}"));
        let said = [
            "Roll back.",
            "Roll back, then roll back the index.",
            "No index is touched; nothing has to be undone.",
            "None of the tables change, so the old version can be deployed again.",
            "Test in staging, then switch the flag off.",
            "回滚到上一个版本",
            "go go",
            "See ticket for who is called; the flag is switched off first.",
            "AAA tier",
        ];
        said.into_iter().for_each(|text| assert!(!is_filler(text), "{text}"));
    }

    #[test]
    fn the_same_words_are_the_same_text() {
        assert!(is_same("Switch the flag off.", "switch the FLAG off"));
        assert!(!is_same("Switch the flag off.", "Switch the flag on."));
        assert!(!is_same("…", "–"), "signs alone are nobody’s words");
    }
}
