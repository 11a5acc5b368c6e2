//! What waits for a person, and what is open.

use super::Asker;
use crate::app::waiting::{LOOKS_AT, Open, Waiting};
use crate::app::{App, Failure};
use bot::command::Whose;
use engine::hold::Scope;
use engine::ids::PersonId;
use engine::sentence::duration;
use engine::time::Timestamp;
use entities::{ChangeFilter, Summary};
use std::cmp::Reverse;
use templates::{Line, Rich, words};

/// Lines of one answer; the web shows the rest.
const SHOWN: usize = 10;

impl App {
    pub(super) async fn inbox(&self, asker: &Asker<'_>, person: &PersonId) -> Result<Rich, Failure> {
        let waiting = self.waiting(&ChangeFilter::default(), Some(person)).await?;
        let on_them = &waiting.on_them;
        if on_them.is_empty() {
            let help = format!("{} help", asker.command.command);
            let nothing = Rich::from("Nothing waits for you. Everything that is open: ").link(self.settings.server.web(), "the list");
            return Ok(limited(nothing.text("; ").code(help).text("."), &waiting));
        }
        let now = self.clock.now();
        let lines = on_them.iter().take(SHOWN).map(|open| self.line(&open.summary).text(awaited(open, now)));
        let heading = format!("{} for you", counted(on_them.len(), "waits", "wait"));
        Ok(limited(self.heading(&heading, lines.collect(), on_them.len()), &waiting))
    }

    pub(super) async fn list(&self, person: &PersonId, environment: Option<String>, whose: Whose) -> Result<Rich, Failure> {
        let scope = Scope { environment, service: None };
        let waiting = self.waiting(&ChangeFilter::default(), Some(person)).await?;
        let is_wanted = |open: &&Open| match whose {
            Whose::All => true,
            Whose::Mine => open.change.asked_for_it(person),
        };
        let mut open: Vec<&Summary> = waiting.all().filter(is_wanted).map(|open| &open.summary).collect();
        open.retain(|summary| summary.is_covered(&scope));
        open.sort_by_key(|summary| Reverse(summary.number));
        if open.is_empty() {
            return Ok(limited(Rich::from("Nothing like that is open."), &waiting));
        }
        let lines = open.iter().take(SHOWN).map(|summary| self.line(summary).text(format!(": {}", words::state(summary.state))));
        Ok(limited(self.heading(&counted(open.len(), "is open", "are open"), lines.collect(), open.len()), &waiting))
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

/// What is left out is said.
fn limited(answer: Rich, waiting: &Waiting) -> Rich {
    if waiting.is_cut { answer.line_break().text(format!("More is open than the {LOOKS_AT} changes that were looked at.")) } else { answer }
}

fn awaited(open: &Open, now: Timestamp) -> String {
    if open.waits_for_answers() {
        ", waits for your answers".to_owned()
    } else {
        format!(", waits for {}", rounded(now.seconds_since(open.since)))
    }
}

/// “1 change waits”, “3 changes wait”.
fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 change {one}") } else { format!("{count} changes {many}") }
}

/// To whole minutes, from the first one on.
fn rounded(seconds: u64) -> String {
    if seconds < 60 { "less than a minute".to_owned() } else { duration(seconds - seconds % 60) }
}
