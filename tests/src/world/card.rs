//! A card in a channel, as people see it now.

use super::World;
use super::person::Press;
use crate::fakes::slack::{Button, Message, buttons, shown};

#[derive(Clone)]
pub struct Card<'w> {
    pub(super) world: &'w World,
    pub(super) channel: String,
    pub(super) ts: String,
}

impl<'w> Card<'w> {
    /// Its title begins with this.
    pub fn shows(&self, title: &str) -> &Self {
        let shown = self.title();
        assert!(shown.starts_with(title), "the card shows “{shown}”, not “{title}”; it says\n{}", self.text());
        self
    }

    /// This stands somewhere on it.
    pub fn says(&self, words: &str) -> &Self {
        let text = self.text();
        assert!(text.contains(words), "the card does not say “{words}” but\n{text}");
        self
    }

    pub fn is_silent_about(&self, words: &str) -> &Self {
        let text = self.text();
        assert!(!text.contains(words), "the card says “{words}”:\n{text}");
        self
    }

    /// Nobody can vote on it; details stay to be read, and what is not out yet can be withdrawn.
    pub fn has_no_buttons(&self) -> &Self {
        let labels = self.buttons().into_iter().map(|button| button.label);
        let labels: Vec<String> = labels.filter(|label| !matches!(label.as_str(), "Details" | "Withdraw…")).collect();
        assert!(labels.is_empty(), "the card has {labels:?}");
        self
    }

    /// The lines below it, oldest first; each begins like this.
    pub fn tells(&self, lines: &[&str]) -> &Self {
        let told = self.thread();
        let is_so = told.len() == lines.len() && told.iter().zip(lines).all(|(line, begin)| line.starts_with(begin));
        assert!(is_so, "the thread tells {told:#?}");
        self
    }

    /// Somebody presses the button with this label. `person` is an id of the directory, or `<team>/<user>`.
    pub fn press(&self, label: &str, person: &str) -> Press<'w> {
        let all = self.buttons();
        let found = all.iter().find(|button| button.label == label).cloned();
        let button = found.unwrap_or_else(|| panic!("the card has no button “{label}” but {all:?}"));
        Press::new(self.clone(), self.world.account(person), button)
    }

    /// Somebody whose screen still shows an older card presses a button of that.
    pub fn press_remembered(&self, button: &Button, person: &str) -> Press<'w> {
        Press::new(self.clone(), self.world.account(person), button.clone())
    }

    pub fn button(&self, label: &str) -> Button {
        self.buttons().into_iter().find(|button| button.label == label).expect("a button with this label")
    }

    /// `CHG-1042`, from its buttons.
    pub fn number(&self) -> String {
        self.button("Details").value.split('.').next().unwrap_or_default().to_owned()
    }

    pub fn title(&self) -> String {
        self.message().blocks[0]["text"]["text"].as_str().unwrap_or_default().to_owned()
    }

    /// Everything on it, a line for each piece of text.
    pub fn text(&self) -> String {
        shown(&self.message().blocks)
    }

    pub fn thread(&self) -> Vec<String> {
        self.world.slack.state().thread(&self.ts).into_iter().map(|line| line.text.clone()).collect()
    }

    /// Somebody removes it from the channel.
    pub fn is_deleted(&self) {
        self.world.slack.delete(&self.channel, &self.ts);
    }

    pub fn message(&self) -> Message {
        self.world.slack.state().message(&self.channel, &self.ts).cloned().expect("the card is still there")
    }

    fn buttons(&self) -> Vec<Button> {
        buttons(&self.message().blocks)
    }
}
