//! The console: pages for people, forms that act through the same door as chat, and what keeps pages current.

pub mod acts;
pub mod change;
pub mod controls;
pub mod deliveries;
pub mod halt;
pub mod inbox;
pub mod live;
pub mod notice;
pub mod origin;
pub mod pauses;
pub mod session;
pub mod sign_in;

use super::assets;
use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

/// The door's name in the record of what is done here.
pub const VIA: &str = "console";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(inbox::show))
        .route("/events", get(live::of_inbox))
        .route("/changes/{id}", get(change::show).post(acts::act))
        .route("/changes/{id}/events", get(live::of_change))
        .route("/pauses", get(pauses::show).post(pauses::place))
        .route("/pauses/resume", post(pauses::resume))
        .route("/deliveries", get(deliveries::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-out", post(sign_in::leave))
        .route(templates::html::CSS_PATH, get(assets::css))
        .route(templates::html::ICON_PATH, get(assets::icon))
        .route(templates::html::SCRIPT_PATH, get(assets::script))
}
