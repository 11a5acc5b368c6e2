//! Incidents, reported by programs and people: kept as they were reported last, and recorded in a stream of their own.

use super::{App, Failure};
use engine::Timestamp;
use engine::event::Actor;
use engine::incident::{Fault, Incident, KNOWN_AFTER_S, MAX_KNOWN, NoReport, Report, reported};
use entities::{NewRecord, StoreError, VersionName};
use serde_json::json;

/// The stream that they are recorded in.
const STREAM: &str = "incidents";
/// Writers of the same rows that may come before this one, before it gives up.
const MAX_CONFLICTS: u32 = 16;

/// What came of a report.
#[derive(Clone, Debug)]
pub enum Known {
    /// The first of its incident.
    New(Incident),
    Again(Incident),
    Unfit(Vec<Fault>),
    Refused(NoReport),
}

impl App {
    /// Makes the incident what the report says. The same report again changes nothing.
    pub async fn report_incident(&self, actor: &Actor, report: &Report) -> Result<Known, Failure> {
        for _ in 0..MAX_CONFLICTS {
            match self.report_once(actor, report).await {
                Err(Failure::Store(StoreError::Conflict)) => {}
                outcome => return outcome,
            }
        }
        Err(Failure::TooManyConflicts(MAX_CONFLICTS))
    }

    /// Those that conditions ask about now, oldest first.
    pub async fn incidents(&self) -> Result<Vec<Incident>, Failure> {
        Ok(self.store.incidents_known(known_since(self.clock.now())).await?)
    }

    async fn report_once(&self, actor: &Actor, report: &Report) -> Result<Known, Failure> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        tx.bump_version(VersionName::Holds).await?;
        let before = tx.incident(&report.id).await?;
        let incident = match reported(before.as_ref(), report, now) {
            Ok(incident) => incident,
            Err(faults) => return Ok(Known::Unfit(faults)),
        };
        if before.as_ref() == Some(&incident) {
            return Ok(Known::Again(incident));
        }
        let known = tx.incidents_known(known_since(now)).await?;
        if known.iter().all(|other| other.id != incident.id) && known.len() >= MAX_KNOWN {
            return Ok(Known::Refused(NoReport::TooMany));
        }
        tx.put_incident(&incident).await?;
        let body = json!({ "incident": incident });
        tx.record(STREAM, &NewRecord { at: now, actor: actor.clone(), kind: "incident_reported".to_owned(), body }).await?;
        self.news.written(tx.commit().await?);
        Ok(if before.is_none() { Known::New(incident) } else { Known::Again(incident) })
    }
}

/// Incidents that were resolved earlier are not asked about any more.
pub(super) fn known_since(now: Timestamp) -> Timestamp {
    let micros = i64::try_from(KNOWN_AFTER_S).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    Timestamp::from_micros(now.micros().saturating_sub(micros)).unwrap_or(now)
}
