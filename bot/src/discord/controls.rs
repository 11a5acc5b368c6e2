//! The ids on our buttons and modals: `gate:v1:approve:CHG-1042.r1`, and on a modal which press opened it.

use super::limits::CUSTOM_ID_MAX;
use crate::ids;
use crate::inbound::Verb;
use engine::ids::ChangeNumber;
use templates::card;

/// What an id of ours says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer<'a> {
    pub verb: Verb,
    pub target: &'a str,
    /// The interaction that opened the form, so that a form that is sent twice is known.
    pub opened_by: Option<&'a str>,
}

pub fn button(verb: card::Verb, number: ChangeNumber, round: u32) -> String {
    format!("{}:{}", ids::action(verb), ids::target(number, round))
}

pub fn modal(verb: card::Verb, number: ChangeNumber, round: u32, opened_by: &str) -> String {
    let bare = button(verb, number, round);
    let known = format!("{bare}:{opened_by}");
    if known.len() <= CUSTOM_ID_MAX { known } else { bare }
}

/// `None` for a control that is not ours.
pub fn read(custom_id: &str) -> Option<Pointer<'_>> {
    let mut parts = custom_id.splitn(5, ':');
    let (prefix, version, word) = (parts.next()?, parts.next()?, parts.next().unwrap_or_default());
    let verb = ids::verb(&format!("{prefix}:{version}:{word}"))?;
    Some(Pointer { verb, target: parts.next().unwrap_or_default(), opened_by: parts.next() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let of_button = button(card::Verb::Reject, ChangeNumber(1042), 3);
        assert_eq!(of_button, "gate:v1:reject:CHG-1042.r3");
        assert_eq!(read(&of_button), Some(Pointer { verb: Verb::Known(card::Verb::Reject), target: "CHG-1042.r3", opened_by: None }));
        let of_modal = modal(card::Verb::Approve, ChangeNumber(u64::MAX >> 1), u32::MAX, &u64::MAX.to_string());
        assert_eq!(modal(card::Verb::Reject, ChangeNumber(1), 1, &"9".repeat(100)), "gate:v1:reject:CHG-1.r1");
        assert_eq!(read(&of_modal).unwrap().opened_by, Some("18446744073709551615"));
        assert_eq!(read("gate:v1:snooze:CHG-1.r1").unwrap().verb, Verb::Unknown("snooze".to_owned()));
        assert_eq!(read("gate:v0:approve:CHG-1.r1").unwrap().verb, Verb::Older);
        for foreign in ["", "gate", "other:v1:approve:CHG-1.r1"] {
            assert_eq!(read(foreign), None, "{foreign}");
        }
    }
}
