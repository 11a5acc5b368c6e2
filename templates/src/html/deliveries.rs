//! The webhooks and requests that came in last, and how far each has got.

use super::pages::Chrome;
use super::pieces::{Piece, time};
use crate::card::{Mark, Tone};
use crate::line::Line;
use crate::words::{FOREIGN_MAX, NAME_MAX};
use engine::Timestamp;
use engine::ids::ChangeNumber;
use serde::Serialize;

pub struct DeliveriesPage<'a> {
    pub chrome: Chrome<'a>,
    pub rows: &'a [DeliveryRow],
    pub now: Timestamp,
}

#[derive(Clone, Debug)]
pub struct DeliveryRow {
    pub id: String,
    pub source: String,
    /// The sender's name for what happened.
    pub event: String,
    pub fate: Fate,
    pub received_at: Timestamp,
    pub changes: Vec<ChangeNumber>,
    pub error: Option<String>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing follows from its kind.
    Ignored,
    Waiting,
    Done,
    Failed,
}

impl Fate {
    fn look(self) -> (&'static str, Tone, Mark) {
        match self {
            Self::Ignored => ("Ignored", Tone::Over, Mark::Gone),
            Self::Waiting => ("Waiting", Tone::Calm, Mark::Open),
            Self::Done => ("Done", Tone::Good, Mark::Yes),
            Self::Failed => ("Given up", Tone::Bad, Mark::No),
        }
    }
}

#[derive(Serialize)]
pub(super) struct DeliveriesContext<'a> {
    chrome: Chrome<'a>,
    rows: Vec<RowView>,
}

#[derive(Serialize)]
struct RowView {
    id: String,
    source: String,
    event: String,
    state: &'static str,
    tone: &'static str,
    mark: &'static str,
    received: Piece,
    changes: Vec<String>,
    error: Option<String>,
}

pub(super) fn deliveries<'a>(page: &DeliveriesPage<'a>) -> DeliveriesContext<'a> {
    DeliveriesContext { chrome: page.chrome, rows: page.rows.iter().map(|row| row_view(row, page.now)).collect() }
}

fn row_view(row: &DeliveryRow, now: Timestamp) -> RowView {
    let (state, tone, mark) = row.fate.look();
    RowView {
        id: row.id.clone(),
        source: Line::new(&row.source).cut(NAME_MAX).to_string(),
        event: Line::new(&row.event).cut(NAME_MAX).to_string(),
        state,
        tone: tone.word(),
        mark: mark.symbol(),
        received: time(row.received_at, now),
        changes: row.changes.iter().map(ToString::to_string).collect(),
        error: row.error.as_ref().map(|error| Line::new(error).cut(FOREIGN_MAX).to_string()),
    }
}
