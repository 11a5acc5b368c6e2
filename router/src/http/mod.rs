//! The doors that speak HTTP. A handler translates, calls, translates; what it means is decided elsewhere.

pub mod assets;
pub mod auth;
pub mod body;
pub mod caller;
pub mod change_view;
pub mod changes;
pub mod console;
pub mod decision;
pub mod deeds;
pub mod directory;
pub mod discord;
pub mod document;
pub mod facts;
pub mod gate_view;
pub mod gates;
pub mod health;
pub mod holds;
pub mod hooks;
pub mod inbox;
pub mod incidents;
pub mod named;
pub mod page;
pub mod planned;
pub mod problem;
pub mod recorded;
pub mod redaction;
pub mod slack;
pub mod votes;
pub mod waivers;
pub mod wish;

use crate::app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post};
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

/// The longest that any request may take; a long poll ends before.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(90);

/// Every route of the process.
pub fn routes(app: &App) -> Router {
    let api = Router::new()
        .route("/v1/changes", get(changes::list).post(changes::open))
        .route("/v1/changes/{id}", get(changes::one))
        .route("/v1/holds", get(holds::list).post(holds::place))
        .route("/v1/holds/{id}", delete(holds::lift))
        .route("/v1/incidents", get(incidents::list).post(incidents::report))
        .route("/v1/changes/{id}/decision", get(decision::wait))
        .route("/v1/changes/{id}/votes", post(votes::cast))
        .route("/v1/changes/{id}/votes/mine", delete(deeds::take_back))
        .route("/v1/changes/{id}/facts", post(facts::supply))
        .route("/v1/changes/{id}/waivers", post(waivers::make))
        .route("/v1/changes/{id}/withdraw", post(deeds::withdraw))
        .route("/v1/changes/{id}/override", post(deeds::override_freeze))
        .route("/v1/inbox", get(inbox::list))
        .route("/v1/people", get(directory::people))
        .route("/v1/policies", get(directory::policies))
        .route("/v1/gates/{tool}/{*rest}", get(gates::ask).post(gates::ask));
    let doors = Router::new()
        .route("/hooks/{integration}", post(hooks::receive))
        .route("/slack/events", post(slack::receive))
        .route("/discord/interactions", post(discord::receive));
    let care = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .route("/problems", get(problem::list))
        .route("/openapi.json", get(document::show))
        .route("/docs", get(document::page::show))
        .route(document::published::PATH, get(document::published::show));
    Router::new()
        .merge(api)
        .merge(doors)
        .merge(console::routes())
        .merge(care)
        .merge(planned::routes())
        .fallback(problem::no_such_route)
        .method_not_allowed_fallback(problem::wrong_method)
        .layer(DefaultBodyLimit::max(app.settings.server.body_limit))
        .layer(TimeoutLayer::with_status_code(axum::http::StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::new())
        .layer(axum::middleware::from_fn_with_state(app.clone(), health::count))
        .with_state(app.clone())
}
