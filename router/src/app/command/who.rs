//! Which person somebody's account is, and what that gives them; or what an administrator has to write down.

use super::Asker;
use templates::words::NAME_MAX;
use templates::{Line, Rich};

/// Groups of one answer.
const SHOWN: usize = 20;

impl Asker<'_> {
    pub(super) fn who(&self) -> Rich {
        let account = self.command.account.as_str();
        let Some(person) = self.person() else { return self.not_linked().text(" This account is ").code(account).text(".") };
        let name = Line::new(self.directory.name(person)).cut(NAME_MAX);
        let start = Rich::from("You are ").strong(name).text(format!(" ({person}), by the account ")).code(account).text(". ");
        let groups: Vec<String> = self.directory.groups_of(person).map(|group| group.group.clone()).collect();
        match groups.as_slice() {
            [] => start.text("You are in no group."),
            few if few.len() <= SHOWN => start.text(format!("Your groups: {}.", few.join(", "))),
            many => start.text(format!("Your groups: {} and {} more.", many[..SHOWN].join(", "), many.len() - SHOWN)),
        }
    }
}
