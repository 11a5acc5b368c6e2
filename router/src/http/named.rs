//! Parts of a wish that are a name alone, or an object with an id.

use serde::Deserialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// A text that is not blank.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl PartialSchema for Name {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(SchemaType::new(Type::String));
        text.pattern(Some(r"\S")).description(Some("A name; not blank.")).into()
    }
}

impl ToSchema for Name {}

/// A name alone, or an object with an id.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Named {
    Plain(Name),
    Object { id: Name },
}

impl Named {
    pub fn name(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Object { id: name } => &name.0,
        }
    }
}

/// A name alone, or an object with an id and the tier that the source gives it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Environment {
    Plain(Name),
    Object {
        id: Name,
        /// production, staging, testing, development or other
        #[serde(default)]
        tier: Option<String>,
    },
}

impl Environment {
    pub fn name(&self) -> &str {
        match self {
            Self::Plain(name) | Self::Object { id: name, .. } => &name.0,
        }
    }

    pub fn tier(&self) -> Option<&String> {
        match self {
            Self::Plain(_) => None,
            Self::Object { tier, .. } => tier.as_ref(),
        }
    }
}

/// A person's id, a forge account or an address; alone, or as the id of an object.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum Who {
    Id(String),
    Object { id: String },
}

impl Who {
    pub fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

/// An answer to a documentation field: a text, or a list of texts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the engine’s own type, which can’t describe itself")]
pub enum FieldAnswer {
    Text(String),
    List(Vec<String>),
}
