//! Pausing and resuming, typed: a private answer, and a line for everybody in the channel, because it changes things for
//! them.

use super::answer::sentence;
use super::{Answer, Asker};
use crate::app::pauses::{Paused, Resume, Which};
use crate::app::{App, Failure};
use bot::command::End;
use engine::Refusal;
use engine::calendar::Wall;
use engine::hold::{Hold, Scope};
use engine::ids::PersonId;
use engine::no_pause::NoPause;
use engine::stop_the_line::PauseWish;
use engine::time::Timestamp;
use templates::words::{FOREIGN_MAX, NAME_MAX};
use templates::{Line, PersonRef, Rich, WhenStyle};

impl App {
    pub(super) async fn pause_typed(&self, asker: &Asker<'_>, scope: Scope, wish: (Option<End>, String)) -> Result<Answer, Failure> {
        let Some(person) = asker.person() else { return self.refuse_stranger(asker).await };
        let (end, reason) = wish;
        let (until, note) = match end {
            None => (None, String::new()),
            Some(End::After(seconds)) => (Some(self.clock.now().plus_seconds(seconds)), String::new()),
            Some(End::At(wall)) => match self.instant(wall).await? {
                Some((until, note)) => (Some(until), note),
                None => return Ok(Answer::private(Rich::from(format!("{wall} is outside the calendar. Nothing was paused.")))),
            },
        };
        let wish = PauseWish { by: person.clone(), scope, reason, until };
        Ok(match self.pause(&asker.actor(), &asker.command.interaction, &wish).await? {
            Paused::Done { holds, changes } => paused(asker, &holds, &Told { by: person, note, changes }),
            Paused::Refused { refusal, directory } => Answer::private(sentence(&refusal.sentence(&directory))),
        })
    }

    pub(super) async fn resume_typed(&self, asker: &Asker<'_>, scope: Scope, reason: String) -> Result<Answer, Failure> {
        let Some(person) = asker.person() else { return self.refuse_stranger(asker).await };
        let wish = Resume { by: person.clone(), which: Which::Scope(scope.clone()), reason };
        Ok(match self.resume(&asker.actor(), &wish).await? {
            Paused::Done { changes, .. } => resumed(asker, &scope, (&wish, changes)),
            Paused::Refused { refusal: no @ Refusal::Pause(NoPause::NotThere { .. }), directory } => {
                let status = format!("{} status", asker.command.command);
                Answer::private(sentence(&no.sentence(&directory)).text(" Type ").code(status).text("."))
            }
            Paused::Refused { refusal, directory } => Answer::private(sentence(&refusal.sentence(&directory))),
        })
    }

    async fn refuse_stranger(&self, asker: &Asker<'_>) -> Result<Answer, Failure> {
        let refusal = self.refuse_pause(&asker.actor(), asker.refusal()).await?;
        Ok(Answer::private(sentence(&refusal.sentence(&asker.directory))))
    }

    /// In the zone of the policy, which the note names.
    async fn instant(&self, wall: Wall) -> Result<Option<(Timestamp, String)>, Failure> {
        let zone = self.laws.policy(&self.store).await?.time_zone();
        Ok(wall.instant(self.clock.now(), zone).map(|until| (until, format!(" ({wall} {zone})"))))
    }
}

struct Told<'a> {
    by: &'a PersonId,
    /// In which zone the time was meant.
    note: String,
    changes: usize,
}

fn paused(asker: &Asker<'_>, holds: &[Hold], told: &Told<'_>) -> Answer {
    let Some(pause) = holds.iter().find_map(Hold::pause) else { return Answer::private(Rich::from("Nothing was paused.")) };
    let scope = Line::from(pause.scope.to_string()).cut(NAME_MAX);
    let until = |start: Rich| match pause.until {
        Some(until) => start.text(" until ").when(until, WhenStyle::Absolute).text(&told.note),
        None => start.text(" until it is resumed"),
    };
    let resume = format!("{} resume {} because …", asker.command.command, typed(&pause.scope));
    let private = until(Rich::from(format!("Paused: {scope}")))
        .text(format!(". {}; votes go on, and nothing is deployed. To end it: ", count(told.changes, "is told", "are told")))
        .code(resume);
    let line = until(name(asker, told.by).text(format!(" paused {scope}"))).text(reason(&pause.reason));
    let line = line.text(format!(". {}.", count(told.changes, "waits", "wait")));
    Answer::Said { private, line: Some(line) }
}

fn resumed(asker: &Asker<'_>, scope: &Scope, wish: (&Resume, usize)) -> Answer {
    let (wish, changes) = wish;
    let named = Line::from(scope.to_string()).cut(NAME_MAX);
    let goes_on = count(changes, "goes on", "go on");
    let private = Rich::from(format!("Resumed: {named}. {goes_on}, unless something else holds them."));
    let line = name(asker, &wish.by).text(format!(" resumed {named}")).text(reason(&wish.reason)).text(format!(". {goes_on}."));
    Answer::Said { private, line: Some(line) }
}

fn name(asker: &Asker<'_>, person: &PersonId) -> Rich {
    Rich::new().person(PersonRef::of(person, &asker.directory).named_only())
}

fn reason(text: &str) -> String {
    let line = Line::new(text).cut(FOREIGN_MAX);
    if line.is_empty() { String::new() } else { format!(": “{line}”") }
}

fn count(changes: usize, one: &str, many: &str) -> String {
    if changes == 1 { format!("1 open change {one}") } else { format!("{changes} open changes {many}") }
}

/// As it is typed.
pub(super) fn typed(scope: &Scope) -> String {
    match (&scope.environment, &scope.service) {
        (None, None) => "all".to_owned(),
        (Some(environment), None) => environment.clone(),
        (Some(environment), Some(service)) => format!("{environment}/{service}"),
        // Placed through the API; nothing that is typed stands for it.
        (None, Some(service)) => format!("…/{service}"),
    }
}
