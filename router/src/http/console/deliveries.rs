//! `/deliveries`: the webhooks and requests that came in last, and how far each has got. Only for looking.

use super::halt::Halt;
use super::session::{Viewer, reader};
use crate::app::intake::API_SOURCE;
use crate::app::{App, Failure};
use crate::http::page::page;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use engine::ids::{ChangeId, ChangeNumber};
use entities::{DeliveryFilter, DeliveryRecord, DeliveryStatus, WorkState};
use std::collections::BTreeMap;
use templates::html::{DeliveriesPage, DeliveryRow, Fate, deliveries_page};

/// Deliveries on the page.
const SHOWN: u64 = 100;

pub async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response, Halt> {
    let viewer = reader(&app, &headers, "/deliveries").await?;
    rendered(&app, &viewer).await.map_err(|failure| Halt::failed(&app, &failure))
}

async fn rendered(app: &App, viewer: &Viewer) -> Result<Response, Failure> {
    let found = app.store.delivery_list(&DeliveryFilter::default(), SHOWN).await?;
    let ids: Vec<ChangeId> = found.iter().flat_map(|delivery| delivery.changes.iter().copied()).collect();
    let numbers: BTreeMap<ChangeId, ChangeNumber> =
        app.store.summaries(&ids).await?.into_iter().map(|summary| (summary.id, summary.number)).collect();
    let tokens: BTreeMap<String, String> = app
        .store
        .list_tokens()
        .await?
        .into_iter()
        .map(|token| (format!("{API_SOURCE}{}", token.id), format!("API token “{}”", token.name)))
        .collect();
    let rows: Vec<DeliveryRow> = found.into_iter().map(|delivery| row(delivery, &numbers, &tokens)).collect();
    let directory = app.laws.directory_now(&app.store).await?;
    let name = viewer.name(&directory);
    Ok(page(deliveries_page(&DeliveriesPage { chrome: viewer.chrome(app, &name, "/deliveries"), rows: &rows, now: app.clock.now() })))
}

fn row(delivery: DeliveryRecord, numbers: &BTreeMap<ChangeId, ChangeNumber>, tokens: &BTreeMap<String, String>) -> DeliveryRow {
    DeliveryRow {
        id: delivery.id.to_string(),
        fate: fate(&delivery),
        changes: delivery.changes.iter().filter_map(|id| numbers.get(id).copied()).collect(),
        source: tokens.get(&delivery.source).cloned().unwrap_or(delivery.source),
        event: delivery.event,
        received_at: delivery.received_at,
        error: delivery.error,
    }
}

fn fate(delivery: &DeliveryRecord) -> Fate {
    match (delivery.status, delivery.state) {
        (DeliveryStatus::Ignored, _) => Fate::Ignored,
        (DeliveryStatus::Accepted, WorkState::Waiting) => Fate::Waiting,
        (DeliveryStatus::Accepted, WorkState::Done) => Fate::Done,
        (DeliveryStatus::Accepted, WorkState::Failed) => Fate::Failed,
    }
}
