//! YAML as a tree that remembers where everything stands. Knows nothing of policies.

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Value, json};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, Options};
use serde_saphyr::{Error, Location, Spanned};
use std::fmt;

/// A policy is written by hand; anything larger was not.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;
/// Lists in tables in lists …; the language itself needs 7.
pub const MAX_DEPTH: usize = 24;
/// Values and keys, those that aliases repeat included.
pub const MAX_NODES: usize = 50_000;
/// Uses of anchors.
pub const MAX_ALIASES: usize = 200;

/// A place in the file: both count from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

impl Position {
    pub const START: Self = Self { line: 1, column: 1 };

    fn from_location(location: Location) -> Self {
        let within = |number: u64| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        Self { line: within(location.line()), column: within(location.column()) }
    }
}

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub at: Position,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Nothing,
    Flag(bool),
    Whole(i64),
    Fraction(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; no key occurs twice.
    Table(Vec<(Key, Node)>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub name: String,
    pub at: Position,
}

impl Node {
    /// The same without its places, for comparing.
    pub fn plain(&self) -> Value {
        match &self.content {
            Content::Nothing => Value::Null,
            Content::Flag(flag) => json!(flag),
            Content::Whole(number) => json!(number),
            Content::Fraction(number) => json!(number),
            Content::Text(text) => json!(text),
            Content::List(items) => items.iter().map(Self::plain).collect(),
            Content::Table(entries) => Value::Object(entries.iter().map(|(key, node)| (key.name.clone(), node.plain())).collect()),
        }
    }

    /// The text under a key, if it is a table that has one.
    pub fn named(&self, key: &str) -> Option<&str> {
        let Content::Table(entries) = &self.content else { return None };
        let (_, node) = entries.iter().find(|(own, _)| own.name == key)?;
        if let Content::Text(text) = &node.content { Some(text) } else { None }
    }
}

/// The first thing that is not YAML, or is more of it than a policy may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxFault {
    pub at: Position,
    pub message: String,
}

/// Reads one document. Double keys, merge keys, unknown tags and anything over the limits are faults.
pub fn parse(text: &str) -> Result<Node, SyntaxFault> {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("the file is larger than {MAX_FILE_BYTES} bytes");
        return Err(SyntaxFault { at: Position::START, message });
    }
    serde_saphyr::from_str_with_options(text, options()).map_err(|error| {
        let error = error.without_snippet();
        let at = error.location().map_or(Position::START, Position::from_location);
        SyntaxFault { at, message: in_words(error) }
    })
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            flow_nesting_limit: MAX_DEPTH,
            max_nodes: MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_documents: 1,
            max_recorded_anchor_events: MAX_NODES,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_NODES,
            max_alias_expansions_per_anchor: MAX_ALIASES,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

/// Without the place, which the finding has already.
fn in_words(error: &Error) -> String {
    if let Error::Budget { breach, .. } = error {
        return format!("the file has more than a policy may have: {breach:?}");
    }
    let message = error.to_string();
    let first_line = message.lines().next().unwrap_or_default();
    first_line.split(" at line ").next().unwrap_or_default().to_owned()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Content>::deserialize(deserializer)?;
        Ok(Self { at: Position::from_location(spanned.referenced), content: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ContentVisitor)
    }
}

struct ContentVisitor;

impl<'de> Visitor<'de> for ContentVisitor {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a number, true or false, a list or a table")
    }

    fn visit_unit<E>(self) -> Result<Content, E> {
        Ok(Content::Nothing)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Content, E> {
        Ok(Content::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Content, E> {
        Ok(Content::Whole(number))
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Content, E> {
        i64::try_from(number).map(Content::Whole).map_err(|_| E::custom("the number is too large"))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Content, E> {
        Ok(Content::Fraction(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Content, E> {
        Ok(Content::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Content, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Content::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Content, A::Error> {
        let mut table: Vec<(Key, Node)> = Vec::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let key = Key { at: Position::from_location(key.referenced), name: key.value };
            let value = entries.next_value()?;
            table.push((key, value));
        }
        // The library compares keys by what they are in YAML; here they are all text.
        let mut names: Vec<&str> = table.iter().map(|(key, _)| key.name.as_str()).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(A::Error::custom(format!("the key {} stands here twice", pair[0]))),
            None => Ok(Content::Table(table)),
        }
    }
}
