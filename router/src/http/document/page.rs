//! `GET /docs`: the document as a page, without a script and without anything from elsewhere.

use super::operation::{Access, Answer, Content, Operation, Parameter};
use super::{operations, schemas};
use crate::app::App;
use crate::http::page::{chrome, page};
use axum::extract::State;
use axum::response::Response;
use std::collections::BTreeMap;
use templates::html::{ApiAnswer, ApiGroup, ApiOperation, ApiPage, ApiParameter, ApiShape, api_page};

pub async fn show(State(app): State<App>) -> Response {
    let operations = operations();
    let shapes: Vec<ApiShape> =
        schemas(&operations).into_iter().map(|(name, schema)| ApiShape { name, schema: format!("{schema:#}") }).collect();
    let groups = groups(operations);
    page(api_page(&ApiPage { chrome: chrome(&app), version: env!("CARGO_PKG_VERSION"), groups: &groups, shapes: &shapes }))
}

fn groups(operations: Vec<Operation>) -> Vec<ApiGroup> {
    let mut groups: Vec<ApiGroup> = Vec::new();
    for operation in operations {
        let row = row(&operation);
        match groups.last_mut().filter(|group| group.name == operation.group) {
            Some(group) => group.operations.push(row),
            None => groups.push(ApiGroup { name: operation.group, operations: vec![row] }),
        }
    }
    groups
}

fn row(operation: &Operation) -> ApiOperation {
    let path = operation.path_parameters().map(|name| ApiParameter { name, place: "path", need: "required", meaning: "" });
    ApiOperation {
        method: operation.method.to_uppercase(),
        path: operation.template(),
        summary: operation.summary,
        access: access(operation.access),
        parameters: path.chain(operation.parameters.iter().map(parameter)).collect(),
        body: shape(&operation.body),
        answers: answers(operation),
    }
}

fn access(access: Access) -> String {
    match access {
        Access::Open => "needs no token".to_owned(),
        Access::Signed => "signed by its sender".to_owned(),
        Access::Token(scope) => format!("needs a token with {scope}"),
    }
}

fn parameter(parameter: &Parameter) -> ApiParameter {
    let need = if parameter.is_required { "required" } else { "optional" };
    ApiParameter { name: parameter.name, place: parameter.place.word(), need, meaning: parameter.meaning }
}

fn shape(content: &Content) -> Option<String> {
    match content {
        Content::Json(shape) => Some(shape.name.clone()),
        Content::Foreign(_) | Content::Text(_) | Content::Nothing => None,
    }
}

/// Good news first, then problems by their status.
fn answers(operation: &Operation) -> Vec<ApiAnswer> {
    let good = operation.answers.iter().map(|Answer { status, meaning, content }| (*status, (*meaning).to_owned(), shape(content)));
    let problems = operation.problems_by_status().into_iter().map(|(status, kinds)| {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        (status, names.join(", "), None)
    });
    let by_status: BTreeMap<u16, (String, Option<String>)> =
        good.chain(problems).map(|(status, meaning, shape)| (status, (meaning, shape))).collect();
    by_status.into_iter().map(|(status, (meaning, shape))| ApiAnswer { status, meaning, shape }).collect()
}
