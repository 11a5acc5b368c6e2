//! The ids on controls and forms, alike on every platform: pointers to a change, never permissions.

use crate::inbound::{Target, Verb};
use templates::card;

/// What every id of ours begins with.
const PREFIX: &str = "gate:";
/// The version of the ids that this build writes and understands.
const VERSION: &str = "v1";

/// The input of a form.
pub const RATIONALE: &str = "rationale";

/// `gate:v1:approve`: the id of a control or a form.
pub fn action(verb: card::Verb) -> String {
    format!("{PREFIX}{VERSION}:{}", verb.word())
}

/// What a control or form of ours asks for; `None` for one that is not ours.
pub fn verb(id: &str) -> Option<Verb> {
    let (version, verb) = id.strip_prefix(PREFIX)?.split_once(':')?;
    if version != VERSION {
        return Some(Verb::Older);
    }
    Some(match verb {
        "approve" => Verb::Approve,
        "reject" => Verb::Reject,
        "details" => Verb::Details,
        other => Verb::Unknown(other.to_owned()),
    })
}

/// `CHG-1042.r1`: what a control or a form is about.
pub fn target(number: engine::ids::ChangeNumber, round: u32) -> String {
    Target { number, round }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_of_this_version_are_understood() {
        assert_eq!(verb(&action(card::Verb::Reject)), Some(Verb::Reject));
        assert_eq!(verb("gate:v0:approve"), Some(Verb::Older));
        assert_eq!(verb("gate:v1:delegate"), Some(Verb::Unknown("delegate".to_owned())));
        assert_eq!(verb("other:v1:approve"), None);
        assert_eq!(verb("gate:"), None);
    }
}
