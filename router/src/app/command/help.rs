//! What can be asked, in the words of the grammar.

use super::{Answer, Asker};
use crate::app::App;
use bot::command::{Built, Topic, VERBS, Verb};
use templates::Rich;

impl App {
    pub(super) fn help(&self, asker: &Asker<'_>, topic: Topic) -> Answer {
        let command = asker.command.command.as_str();
        Answer::private(match topic {
            Topic::Short => self.short(asker),
            Topic::All => {
                let built = VERBS.iter().filter(|verb| verb.built == Built::Yes);
                let start = Rich::new().code(command).text(" what waits for you");
                built.fold(start, |help, verb| help.line_break().then(described(verb, command)))
            }
            Topic::Verb(verb) if verb.built == Built::NotInThisBuild => return self.not_built(verb),
            Topic::Verb(verb) => described(verb, command),
        })
    }

    fn short(&self, asker: &Asker<'_>) -> Rich {
        let command = asker.command.command.as_str();
        let examples = [
            (String::new(), "what is waiting for you"),
            (" show CHG-1042".to_owned(), "one approval"),
            (" approve CHG-1042 because canary is clean".to_owned(), ""),
            (" pause production/payments for 2h because INC-88".to_owned(), ""),
        ];
        let start = Rich::new().strong("Countersign – approvals for deployments");
        let shown = examples
            .into_iter()
            .fold(start, |help, (text, about)| help.line_break().code(format!("{command}{text}")).text(format!(" {about}")));
        let web = self.settings.server.web();
        let shown = shown.line_break().text("All commands: ").code(format!("{command} help all")).text(" · Web: ").link(web, web);
        match asker.person() {
            Some(person) => shown.line_break().text(format!("You are {person}.")),
            None => shown,
        }
    }

    pub(super) fn not_built(&self, verb: &Verb) -> Answer {
        let web = self.settings.server.web();
        let words = format!("“{}” is not in this build, so nothing was done. Use the buttons on the cards, or ", verb.word);
        Answer::private(Rich::from(words).link(web, web).text("."))
    }
}

fn described(verb: &Verb, command: &str) -> Rich {
    Rich::new().code(format!("{command} {}", verb.written())).text(format!(" {}", verb.about))
}
