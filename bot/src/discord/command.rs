//! The command `/gate` as Discord knows it: its verbs and options, and the sentence that a filled-in one stands for.
//!
//! The sentence is the one that people type on platforms with free text, so what it means is decided in one place.

use crate::inbound::Wanted;
use serde::Deserialize;
use serde_json::Value;
use serenity::all::CommandOptionType;
use serenity::builder::{CreateCommand, CreateCommandOption};

/// The command's name, without its slash.
pub const NAME: &str = "gate";
const DESCRIPTION: &str = "Approvals for deployments";

/// One verb, as a subcommand.
struct Verb {
    name: &'static str,
    description: &'static str,
    options: &'static [Slot],
}

/// One option of a verb.
struct Slot {
    name: &'static str,
    description: &'static str,
    place: Place,
    need: Need,
    hints: Hints,
}

/// Where an option's value stands in the sentence; they stand in this order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Object,
    For,
    Until,
    Because,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
}

/// What Discord offers while somebody types.
#[derive(Clone, Copy)]
enum Hints {
    None,
    /// Discord asks us for these.
    Asked(Wanted),
    Fixed(&'static [&'static str]),
}

const fn slot(name: &'static str, description: &'static str, place: Place, need: Need) -> Slot {
    Slot { name, description, place, need, hints: Hints::None }
}

impl Slot {
    const fn asked(self, wanted: Wanted) -> Self {
        Self { hints: Hints::Asked(wanted), ..self }
    }
}

const CHANGE: Slot = slot("change", "Its number, such as CHG-1042", Place::Object, Need::Required).asked(Wanted::Change);
const SCOPE: Slot = slot("scope", "all, an environment, or environment/service", Place::Object, Need::Required).asked(Wanted::Scope);
const WHERE: Slot = slot("scope", "all, an environment, or environment/service", Place::Object, Need::Optional).asked(Wanted::Scope);
const BECAUSE: Slot = slot("because", "The reason; everybody can read it", Place::Because, Need::Required);
const WHY: Slot = slot("because", "The reason; without one a form opens", Place::Because, Need::Optional);
const PERIOD: Slot = slot("for", "How long: 30m, 2h, 1d", Place::For, Need::Optional);
const UNTIL: Slot = slot("until", "Until when: 18:00", Place::Until, Need::Optional);
const ENVIRONMENT: Slot = slot("environment", "Only this environment", Place::For, Need::Optional).asked(Wanted::Environment);
const WHOSE: Slot = Slot {
    name: "whose",
    description: "Yours or everybody's",
    place: Place::Object,
    need: Need::Optional,
    hints: Hints::Fixed(&["mine", "all"]),
};
const TOPIC: Slot = slot("verb", "About which verb", Place::Object, Need::Optional).asked(Wanted::Verb);

/// What people type as the command alone.
const INBOX: &str = "inbox";

const VERBS: [Verb; 13] = [
    Verb { name: INBOX, description: "What waits for you", options: &[] },
    Verb { name: "list", description: "Open changes", options: &[ENVIRONMENT, WHOSE] },
    Verb { name: "show", description: "One change", options: &[CHANGE] },
    Verb { name: "approve", description: "Approve a change", options: &[CHANGE, WHY] },
    Verb { name: "reject", description: "Reject a change", options: &[CHANGE, BECAUSE] },
    Verb { name: "abstain", description: "Answer without deciding", options: &[CHANGE, BECAUSE] },
    Verb { name: "withdraw", description: "Take back what you asked for", options: &[CHANGE, BECAUSE] },
    Verb { name: "override", description: "Let it go out in spite of a freeze", options: &[CHANGE, BECAUSE] },
    Verb { name: "pause", description: "Hold deployments back", options: &[SCOPE, BECAUSE, PERIOD, UNTIL] },
    Verb { name: "resume", description: "End a pause", options: &[SCOPE, BECAUSE] },
    Verb { name: "status", description: "What is paused, why and until when", options: &[WHERE] },
    Verb { name: "whoami", description: "Which person your account is", options: &[] },
    Verb { name: "help", description: "What can be asked here", options: &[TOPIC] },
];

/// The command as it is registered.
pub fn registration() -> CreateCommand {
    let verbs = VERBS.iter().map(|verb| {
        let options: Vec<_> = verb.options.iter().map(option).collect();
        CreateCommandOption::new(CommandOptionType::SubCommand, verb.name, verb.description).set_sub_options(options)
    });
    CreateCommand::new(NAME).description(DESCRIPTION).set_options(verbs.collect())
}

