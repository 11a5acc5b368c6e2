//! Sentences in Discord's Markdown: escaped, so that nobody's words become a mention, a link, a heading or emphasis.

use super::snowflake::Snowflake;
use crate::dialect::Dialect;
use templates::line::units;
use templates::rich::is_web_address;
use templates::{Mention, PersonRef, Rich, Span, WhenStyle};

/// The platform's key in a person's accounts.
pub const PLATFORM: &str = "discord";
/// What means something anywhere in a line.
const ANYWHERE: [char; 9] = ['\\', '*', '_', '~', '`', '|', '<', '@', '['];
/// What means something at the beginning of a line.
const FIRST: [char; 4] = ['#', '>', '-', '+'];

/// Escaped, a letter has at most two units more than before.
pub const DIALECT: Dialect = Dialect { escape, longest_escape: 2, strong, person, rich: markdown };

/// A backslash before everything that Discord would read as markup.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut is_first = true;
    for letter in text.chars() {
        let follows_scheme = letter == '/' && escaped.ends_with(':');
        if ANYWHERE.contains(&letter) || follows_scheme || (is_first && FIRST.contains(&letter)) {
            escaped.push('\\');
        }
        escaped.push(letter);
        is_first &= letter.is_whitespace();
    }
    escaped
}

pub fn escape_within(text: &str, max: usize) -> String {
    DIALECT.escape_within(text, max)
}

/// A sentence of ours with an address at its end, which stays one that can be followed.
pub fn escape_sentence(sentence: &str, max: usize) -> String {
    let (words, address) = sentence.rsplit_once(' ').unwrap_or((sentence, ""));
    let bare = address.trim_end_matches('.');
    if !is_web_address(bare) || units(address) >= max {
        return escape_within(sentence, max);
    }
    format!("{} {address}", escape_within(words, max - units(address) - 1))
}

pub fn markdown(rich: &Rich) -> String {
    rich.spans().iter().map(span).collect()
}

pub fn bounded(rich: &Rich, max: usize) -> String {
    DIALECT.bounded(rich, max)
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Strong(text) => strong(text),
        Span::Code(text) => code(text),
        Span::Link { url, text } => link(url, text),
        Span::Person(who) => person(who),
        Span::When(at, style) => when(*at, *style),
        Span::Break => "\n".to_owned(),
    }
}

pub fn strong(text: &str) -> String {
    if text.trim().is_empty() { escape(text) } else { format!("**{}**", escape(text)) }
}

/// Nothing can be escaped in code, so only text that can't end it is shown as code.
fn code(text: &str) -> String {
    if text.trim().is_empty() || text.contains(['`', '@', '<']) { escape(text) } else { format!("`{text}`") }
}

/// The address stands in brackets, where it may hold parentheses and brings no preview.
pub fn link(url: &str, text: &str) -> String {
    if is_web_address(url) { format!("[{}](<{url}>)", escape(text).replace(']', "\\]")) } else { escape(text) }
}

/// Mentioned if linked, and always named.
pub fn person(person: &PersonRef) -> String {
    let name = escape(person.name.as_str());
    match user(person) {
        Some(user) => format!("<@{user}> ({name})"),
        None => name,
    }
}

/// The user that a mention would reach; anything that is no id of Discord's never gets into one.
pub fn user(person: &PersonRef) -> Option<Snowflake> {
    match person.mention {
        Mention::Notify => person.accounts.get(PLATFORM)?.parse().ok(),
        Mention::NameOnly => None,
    }
}

/// In the reader's own zone.
fn when(at: engine::Timestamp, style: WhenStyle) -> String {
    let seconds = at.utc().timestamp();
    match style {
        WhenStyle::Absolute => format!("<t:{seconds}:f>"),
        WhenStyle::Relative => format!("<t:{seconds}:f> (<t:{seconds}:R>)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn words_of_others_never_become_markup() {
        assert_eq!(markdown(&Rich::from("@everyone <@1> **a** [x](https://x)")), r"\@everyone \<\@1> \*\*a\*\* \[x](https:\//x)");
        assert_eq!(markdown(&Rich::from("# big")), r"\# big");
        assert_eq!(markdown(&Rich::from("- checkout-api #1 > 0")), r"\- checkout-api #1 > 0");
        assert_eq!(markdown(&Rich::new().code("a`b")), r"a\`b");
        assert_eq!(markdown(&Rich::new().code("sha256:9f2c")), "`sha256:9f2c`");
        assert_eq!(markdown(&Rich::new().strong("a*b").strong(" ")), r"**a\*b** ");
        assert_eq!(markdown(&Rich::new().link("javascript:alert(1)", "x")), "x");
        assert_eq!(markdown(&Rich::new().link("https://x/(a)", "a]b")), r"[a\]b](<https://x/(a)>)");
    }

    #[test]
    fn a_malformed_account_is_named_not_mentioned() {
        let accounts = |account: &str| BTreeMap::from([("discord".to_owned(), account.to_owned())]);
        let of = |account: &str| PersonRef { name: "A".into(), accounts: accounts(account), mention: Mention::Notify };
        assert_eq!(person(&of("1456")), "<@1456> (A)");
        assert_eq!(person(&of("&1456")), "A");
        assert_eq!(person(&of("1> @everyone")), "A");
        assert_eq!(person(&of("1456").named_only()), "A");
    }

    #[test]
    fn times_are_the_readers() {
        let at = engine::Timestamp::from_micros(1_795_449_600_000_000).unwrap();
        assert_eq!(markdown(&Rich::new().when(at, WhenStyle::Relative)), "<t:1795449600:f> (<t:1795449600:R>)");
    }

    proptest::proptest! {
        #[test]
        fn escaped_text_fits_and_mentions_nobody(text in r"[\\@<>*_a-z:/😀 ]{0,200}", max in 0usize..100) {
            let escaped = escape_within(&text, max);
            proptest::prop_assert!(units(&escaped) <= max);
            proptest::prop_assert!(is_harmless(&escaped), "{escaped}");
        }
    }

    /// Every `@` and `<` stands behind a backslash that is none itself.
    fn is_harmless(text: &str) -> bool {
        let mut is_escaped = false;
        text.chars().all(|letter| {
            let fine = is_escaped || !matches!(letter, '@' | '<');
            is_escaped = letter == '\\' && !is_escaped;
            fine
        })
    }
}
