//! The published shape of a change, as `POST /v1/changes` takes it: JSON Schema 2020-12, for others to check against.

use super::shapes::shape;
use crate::http::wish::Wish;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// Its name among the document's shapes.
pub const NAME: &str = "Wish";
/// Where it is served.
pub const PATH: &str = "/schemas/change.json";

/// The schema on its own, with all that it refers to.
pub fn schema() -> Value {
    let mut all: Map<String, Value> = Map::new();
    for (name, schema) in shape::<Wish>().all {
        all.insert(name, serde_json::to_value(schema).unwrap_or_default());
    }
    let mut own = all.remove(NAME).unwrap_or_default();
    complete(&mut own);
    own["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    own["$id"] = json!("urn:countersign:schema:change:1");
    own["title"] = json!("A change as its caller knows it");
    own["$defs"] = Value::Object(all);
    own.to_string().replace("#/components/schemas/", "#/$defs/").parse().unwrap_or(own)
}

/// What the type can't say about itself: something has to be named that is deployed.
pub fn complete(schema: &mut Value) {
    let text = |name: &str| json!({ "required": [name], "properties": { (name): { "type": "string" } } });
    let artifacts = json!({ "required": ["artifacts"], "properties": { "artifacts": { "minProperties": 1 } } });
    schema["anyOf"] = json!([text("sha"), text("version"), artifacts]);
}

/// `GET /schemas/change.json`
pub async fn show() -> Response {
    let mut response = Json(schema()).into_response();
    let media = axum::http::HeaderValue::from_static("application/schema+json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, media);
    response
}