fn option(slot: &Slot) -> CreateCommandOption {
    let option = CreateCommandOption::new(CommandOptionType::String, slot.name, slot.description);
    let option = option.required(slot.need == Need::Required);
    match slot.hints {
        Hints::None => option,
        Hints::Asked(_) => option.set_autocomplete(true),
        Hints::Fixed(words) => words.iter().fold(option, |option, word| option.add_string_choice(*word, *word)),
    }
}

/// What Discord asks us for while this option of a verb is typed.
pub fn wanted(verb: &str, option: &str) -> Wanted {
    let slots = VERBS.iter().find(|known| known.name == verb).map_or(&[] as &[Slot], |known| known.options);
    match slots.iter().find(|slot| slot.name == option).map(|slot| slot.hints) {
        Some(Hints::Asked(wanted)) => wanted,
        Some(Hints::None | Hints::Fixed(_)) | None => Wanted::Else,
    }
}

/// An option as it comes in: a subcommand with options of its own, or a value.
#[derive(Clone, Debug, Deserialize)]
pub struct Given {
    pub name: String,
    #[serde(default)]
    pub value: Value,
    #[serde(default)]
    pub options: Vec<Given>,
    #[serde(default)]
    pub focused: bool,
}

impl Given {
    /// The value as text; empty where there is none.
    pub fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
        }
    }
}

/// `pause production/payments for 2h because …`: what the filled-in subcommand says. A verb or option that this build
/// does not know stands in it as it came, so that whoever reads the sentence can say so.
pub fn sentence(given: &Given) -> String {
    let verb = VERBS.iter().find(|verb| verb.name == given.name);
    let slots = verb.map_or(&[] as &[Slot], |verb| verb.options);
    let place = |option: &Given| slots.iter().find(|slot| slot.name == option.name).map_or(Place::Object, |slot| slot.place);
    let mut options: Vec<&Given> = given.options.iter().collect();
    options.sort_by_key(|option| place(option));
    let words = options.into_iter().map(|option| placed(place(option), option.text().trim()));
    let verb = if given.name == INBOX { String::new() } else { given.name.clone() };
    std::iter::once(verb).chain(words).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn placed(place: Place, value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    match place {
        Place::Object => value.to_owned(),
        Place::For => format!("for {value}"),
        Place::Until => format!("until {value}"),
        Place::Because => format!("because {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(json: Value) -> String {
        sentence(&serde_json::from_value(json).unwrap())
    }

    #[test]
    fn a_filled_in_command_is_the_sentence_that_others_type() {
        let value = |name: &str, value: &str| json!({ "name": name, "type": 3, "value": value });
        let pause = [value("because", "INC-88 card errors"), value("for", "2h"), value("scope", "production/payments")];
        assert_eq!(
            said(json!({ "name": "pause", "type": 1, "options": pause })),
            "pause production/payments for 2h because INC-88 card errors"
        );
        let list = [value("environment", "production"), value("whose", "mine")];
        assert_eq!(said(json!({ "name": "list", "type": 1, "options": list })), "list mine for production");
        assert_eq!(said(json!({ "name": "approve", "type": 1, "options": [value("change", "CHG-1042")] })), "approve CHG-1042");
        assert_eq!(said(json!({ "name": "inbox", "type": 1 })), "");
        assert_eq!(said(json!({ "name": "aprove", "type": 1, "options": [value("x", "CHG-1")] })), "aprove CHG-1");
    }

    #[test]
    fn the_registration_keeps_the_limits_of_commands() {
        let json = serde_json::to_value(registration()).unwrap();
        let verbs = json["options"].as_array().unwrap();
        assert_eq!((&json["name"], verbs.len()), (&"gate".into(), VERBS.len()));
        assert!(verbs.len() <= 25);
        for verb in verbs {
            assert!(verb["description"].as_str().unwrap().len() <= 100 && verb["type"] == 1, "{verb}");
            let options = verb["options"].as_array().unwrap();
            let required: Vec<bool> = options.iter().map(|option| option["required"] == true).collect();
            assert!(required.is_sorted_by(|a, b| a >= b), "Discord wants required options first: {verb}");
            assert!(options.iter().all(|option| option["description"].as_str().unwrap().len() <= 100), "{verb}");
        }
        assert!(json.to_string().len() < 8_000);
    }
}
