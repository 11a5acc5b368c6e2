//! Health, metrics and the documents about the API itself.

use super::operation::{Content, Operation};
use super::published;
use super::shapes::shape;
use crate::http::problem;

pub fn operations() -> Vec<Operation> {
    let text = || Content::Text("text/plain");
    vec![
        Operation::get("/healthz", "Whether the process runs").answers(200, "It runs", text()),
        Operation::get("/readyz", "Whether it can work").answers(200, "The database answers", text()).answers(
            503,
            "The database does not answer, or the process is going down",
            text(),
        ),
        Operation::get("/metrics", "Prometheus metrics").answers(200, "Prometheus text", text()).answers(
            404,
            "None are recorded here",
            text(),
        ),
        Operation::get("/problems", "Every type of problem").answers(200, "Each with its status", Content::Json(shape::<problem::Kinds>())),
        Operation::get("/openapi.json", "This document").answers(200, "OpenAPI 3.1", Content::Foreign("application/json")),
        Operation::get(published::PATH, "The schema of a change, as it can be asked for").answers(
            200,
            "JSON Schema 2020-12",
            Content::Foreign("application/schema+json"),
        ),
        Operation::get("/docs", "This document for people").answers(200, "A page", Content::Text("text/html")),
    ]
}
