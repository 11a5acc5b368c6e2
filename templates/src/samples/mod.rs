//! Changes in every state and in bad shape, with which templates and renderers are checked.
//!
//! Each is a real stream of events, folded as in production. No person in them exists.

mod gated;
mod hostile;
mod people;
mod stories;
mod story;
mod waiting;

pub use people::directory;

use crate::view::{Controls, Note, View};
use engine::change::FoldError;
use engine::directory::Directory;
use engine::sealed::as_shown;
use engine::{Change, Event};
use story::Story;

/// Where the samples' console is.
pub const PUBLIC_URL: &str = "https://gate.example.com";
/// What the samples call the system that asked.
pub const TOOL: &str = "GitLab";

/// One change and all that a view of it needs.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The state's word, or the state and what is special: `pending-escalated`.
    pub name: &'static str,
    pub change: Change,
    pub events: Vec<Event>,
    pub notes: Vec<Note>,
}

impl Sample {
    fn new(name: &'static str, story: Story, notes: Vec<Note>) -> Result<Self, FoldError> {
        let events = story.into_events();
        let change = as_shown(&Change::fold(&events)?, &directory());
        Ok(Self { name, change, events, notes })
    }

    pub fn view<'a>(&'a self, directory: &'a Directory, controls: Controls) -> View<'a> {
        View { change: &self.change, directory, public_url: PUBLIC_URL, tool: TOOL, controls, notes: &self.notes }
    }
}

/// At least one for each state.
pub fn samples() -> Result<Vec<Sample>, FoldError> {
    let plain =
        stories::all().into_iter().chain(waiting::all()).chain(gated::all()).map(|(name, story)| Sample::new(name, story, Vec::new()));
    let untold = Note::CannotAnswer { why: "gitlab-main has no token".to_owned() };
    let noted = [Sample::new("approved-no-token", stories::approved(), vec![untold])];
    plain.chain(noted).chain(hostile::all().into_iter().map(|(name, story)| Sample::new(name, story, Vec::new()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::phase::State;

    #[test]
    fn every_state_has_a_sample_that_is_in_it() {
        let samples = samples().unwrap();
        for state in State::ALL {
            assert!(samples.iter().any(|sample| sample.name == state.word()), "{state:?}");
        }
        for sample in samples {
            assert_eq!(sample.name.split('-').next(), Some(sample.change.state().word()), "{}", sample.name);
        }
    }
}
