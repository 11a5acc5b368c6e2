//! A value of the file on its way into the policy: what it has to be, and where it stands if it is something else.

use super::duration;
use super::reading::Reading;
use super::yaml::{Content, Key, Node, Position};
use chrono_tz::Tz;

/// Where something stands, for a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `requirements[2].approve.count`
    pub path: String,
    pub at: Position,
}

/// A value and its path.
#[derive(Clone, Debug)]
pub struct Field<'n> {
    pub path: String,
    pub node: &'n Node,
}

/// The keys that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    pub enforced: &'static [&'static str],
    /// Part of the language; this build would not do what they say.
    pub not_enforced: &'static [&'static str],
}

/// A table whose keys were checked.
#[derive(Clone, Debug)]
pub struct Table<'n> {
    pub place: Place,
    entries: &'n [(Key, Node)],
}

impl<'n> Field<'n> {
    pub fn root(node: &'n Node) -> Self {
        Self { path: String::new(), node }
    }

    pub fn place(&self) -> Place {
        Place { path: self.path.clone(), at: self.node.at }
    }

    /// Says what is wrong and gives nothing.
    fn is_not<T>(&self, wanted: &str, reading: &mut Reading<'_>) -> Option<T> {
        reading.fault(&self.place(), format!("this should be {wanted}, not {}", self.found()));
        None
    }

