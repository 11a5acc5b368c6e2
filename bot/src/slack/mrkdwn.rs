//! Sentences in Slack's markup: escaped, so that nobody's words become a mention, a link or a broadcast.

use crate::dialect::Dialect;
use templates::rich::is_web_address;
use templates::{Mention, PersonRef, Rich, Span, WhenStyle, words};

/// The platform's key in a person's accounts.
const PLATFORM: &str = "slack";

/// An entity has at most five units.
pub const DIALECT: Dialect = Dialect { escape, longest_escape: 5, strong, person, rich: mrkdwn };

/// What opens and closes a block of code, and letters that look the same. Between two of them even our own lines would be
/// code; other marks of emphasis end with their line, and nothing escapes any of them.
const FENCE: (&str, &str) = ("```", "ˋˋˋ");

/// The three characters that Slack reads as markup, as it asks for them.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(FENCE.0, FENCE.1)
}

pub fn escape_within(text: &str, max: usize) -> String {
    DIALECT.escape_within(text, max)
}

pub fn mrkdwn(rich: &Rich) -> String {
    rich.spans().iter().map(span).collect()
}

pub fn bounded(rich: &Rich, max: usize) -> String {
    DIALECT.bounded(rich, max)
}

fn span(span: &Span) -> String {
    match span {
        Span::Text(text) => escape(text),
        Span::Strong(text) => strong(text),
        Span::Code(text) => marked(text, '`'),
        Span::Link { url, text } => link(url, text),
        Span::Person(who) => person(who),
        Span::When(at, style) => when(*at, *style),
        Span::Break => "\n".to_owned(),
    }
}

fn strong(text: &str) -> String {
    marked(text, '*')
}

/// Emphasis only where the text itself can't end it.
pub fn marked(text: &str, mark: char) -> String {
    let escaped = escape(text);
    if text.trim().is_empty() || text.contains(mark) { escaped } else { format!("{mark}{escaped}{mark}") }
}

pub fn link(url: &str, text: &str) -> String {
    if is_web_address(url) { format!("<{}|{}>", escape(url), escape(&text.replace('|', "¦"))) } else { escape(text) }
}

/// Mentioned if linked, and always named.
pub fn person(person: &PersonRef) -> String {
    let name = escape(person.name.as_str());
    match (person.mention, user(person)) {
        (Mention::Notify, Some(user)) => format!("<@{user}> ({name})"),
        (Mention::Notify, None) | (Mention::NameOnly, _) => name,
    }
}

/// The user of `<team>/<user>`, if it is one; anything else never reaches a mention.
fn user(person: &PersonRef) -> Option<&str> {
    let (_, user) = person.accounts.get(PLATFORM)?.split_once('/')?;
    is_user(user).then_some(user)
}

/// `U` or `W` and capitals or digits.
pub fn is_user(id: &str) -> bool {
    id.starts_with(['U', 'W']) && id.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
}

/// In the reader's own zone, with UTC for those who can't show that.
fn when(at: engine::Timestamp, style: WhenStyle) -> String {
    let format = match style {
        WhenStyle::Absolute => "{date_short_pretty} {time}",
        WhenStyle::Relative => "{date_short_pretty} {time} ({ago})",
    };
    format!("<!date^{}^{format}|{}>", at.utc().timestamp(), words::day_and_time(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use templates::line::units;

    #[test]
    fn words_of_others_never_become_markup() {
        assert_eq!(mrkdwn(&Rich::from("<!channel> & <@U1>")), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
        assert_eq!(mrkdwn(&Rich::new().code("a`b")), "a`b");
        assert_eq!(mrkdwn(&Rich::from("a ``` b ```` c `d`")), "a ˋˋˋ b ˋˋˋ` c `d`");
        assert_eq!(mrkdwn(&Rich::new().strong("a*b").strong("c")), "a*b*c*");
        assert_eq!(mrkdwn(&Rich::new().link("javascript:alert(1)", "x")), "x");
    }

    #[test]
    fn a_malformed_account_is_named_not_mentioned() {
        let accounts = |account: &str| BTreeMap::from([("slack".to_owned(), account.to_owned())]);
        let of = |account: &str| PersonRef { name: "A".into(), accounts: accounts(account), mention: Mention::Notify };
        assert_eq!(person(&of("T1/U2")), "<@U2> (A)");
        assert_eq!(person(&of("T1/channel> <!here")), "A");
        assert_eq!(person(&of("U2")), "A");
        assert_eq!(person(&of("T1/U2").named_only()), "A");
    }

    proptest::proptest! {
        #[test]
        fn escaped_text_fits_and_holds_no_bracket(text in "[&<>a-z😀]{0,200}", max in 0usize..100) {
            let escaped = escape_within(&text, max);
            proptest::prop_assert!(units(&escaped) <= max);
            proptest::prop_assert!(!escaped.contains(['<', '>']));
        }
    }
}
