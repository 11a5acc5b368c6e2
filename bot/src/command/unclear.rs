//! Why something typed is not understood, in words that help to write it again. Nothing was done.

use super::verbs::{VERBS, Verb};
use templates::{Line, Rich};

/// Units of what somebody typed, where it is shown to them again.
const SHOWN_MAX: usize = 60;
/// Units of a command that is repeated for copying.
const COMPLETED_MAX: usize = 300;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unclear {
    UnknownVerb {
        word: String,
    },
    /// Something that the verb needs is not there.
    Missing {
        verb: &'static Verb,
        what: &'static str,
    },
    NotAChange {
        word: String,
    },
    NotAScope {
        word: String,
    },
    NotAPeriod {
        word: String,
    },
    NotATime {
        word: String,
    },
    /// A word that nothing was expected in the place of.
    Unexpected {
        verb: &'static Verb,
        word: String,
    },
    /// All is there but the reason; the command as far as it goes.
    NoReason {
        completed: String,
    },
    TooLong {
        most: usize,
    },
}

impl Unclear {
    /// `command` is its name with the slash: what people copy has to begin with it.
    pub fn words(&self, command: &str) -> Rich {
        match self {
            Self::UnknownVerb { word } => unknown(word, command),
            Self::Missing { verb, what } => usage(Rich::from(format!("{what} is missing.")), verb, command),
            Self::NotAChange { word } => {
                Rich::from(format!("“{}” is no change. Write its number, such as CHG-1042, or paste the link to its card.", shown(word)))
            }
            Self::NotAScope { word } => {
                let words = "Write all, an environment, or environment/service.";
                Rich::from(format!("“{}” is nothing that can be paused. {words}", shown(word)))
            }
            Self::NotAPeriod { word } => Rich::from(format!("“{}” is no length of time. Write 30m, 2h or 1d.", shown(word))),
            Self::NotATime { word } => Rich::from(format!("“{}” is no time. Write 18:00 or 2026-11-24T18:00.", shown(word))),
            Self::Unexpected { verb, word } => usage(Rich::from(format!("“{}” does not belong there.", shown(word))), verb, command),
            Self::NoReason { completed } => {
                let completed = Line::new(completed).cut(COMPLETED_MAX);
                Rich::from("Say why; everybody can read it. Nothing was done yet: ").code(format!("{command} {completed} because …"))
            }
            Self::TooLong { most } => Rich::from(format!("That has more than {most} characters. Say it shorter.")),
        }
    }
}

fn unknown(word: &str, command: &str) -> Rich {
    let meant = engine::spelling::nearest(&word.to_lowercase(), VERBS.iter().map(|verb| verb.word));
    let meant = meant.map(|meant| format!(" Did you mean {meant}?")).unwrap_or_default();
    Rich::from(format!("I don’t know ‘{}’.{meant} Try ", shown(word))).code(format!("{command} help")).text(".")
}

fn usage(start: Rich, verb: &Verb, command: &str) -> Rich {
    start.text(" Write ").code(format!("{command} {}", verb.written())).text(". Nothing was done.")
}

fn shown(word: &str) -> Line {
    Line::new(word).cut(SHOWN_MAX)
}
