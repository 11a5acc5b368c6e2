//! What is paused, by whom, why and until when, and what that stops now; and what the policy freezes.

use super::Asker;
use crate::app::pauses::FORESEEN_S;
use crate::app::{App, Failure};
use engine::hold::{Hold, Pause, Scope};
use engine::phase::State;
use entities::Summary;
use templates::foreseen::foreseen;
use templates::words::{FOREIGN_MAX, NAME_MAX};
use templates::{Line, PersonRef, Rich, WhenStyle};

/// Open changes that are counted.
const COUNTS: u64 = 2_000;
/// Pauses of one answer, and freezes.
const SHOWN: usize = 10;

impl App {
    /// Every pause in force, or those that concern this scope, and the freezes that are in force or come soon.
    pub(super) async fn status(&self, asker: &Asker<'_>, scope: Option<&Scope>) -> Result<Rich, Failure> {
        let now = self.clock.now();
        let freezes = self.laws.policy(&self.store).await?.freezes_within(now, FORESEEN_S);
        let hidden = freezes.len().saturating_sub(SHOWN);
        let lines = freezes.iter().take(SHOWN).map(|one| foreseen(one, now));
        let paused = self.paused(asker, scope).await?;
        let told = lines.fold(paused, |told, line| told.line_break().then(line));
        Ok(if hidden == 0 { told } else { told.line_break().text(format!("and {hidden} more freezes")) })
    }

    async fn paused(&self, asker: &Asker<'_>, scope: Option<&Scope>) -> Result<Rich, Failure> {
        let holds = self.pauses().await?;
        let pauses: Vec<&Pause> =
            holds.iter().filter_map(Hold::pause).filter(|pause| scope.is_none_or(|scope| meet(&pause.scope, scope))).collect();
        if pauses.is_empty() {
            let what =
                scope.map_or_else(|| "Nothing".to_owned(), |scope| format!("Nothing of {}", Line::from(scope.to_string()).cut(NAME_MAX)));
            return Ok(Rich::from(format!("{what} is paused.")));
        }
        let open = self.store.open_summaries(COUNTS).await?;
        let hidden = pauses.len().saturating_sub(SHOWN);
        let mut lines = pauses.iter().take(SHOWN).enumerate().map(|(index, pause)| {
            let start = if index == 0 { Rich::new() } else { Rich::new().line_break() };
            start.then(described(asker, pause, &open))
        });
        let shown = lines.by_ref().fold(Rich::new(), Rich::then);
        Ok(if hidden == 0 { shown } else { shown.line_break().text(format!("and {hidden} more")) })
    }
}

fn described(asker: &Asker<'_>, pause: &Pause, open: &[Summary]) -> Rich {
    let scope = Line::from(pause.scope.to_string()).cut(NAME_MAX);
    let by = PersonRef::of(&pause.by, &asker.directory).named_only();
    let start = Rich::new().strong(scope).text(": paused by ").person(by).text(" since ").when(pause.since, WhenStyle::Absolute);
    let end = match pause.until {
        Some(until) => start.text(", until ").when(until, WhenStyle::Absolute),
        None => start.text(", until it is resumed"),
    };
    let reason = Line::new(&pause.reason).cut(FOREIGN_MAX);
    let reason = if reason.is_empty() { String::new() } else { format!(": “{reason}”") };
    end.text(format!("{reason}. {}", stops(pause, open)))
}

fn stops(pause: &Pause, open: &[Summary]) -> String {
    let covered = || open.iter().filter(|summary| summary.is_covered(&pause.scope));
    let approved = covered().filter(|summary| summary.state == State::Approved).count();
    let earlier = covered().filter(|summary| summary.state != State::Approved && summary.state.can_be_superseded()).count();
    format!("It stops {approved} approved now; {earlier} more are not approved yet.")
}

/// Whether there can be a change that both cover.
fn meet(one: &Scope, other: &Scope) -> bool {
    let fit = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    fit(&one.environment, &other.environment) && fit(&one.service, &other.service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_meet_where_a_change_can_lie_in_both() {
        let scope = |environment: Option<&str>, service: Option<&str>| Scope {
            environment: environment.map(ToOwned::to_owned),
            service: service.map(ToOwned::to_owned),
        };
        let payments = scope(Some("production"), Some("payments"));
        for (other, expected) in [
            (scope(None, None), true),
            (scope(Some("production"), None), true),
            (scope(None, Some("payments")), true),
            (scope(Some("staging"), None), false),
            (scope(Some("production"), Some("ledger")), false),
        ] {
            assert_eq!((meet(&payments, &other), meet(&other, &payments)), (expected, expected), "{other}");
        }
    }
}
