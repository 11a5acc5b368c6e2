//! The API's document: every route, every status, every type of problem, in OpenAPI 3.1.
//!
//! Shapes come from the types that are read and written; routes are described beside what they do.

pub mod operation;
pub mod page;
pub mod published;
pub mod shapes;

mod api;
mod care;
mod pages;
mod repeat;

use super::{discord, gates, holds, hooks, incidents, planned, slack};
use axum::Json;
use operation::{Content, Operation};
use serde_json::{Map, Value, json};
use shapes::{Shape, shape};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);

/// Everything that is served, in groups: what programs use first.
pub fn operations() -> Vec<Operation> {
    let groups = [
        ("Changes", api::changes()),
        ("Pauses", holds::documented()),
        ("Incidents", incidents::documented()),
        ("People and policies", api::directory()),
        ("Gates", gates::documented()),
        ("Webhooks", vec![hooks::documented(), slack::documented(), discord::documented()]),
        ("Care", care::operations()),
        ("Console", pages::operations()),
        ("Planned", planned::documented()),
    ];
    let all = groups.into_iter().flat_map(|(group, operations)| operations.into_iter().map(move |operation| (group, operation)));
    all.map(|(group, operation)| Operation { group, ..operation }).collect()
}

/// The document as it is served and printed.
pub fn document() -> Value {
    let operations = operations();
    let mut paths = Map::new();
    for operation in &operations {
        let item = paths.entry(operation.template()).or_insert_with(|| json!({}));
        item[operation.method] = operation.object();
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Countersign",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Deployment approvals. Errors are problem details (RFC 9457) with a stable `type`; lists use cursors; \
                what is planned and not built answers 501 and says so here.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": { "schemas": schemas(&operations), "securitySchemes": { "token": security() } },
    })
}

fn security() -> Value {
    json!({
        "type": "http", "scheme": "bearer", "bearerFormat": "cs_…",
        "description": "A token made by `countersign token create`, with the scopes that its operations name.",
    })
}

/// Every shape that an operation names, and those that these are made of.
pub fn schemas(operations: &[Operation]) -> BTreeMap<String, Value> {
    let bodies = operations.iter().map(|operation| &operation.body);
    let answers = operations.iter().flat_map(|operation| operation.answers.iter().map(|answer| &answer.content));
    let named = bodies.chain(answers).filter_map(|content| match content {
        Content::Json(shape) => Some(shape.clone()),
        Content::Foreign(_) | Content::Text(_) | Content::Nothing => None,
    });
    let all = named.chain([shape::<super::problem::Body>()]).flat_map(|shape: Shape| shape.all);
    // A schema is made of text, numbers and lists, which JSON has.
    let mut schemas: BTreeMap<String, Value> = all.map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default())).collect();
    schemas.entry(published::NAME.to_owned()).and_modify(published::complete);
    schemas
}

/// `GET /openapi.json`: the same for every installation of this version, so it needs no token.
pub async fn show() -> Json<&'static Value> {
    Json(&DOCUMENT)
}
