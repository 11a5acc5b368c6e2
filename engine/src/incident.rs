//! Incidents: what monitoring or people report to be broken, as far as conditions of a policy ask about it.
//!
//! A report says how an incident stands; what it leaves out stays as it was. What an incident does to changes is not said here.

use crate::clean::clean;
use crate::ids::IncidentId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Incidents that are known at a time: each condition about incidents is asked once for each of them.
pub const MAX_KNOWN: usize = 200;
/// For so long a resolved one stays known.
pub const KNOWN_AFTER_S: u64 = 24 * 60 * 60;
/// How far a clock elsewhere may be ahead of ours.
const CLOCKS_DIFFER_S: u64 = 60;
pub const MAX_SERVICES: usize = 100;
/// Characters of an id, a severity, or a service's name.
pub const MAX_NAME: usize = 100;
/// Characters of a title.
pub const MAX_TITLE: usize = 200;
/// Characters of an address.
pub const MAX_URL: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    pub id: IncidentId,
    pub title: String,
    /// In the words of whoever reports it: `sev1`.
    pub severity: String,
    /// The services that it concerns.
    pub services: BTreeSet<String>,
    /// `None`: not known.
    pub caused_by_service: Option<String>,
    pub url: Option<String>,
    pub opened_at: Timestamp,
    /// `None`: it is open.
    pub resolved_at: Option<Timestamp>,
    /// The integration or the token that reported it first, by its name.
    pub source: String,
    /// Counts from 1 with each report that said something new.
    pub revision: u32,
}

/// The id as it is kept, by which an incident is found again.
pub fn named(id: &str) -> IncidentId {
    IncidentId::new(one_line(id))
}

impl Incident {
    pub fn is_open(&self) -> bool {
        self.resolved_at.is_none()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Open,
    Resolved,
}

/// How an incident stands, as somebody reports it. `None`: as before; of a new one, nothing is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub id: IncidentId,
    pub title: Option<String>,
    pub severity: Option<String>,
    pub services: Option<Vec<String>>,
    pub caused_by_service: Option<String>,
    pub url: Option<String>,
    pub status: Option<Status>,
    pub opened_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub source: String,
}

/// What is wrong with a report, and in which part of it, as a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub pointer: &'static str,
    pub message: String,
}

impl Fault {
    fn at(pointer: &'static str, message: impl Into<String>) -> Self {
        Self { pointer, message: message.into() }
    }
}

/// The incident as it is after this report; the same as before if the report says nothing new.
///
/// # Errors
/// Every part of the report that can't be used.
pub fn reported(known: Option<&Incident>, report: &Report, now: Timestamp) -> Result<Incident, Vec<Fault>> {
    let mut faults = Vec::new();
    let merged = merged(known, report, now, &mut faults);
    match (merged, faults.is_empty()) {
        (Some(merged), true) => Ok(revised(known, merged)),
        _ => Err(faults),
    }
}

fn merged(known: Option<&Incident>, report: &Report, now: Timestamp, faults: &mut Vec<Fault>) -> Option<Incident> {
    let id = name(report.id.as_str(), "/id", faults);
    let title = first(known.map(|known| &known.title), report.title.as_deref(), ("/title", MAX_TITLE), faults);
    let severity = first(known.map(|known| &known.severity), report.severity.as_deref(), ("/severity", MAX_NAME), faults);
    let services = services(known, report, faults);
    let caused_by_service = report.caused_by_service.as_deref().map(|service| name(service, "/caused_by_service", faults));
    let url = report.url.as_deref().map(|url| address(url, faults));
    let opened_at = report.opened_at.or(known.map(|known| known.opened_at)).unwrap_or(now);
    if opened_at > now.plus_seconds(CLOCKS_DIFFER_S) {
        faults.push(Fault::at("/opened_at", "this is in the future"));
    }
    let opened_at = opened_at.min(now);
    Some(Incident {
        id: IncidentId::new(id),
        title: title?,
        severity: severity?,
        services: services?,
        caused_by_service: caused_by_service.or_else(|| known?.caused_by_service.clone()),
        url: url.or_else(|| known?.url.clone()),
        opened_at,
        resolved_at: resolved_at(known, report, (opened_at, now), faults),
        source: known.map_or_else(|| report.source.clone(), |known| known.source.clone()),
        revision: known.map_or(0, |known| known.revision),
    })
}

