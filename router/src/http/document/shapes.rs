//! Shapes of values that the engine owns and can't describe itself, and every named shape with those that it needs.

use engine::phase::State;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, schema};

/// A shape by its name, with all that it refers to.
#[derive(Clone)]
pub struct Shape {
    pub name: String,
    pub all: BTreeMap<String, RefOr<Schema>>,
}

pub fn shape<T: ToSchema>() -> Shape {
    let mut all = Vec::new();
    T::schemas(&mut all);
    let name = T::name().into_owned();
    all.push((name.clone(), T::schema()));
    Shape { name, all: all.into_iter().collect() }
}

pub fn uuid_schema() -> Schema {
    text_of(SchemaFormat::Custom("uuid".to_owned())).into()
}

pub fn maybe_uuid_schema() -> Schema {
    let nullable = SchemaType::Array(vec![Type::String, Type::Null]);
    text_of(SchemaFormat::Custom("uuid".to_owned())).schema_type(nullable).into()
}

pub fn instant_schema() -> Schema {
    text_of(SchemaFormat::KnownFormat(KnownFormat::DateTime)).into()
}

/// Every state that this build knows.
pub fn state_schema() -> Schema {
    let words = State::ALL.into_iter().map(State::word);
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).enum_values(Some(words)).into()
}

fn text_of(format: SchemaFormat) -> schema::ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(Type::String)).format(Some(format))
}
