//! Doors that the contract names and this build does not have: refused loudly, so that nobody takes silence for success.

use super::problem::{Kind, Problem};
use crate::app::App;
use axum::Router;
use axum::http::Uri;
use axum::routing::any;

const PATHS: &[&str] = &[
    "/v1/changes/{id}/votes",
    "/v1/changes/{id}/votes/mine",
    "/v1/changes/{id}/facts",
    "/v1/changes/{id}/reports",
    "/v1/changes/{id}/documents",
    "/v1/changes/{id}/withdraw",
    "/v1/changes/{id}/release",
    "/v1/changes/{id}/deployment",
    "/v1/changes/{id}/halt",
    "/v1/changes/{id}/emergency",
    "/v1/changes/{id}/feedback",
    "/v1/inbox",
    "/v1/people",
    "/v1/policies",
    "/v1/insights/{*rest}",
    "/v1/audit/{*rest}",
    "/v1/reviews",
    "/v1/reviews/{*rest}",
    "/scim/v2/{*rest}",
    "/checkpoint",
    "/tile/{*rest}",
    "/openapi.json",
    "/docs",
    "/pauses",
    "/policies",
    "/audit",
    "/insights",
    "/reviews",
    "/deliveries",
];

pub fn routes() -> Router<App> {
    PATHS.iter().fold(Router::new(), |router, path| router.route(path, any(not_in_this_build)))
}

pub async fn not_in_this_build(uri: Uri) -> Problem {
    Problem::new(Kind::NotInThisBuild, format!("{} is planned and not in this build. Nothing was recorded.", uri.path()))
}
