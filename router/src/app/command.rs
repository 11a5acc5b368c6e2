//! What somebody types after the command’s name, on whichever platform.

use super::App;
use super::reaction::Reaction;
use bot::Command;

impl App {
    /// The one place that every platform's commands come to.
    pub async fn commanded(&self, command: &Command) -> Reaction {
        let web = self.settings.server.web();
        Reaction::Whisper(format!("{} is not in this build. Use the buttons on the cards, or {web}.", command.command))
    }
}
