//! What waits for a person, and what is open.

use super::Asker;
use crate::app::{App, Failure};
use bot::command::Whose;
use engine::Change;
use engine::event::{Event, What};
use engine::hold::Scope;
use engine::ids::PersonId;
use engine::phase::State;
use engine::sentence::duration;
use engine::standing::standing;
use engine::time::Timestamp;
use entities::Summary;
use templates::{Line, Rich, words};

/// Open changes that one answer looks at, the oldest first.
pub(super) const LOOKS_AT: u64 = 500;
/// Lines of one answer; the web shows the rest.
const SHOWN: usize = 10;

/// A change that a person is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub summary: Summary,
    /// When its open stage began to wait.
    pub since: Timestamp,
}

impl App {
    /// The pending changes that still need something from this person, the longest waiting first.
    pub async fn waiting_for(&self, person: &PersonId) -> Result<Vec<Waiting>, Failure> {
        let directory = self.laws.directory_now(&self.store).await?;
        let mut waiting = Vec::new();
        for (summary, log) in self.store.open_logs(Some(State::Pending), LOOKS_AT).await? {
            let change = folded(&summary, &log)?;
            if standing(&change, &directory).waiting_on.contains(person) {
                waiting.push(Waiting { since: asked_since(&log).unwrap_or(summary.opened_at), summary });
            }
        }
        waiting.sort_by_key(|each| (each.since, each.summary.number));
        Ok(waiting)
    }

    pub(super) async fn inbox(&self, asker: &Asker<'_>, person: &PersonId) -> Result<Rich, Failure> {
        let waiting = self.waiting_for(person).await?;
        if waiting.is_empty() {
            let help = format!("{} help", asker.command.command);
            return Ok(Rich::from("Nothing waits for you. Everything that is open: ")
                .link(self.settings.server.web(), "the list")
                .text("; ")
                .code(help)
                .text("."));
        }
        let now = self.clock.now();
        let lines = waiting
            .iter()
            .take(SHOWN)
            .map(|each| self.line(&each.summary).text(format!(", waits for {}", rounded(now.seconds_since(each.since)))));
        Ok(self.heading(&format!("{} for you", counted(waiting.len(), "waits", "wait")), lines.collect(), waiting.len()))
    }

    pub(super) async fn list(&self, person: &PersonId, environment: Option<String>, whose: Whose) -> Result<Rich, Failure> {
        let scope = Scope { environment, service: None };
        let open = match whose {
            Whose::All => self.store.open_summaries(None, LOOKS_AT).await?,
            Whose::Mine => self.asked_for_by(person).await?,
        };
        let mut open: Vec<Summary> = open.into_iter().filter(|summary| summary.is_covered(&scope)).collect();
        open.reverse();
        if open.is_empty() {
            return Ok(Rich::from("Nothing like that is open."));
        }
        let lines = open.iter().take(SHOWN).map(|summary| self.line(summary).text(format!(": {}", words::state(summary.state))));
        Ok(self.heading(&counted(open.len(), "is open", "are open"), lines.collect(), open.len()))
    }

    pub(super) async fn asked_for_by(&self, person: &PersonId) -> Result<Vec<Summary>, Failure> {
        let mut mine = Vec::new();
        for (summary, log) in self.store.open_logs(None, LOOKS_AT).await? {
            if folded(&summary, &log)?.asked_for_it(person) {
                mine.push(summary);
            }
        }
        Ok(mine)
    }

    fn line(&self, summary: &Summary) -> Rich {
        let web = format!("{}/changes/{}", self.settings.server.web(), summary.number);
        Rich::new()
            .line_break()
            .link(&web, summary.number.to_string())
            .text(format!(" {}", Line::new(&summary.title).cut(words::TITLE_MAX)))
    }

    fn heading(&self, heading: &str, lines: Vec<Rich>, all: usize) -> Rich {
        let hidden = all.saturating_sub(lines.len());
        let shown = lines.into_iter().fold(Rich::new().strong(heading), Rich::then);
        if hidden == 0 { shown } else { shown.line_break().link(self.settings.server.web(), format!("and {hidden} more")) }
    }
}

fn folded(summary: &Summary, log: &[Event]) -> Result<Change, Failure> {
    Change::fold(log).map_err(|why| Failure::Log { change: summary.id, why })
}

fn asked_since(log: &[Event]) -> Option<Timestamp> {
    log.iter().rev().find(|event| matches!(event.what, What::StageOpened { .. })).map(|event| event.at)
}

/// “1 change waits”, “3 changes wait”.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 change {one}") } else { format!("{count} changes {many}") }
}

/// To whole minutes, from the first one on.
fn rounded(seconds: u64) -> String {
    if seconds < 60 { "less than a minute".to_owned() } else { duration(seconds - seconds % 60) }
}