/// Counted on only where something differs.
fn revised(known: Option<&Incident>, merged: Incident) -> Incident {
    if known == Some(&merged) { merged } else { Incident { revision: merged.revision.saturating_add(1), ..merged } }
}

/// What is left out is open or resolved as before; a new one is open.
fn resolved_at(
    known: Option<&Incident>,
    report: &Report,
    (opened_at, now): (Timestamp, Timestamp),
    faults: &mut Vec<Fault>,
) -> Option<Timestamp> {
    let before = known.and_then(|known| known.resolved_at);
    let at = match (report.status, report.resolved_at) {
        (Some(Status::Open), Some(_)) => {
            faults.push(Fault::at("/resolved_at", "an incident that is open was not resolved"));
            None
        }
        (Some(Status::Open), None) => None,
        (Some(Status::Resolved) | None, Some(at)) => Some(at),
        (Some(Status::Resolved), None) => Some(before.unwrap_or(now)),
        (None, None) => before,
    }?;
    if at > now.plus_seconds(CLOCKS_DIFFER_S) {
        faults.push(Fault::at("/resolved_at", "this is in the future; report it when it is resolved"));
    }
    if at < opened_at {
        faults.push(Fault::at("/resolved_at", "this is before it opened"));
    }
    Some(at.min(now))
}

/// A part that the first report has to have.
fn first(known: Option<&String>, said: Option<&str>, (pointer, longest): (&'static str, usize), faults: &mut Vec<Fault>) -> Option<String> {
    match (said, known) {
        (Some(said), _) => Some(text(said, (pointer, longest), faults)),
        (None, Some(known)) => Some(known.clone()),
        (None, None) => {
            faults.push(Fault::at(pointer, "the first report of an incident says this"));
            None
        }
    }
}

fn services(known: Option<&Incident>, report: &Report, faults: &mut Vec<Fault>) -> Option<BTreeSet<String>> {
    let said = match (&report.services, known) {
        (Some(said), _) => said,
        (None, Some(known)) => return Some(known.services.clone()),
        (None, None) => {
            faults.push(Fault::at("/services", "the first report of an incident says which services it concerns; none is []"));
            return None;
        }
    };
    if said.len() > MAX_SERVICES {
        faults.push(Fault::at("/services", format!("an incident names at most {MAX_SERVICES} services")));
        return None;
    }
    Some(said.iter().map(|service| name(service, "/services", faults)).collect())
}

fn name(said: &str, pointer: &'static str, faults: &mut Vec<Fault>) -> String {
    text(said, (pointer, MAX_NAME), faults)
}

fn text(said: &str, (pointer, longest): (&'static str, usize), faults: &mut Vec<Fault>) -> String {
    let said = one_line(said);
    let length = said.chars().count();
    if length == 0 || length > longest {
        faults.push(Fault::at(pointer, format!("this has 1 to {longest} visible characters")));
    }
    said
}

fn one_line(said: &str) -> String {
    clean(said).replace('\n', " ")
}

/// It becomes a link that people press.
fn address(said: &str, faults: &mut Vec<Fault>) -> String {
    let said = text(said, ("/url", MAX_URL), faults);
    if !said.starts_with("https://") && !said.starts_with("http://") {
        faults.push(Fault::at("/url", "this is no address of a page: it begins with https://"));
    }
    said
}

/// A "no" to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoReport {
    /// As many are known as can be.
    TooMany,
    /// The policy names who may report, and this is somebody else.
    NotASource { source: String, sources: Vec<String> },
}

impl NoReport {
    /// A stable word for events and the API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooMany => "too_many_incidents",
            Self::NotASource { .. } => "may_not_report",
        }
    }

    pub fn sentence(&self) -> String {
        match self {
            Self::TooMany => {
                format!(
                    "{MAX_KNOWN} incidents are open or were resolved within a day, and no more can be known. Resolve those that are over."
                )
            }
            Self::NotASource { source, sources } => {
                let sources = sources.join(", ");
                format!("“{source}” may not report incidents: the policy’s incidents.sources names {sources}. Nothing was recorded.")
            }
        }
    }
}

#[cfg(test)]
mod tests;
