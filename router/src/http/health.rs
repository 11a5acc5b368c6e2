//! Is it alive, is it ready, how much did it do.

use crate::app::App;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// The database has this long to answer a probe.
const PROBE: Duration = Duration::from_secs(2);

/// The process runs; says nothing about anything else.
pub async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers and the process is not going down.
pub async fn ready(State(app): State<App>) -> Response {
    if app.is_draining() {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    match tokio::time::timeout(PROBE, app.store.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n").into_response(),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// Prometheus text. Gauges of the outbox are read when they are asked for.
pub async fn metrics(State(app): State<App>) -> Response {
    if let Ok(counts) = app.store.outgoing_counts().await {
        let lag = counts.oldest_due.map_or(0, |due| app.clock.now().seconds_since(due));
        metrics::gauge!("countersign_outbox_waiting").set(number(counts.waiting));
        metrics::gauge!("countersign_outbox_dead").set(number(counts.dead));
        metrics::gauge!("countersign_outbox_oldest_due_seconds").set(number(lag));
    }
    match crate::telemetry::exported() {
        Some(text) => text.into_response(),
        None => (StatusCode::NOT_FOUND, "metrics are not recorded in this process\n").into_response(),
    }
}

#[allow(clippy::cast_precision_loss, reason = "a gauge of 2^53 rows is precise enough")]
fn number(count: u64) -> f64 {
    count as f64
}

/// Counts every request by route and status; the route's pattern, so that ids don't become labels.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().to_string();
    let began = app.clock.now();
    let response = next.run(request).await;
    let seconds = std::time::Duration::from_micros(u64::try_from(app.clock.now().micros() - began.micros()).unwrap_or(0)).as_secs_f64();
    let status = response.status().as_u16().to_string();
    metrics::counter!("countersign_http_requests_total", "route" => route.clone(), "method" => method, "status" => status).increment(1);
    metrics::histogram!("countersign_http_request_seconds", "route" => route).record(seconds);
    response
}
