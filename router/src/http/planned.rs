//! Doors that the contract names and this build does not have: refused loudly, so that nobody takes silence for success.

use super::document::operation::Operation;
use super::problem::{Kind, Problem};
use crate::app::App;
use axum::Router;
use axum::http::Uri;
use axum::routing::any;

const SUMMARY: &str = "Planned, and not in this build";

const PATHS: &[&str] = &[
    "/v1/changes/{id}/reports",
    "/v1/changes/{id}/documents",
    "/v1/changes/{id}/release",
    "/v1/changes/{id}/deployment",
    "/v1/changes/{id}/halt",
    "/v1/changes/{id}/emergency",
    "/v1/changes/{id}/feedback",
    "/v1/insights/{*rest}",
    "/v1/audit/{*rest}",
    "/v1/reviews",
    "/v1/reviews/{*rest}",
    "/scim/v2/{*rest}",
    "/checkpoint",
    "/tile/{*rest}",
    "/policies",
    "/audit",
    "/insights",
    "/reviews",
];

/// Every one of these answers the same.
pub fn documented() -> Vec<Operation> {
    let planned = |operation: Operation| operation.problems(&[Kind::NotInThisBuild]);
    let each = |path| [Operation::get(path, SUMMARY), Operation::post(path, SUMMARY), Operation::delete(path, SUMMARY)].map(planned);
    PATHS.iter().copied().flat_map(each).collect()
}

pub fn routes() -> Router<App> {
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, any(not_in_this_build)))
}

pub async fn not_in_this_build(uri: Uri) -> Problem {
    Problem::new(Kind::NotInThisBuild, format!("{} is planned and not in this build. Nothing was recorded.", uri.path()))
}