    fn found(&self) -> &'static str {
        match &self.node.content {
            Content::Nothing => "empty",
            Content::Flag(_) => "true or false",
            Content::Whole(_) | Content::Fraction(_) => "a number",
            Content::Text(text) if text.trim().is_empty() => "empty text",
            Content::Text(_) => "text",
            Content::List(_) => "a list",
            Content::Table(_) => "a table",
        }
    }

    /// Text with at least one visible character.
    pub fn text(&self, reading: &mut Reading<'_>) -> Option<&'n str> {
        match &self.node.content {
            Content::Text(text) if !text.trim().is_empty() => Some(text),
            Content::Flag(_) | Content::Whole(_) | Content::Fraction(_) => self.is_not("text in quotes", reading),
            Content::Nothing | Content::Text(_) | Content::List(_) | Content::Table(_) => self.is_not("text", reading),
        }
    }

    pub fn flag(&self, reading: &mut Reading<'_>) -> Option<bool> {
        match &self.node.content {
            Content::Flag(flag) => Some(*flag),
            Content::Nothing | Content::Whole(_) | Content::Fraction(_) | Content::Text(_) | Content::List(_) | Content::Table(_) => {
                self.is_not("true or false", reading)
            }
        }
    }

    /// A whole number of at least `least`.
    pub fn whole(&self, least: u32, reading: &mut Reading<'_>) -> Option<u32> {
        let number = match &self.node.content {
            Content::Whole(number) => u32::try_from(*number).ok().filter(|number| *number >= least),
            Content::Nothing | Content::Flag(_) | Content::Fraction(_) | Content::Text(_) | Content::List(_) | Content::Table(_) => None,
        };
        if number.is_none() {
            reading.fault(&self.place(), format!("this should be a whole number of at least {least}"));
        }
        number
    }

    /// A number of at least `least`, in hundredths; digits beyond them are rounded.
    pub fn hundredths(&self, least: u32, most: u32, reading: &mut Reading<'_>) -> Option<u32> {
        let number = match &self.node.content {
            Content::Whole(number) => u32::try_from(*number).ok().map(f64::from),
            Content::Fraction(number) => Some(*number),
            Content::Nothing | Content::Flag(_) | Content::Text(_) | Content::List(_) | Content::Table(_) => None,
        };
        let number = number.filter(|number| (f64::from(least)..=f64::from(most)).contains(number));
        if number.is_none() {
            reading.fault(&self.place(), format!("this should be a number from {least}.0 to {most}.0"));
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between two numbers of its kind")]
        number.map(|number| (number * 100.0).round() as u32)
    }

    /// A length of time, in seconds.
    pub fn seconds(&self, reading: &mut Reading<'_>) -> Option<u64> {
        let seconds = match &self.node.content {
            Content::Text(text) => duration::seconds(text),
            Content::Nothing | Content::Flag(_) | Content::Whole(_) | Content::Fraction(_) | Content::List(_) | Content::Table(_) => None,
        };
        seconds.or_else(|| {
            reading.fault(&self.place(), "this should be a length of time: a number and one of s, m, h, d, w".to_owned());
            None
        })
    }

    /// An IANA time zone.
    pub fn zone(&self, reading: &mut Reading<'_>) -> Option<Tz> {
        let name = self.text(reading)?;
        if let Ok(zone) = name.parse() {
            return Some(zone);
        }
        let suggestion = reading.nearest(name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        reading.fault_like(&self.place(), format!("“{name}” is no IANA time zone, as Europe/Berlin is one"), suggestion);
        None
    }

    /// The text under a key, if it is a table that has one. Reports nothing.
    pub fn peek(&self, name: &str) -> Option<&'n str> {
        self.node.named(name)
    }

    /// One of a few words.
    pub fn word(&self, known: &[&str], reading: &mut Reading<'_>) -> Option<&'n str> {
        let text = self.text(reading)?;
        if known.contains(&text) {
            return Some(text);
        }
        let suggestion = reading.nearest(text, known.iter().copied());
        reading.fault_like(&self.place(), format!("“{text}” is not one of {}", known.join(", ")), suggestion);
        None
    }

    /// The entries of a list of at most `most`.
    pub fn items(&self, most: usize, reading: &mut Reading<'_>) -> Vec<Field<'n>> {
        let Content::List(items) = &self.node.content else {
            return self.is_not("a list", reading).unwrap_or_default();
        };
        if items.len() > most {
            reading.fault(&self.place(), format!("this list has more than {most} entries"));
        }
        let items = items.iter().take(most).enumerate();
        items.map(|(n, node)| Field { path: format!("{}[{n}]", self.path), node }).collect()
    }

    /// The entries of a list of texts, none of them twice.
    pub fn texts(&self, most: usize, reading: &mut Reading<'_>) -> Vec<(&'n str, Field<'n>)> {
        let mut texts: Vec<(&str, Field<'_>)> = Vec::new();
        for item in self.items(most, reading) {
            let Some(text) = item.text(reading) else { continue };
            if texts.iter().any(|(earlier, _)| *earlier == text) {
                reading.fault(&item.place(), format!("“{text}” stands here twice"));
            }
            texts.push((text, item));
        }
        texts
    }

    /// The entries of a table whose keys are names that the policy gives, in the order of the file.
    pub fn entries(&self, most: usize, reading: &mut Reading<'_>) -> Vec<(&'n Key, Field<'n>)> {
        let Content::Table(entries) = &self.node.content else {
            return self.is_not("a table", reading).unwrap_or_default();
        };
        if entries.len() > most {
            reading.fault(&self.place(), format!("this table has more than {most} entries"));
        }
        entries.iter().take(most).map(|(key, node)| (key, self.below(key, node))).collect()
    }

    fn below(&self, key: &Key, node: &'n Node) -> Field<'n> {
        let path = if self.path.is_empty() { key.name.clone() } else { format!("{}.{}", self.path, key.name) };
        Field { path, node }
    }

    /// A table with known keys. Unknown ones are faults, those that this build does not enforce are said to be so.
    pub fn table(&self, keys: Keys, reading: &mut Reading<'_>) -> Option<Table<'n>> {
        let Content::Table(entries) = &self.node.content else { return self.is_not("a table", reading) };
        for (key, node) in entries {
            let place = Place { path: self.below(key, node).path, at: key.at };
            if keys.not_enforced.contains(&key.name.as_str()) {
                reading.not_enforced(&place);
            } else if !keys.enforced.contains(&key.name.as_str()) {
                let known = keys.enforced.iter().chain(keys.not_enforced).copied();
                let suggestion = reading.nearest(&key.name, known);
                reading.fault_like(&place, format!("there is no key “{}” here", key.name), suggestion);
            }
        }
        Some(Table { place: self.place(), entries })
    }
}

impl<'n> Table<'n> {
    pub fn get(&self, name: &str) -> Option<Field<'n>> {
        let (key, node) = self.entries.iter().find(|(key, _)| key.name == name)?;
        let path = if self.place.path.is_empty() { key.name.clone() } else { format!("{}.{}", self.place.path, key.name) };
        Some(Field { path, node })
    }

    /// As `get`; a fault if it is not there.
    pub fn require(&self, name: &str, reading: &mut Reading<'_>) -> Option<Field<'n>> {
        let field = self.get(name);
        if field.is_none() {
            reading.fault(&self.place, format!("“{name}” is missing"));
        }
        field
    }
}
