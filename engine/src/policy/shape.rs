//! What each value of a policy's file may be, for editors: JSON Schema 2020-12. Only what a schema can say; what a
//! value means, and whether its names exist, is for the loader.

use super::field::Keys;
use serde_json::{Map, Value, json};

/// What is said of the keys that the language has and this build does not do.
const NOT_ENFORCED: &str = "Valid, not enforced by this build.";

#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Flag,
    /// With at least one visible character.
    Text,
    /// Empty as well.
    AnyText,
    Number,
    /// At least this.
    Whole(u32),
    /// From one to the other.
    NumberWithin(u32, u32),
    /// `15m`
    Length,
    /// `09:00`, and `24:00` for the end of a day.
    WallTime,
    /// `2026-12-25`
    Date,
    /// In CEL.
    Condition,
    /// A key whose value may be left out.
    Nothing,
    /// One of them.
    Words(fn() -> Vec<&'static str>),
    /// So many entries at most.
    List(&'static Self, usize),
    /// A table whose keys the policy names itself: so many at most.
    Named(&'static Self, usize),
    /// Any of them.
    Either(&'static [Self]),
    Table(&'static TableShape),
}

/// A table with the keys that the loader knows.
#[derive(Clone, Copy, Debug)]
pub struct TableShape {
    pub keys: Keys,
    pub required: &'static [&'static str],
    /// Of each key that is enforced: its name, its shape and what it is for.
    pub shapes: &'static [(&'static str, Shape, &'static str)],
}

impl Shape {
    pub fn schema(self) -> Value {
        match self {
            Self::Flag => json!({ "type": "boolean" }),
            Self::Text => json!({ "type": "string", "pattern": r"\S" }),
            Self::AnyText => json!({ "type": "string" }),
            Self::Number => json!({ "type": "number" }),
            Self::Whole(least) => json!({ "type": "integer", "minimum": least, "maximum": u32::MAX }),
            Self::NumberWithin(least, most) => json!({ "type": "number", "minimum": least, "maximum": most }),
            Self::Length => json!({ "type": "string", "pattern": "^[0-9]+[smhdw]$" }),
            Self::WallTime => json!({ "type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$" }),
            Self::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
            Self::Condition => json!({ "type": "string", "pattern": r"\S", "description": "A condition, in CEL." }),
            Self::Nothing => json!({ "type": "null" }),
            Self::Words(words) => json!({ "enum": words() }),
            Self::List(item, most) => json!({ "type": "array", "items": item.schema(), "maxItems": most }),
            Self::Named(value, most) => json!({ "type": "object", "additionalProperties": value.schema(), "maxProperties": most }),
            Self::Either(shapes) => json!({ "anyOf": shapes.iter().map(|shape| shape.schema()).collect::<Vec<_>>() }),
            Self::Table(part) => part.schema(),
        }
    }
}

impl TableShape {
    pub fn schema(&self) -> Value {
        let enforced = self.shapes.iter().map(|(name, shape, meaning)| ((*name).to_owned(), described(*shape, meaning)));
        let others = self.keys.not_enforced.iter().map(|name| ((*name).to_owned(), json!({ "description": NOT_ENFORCED })));
        let properties: Map<String, Value> = enforced.chain(others).collect();
        json!({ "type": "object", "properties": properties, "required": self.required, "additionalProperties": false })
    }
}

fn described(shape: Shape, meaning: &str) -> Value {
    let mut schema = shape.schema();
    schema["description"] = json!(meaning);
    schema
}
