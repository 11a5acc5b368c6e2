//! The ids on controls and forms, alike on every platform: pointers to a change, never permissions.

use crate::inbound::{Target, Verb};
use templates::card;

/// What every id of ours begins with.
const PREFIX: &str = "gate:";
/// The version of the ids that this build writes and understands.
const VERSION: &str = "v1";

/// The input of a form's reason.
pub const RATIONALE: &str = "rationale";
/// What the id of every other input begins with; the policy's name of the field follows.
const FIELD: &str = "field.";
/// The word of a menu, which asks for nothing by itself.
const MORE: &str = "more";

/// `field.backout_plan`: the id of an input.
pub fn field(name: &str) -> String {
    format!("{FIELD}{name}")
}

/// The field that an input is for; `None` for another input.
pub fn field_name(id: &str) -> Option<&str> {
    id.strip_prefix(FIELD)
}

/// `gate:v1:more`: the id of a menu of controls.
pub fn menu() -> String {
    format!("{PREFIX}{VERSION}:{MORE}")
}

/// `abstain:CHG-1042.r1`: a control in a menu.
pub fn option(verb: card::Verb, target: &str) -> String {
    format!("{}:{target}", verb.word())
}

/// What a control in one of our menus asks for, and what it is about.
pub fn read_option(option: &str) -> Option<(Verb, &str)> {
    let (word, target) = option.split_once(':')?;
    Some((known(word), target))
}

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
    Some(known(verb))
}

/// Whether this is the id of a menu of this version: then its option says what is asked for.
pub fn is_menu(id: &str) -> bool {
    id == menu()
}

fn known(word: &str) -> Verb {
    card::Verb::from_word(word).map_or_else(|| Verb::Unknown(word.to_owned()), Verb::Known)
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
        for of_this_build in card::Verb::ALL {
            assert_eq!(verb(&action(of_this_build)), Some(Verb::Known(of_this_build)));
            assert_eq!(read_option(&option(of_this_build, "CHG-1.r2")), Some((Verb::Known(of_this_build), "CHG-1.r2")));
        }
        assert_eq!(read_option("snooze:CHG-1.r2"), Some((Verb::Unknown("snooze".to_owned()), "CHG-1.r2")));
        assert_eq!((read_option("abstain"), is_menu(&menu()), is_menu("gate:v0:more")), (None, true, false));
        assert_eq!((field_name(&field("backout_plan")), field_name(RATIONALE)), (Some("backout_plan"), None));
        assert_eq!(verb("gate:v0:approve"), Some(Verb::Older));
        assert_eq!(verb("gate:v1:delegate"), Some(Verb::Unknown("delegate".to_owned())));
        assert_eq!(verb("other:v1:approve"), None);
        assert_eq!(verb("gate:"), None);
    }
}
