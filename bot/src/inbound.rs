//! What people do in chat, in words that every platform shares. Nothing here is believed to permit anything.

use crate::secret::Secret;
use engine::ids::{ChangeNumber, InteractionId};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One verified and decoded request of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// The platform checks the address: answer with this text.
    Challenge(String),
    /// A button on a card.
    Press(Press),
    /// A form was sent.
    Submit(Submit),
    /// A form was closed without sending.
    Closed,
    /// A slash command.
    Command(Command),
    /// Signed and well formed, but nothing of ours.
    Ignored,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Press {
    /// The account as the directory writes it; Slack: `<team>/<user>`, Discord: the user's id.
    pub account: String,
    pub verb: Verb,
    pub target: Target,
    /// Opens one form, within seconds.
    pub trigger: Secret,
    pub reply: ReplyHandle,
    /// The same for a repeated delivery of the same click.
    pub interaction: InteractionId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submit {
    pub account: String,
    pub verb: Verb,
    pub target: Target,
    /// Empty where nothing was written.
    pub rationale: String,
    /// The other inputs of the form, by the policy's names of their fields; several items stand one a line.
    pub fields: BTreeMap<String, String>,
    /// Knows the person, but no channel until [`ReplyHandle::in_channel`] gives it one.
    pub reply: ReplyHandle,
    /// The same for a repeated delivery of the same form.
    pub interaction: InteractionId,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub account: String,
    /// With its slash.
    pub command: String,
    pub text: String,
    /// Opens one form, within seconds.
    pub trigger: Secret,
    pub reply: ReplyHandle,
    /// The same for a repeated delivery of the same command.
    pub interaction: InteractionId,
}

/// Somebody is filling a command in, and could be offered what fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    pub account: String,
    /// The verb's word, such as `show`.
    pub verb: String,
    pub wanted: Wanted,
    pub typed: String,
}

/// What a part of a command names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Change,
    Scope,
    Environment,
    Verb,
    /// Nothing that could be offered.
    Else,
}

/// What people read, and what stands in the command once they choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub label: String,
    pub value: String,
}

/// What a control asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// One that this build shows.
    Known(templates::Verb),
    /// A control of an older or newer release of this program.
    Older,
    /// A verb of this version that this build does not have.
    Unknown(String),
}

/// The change and the round that a control was shown for: `CHG-1042.r1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    pub number: ChangeNumber,
    pub round: u32,
}

/// Where a private answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyHandle {
    /// The platform's one-off address for this interaction, or the token that stands in it.
    pub url: Option<Secret>,
    pub channel: Option<String>,
    /// The platform's own id of the person.
    pub user: String,
}

/// A request without a valid signature, or too old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    #[error("the signature or its time is missing")]
    Unsigned,
    #[error("the time of the signature is not a number")]
    NoTime,
    #[error("the signature is older than five minutes, or from the future")]
    Stale,
    #[error("the signature does not match the body")]
    Mismatch,
    #[error("no signing secret is configured")]
    NoSecret,
}

/// A signed request that could not be read. Never holds what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    #[error("the body is not a form")]
    NotAForm,
    #[error("the form has neither a payload nor a command")]
    NoPayload,
    #[error("the JSON does not have the expected shape at line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("the control points to no change")]
    NoTarget,
    #[error("it is for another application")]
    OtherApplication,
}

impl ReplyHandle {
    /// The same person, answered in this channel where there is no address.
    #[must_use]
    pub fn in_channel(mut self, channel: &str) -> Self {
        self.channel.get_or_insert_with(|| channel.to_owned());
        self
    }
}

impl Target {
    /// Older releases may have written the round otherwise; the number is enough to show the card of today.
    pub fn of_any_release(value: &str) -> Result<Self, DecodeError> {
        value.parse().or_else(|_| {
            let number = value.split(['.', ':']).find(|part| part.starts_with("CHG-")).and_then(|part| part.parse().ok());
            number.map(|number| Self { number, round: 0 }).ok_or(DecodeError::NoTarget)
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.r{}", self.number, self.round)
    }
}

impl FromStr for Target {
    type Err = DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, round) = text.split_once(".r").ok_or(DecodeError::NoTarget)?;
        let number = number.parse().map_err(|_| DecodeError::NoTarget)?;
        let round = round.parse().map_err(|_| DecodeError::NoTarget)?;
        Ok(Self { number, round })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_as_it_is_written() {
        let target: Target = "CHG-1042.r3".parse().unwrap();
        assert_eq!(target, Target { number: ChangeNumber(1042), round: 3 });
        assert_eq!(target.to_string(), "CHG-1042.r3");
        for wrong in ["", "CHG-1042", "CHG-x.r1", "CHG-1.r", "CHG-1.r-1", "CHG-1.r99999999999"] {
            assert_eq!(wrong.parse::<Target>(), Err(DecodeError::NoTarget), "{wrong}");
        }
    }
}
