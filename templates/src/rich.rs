//! A sentence with people, times and links in it, which each surface writes in its own way.

use crate::line::{Line, clean};
use engine::Timestamp;
use engine::directory::Directory;
use engine::ids::PersonId;
use std::collections::BTreeMap;

/// Spans in reading order. Text in them is clean (see [`Line`]) and never markup of any surface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rich(Vec<Span>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    Text(String),
    Strong(String),
    Code(String),
    /// `url` is ours or passed the check of [`Rich::link`].
    Link {
        url: String,
        text: String,
    },
    Person(PersonRef),
    When(Timestamp, WhenStyle),
    Break,
}

/// A person as surfaces show them: mentioned where `accounts` has the surface, and always named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRef {
    pub name: Line,
    /// Platform → account, as the directory has it.
    pub accounts: BTreeMap<String, String>,
    pub mention: Mention,
}

/// Whether a surface that can mention people does so; the first posting of a mention notifies them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mention {
    Notify,
    NameOnly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenStyle {
    /// Day and time.
    Absolute,
    /// Day and time, and how far that is from now.
    Relative,
}

/// Units of a name; longer ones are cut.
const NAME_MAX: usize = 80;

impl PersonRef {
    pub fn of(id: &PersonId, directory: &Directory) -> Self {
        let accounts = directory.person(id).map(|person| person.accounts.clone()).unwrap_or_default();
        Self { name: Line::new(directory.name(id)).cut(NAME_MAX), accounts, mention: Mention::Notify }
    }

    #[must_use]
    pub fn named_only(mut self) -> Self {
        self.mention = Mention::NameOnly;
        self
    }

    #[must_use]
    pub fn mentioned(mut self) -> Self {
        self.mention = Mention::Notify;
        self
    }
}

impl Rich {
    pub fn new() -> Self {
        Self::default()
    }

    /// Plain words; markup in them is shown, not obeyed.
    #[must_use]
    pub fn text(self, text: impl AsRef<str>) -> Self {
        self.with(Span::Text(clean(text.as_ref())))
    }

    #[must_use]
    pub fn strong(self, text: impl AsRef<str>) -> Self {
        self.with(Span::Strong(clean(text.as_ref())))
    }

    #[must_use]
    pub fn code(self, text: impl AsRef<str>) -> Self {
        self.with(Span::Code(clean(text.as_ref())))
    }

    /// A link if `url` is http or https without spaces or quotes in it, else only its text.
    #[must_use]
    pub fn link(self, url: &str, text: impl AsRef<str>) -> Self {
        if !is_web_address(url) {
            return self.text(text);
        }
        self.with(Span::Link { url: url.to_owned(), text: clean(text.as_ref()) })
    }

    #[must_use]
    pub fn person(self, person: PersonRef) -> Self {
        self.with(Span::Person(person))
    }

    #[must_use]
    pub fn when(self, at: Timestamp, style: WhenStyle) -> Self {
        self.with(Span::When(at, style))
    }

    #[must_use]
    pub fn line_break(self) -> Self {
        self.with(Span::Break)
    }

    /// People in a list: “A, B and C”; more than `most` are counted.
    #[must_use]
    pub fn people(mut self, people: &[PersonRef], most: usize) -> Self {
        let shown = people.len().min(most);
        let hidden = people.len() - shown;
        for (index, person) in people.iter().take(shown).enumerate() {
            let is_last = index + 1 == shown && hidden == 0;
            self = match index {
                0 => self,
                _ if is_last => self.text(" and "),
                _ => self.text(", "),
            };
            self = self.person(person.clone());
        }
        if hidden == 0 { self } else { self.text(format!(" and {hidden} more")) }
    }

    #[must_use]
    pub fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    #[must_use]
    pub fn with(mut self, span: Span) -> Self {
        self.0.push(span);
        self
    }

    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<&str> for Rich {
    fn from(text: &str) -> Self {
        Self::new().text(text)
    }
}

impl From<Line> for Rich {
    fn from(line: Line) -> Self {
        Self::new().text(line)
    }
}

impl From<String> for Rich {
    fn from(text: String) -> Self {
        Self::new().text(text)
    }
}

/// The longest address a platform takes (Slack and Discord: far more; nobody reads this much).
const URL_MAX: usize = 500;

/// Whether a link may lead there: http or https, and nothing in it that ends a link in any markup.
pub fn is_web_address(url: &str) -> bool {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_plain = url.chars().all(|letter| letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '|' | '"' | '\\' | '`' | '^'));
    is_web && is_plain && url.len() <= URL_MAX
}
